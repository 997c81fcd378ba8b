"""tests/faults/scene.py: what is where when somebody waits too long: outboxes, mailboxes, TCP, threads, logs."""

import contextlib
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
import peer  # noqa: E402

STATES = ["waiting", "accepted", "to be sealed anew", "uploading", "sealing"]
KINDS = {number: name for name, number in peer.EVIDENCE.items()}
LEAVES = {number: name for name, number in peer.LEAVES.items()}
LAST_LEAVES = 12


class Lines:
    """When the lines of some logs were first seen; to be looked at often."""

    def __init__(self):
        self.start = time.monotonic()
        self.sizes = {}  # log -> [(seconds, its size then)]

    def look(self, logs):
        for log in logs:
            with contextlib.suppress(OSError):
                size, seen = Path(log).stat().st_size, self.sizes.setdefault(log, [(0, 0)])
                if size != seen[-1][1]:
                    seen.append((time.monotonic() - self.start, size))

    def tell(self, log):
        """Its lines since the start, each with the seconds."""
        at = 0
        with contextlib.suppress(OSError):
            for line in Path(log).read_bytes().splitlines(keepends=True):
                at += len(line)
                when = next((s for s, size in self.sizes.get(log, []) if size >= at), None)
                yield f"{'now' if when is None else f'{when:.2f} s'}: {line.decode(errors='replace').rstrip()}"


def rows(database, sql):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def service(database):
    now = time.time() * 1000
    for n, event, state, final, retry, attempts, refusal in rows(
            database, "SELECT n, event_n, state, final, retry_ms, attempts, refusal FROM outbox"):
        yield (f"outbox {n}: event {event}, {STATES[state]}{', its last evidence came' if final else ''}, "
               f"{attempts} refusals, the last {refusal}, again in {max(0, retry - now) / 1000:.1f} s")
    for index, kind, refusal in rows(
            database, "SELECT message_index, kind, refusal FROM evidence WHERE recorded = 0"):
        yield f"evidence not recorded: {KINDS.get(kind, kind)} of entry {index}, refusal {refusal}"
    for row in rows(database, "SELECT log_index, peer FROM arriving"):
        yield f"waits for its documents: {row}"
    for row in rows(database, "SELECT what, peer, status, log_index FROM problems"):
        yield f"problem: {row}"


def broker(database):
    for code, handed in rows(database, "SELECT code, handed FROM party"):
        mail = [f"{at}{'' if part is None else ' (a message)'}" for at, part in rows(
            database, "SELECT at & 0xffffffffff, part_number FROM mail JOIN party ON party.number = at >> 40"
                      f" WHERE code = '{code}'")]
        yield f"{code}: handed out up to {handed}, in its mailbox {', '.join(mail) or 'nothing'}"
    leaves = rows(database, f"SELECT at, body FROM leaf ORDER BY at DESC LIMIT {LAST_LEAVES}")
    yield "the log's end: " + ", ".join(f"{at} {LEAVES.get(peer.decode(body)[0])}" for at, body in reversed(leaves))


def connections(port):
    """TCP at that port as the kernel knows it; bytes that nobody took."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, local, remote, state, queues, *_ = line.split()
        ends = [int(end.split(":")[1], 16) for end in (local, remote)]
        if port in ends and state != "0A":
            out, into = (int(size, 16) for size in queues.split(":"))
            yield f"{ends[0]} to {ends[1]}: state {state}, {into} bytes not read, {out} not acknowledged"


def threads(pid):
    for task in sorted(Path(f"/proc/{pid}/task").glob("*")):
        with contextlib.suppress(OSError):
            name, rest = (task / "stat").read_text(encoding="utf-8").rsplit(")", 1)
            yield f"{name.split('(', 1)[1]} {rest.split()[0]} in {(task / 'wchan').read_text(encoding='ascii')}"


def told(who, lines):
    """What cannot be had is left out: a scene with a hole is better than none."""
    try:
        for line in lines:
            yield f"  {who}: {line}"
    except (OSError, ValueError, sqlite3.Error) as error:
        yield f"  {who}: ({error!r})"


def describe(cast):
    """The whole scene, as lines."""
    for name, process in cast.processes.items():
        yield from told(name, threads(process.child.pid) if process.running() else ["does not run"])
    yield from told("broker", broker(cast.folder / "broker" / "broker.db"))
    for code in cast.desks:
        yield from told(code, service(cast.folder / code / "service.db"))
    yield from told("tcp", connections(cast.network.port))
    for name, process in cast.processes.items():
        yield from told(name, cast.lines.tell(process.log))
