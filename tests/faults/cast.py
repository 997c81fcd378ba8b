"""tests/faults/cast.py: a network set up once and put back as it was for each playing; who dies returns.

A victim is started with SAIKNE_FAULT and dies by SIGKILL at the commit that it names; whoever
waits for something here notices, starts it again without the fault, and goes on.
"""

import contextlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import scene

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "network"))
from network import AUDITOR, Failed, Network, Party  # noqa: E402

SCHOOL, SOCIAL, COURT, BROKER, AUDIT = "school-2", "social-service", "orphans-court", "broker", "audit"
NEWCOMER = Party("school-parventa", "school", "Pārventas pamatskola")
PROGRAMS = {BROKER: "saikne-broker", SCHOOL: "saikne-school", SOCIAL: "saikne-social-service",
            COURT: "saikne-orphans-court", AUDIT: "saikne-audit"}
PARTIES = {SCHOOL: Party(SCHOOL, "school", "Ventspils 2. vidusskola"),
           SOCIAL: Party(SOCIAL, "social_service", "Sociālais dienests"),
           COURT: Party(COURT, "orphans_court", "Bāriņtiesa")}
UNSOUND = re.compile("Sanitizer|runtime error")
WAIT_MAX = 75  # what lies unanswered in a live session comes again after 30 to 60 s ...
WAIT_LONG = 5  # ... and nobody should have to wait for that


class Away(Exception):
    """The desk does not answer now: whether the act happened is for the asker to find out."""


class Refused(Failed):
    """The desk answered, with a problem."""


