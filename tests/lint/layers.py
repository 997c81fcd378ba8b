#!/usr/bin/python3
"""tests/lint/layers.py: arrows between rooms point one way, and each library has its room.

Use: layers.py [build folder]   Objects of that folder are read for the symbols they export
and, where a room is pure, for the calls it makes. Prints file:line and the rule; exits 1.
"""
import collections
import pathlib
import re
import subprocess
import sys

# ---- The rules ---------------------------------------------------------------------------

# Which rooms a room may include, besides itself.
PROTOCOL = ["protocol/base", "protocol/lists", "protocol/proof", "protocol/wire",
            "protocol/trust", "protocol/host"]
RUNTIME = ["services/runtime/task", "services/runtime/store", "services/runtime/exchange",
           "services/runtime/people", "services/runtime/acts", "services/runtime/desk"]
KIND = PROTOCOL + RUNTIME[:1] + ["services/runtime"]
ARROWS = {
    "protocol/base": [],
    "protocol/lists": PROTOCOL[:1],
    "protocol/proof": PROTOCOL[:1],
    "protocol/wire": PROTOCOL[:3],
    "protocol/trust": PROTOCOL[:4],
    "protocol/host": PROTOCOL[:5],
    "broker": PROTOCOL,
    "services/runtime/task": PROTOCOL[:5],
    "services/runtime/store": PROTOCOL + RUNTIME[:1],
    "services/runtime/exchange": PROTOCOL + RUNTIME[:2],
    "services/runtime/people": PROTOCOL + RUNTIME[:3],
    "services/runtime/acts": PROTOCOL + RUNTIME[:4],
    "services/runtime/desk": PROTOCOL + RUNTIME[:5],
    "services/runtime": PROTOCOL + RUNTIME,
    "services/school": KIND,
    "services/social_service": KIND,
    "services/orphans_court": KIND,
    "services/police": KIND,
    "services/partner": KIND,
    "clients/cli": PROTOCOL,
    "clients/auditor": PROTOCOL,
    "clients/admin": PROTOCOL,
}

# Rooms without sockets, files, clock and threads: the only system headers they may include.
PURE = ["protocol/base", "protocol/lists", "protocol/proof", "protocol/wire", "protocol/trust",
        "services/runtime/task"]
PURE_HEADERS = {"assert.h", "inttypes.h", "limits.h", "stdarg.h", "stdbool.h", "stddef.h",
                "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h"}
# ... and calls that <stdio.h> and <stdlib.h> would let them make all the same.
IMPURE_CALLS = re.compile(
    r"^(f?open(64|at)?|fdopen|popen|read|write|close|printf|v?fprintf|puts|putc|putchar|fputs|"
    r"fwrite|fread|f?gets|getline|scanf|fscanf|perror|remove|rename|unlink|stdin|stdout|stderr|"
    r"__f?printf_chk|__vfprintf_chk|socket|connect|send|recv|poll|time|gettimeofday|"
    r"clock_gettime|nanosleep|u?sleep|getenv|setenv|system|fork|exec.*|exit|_exit|atexit|"
    r"signal|sigaction|pthread_.*|thrd_.*|rand|srand|random)$")

# Header (or folder of headers) of a library: files or folders that may include it.
LIBRARIES = {
    "sodium.h": ["protocol/base/suite.c", "protocol/base/bytes.c"],
    "msgpack.h": ["protocol/wire/pack.c"],
    "sqlite3.h": ["protocol/host/database_inside.h"],
    "zmq.h": ["protocol/host/link.c", "protocol/host/link_socket.c", "broker/gate.c", "broker/gate_watch.c", "broker/gate_zap.c",
              "broker/broker.c", "broker/loop.c", "broker/main.c"],
    "event2/": ["services/runtime/"],
    "jansson.h": ["services/runtime/", "clients/"],
    "curl/": ["clients/"],
    "ini.h": ["protocol/host/config.c"],
    "libintl.h": ["protocol/host/lang.h"],
}

# SQL stands in files of these names alone.
SQL_FILES = re.compile(r"store[^/]*\.[ch]$|/database(_open)?\.c$|_schema\.c$")
SQL = re.compile(r'"\s*(SELECT\s+\S+.*|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|'
                 r'DELETE\s+FROM|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX|TRIGGER|VIEW)|'
                 r'ALTER\s+TABLE|DROP\s+TABLE|PRAGMA\s+\w+|BEGIN\s+IMMEDIATE)')

# foo.c exports foo_*, and so does foo_part.c where foo.h stands beside it; these files also
# export the words of what they are about.
ALSO_EXPORTS = {
    "bytes": ["buffer_"],
    "frame": ["command_"],
    "kind": ["group_"],
    "lists": ["list_"],
    "message": ["category_", "field_"],
}
LINES_MAX = 60  # of a function; main may be longer, and a table is no function

