"""tests/network/network.py: a real network on loopback: authority, broker, institutions, auditor.

Every institution is its own process with its own keys, database and desk, in one temporary
folder. The demo, `make up`, the system tests and the faults all start it from here.
"""

import csv
import http.client
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "protocol" / "lists"
NETWORK = "saikne-demo"
PASSWORD = "trīs izdomāti vārdi"  # of everybody that is invented here
# What the institutions of tests and demo rest on; vital_interest and duty_to_report go unconfirmed.
CONFIRMED = ("legal_duty", "public_task", "absence_reporting", "cooperation_group")

SERVICE_OF_KIND = {
    row["code"]: "saikne-" + row["service"].replace("_", "-")
    for row in csv.DictReader(open(LISTS / "institution-kinds.csv", encoding="utf-8"))
}


class Party:
    """One institution (or auditor): code, kind, names, and where its files lie."""

    def __init__(self, code, kind, name, municipality="Ventspils"):
        self.code, self.kind, self.name, self.municipality = code, kind, name, municipality


def ventspils():
    """The institutions of the story. Names of schools are those of lists/schools-ventspils.csv."""
    schools = [r["school"] for r in csv.DictReader(open(LISTS / "schools-ventspils.csv", encoding="utf-8"))]
    kinds = {r["code"]: r["label_lv"] for r in csv.DictReader(open(LISTS / "institution-kinds.csv", encoding="utf-8"))}
    assert {"2. vidusskola", "Pārventas pamatskola"} <= set(schools)
    return [
        Party("school-2", "school", "Ventspils 2. vidusskola"),
        Party("school-parventa", "school", "Pārventas pamatskola"),
        Party("social-service", "social_service", kinds["social_service"]),
        Party("orphans-court", "orphans_court", kinds["orphans_court"]),
        Party("municipal-police", "municipal_police", kinds["municipal_police"]),
        Party("state-police", "state_police", kinds["state_police"]),
        Party("education-board", "education_board", kinds["education_board"]),
    ]


AUDITOR = Party("auditor-1", "auditor", "Neatkarīgs revidents (izdomāts)")


class Person:
    """Somebody with an account at an institution's desk; the session lies in a folder of its own."""

    def __init__(self, network, code, login):
        self.code, self.login = code, login
        self.env = {"XDG_RUNTIME_DIR": str(network.folder / code / login)}

    def __str__(self):
        return f"{self.login}@{self.code}"


