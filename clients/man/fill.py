#!/usr/bin/python3
"""clients/man/fill.py: puts what a program says of itself into its manual page.

Use: fill.py FOLDER PAGE: the page with @HELP PROGRAM ARGUMENTS ...@ replaced by what the
program in FOLDER prints, as it is, and @COMMANDS LANGUAGE@ and @EXITS LANGUAGE@ by the commands
and exit statuses of saikne's help. So a page cannot tell of a command that is not there.
"""
import os
import re
import subprocess
import sys


def said(folder, program, *arguments, language="en"):
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LANGUAGE": language}
    return subprocess.run([f"{folder}/{program}", *arguments], env=environment, check=True,
                          capture_output=True, text=True).stdout


def escaped(text):
    return re.sub(r"([\\_*`#])", r"\\\1", text)


def commands(folder, language):
    """saikne's groups and commands, as scdoc."""
    lines = []
    for line in said(folder, "saikne", "help", language=language).splitlines()[3:]:
        command = re.match(r"  ([a-z][a-z-]*) +(?:((?:[\[A-ZĀ-Ž]\S*)(?: [\[A-ZĀ-Ž]\S*)*))? *(\S.*)$", line)
        if line.startswith("  --"):
            break
        if command:
            name, operand, summary = command.groups()
            lines += [f"*{name}*" + (f" {escaped(operand)}" if operand else ""),
                      "\t" + escaped(summary), ""]
        elif line.strip():
            lines += [f"## {line.strip()}", ""]
    return "\n".join(lines).rstrip()


def exits(folder, language):
    text = said(folder, "saikne", "help", language=language)
    rows = re.findall(r"^  (\d)  (.+)$", text, re.M)
    return "\n\n".join(f"*{number}*\n\t{escaped(meaning)}" for number, meaning in rows)


def fill(folder, page):
    page = re.sub(r"^@COMMANDS (\w+)@$", lambda m: commands(folder, m.group(1)), page, flags=re.M)
    page = re.sub(r"^@EXITS (\w+)@$", lambda m: exits(folder, m.group(1)), page, flags=re.M)
    return re.sub(r"^@HELP ([^@]+)@$",
                  lambda m: "```\n" + said(folder, *m.group(1).split()).rstrip() + "\n```",
                  page, flags=re.M)


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        sys.stdout.write(fill(sys.argv[1], file.read()))