SOURCES = ["protocol", "broker", "services", "clients"]

# ---- Reading -----------------------------------------------------------------------------

findings = []


def finding(path, line, rule):
    findings.append(f"{path}:{line}: {rule}")


def room_of(path):
    """protocol/wire/pack.c -> protocol/wire; broker/gate.c -> broker."""
    parts = path.split("/")
    if parts[0] == "broker":
        return parts[0]
    return "/".join(parts[:3 if parts[1] == "runtime" and len(parts) > 3 else 2])


def sources(folders, suffixes):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in suffixes:
                yield str(path)


def allowed(path, places):
    return any(path.startswith(p) if p.endswith("/") else path == p for p in places)


# ---- Checks ------------------------------------------------------------------------------

def check_local_include(path, line, header):
    room, other = room_of(path), room_of(header)
    if other not in ARROWS and not other.startswith("tests"):
        finding(path, line, f'"{header}" is of no room; includes are given from the root')
    elif other != room and other not in ARROWS[room]:
        finding(path, line, f"{room} may not include {other}")


def check_system_include(path, line, header):
    for library, places in LIBRARIES.items():
        inside = library.endswith("/") and header.startswith(library)
        if header == library or inside:
            if not allowed(path, places):
                finding(path, line, f"<{header}> belongs to {', '.join(places)}")
            return
    if room_of(path) in PURE and header not in PURE_HEADERS:
        finding(path, line, f"{room_of(path)} is pure: no <{header}>")


def check_includes_and_sql(path):
    include = re.compile(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        found = include.match(line)
        if found and found.group(1):
            check_local_include(path, number, found.group(1))
        elif found:
            check_system_include(path, number, found.group(2))
        elif SQL.search(line) and not SQL_FILES.search(path):
            finding(path, number, "SQL stands in stores alone")


def check_lengths(path):
    """The house style opens and closes a function, and nothing else, in the first column."""
    start, name = 0, ""
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if re.match(r"[a-z_]\w*\(", line):
            name = line.split("(")[0]
        elif line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            if number - start - 1 > LINES_MAX and name != "main":
                finding(path, start, f"{name}() has {number - start - 1} lines, more than {LINES_MAX}")
            start = 0


def check_stems():
    seen = collections.defaultdict(list)
    for path in sources(SOURCES, {".c"}):
        seen[pathlib.Path(path).stem].append(path)
    for stem, paths in seen.items():
        if len(paths) > 1 and stem != "main":
            finding(paths[1], 1, f"the name {stem} is taken by {paths[0]}")


def symbols(obj):
    """Kind and name of each global symbol; U is one that the object takes from elsewhere."""
    out = subprocess.run(["nm", "-g", "-P", obj], check=True, capture_output=True, text=True)
    for line in out.stdout.splitlines():
        name, kind = line.split()[:2]
        # The sanitizer gives exported data a second symbol.
        if not name.startswith("__odr_asan."):
            yield kind, name


def whole_of(path):
    """The prefix foo_ for foo_part.c beside foo.h, or none."""
    file = pathlib.Path(path)
    parts = file.stem.split("_")
    for count in range(len(parts) - 1, 0, -1):
        whole = "_".join(parts[:count])
        if (file.parent / (whole + ".h")).exists():
            return [whole + "_"]
    return []


def check_symbols(path, build):
    obj = f"{build}/{path[:-2]}.o"
    if not pathlib.Path(obj).exists():
        return
    stem = pathlib.Path(path).stem
    prefixes = tuple([stem + "_"] + whole_of(path) + ALSO_EXPORTS.get(stem, []))
    for kind, name in symbols(obj):
        if kind in "Uwv":
            if room_of(path) in PURE and IMPURE_CALLS.match(name):
                finding(path, 1, f"{room_of(path)} is pure and calls {name}")
        elif name.startswith("__odr_asan."):  # a sanitizer's mark beside exported data
            continue
        elif name not in ("main", stem) and not name.startswith(prefixes):
            finding(path, 1, f"exports {name}, which does not begin with {prefixes[0]}")


def main():
    for path in sources(SOURCES, {".c", ".h"}):
        if room_of(path) not in ARROWS:
            finding(path, 1, f"{room_of(path)} is no room (the table at the head of layers.py)")
            continue
        check_includes_and_sql(path)
        check_lengths(path)
        if path.endswith(".c") and len(sys.argv) > 1:
            check_symbols(path, sys.argv[1])
    for path in sources(["tests"], {".c"}):
        check_lengths(path)
    check_stems()
    for text in findings:
        print(text)
    return 1 if findings else 0


sys.exit(main())
