#!/usr/bin/python3
"""tests/lint/lang.py: the Latvian catalogue is whole, well formed and uses the field's terms.

Use: lang.py POT: the template that xgettext has made of the sources (make build/saikne.pot).
Prints each finding; exits 1. `make lang` brings lv.po up to the sources.
"""
import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "protocol" / "lang" / "lv.po"
GLOSSARY = ROOT / "protocol" / "lists" / "glossary.csv"
PLURALS = 3

# English word or phrase -> what the Latvian must have: the stem of the term, which is inflected.
# The glossary's terms join these with the stems of their words.
TERMS = {
    "entry": ["ierakst"],
    "entries": ["ierakst"],
    "evidence": ["apliecinājum"],
    "receipt": ["kvīt"],
    "checkpoint": ["kontrolpunkt"],
    "the directory": ["katalog"],
    "the broker": ["starpniek"],
    "registrar": ["reģistrator", "registrar"],
    "fingerprint": ["nospiedum", "fingerprint"],
    "mailbox": ["pastkastīt"],
    "institution": ["institūcij", "iestād"],
    "recipient": ["saņēmēj"],
    "sender": ["sūtītāj"],
    "signature": ["parakst"],
    "auditor": ["revident", "auditor"],
    "task": ["uzdevum"],
    "your role": ["lom"],
}
# Words of the glossary that are also plain English: only the term's own sense is looked at.
PLAIN = {"lead", "minutes", "parents", "opinion", "support_plan"}


def read(path):
    """Each entry's id, plural id, translations and flags."""
    entries, flags = [], ""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        found = re.match(r"(msgid|msgid_plural|msgstr)(?:\[(\d)\])? (\".*\")$", line)
        if line.startswith("#,"):
            flags = line
        elif found and found.group(1) == "msgid":
            entry = {"msgid": "", "msgid_plural": None, "msgstr": {}, "flags": flags}
            entries.append(entry)
            entry["msgid"], flags, at = ast.literal_eval(found.group(3)), "", ("msgid", None)
        elif found and found.group(1) == "msgid_plural":
            entry["msgid_plural"], at = ast.literal_eval(found.group(3)), ("msgid_plural", None)
        elif found:
            at = ("msgstr", int(found.group(2) or 0))
            entry["msgstr"][at[1]] = ast.literal_eval(found.group(3))
        elif line.startswith('"'):
            text = ast.literal_eval(line)
            if at[0] == "msgstr":
                entry["msgstr"][at[1]] += text
            else:
                entry[at[0]] += text
    return entries


def glossary():
    """The terms of the field: English to the stem of the Latvian term's main word."""
    with open(GLOSSARY, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["term"] not in PLAIN:
                word = re.sub(r"\(.*?\)", "", row["lv"]).split()[0]
                yield re.sub(r" \(.*\)", "", row["en"]).lower(), [word.lower()[:-2]]


def words_of(text):
    """Without commands, options with the codes they take, file names and directives."""
    text = re.sub(r"^--[a-z]+ takes .*", " ", text)
    return re.sub(r"`[^`]*`|--[a-z-]+|saikne-[a-z]+( [a-z-]+)?|[a-z]+_[a-z_]+|\S+[./]\w+|%[^ ]*",
                  " ", text).lower()


def shape(text):
    """What of a text a translation keeps: whether it begins and ends a line."""
    return text.startswith("\n"), text.endswith("\n")


def check_entry(entry, terms):
    name = entry["msgid"][:60].replace("\n", " ")
    wanted = PLURALS if entry["msgid_plural"] is not None else 1
    texts = [entry["msgstr"].get(i, "") for i in range(wanted)]
    if "fuzzy" in entry["flags"]:
        yield f'"{name}" is fuzzy'
    if not all(texts):
        yield f'"{name}" is not translated'
        return
    if any(shape(text) != shape(entry["msgid"]) for text in texts):
        yield f'"{name}" begins or ends a line where its translation does not'
    english, latvian = words_of(entry["msgid"]), " ".join(texts).lower()
    for term, stems in terms:
        if re.search(rf"\b{re.escape(term)}s?\b", english) and not any(s in latvian for s in stems):
            yield f'"{name}": {term} is not said as {" or ".join(stems)}...'


def main():
    pot, catalogue = read(sys.argv[1]), read(CATALOGUE)
    findings = []
    known = {entry["msgid"]: entry for entry in catalogue}
    sources = {entry["msgid"] for entry in pot}
    for entry in pot[1:]:
        there = known.get(entry["msgid"])
        if there is None or there["msgid_plural"] != entry["msgid_plural"]:
            findings.append(f'"{entry["msgid"][:60]}" is not in it: make lang, then translate')
    terms = [*TERMS.items(), *glossary()]
    for entry in catalogue[1:]:
        if entry["msgid"] not in sources:
            findings.append(f'"{entry["msgid"][:60]}" is no longer in the sources: make lang')
        else:
            findings += check_entry(entry, terms)
    form = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(CATALOGUE)],
                          capture_output=True, text=True, check=False)
    if form.returncode != 0:
        findings.append(form.stderr.strip())
    for text in findings:
        print(f"protocol/lang/lv.po: {text}")
    if not findings:
        print(f"lv.po is current: {len(catalogue) - 1} texts")
    return 1 if findings else 0


sys.exit(main())