def port_for_good():
    """A free port outside the range of ports that are given to connections.

    While the broker is away nobody must come to hold its port.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as told:
        low = int(told.read().split()[0])
    while True:
        port = random.randrange(max(1024, low - 10000), low)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Desk:
    """An institution's desk, as the web console or a program of its own sees it."""

    def __init__(self, path):
        self.path = path

    def ask(self, method, target, body=None):
        connection = http.client.HTTPConnection("desk", timeout=10)
        raw = body is None or isinstance(body, bytes)
        data = body if raw else json.dumps(body).encode()
        try:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(10)
            connection.sock.connect(str(self.path))
            connection.request(method, target, body=data,
                               headers={} if raw else {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Away(repr(error)) from None
        finally:
            connection.close()
        if answer.status not in (200, 201):
            raise Refused(f"{method} {target}: {answer.status} {said.decode(errors='replace')}")
        return said

    def get(self, target):
        return json.loads(self.ask("GET", target))

    def post(self, target, body):
        return json.loads(self.ask("POST", target, body))

    def put(self, target, data):
        return json.loads(self.ask("PUT", target, data))


class Fault:
    """Which process dies, at its N-th commit of KIND since the story began, and on which side of it."""

    def __init__(self, victim, kind, when, n=1):
        self.victim, self.kind, self.when, self.n = victim, kind, when, n

    def __str__(self):
        return f"{self.victim}-{self.kind}-{self.when}-{self.n}"

    def environment(self):
        return {"SAIKNE_FAULT": f"{self.kind}:{self.when}:{self.n}"}


class Stage:
    """The network's folder as it is before anything has run, and after; a context manager."""

    def __init__(self, institutions=(SCHOOL, SOCIAL), bin_dir=None):
        self.network = Network(bin_dir, parties=[PARTIES[code] for code in institutions])
        self.network.port = port_for_good()

    def __enter__(self):
        try:
            self.network.init()
            for party in [*self.network.parties, AUDITOR, NEWCOMER]:
                self.network.enrol(party)
            for party in self.network.parties:
                self.network.configure(party, confirm=False)
                conf = self.network.folder / party.code / "service.conf"
                conf.write_text(conf.read_text() + "\n[deadlines]\nunread_seconds = 1\n")
            self.keep("made")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.network.close()
        for kept in ("made", "running"):
            shutil.rmtree(self.kept(kept), ignore_errors=True)

    def kept(self, name):
        return Path(f"{self.network.folder}.{name}")

    def keep(self, name):
        """Nobody may be running. What a playing left for itself is not kept."""
        shutil.copytree(self.network.folder, self.kept(name),
                        ignore=shutil.ignore_patterns("begun", "commits", "audit.db*"))

    def restore(self, name):
        """The folder at the same path, since configurations and sockets name it."""
        shutil.rmtree(self.network.folder)
        shutil.copytree(self.kept(name), self.network.folder)


class Cast:
    """The processes of one playing, one of them perhaps a victim; a context manager."""

    def __init__(self, network, fault=None, vfs=None, seed=None, count=None):
        self.network, self.fault, self.folder = network, fault, network.folder
        self.died = False
        self.unsound = []
        self.long = []  # what took longer than it should, and the scene of then
        self.lines = scene.Lines()
        self.begun = self.folder / "begun"
        self.common = {"SAIKNE_FAULT_FROM": str(self.begun)}
        if vfs:
            self.common["SAIKNE_FAULT_VFS"] = vfs
        if seed is not None:
            self.common["SAIKNE_FAULT_SEED"] = str(seed)
        if count:
            self.common["SAIKNE_FAULT_COUNT"] = str(count)
        self.desks = {p.code: Desk(network.desk(p.code)) for p in network.parties}
        self.all = {BROKER: network.broker(), **{p.code: network.service(p) for p in network.parties}}
        self.processes = {}  # those that are to run

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes.values()):
            process.stop(how=signal.SIGKILL)

    def environment(self, name):
        if self.fault and self.fault.victim == name and not self.died:
            return {**self.common, **self.fault.environment()}
        return self.common

    def start(self, *names):
        for name in names:
            self.processes[name] = self.all[name]
            self.all[name].start(extra_env=self.environment(name), wait=False)
        for name in names:
            if not self.all[name].wait_ready():
                self.resurrect(name)

    def again(self, name):
        """Ends it as an operator does, and starts it once more."""
        status = self.processes[name].stop()
        if status == -signal.SIGKILL and self.fault and self.fault.victim == name and not self.died:
            self.died = True
        elif status != 0:
            raise Failed(f"{name} ended with {status} when asked to stop:\n{self.processes[name].tail()}")
        self.start(name)

    def connect(self, *codes):
        for code in codes:
            self.wait(lambda c=code: self.desks[c].get("/v1/status")["connected"], f"{code} to connect")

    def begin(self):
        """From here on commits count."""
        self.begun.touch()

    def resurrect(self, name):
        """Starts the victim again, which died at its fault; nobody else may end, and it only once."""
        process = self.processes[name]
        try:
            status = process.child.wait(5)
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} did not become ready:\n{process.tail()}") from None
        if self.died or not self.fault or self.fault.victim != name or status != -signal.SIGKILL:
            raise Failed(f"{name} ended by itself with {status}:\n{process.tail()}")
        process.stop()
        self.died = True
        process.start(extra_env=self.environment(name))

    def tend(self):
        self.lines.look([p.log for p in self.processes.values()])
        for name, process in self.processes.items():
            if not process.running():
                self.resurrect(name)

    def wait(self, condition, what):
        """Waits for a condition, never for a time; a desk that is away comes back."""
        start = time.monotonic()
        why, seen = "", None
        while True:
            self.tend()
            waited = time.monotonic() - start
            try:
                if value := condition():
                    if seen:
                        self.long.append(f"waited {waited:.1f} s for {what}{why}; after {WAIT_LONG} s:\n{seen}")
                    return value
            except Away as away:
                why = f" ({away})"
            if waited > WAIT_LONG and not seen:
                seen = "\n".join(scene.describe(self))
            if waited > WAIT_MAX:
                now = "\n".join(scene.describe(self))
                raise Failed(f"waited {WAIT_MAX} s for {what}{why}\n{now}\nafter {WAIT_LONG} s it was:\n{seen}")
            time.sleep(0.01)

    def once(self, done, do, what):
        """An act as a person does it: after an answer that never came, look before doing it again."""
        def try_it():
            if done():
                return True
            do()
            return True
        self.wait(try_it, what)

    def command(self, program, *args, what):
        """A command line program as a person runs it: again while it says that it could not be done."""
        name = next((n for n, p in PROGRAMS.items() if p == program), None)

        def run():
            with tempfile.TemporaryFile() as said:
                child = subprocess.Popen([str(self.network.bin / program), *map(str, args)], stdout=said,
                                         stderr=said, env={**os.environ, **self.environment(name)})
                try:
                    self.wait(lambda: child.poll() is not None, f"{program} to end")
                finally:
                    child.kill()
                    status = child.wait()
                said.seek(0)
                text = said.read().decode(errors="replace")
            self.unsound += [line for line in text.splitlines() if UNSOUND.search(line)]
            if status == -signal.SIGKILL and self.fault and self.fault.victim == name and not self.died:
                self.died = True
                return False
            if status not in (0, 1, 3):
                raise Failed(f"{what}: {program} ended with {status}\n{text}")
            if status != 0:
                raise Away(text.strip())
            return True
        return self.wait(run, what)

    def stop(self):
        """Ends everybody as an operator does."""
        for name, process in reversed(self.processes.items()):
            status = process.stop()
            if status != 0:
                raise Failed(f"{name} ended with {status} when asked to stop:\n{process.tail()}")

    def rows(self, database, sql):
        """What a database holds, read from outside without touching it."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                return connection.execute(sql).fetchall()
        except sqlite3.OperationalError as error:
            raise Away(str(error)) from None
