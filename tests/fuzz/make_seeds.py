"""tests/fuzz/make_seeds.py: writes seeds, those of the wire by the second implementation's encoder.

Left as they are: seeds/envelope, pack, note, statement and tlogproof.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))
import peer  # noqa: E402

SEEDS = ROOT / "tests" / "fuzz" / "seeds"
HASH, ID, SIGNATURE = bytes(range(32)), bytes(range(16)), bytes(64)
ALONE = [0, 1, [], SIGNATURE]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "envelope.json").read_text(encoding="utf-8"))


def evidence(kind, reason=0, role="", token=None):
    return peer.encode([1, "example", kind, 41, "school-a", ID, HASH, "service-b", 1, 1764000000000, reason, role, token])


def leaves():
    header = bytes.fromhex(VECTORS["header"])
    return {
        "accepted": [1, 1764000000000, header, [HASH, HASH], ALONE],
        "evidence": [2, 1764000000000, evidence(1), ALONE],
        "read": [2, 1764000000000, evidence(3, role="specialist", token=ID), [1, 2, [HASH], SIGNATURE]],
        "broker_evidence": [3, 1764000000000, evidence(4)],
        "refused": [4, 1764000000000, "school-a", 117, HASH, 3],
        "statement": [5, 1764000000000, b"statement", [[1, SIGNATURE], [3, SIGNATURE]]],
        "access": [6, 1764000000000, "auditor-1", "saikne-audit"],
        "clock": [7, 1764000000000, 7200000, True],
    }


def frames():
    part = [bytes(136), HASH, bytes(272)]
    proven = [300, b"leaf", [HASH, HASH]]
    bodies = {
        1: ["example", "school-a", "test", 12, 90], 2: ["example", 5, 12, b"note", [HASH], 1572864, 256],
        4: [ID, *proven, b"note"], 5: [117, ID, 0, "detail"], 6: [256], 7: [*proven, b"note", 0, part],
        8: [evidence(1), ALONE], 9: [41, 1, 42], 11: [b"statement", [[2, SIGNATURE]]], 13: [3],
        14: [0, 1, b"note", [proven]], 15: [0, 256], 16: [0, [[b"leaf"], HASH]], 17: [1, 2],
        18: [1, 2, HASH, [HASH]], 20: [1, 2, [HASH]], 22: [b"note"], 23: [12, b"note"], 24: [],
        26: [HASH, 117, 0, [], bytes(117)], 27: [HASH, 300000, 1], 28: [300, 0, 1],
    }
    made = {f"command-{number}": peer.make_frame(peer.COMMAND_NAMES[number], 7, body) for number, body in bodies.items()}
    made["command-3"] = b"SK\x01\x03\x00\x00\x00\x07" + (SEEDS / "envelope").joinpath(
        sorted(p.name for p in (SEEDS / "envelope").iterdir())[0]).read_bytes()
    return made


def chunks():
    """A whole attachment of one small chunk, the same whenever this runs."""
    sealed = bytes(117)
    root = peer.leaf_hash(peer.h256(b"chunk", sealed))
    return {"chunk-proven": peer.make_frame(peer.COMMAND_NAMES[26], 7, [root, len(sealed), 0, [], sealed]),
            "chunk-path": peer.make_frame(peer.COMMAND_NAMES[26], 7, [HASH, 262161 + 117, 1, [HASH], sealed])}


def content(name, all_fields):
    """A content of type NAME, small: all of its fields, or those that it needs; the same whenever this runs."""
    file = [HASH, 117, HASH, bytes(24), "pdf", "a.pdf"]
    values = {"id": ID, "uint": 1, "code": "a", "codes": ["a", "b"], "date": "2026-11-22", "text": "ā", "hash": HASH, "files": [file],
              "proven": forwarded()["notice_custody-whole"] if name == "history_pass" else b"passed on",
              "minutes": [[ID, ID, HASH]]}
    return peer.Content(name, {field.name: values[field.kind] for field, required in peer.TYPE_FIELDS[name]
                               if required or all_fields}, {category: HASH for category in peer.CATEGORIES})


def contents():
    """Every type with all its fields, and of those that it needs the acts, the rest as hashes."""
    made = {}
    for name, number in peer.TYPES.items():
        made[name] = bytes([number]) + content(name, True).part(peer.CATEGORIES)
        if peer.type_categories(name) != ["act"]:
            made[name + "-act"] = bytes([number]) + content(name, False).part({"act"})
    return made


def forwarded():
    """Of two types what all may see, with documents or without, and what one category may, under its own root; and what is no message."""
    made = {"no-message": peer.encode([41, peer.encode(leaves()["access"]), [HASH], b"note", b"\x90"])}
    header = list(peer.decode(bytes.fromhex(VECTORS["header"])))
    for name in ("notice_custody", "notice_status"):
        whole = content(name, True)
        header[7], header[9] = peer.TYPES[name], whole.root()
        leaf = peer.encode([1, 1764000000000, peer.encode(header), [HASH, HASH], ALONE])
        for suffix, categories, documents in (("", peer.CATEGORIES, ()), ("-act", {"act"}, ()),
                                              ("-whole", peer.CATEGORIES, peer.CATEGORIES), ("-mixed", peer.CATEGORIES, ["custody"])):
            made[name + suffix] = peer.encode([41, leaf, [HASH], b"note", whole.passed(categories, documents)])
    return made


FILES = {
    "pdf": b"%PDF-1.7\n" + b"x" * 100 + b"\n%%EOF\n",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(70),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(70),
    "heic": b"\0\0\0\x18ftypheic" + bytes(70),
    "asice": (b"PK\x03\x04\x14\0\0\0\0\0" + bytes(8) + b"\x1f\0\0\0\x1f\0\0\0" + b"\x08\0\0\0"
              + b"mimetypeapplication/vnd.etsi.asic-e+zip" + b"PK\x05\x06" + bytes(18)),
    "text": ("Izdomāts teksts, rinda\r\n" * 8).encode(),
    "text-cut": b"a" * 90 + "ā".encode()[:1],
    "program": b"\x7fELF" + bytes(70),
}
WORDS = ["Anna-Marija Kalniņa", "O’Neill d'Arc", "Šķēle, Ņina", "Юлия Щербакова", "ŽŪKLIS (2)", "N 12/2026 – b", "010203-12345", "32012345678",
         "a" * 201, "Ǆ", "ﬁ", "e\u0301\u200b"]
REQUESTS = [{"child_name": "Izdomāts", "child_birth_date": "2012-02-29"}, {"concern": ["violence", "neglect"], "urgency": "urgent"}, {"due": 1764000000000},
            {"task": "00", "nothing": None, "files_health": [1]}, {"explanation": "\U0001f600 ā", "decline_reason": "x"}]


def write(folder, seeds):
    (SEEDS / folder).mkdir(parents=True, exist_ok=True)
    for name, data in seeds.items():
        (SEEDS / folder / name).write_bytes(data)


if __name__ == "__main__":
    write("leaf", {name: peer.encode(leaf) for name, leaf in leaves().items()})
    write("frame", frames() | chunks())
    write("content", contents())
    write("forwarded", forwarded())
    write("filetype", {name: b"\x07" + data for name, data in FILES.items()})
    write("words", {str(i): text.encode() for i, text in enumerate(WORDS)})
    write("calendar", {date: date.encode() for date in ("2026-11-22", "2024-02-29", "9999-12-31", "2023-02-29")}
          | {str(ms): ms.to_bytes(8, "big") + b"\x0a" for ms in (0, 1764000000000, 253402300799999, 2**64 - 1)})
    write("request", {f"{number}-{i}": bytes([number]) + json.dumps(request, ensure_ascii=False).encode()
                      for number in (1, 11, 42, 50) for i, request in enumerate(REQUESTS)})