class Failed(Exception):
    """A command ended otherwise than expected."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clock(ahead):
    """What makes a program see another time."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        raise Failed("libfaketime is missing (Debian's package faketime)")
    sanitizers = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
    return {"LD_PRELOAD": str(library), "FAKETIME": ahead, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": sanitizers}


class Process:
    """A program of ours, with what it prints kept in a file, waited for until it says ready."""

    def __init__(self, name, argv, log, env=None):
        self.name, self.argv, self.log, self.env = name, argv, log, env or {}
        self.child = None

    def start(self, timeout=20, extra_env=None, wait=True):
        env = dict(os.environ, **self.env, **(extra_env or {}))
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(self.argv, stdout=subprocess.PIPE, stderr=log, env=env)
        if wait and not self.wait_ready(timeout):
            raise Failed(f"{self.name} did not become ready:\n{self.tail()}")
        return self

    def wait_ready(self, timeout=20):
        """Whether it printed its line `ready` before it ended or the time was over."""
        end = time.monotonic() + timeout
        seen = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.child.stdout, selectors.EVENT_READ)
            while time.monotonic() < end:
                if not selector.select(timeout=0.2):
                    continue
                data = os.read(self.child.stdout.fileno(), 4096)
                if not data:
                    return False
                seen += data
                if re.search(rb"^ready", seen, re.M):
                    return True
        return False

    def running(self):
        return self.child is not None and self.child.poll() is None

    def stop(self, how=signal.SIGTERM, timeout=10):
        """Ends it; its exit status (negative: the signal)."""
        if self.child is None:
            return None
        if self.child.poll() is None:
            self.child.send_signal(how)
        try:
            status = self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.child.kill()
            status = self.child.wait()
        if self.child.stdout:
            self.child.stdout.close()
        return status

    def tail(self, lines=15):
        try:
            return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return "(it wrote nothing)"


class Network:
    """The network's folder and processes. Use as a context manager: it leaves nothing behind."""

    def __init__(self, bin_dir=None, parties=None, folder=None, keep=False, role="case_manager"):
        self.bin = Path(bin_dir or os.environ.get("SAIKNE_BIN") or ROOT / "build" / "release" / "bin")
        self.folder = Path(folder or tempfile.mkdtemp(prefix="saikne-"))
        self.parties = parties if parties is not None else ventspils()
        self.keep = keep
        self.role = role  # of this unix user at every desk
        self.port = free_port()
        self.processes = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- commands -------------------------------------------------------------------------
    def run(self, program, *args, ok=(0,), stdin=None, env=None):
        """Runs a program to its end and returns what it printed; Failed on another exit code."""
        done = subprocess.run(
            [str(self.bin / program), *map(str, args)], input=stdin, text=True,
            capture_output=True, timeout=120, env=dict(os.environ, **(env or {})))
        if ok is not None and done.returncode not in ok:
            raise Failed(f"{program} {' '.join(map(str, args))}\n  ended with {done.returncode}"
                         f"\n{done.stdout}{done.stderr}")
        return done

    def admin(self, *args, **how):
        return self.run("saikne-admin", *args, **how)

    def audit(self, *args, **how):
        return self.run("saikne-audit", *args, **how)

    def desk(self, code):
        return self.folder / code / "desk"

    def saikne(self, who, *args, **how):
        """`saikne` at the desk of an institution (its code: as this unix user), or as a Person."""
        if isinstance(who, Person):
            return self.run("saikne", "--desk", self.desk(who.code), *args, env=who.env, **how)
        return self.run("saikne", "--desk", self.desk(who), *args, **how)

    def ask(self, who, *args, **how):
        """The same, as JSON."""
        return json.loads(self.saikne(who, "--json", *args, **how).stdout)

    def person(self, code, login, role, password=PASSWORD):
        """The administrator (this unix user) adds somebody, who then chooses a password."""
        who = Person(self, code, login)
        Path(who.env["XDG_RUNTIME_DIR"]).mkdir(mode=0o700)
        once = self.ask(code, "people", "add", login, "--role", role)["code"]
        self.saikne(who, "password", "--login", login, stdin=f"{once}\n{password}\n{password}\n")
        return who

    # ---- making it ------------------------------------------------------------------------
    @property
    def authority(self):
        return self.folder / "authority"

    @property
    def network_conf(self):
        return self.authority / "network.conf"

    @property
    def registrar_keys(self):
        return self.authority / "registrar"

    def init(self):
        """The authority makes the network: keys, network.conf and the first statements."""
        self.admin("init", "--network", NETWORK, "--broker", f"tcp://127.0.0.1:{self.port}",
                   "--log", f"{NETWORK}/log", self.authority)
        (self.folder / "broker").mkdir(mode=0o700)
        (self.folder / "broker.conf").write_text(
            f"[broker]\nnetwork = {self.network_conf}\nlisten = tcp://127.0.0.1:{self.port}\n"
            f"keys = {self.authority}/broker\ndata = {self.folder}/broker\n"
            f"genesis = {self.authority}/genesis\n")

    def enrol(self, party):
        """One institution asks, the authority compares the fingerprint and approves."""
        home = self.folder / party.code
        home.mkdir(mode=0o700)
        said = self.admin("request", "--code", party.code, "--kind", party.kind, "--name", party.name,
                          "--municipality", party.municipality, "--keys", home / "keys",
                          "--network", self.network_conf, "--out", home / "request").stdout
        fingerprint = re.search(r"\d{5}(?: \d{5}){7}", said).group(0)
        self.admin("approve", "--root", self.authority / "root", "--network", self.network_conf,
                   "--request", home / "request", "--out", home / "admission",
                   "--fingerprint", fingerprint)
        return fingerprint

    def publish(self, *files):
        self.admin("publish", "--as", self.registrar_keys, "--network", self.network_conf, *files)

    def configure(self, party, role=None, confirm=True):
        """The service's configuration; first its administrator confirms the provisions it rests on."""
        if confirm:
            self.write_configuration(party, "administrator")
            self.confirm(party)
        self.write_configuration(party, role or self.role)

    def confirm(self, party):
        process = Process(SERVICE_OF_KIND[party.kind],
                          [str(self.bin / SERVICE_OF_KIND[party.kind]), str(self.folder / party.code / "service.conf")],
                          self.folder / party.code / "confirm.log").start()
        try:
            for code in CONFIRMED:
                self.post(party.code, f"/v1/provisions/{code}", {"advice": "Izdomāts jurists", "advised_on": "2026-01-05"})
        finally:
            status = process.stop()
        if status != 0:
            raise Failed(f"{process.name} ended with {status}:\n{process.tail()}")

    def post(self, code, target, body):
        """A request at the desk of an institution, as this unix user; its answer."""
        connection = http.client.HTTPConnection("localhost", timeout=20)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(20)
        connection.sock.connect(str(self.desk(code)))
        try:
            connection.request("POST", target, json.dumps(body).encode(), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise Failed(f"{target}: {answer.status} {said[:400]!r}")
        return json.loads(said)

    def write_configuration(self, party, role):
        home = self.folder / party.code
        (home / "service.conf").write_text(
            f"[service]\ncode = {party.code}\nkeys = {home}/keys\nnetwork = {self.network_conf}\n"
            f"database = {home}/service.db\ndesk = {home}/desk\n\n"
            "[families]\ncontact = Izdomātā iela 1, tālr. 60000000\n\n[roles]\n"
            f"uid:{os.getuid()} = {role}\n")

    # ---- running it -----------------------------------------------------------------------
    def broker(self, *flags):
        process = Process("saikne-broker", [str(self.bin / "saikne-broker"), str(self.folder / "broker.conf"), *flags],
                          self.folder / "broker.log")
        self.processes["broker"] = process
        return process

    def service(self, party):
        program = SERVICE_OF_KIND[party.kind]
        process = Process(program, [str(self.bin / program), str(self.folder / party.code / "service.conf")],
                          self.folder / party.code / "service.log")
        self.processes[party.code] = process
        return process

    def start(self, say=lambda text: None, supervise=False):
        """Everything, in the order a real network is set up; SAY is told of each step."""
        say("The authority makes the network's keys; the root key can go offline now.")
        self.init()
        self.broker(*(["--supervise"] if supervise else [])).start()
        say("The broker is up. It holds no key that opens a message.")
        for party in [*self.parties, AUDITOR]:
            self.enrol(party)
        self.publish(*[self.folder / p.code / "admission" for p in [*self.parties, AUDITOR]])
        self.admin("head", "--as", self.registrar_keys, "--network", self.network_conf)
        say(f"{len(self.parties)} institutions and an auditor asked, were compared by fingerprint and admitted.")
        for party in self.parties:
            self.configure(party)
            self.service(party).start()
        for party in self.parties:
            self.wait(lambda code=party.code: self.ask(code, "status")["connected"],
                      f"{party.code} to connect")
        self.wait_epochs()
        say("Each institution runs its own service with its own keys, and has published its first sealing key.")
        return self

    def wait_epochs(self):
        """Until every institution can be sealed to, as the first of them sees it."""
        codes = {p.code for p in self.parties}

        def all_there():
            for me in self.parties:
                seen = {i["code"] for i in self.ask(me.code, "directory")["items"] if i.get("sealable")}
                if not codes <= seen:
                    return False
            return True
        self.wait(all_there, "every sealing epoch")

    @staticmethod
    def wait(condition, what, timeout=30):
        """Waits for a condition, never for a time."""
        end = time.monotonic() + timeout
        while True:
            try:
                value = condition()
            except (Failed, KeyError, json.JSONDecodeError):
                value = None
            if value:
                return value
            if time.monotonic() > end:
                raise Failed(f"waited {timeout} s for {what}")
            time.sleep(0.05)

    def close(self):
        for name, process in reversed(self.processes.items()):
            process.stop()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def unsound(self):
        """Lines of sanitizers in any log: a test fails on them."""
        found = []
        for log in self.folder.glob("**/*.log"):
            found += [f"{log.name}: {line}" for line in log.read_text(errors="replace").splitlines()
                      if "Sanitizer" in line or "runtime error" in line]
        return found
