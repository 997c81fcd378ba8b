"""tests/lint/spec.py: puts the generated tables and worked bytes into SPEC.md, or checks them.

Usage: spec.py TABLES [--check]: TABLES is the built spec_tables program.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "protocol" / "SPEC.md"
VECTORS = ROOT / "tests" / "vectors" / "envelope.json"
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)


def worked_bytes():
    """The vector file as a readable listing, long values folded."""
    lines = ["```"]

    def put(name, value):
        if isinstance(value, dict):
            for key, inner in value.items():
                put(f"{name}.{key}" if name else key, inner)
        elif isinstance(value, list):
            for i, inner in enumerate(value):
                put(f"{name}[{i}]", inner)
        else:
            text = str(value)
            lines.append(f"{name}:" if len(text) > 72 else f"{name}: {text}")
            if len(text) > 72:
                lines.extend(f"    {text[i:i + 80]}" for i in range(0, len(text), 80))
    put("", json.loads(VECTORS.read_text(encoding="utf-8")))
    return "\n".join(lines + ["```"]) + "\n"


def main():
    printed = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout
    tables = {}
    for part in printed.split("@@ ")[1:]:
        name, _, text = part.partition("\n")
        tables[name] = text
    tables["worked"] = worked_bytes()
    old = SPEC.read_text(encoding="utf-8")
    used = {match.group(2) for match in BLOCK.finditer(old)}
    if used != set(tables):
        sys.exit(f"SPEC.md and the lists differ in blocks: {used ^ set(tables)}")
    new = BLOCK.sub(lambda m: m.group(1) + tables[m.group(2)] + m.group(4), old)
    if "--check" in sys.argv:
        if new != old:
            sys.exit("protocol/SPEC.md is not current: run `make spec` and commit it")
        print("SPEC.md is current")
    else:
        SPEC.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
