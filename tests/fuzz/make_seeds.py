"""tests/fuzz/make_seeds.py: writes seeds/leaf and seeds/frame, by the second implementation's encoder."""

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


def write(folder, seeds):
    (SEEDS / folder).mkdir(parents=True, exist_ok=True)
    for name, data in seeds.items():
        (SEEDS / folder / name).write_bytes(data)


if __name__ == "__main__":
    write("leaf", {name: peer.encode(leaf) for name, leaf in leaves().items()})
    write("frame", frames())
