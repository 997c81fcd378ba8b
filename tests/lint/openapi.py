"""tests/lint/openapi.py: the desk's openapi.json says what the program does, and no more.

Usage: openapi.py TABLES [--check]: TABLES is the built api_tables program. Without --check the
schemas of dotted names ("list.states"), which are the program's own lists, are written anew
and the file is set in its one form; with it, a difference is an error. Both compare every
route, method and query parameter of the program with the file, and the file with itself.
In the folder roles/ beside TABLES there is a program for each kind of institution, which says whom
its descriptor lets do what: that is x-roles of an operation.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "services" / "runtime" / "desk" / "openapi.json"
WIDTH = 96
found = []


def finding(text):
    found.append(f"openapi.json: {text}")


# ---- The form ----------------------------------------------------------------------------

def render(value, indent="", before=0):
    """VALUE as JSON: on one line where it fits, and lists of words filled like a paragraph."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or len(indent) + before + len(line) < WIDTH:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        rows = []
        for name, one in value.items():
            head = json.dumps(name, ensure_ascii=False) + ": "
            rows.append(head + render(one, inner, len(head)))
        return "{\n" + ",\n".join(inner + row for row in rows) + "\n" + indent + "}"
    if any(isinstance(one, (dict, list)) for one in value):
        rows = [inner + render(one, inner) for one in value]
        return "[\n" + ",\n".join(rows) + "\n" + indent + "]"
    lines = [inner]
    for i, one in enumerate(value):
        word = json.dumps(one, ensure_ascii=False) + ("," if i + 1 < len(value) else "")
        if lines[-1] != inner and len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(inner)
        lines[-1] += word if lines[-1] == inner else " " + word
    return "[\n" + "\n".join(lines) + "\n" + indent + "]"


def no_doubles(pairs):
    """Two authors of one route or schema must not overwrite each other in silence."""
    names = [name for name, _ in pairs]
    for name in {n for n in names if names.count(n) > 1}:
        finding(f'"{name}" stands twice in one object')
    return dict(pairs)


# ---- What it says ------------------------------------------------------------------------

def references(value):
    if isinstance(value, dict):
        for name, one in value.items():
            if name == "$ref":
                yield one
            else:
                yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def look_up(document, pointer):
    value = document
    for name in pointer.removeprefix("#/").split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def check_references(document):
    used = set(references(document))
    for pointer in sorted(used):
        if look_up(document, pointer) is None:
            finding(f"{pointer} leads nowhere")
    for kind, things in document["components"].items():
        for name in things:
            if "." not in name and kind != "securitySchemes" and f"#/components/{kind}/{name}" not in used:
                finding(f"nothing uses {kind}/{name}")


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in ("parameters", "summary", "description"):
                yield path, method, item, operation


def parameters(document, item, operation):
    for one in [*item.get("parameters", []), *operation.get("parameters", [])]:
        yield look_up(document, one["$ref"]) if "$ref" in one else one


def check_operations(document):
    seen, tags = set(), {tag["name"] for tag in document["tags"]}
    for path, method, item, operation in operations(document):
        here = f"{method.upper()} {path}"
        for name in ("operationId", "tags", "summary", "description", "responses"):
            if not operation.get(name):
                finding(f"{here} has no {name}")
        if operation.get("operationId") in seen:
            finding(f"{here}: its operationId is another's")
        seen.add(operation.get("operationId"))
        if not set(operation.get("tags", [])) <= tags:
            finding(f"{here}: its tag is not among the tags")
        if "default" not in operation.get("responses", {}):
            finding(f"{here} does not say how it refuses (responses/default)")
        given = {p["name"] for p in parameters(document, item, operation) if p["in"] == "path"}
        if given != set(re.findall(r"{(\w+)}", path)):
            finding(f"{here}: the path's parameters are not those described")
        if (method in ("post", "put")) != ("requestBody" in operation):
            finding(f"{here}: POST and PUT have a body, and nothing else has")


def check_routes(document, routes):
    """Both ways: what the program takes is described, and what is described it takes."""
    program = {(r["path"], r["method"]): set(r["query"]) for r in routes}
    described = {}
    for path, method, item, operation in operations(document):
        query = {p["name"] for p in parameters(document, item, operation) if p["in"] == "query"}
        described[re.sub(r"{\w+}", "{}", path), method] = query
    for path, method in sorted(program.keys() - described.keys()):
        finding(f"{method.upper()} {path} is a route and is not described")
    for path, method in sorted(described.keys() - program.keys()):
        finding(f"{method.upper()} {path} is described and is no route")
    for route in sorted(program.keys() & described.keys()):
        for name in sorted(program[route] ^ described[route]):
            finding(f"{route[1].upper()} {route[0]}: the query parameter {name} is "
                    + ("not described" if name in program[route] else "described and not taken"))


def put_roles(document, folder):
    """Who may, at each kind; what no kind's descriptor decides has none."""
    kinds = sorted(one.name for one in (ROOT / "services").iterdir() if one.is_dir() and one.name != "runtime")
    programs = sorted(folder.iterdir())
    if [one.name.removeprefix("saikne-").replace("-", "_") for one in programs] != kinds:
        finding(f"{folder.name}/ has not one program for each of {', '.join(kinds)}")
    roles = {}
    for program in programs:
        said = json.loads(subprocess.run([program], capture_output=True, text=True, check=True).stdout)
        for one in said["operations"]:
            roles.setdefault((one["path"], one["method"]), {})[said["program"]] = one["roles"]
    for path, method, _, operation in operations(document):
        may = roles.pop((re.sub(r"{\w+}", "{}", path), method), None)
        if may is None:
            operation.pop("x-roles", None)
        else:
            operation["x-roles"] = may
    for path, method in sorted(roles):
        finding(f"{method.upper()} {path} has roles and is not described")


def main():
    printed = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout
    program = json.loads(printed)
    old = FILE.read_text(encoding="utf-8")
    document = json.loads(old, object_pairs_hook=no_doubles)
    schemas = document["components"]["schemas"]
    by_hand = {name: schema for name, schema in schemas.items() if "." not in name}
    document["components"]["schemas"] = {**by_hand, **program["schemas"]}
    put_roles(document, Path(sys.argv[1]).resolve().parent / "roles")
    new = render(document) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(new, encoding="utf-8")
    elif new != old:
        finding("not current, or not in its form: run `make spec` and commit it")
    check_references(document)
    check_operations(document)
    check_routes(document, program["routes"])
    print("\n".join(found) if found else "openapi.json is current, and describes every route")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
