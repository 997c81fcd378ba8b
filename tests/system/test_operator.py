"""What an operator may do wrong, or a machine run out of: a clear word on stderr, and nothing lost."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess

import pytest

import network
import peer
import stage as stages
from party import refusal
from stage import SCHOOL, SOCIAL, offer, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school")

PROGRAM = {"broker": "saikne-broker", "service": "saikne-school"}
BOTH = pytest.mark.parametrize("who", PROGRAM)


class Office:
    """A network whose broker ran once and whose school service did: both are stopped, both have a database."""

    def __init__(self, stage):
        self.stage, self.folder = stage, stage.folder
        self.conf = {"broker": self.folder / "broker.conf", "service": self.folder / "school-real" / "service.conf"}
        self.keys = {"broker": self.folder / "authority" / "broker", "service": self.folder / "school-real" / "keys"}
        self.database = {"broker": self.folder / "broker" / "broker.db",
                         "service": self.folder / "school-real" / "service.db"}
        self.one_key = {"broker": "log.key", "service": "storage.key"}

    def fails(self, who, *args, conf=None, **how):
        """What it said on standard error; it did not get ready and ended with a code of its own."""
        done = subprocess.run([self.stage.bin / PROGRAM[who], *(args or [conf or self.conf[who]])],
                              capture_output=True, text=True, timeout=30, **how)
        assert done.returncode > 0 and "ready" not in done.stdout, done.stdout + done.stderr
        assert done.stderr.strip(), "it ended without a word"
        return done.stderr

    def start(self, who):
        process = self.stage.processes[{"broker": "broker", "service": "school-real"}[who]]
        return process.start()

    @contextlib.contextmanager
    def changed(self, path, text=None, mode=None):
        """A file that is otherwise for a while."""
        kept, was = path.read_bytes(), path.stat().st_mode
        if text is None:
            path.unlink()
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            path.chmod(was if mode is None else mode)
        try:
            yield
        finally:
            path.write_bytes(kept)
            path.chmod(was)


@pytest.fixture(scope="module")
def office():
    with stages.played([SCHOOL, SOCIAL]) as stage:
        service = network.Party("school-real", "school", "Pārventas pamatskola")
        stage.enrol(service)
        stage.publish(stage.folder / service.code / "admission")
        stage.configure(service)
        stage.service(service).start()
        stage.exchange(stage.peers[SCHOOL.code], stage.peers[SOCIAL.code])
        for name in ("school-real", "broker"):
            assert stage.processes[name].stop() == 0
        office = Office(stage)
        before = {who: path.read_bytes() for who, path in office.database.items()}
        yield office
        # Nothing was lost by all that: both still start, and the log goes on.
        assert all(before.values())
        office.start("broker")
        office.start("service")
        for living in stage.peers.values():
            living.connect()
        stage.exchange(stage.peers[SCHOOL.code], stage.peers[SOCIAL.code])


# ---- configuration -----------------------------------------------------------------------------
@BOTH
def test_no_configuration_named(office, who):
    done = subprocess.run([office.stage.bin / PROGRAM[who]], capture_output=True, text=True, timeout=20)
    assert done.returncode > 0 and PROGRAM[who] in done.stderr and "CONFIG" in done.stderr


@BOTH
def test_configuration_that_is_not_there(office, who):
    said = office.fails(who, conf=office.folder / "nowhere.conf")
    assert "nowhere.conf" in said


@BOTH
@pytest.mark.parametrize("what", ["keys = ", "network = "])
def test_a_line_left_out_is_named(office, who, what):
    conf = office.conf[who]
    text = "".join(line for line in conf.read_text().splitlines(True) if not line.startswith(what))
    with office.changed(conf, text):
        said = office.fails(who)
    assert what.split()[0] in said and "cannot start" in said


@BOTH
@pytest.mark.parametrize("line", ["colour = green", "no sense at all", "keys = twice"])
def test_a_line_that_means_nothing_is_named(office, who, line):
    conf = office.conf[who]
    section, rest = conf.read_text().split("\n", 1)
    with office.changed(conf, f"{section}\n{line}\n{rest}"):
        said = office.fails(who)
    assert conf.name in said and "cannot start" in said
    assert ":2" in said or line.split()[0] in said


def test_a_limit_that_is_none_is_named(office):
    conf = office.conf["broker"]
    with office.changed(conf, conf.read_text() + "[limits]\nconnections = many\n"):
        assert "connections" in office.fails("broker")


def test_a_role_that_is_none_is_named(office):
    conf = office.conf["service"]
    with office.changed(conf, conf.read_text() + "uid:12345 = emperor\n"):
        said = office.fails("service")
    assert "emperor" in said or "uid" in said or "roles" in said


@BOTH
def test_network_conf_of_another_network(office, who):
    conf = office.stage.network_conf
    text = "".join("id = other\n" if line.startswith("id") else line for line in conf.read_text().splitlines(True))
    with office.changed(conf, text):
        assert "cannot start" in office.fails(who)


def test_network_conf_with_another_broker_key(office):
    conf = office.stage.network_conf
    text = "".join(f"broker_key = {os.urandom(32).hex()}\n" if line.startswith("broker_key") else line
                   for line in conf.read_text().splitlines(True))
    with office.changed(conf, text):
        assert "broker_key" in office.fails("broker")


# ---- keys --------------------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize("key", ["transport.key", None])
def test_a_missing_key_is_named(office, who, key):
    path = office.keys[who] / (key or office.one_key[who])
    with office.changed(path):
        said = office.fails(who)
    assert path.name in said and "cannot start" in said


@BOTH
def test_a_key_open_to_others_is_refused_with_the_command_to_mend_it(office, who):
    path = office.keys[who] / "transport.key"
    with office.changed(path, path.read_bytes(), mode=0o644):
        said = office.fails(who)
    assert f"chmod 600 {path}" in said


@BOTH
def test_a_key_for_another_purpose_is_refused(office, who):
    path = office.keys[who] / "transport.key"
    with office.changed(path, (office.keys[who] / office.one_key[who]).read_bytes()):
        said = office.fails(who)
    assert "transport.key" in said and "purpose" in said


@BOTH
@pytest.mark.parametrize("text", ["", "saikne-key-v1 transport 1234\n", "\0" * 200, "x" * 100000],
                         ids=["empty", "short", "zeroes", "long"])
def test_what_is_no_key_is_refused_and_not_shown(office, who, text):
    with office.changed(office.keys[who] / "transport.key", text):
        said = office.fails(who)
    assert "transport.key" in said and "1234" not in said


def test_another_key_than_the_networks(office):
    for name in ("transport", "log"):
        path = office.keys["broker"] / f"{name}.key"
        with office.changed(path, f"saikne-key-v1 {name} {os.urandom(32).hex()}\n"):
            said = office.fails("broker")
        assert f"{name}.key" in said and "network.conf" in said


# ---- databases ---------------------------------------------------------------------------------
@BOTH
def test_a_newer_database_is_left_alone(office, who):
    path = office.database[who]
    with contextlib.closing(sqlite3.connect(path)) as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {version + 1}")
    before = path.read_bytes()
    said = office.fails(who)
    assert "newer" in said and path.read_bytes() == before
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {version}")


@BOTH
def test_what_is_no_database_is_left_alone(office, who):
    path, kept = office.database[who], office.folder / "kept.db"
    shutil.move(path, kept)
    path.write_bytes(b"a text that somebody put here\n" * 300)
    before = path.read_bytes()
    said = office.fails(who)
    assert path.name in said and path.read_bytes() == before
    shutil.move(kept, path)


def test_a_folder_that_cannot_be_made(office):
    conf = office.conf["broker"]
    text = "".join("data = /proc/nowhere/data\n" if line.startswith("data") else line
                   for line in conf.read_text().splitlines(True))
    with office.changed(conf, text):
        assert "/proc/nowhere/data" in office.fails("broker")


@BOTH
def test_a_second_process_on_the_same_database(office, who):
    first = office.start(who)
    conf = office.conf[who]
    text = conf.read_text().replace(f":{office.stage.port}", f":{network.free_port()}")
    with office.changed(conf, text.replace("/desk\n", "/desk-2\n")):
        said = office.fails(who)
    assert "another process" in said and str(office.database[who]) in said
    assert first.running() and first.stop() == 0


# ---- addresses ---------------------------------------------------------------------------------
def test_a_port_in_use_is_named(office):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", office.stage.port))
        other.listen()
        said = office.fails("broker")
    assert f":{office.stage.port}" in said and "in use" in said


def test_a_desk_in_use_is_not_taken_from_its_service(office):
    office.start("broker")
    first = office.start("service")
    copy = office.folder / "copy.db"
    shutil.copy(office.database["service"], copy)
    conf = office.conf["service"]
    with office.changed(conf, conf.read_text().replace(str(office.database["service"]), str(copy))):
        said = office.fails("service")
    assert "desk" in said
    assert office.stage.ask("school-real", "status")["code"] == "school-real"
    assert first.stop() == 0 and office.stage.processes["broker"].stop() == 0


def test_an_address_that_is_none(office):
    conf = office.conf["broker"]
    text = "".join("listen = nowhere\n" if line.startswith("listen") else line
                   for line in conf.read_text().splitlines(True))
    with office.changed(conf, text):
        assert "nowhere" in office.fails("broker")


# ---- space -------------------------------------------------------------------------------------
def test_below_the_reserve_nothing_new_is_taken_and_all_else_goes_on(office):
    """The disk of this machine is smaller than such a reserve: the broker must see that."""
    stage, conf = office.stage, office.conf["broker"]
    school, social = stage.peers[SCHOOL.code], stage.peers[SOCIAL.code]
    if shutil.disk_usage(office.folder).free > 1 << 40:
        pytest.skip("the disk of this machine is larger")
    office.start("broker")
    for living in stage.peers.values():
        living.connect()
    kept = school.seal("referral_offer", offer(), [(social.code, "law", os.urandom(16))])
    receipt = school.submit(kept)
    assert stage.processes["broker"].stop() == 0
    with office.changed(conf, conf.read_text() + "[limits]\nreserve_mib = 1048576\n"):
        office.start("broker")
        school.connect()
        refused = school.seal("referral_offer", offer(), [(social.code, "law", os.urandom(16))])
        assert refusal(school.link.ask("submit", refused.body())) == "no_space"
        assert school.link.ask("submit", kept.body()) == ("accepted", list(receipt))
        social.connect()
        message = take_message(social, receipt.index)
        assert refusal(social.link.ask("attest", social.evidence(message))) == "no_space"
        assert stage.processes["broker"].stop() == 0
    assert "accepted until there is space" in stage.processes["broker"].tail(40) or \
        "reserve is spent" in stage.processes["broker"].tail(40)
    office.start("broker")
    for living in stage.peers.values():
        living.connect()
    school.submit(refused)
    social.attest(message)
    take_evidence(school, receipt.index)
    assert stage.processes["broker"].stop() == 0


@contextlib.contextmanager
def small_disk(folder, megabytes):
    """A disk of that size at FOLDER, with what was there on it."""
    kept = folder.with_name(folder.name + ".kept")
    shutil.copytree(folder, kept)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", folder],
                          capture_output=True)
    if done.returncode != 0:
        shutil.rmtree(kept)
        pytest.skip("a small disk cannot be mounted here")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
        shutil.rmtree(kept)
        shutil.copytree(folder, kept)
    finally:
        subprocess.run(["umount", folder], check=True)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        shutil.rmtree(kept)


def fill(folder, leave):
    """Takes all of a disk but LEAVE bytes."""
    filler = folder / "filler"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - leave))
    return filler


def test_a_full_disk_loses_nothing_at_the_broker(office):
    stage, conf = office.stage, office.conf["broker"]
    school, social = stage.peers[SCHOOL.code], stage.peers[SOCIAL.code]
    long = offer(family="ģ" * 4000, childs_view="ā" * 4000)
    process = stage.processes["broker"]
    with small_disk(office.folder / "broker", 16), \
            office.changed(conf, conf.read_text() + "[limits]\nreserve_mib = 1\n"):
        office.start("broker")
        school.connect()
        accepted, refused = [], None
        for _ in range(2000):
            sealed = school.seal("referral_offer", long, [(social.code, "law", os.urandom(16))])
            command, body = school.link.ask("submit", sealed.body())
            if command == "refused":
                assert peer.CODE_NAMES[body[0]] == "no_space"
                refused = sealed
                break
            accepted.append((sealed, body))
        assert accepted and refused, "the disk was never full"
        # The reserve is taken away under it: whatever it does now, it says so and lies to nobody.
        filler = fill(office.folder / "broker", 0)
        with contextlib.suppress(TimeoutError):
            assert refusal(school.link.ask("submit", refused.body())) == "no_space"
        filler.unlink()
        if not process.running():
            assert process.child.returncode > 0 and process.tail()
        else:
            assert process.stop() == 0
        office.start("broker")
        school.connect()
        for sealed, body in accepted[::10] + accepted[-3:]:
            assert school.link.ask("submit", sealed.body()) == ("accepted", body)
        assert process.stop() == 0
    office.start("broker")
    for living in stage.peers.values():
        living.connect()
    school.submit(refused)
    # Everything that was accepted is delivered and confirmed.
    for _, body in accepted:
        social.attest(take_message(social, body[1]))
    for _, body in accepted:
        take_evidence(school, body[1])
    assert process.stop() == 0


@stages.programs("saikne")
def test_a_full_disk_at_a_service_is_told_and_nothing_is_lost(office):
    stage = office.stage
    home = office.folder / "school-real" / "disk"
    home.mkdir(exist_ok=True)
    for name in ("service.db", "service.db-wal"):
        if (home.parent / name).exists():
            shutil.copy(home.parent / name, home / name)
    conf = office.conf["service"]
    text = conf.read_text().replace(str(office.database["service"]), str(home / "service.db"))
    service = stage.processes["school-real"]
    office.start("broker")
    with small_disk(home, 4), office.changed(conf, text):
        office.start("service")
        stage.wait(lambda: stage.ask("school-real", "status")["connected"], "the service to connect")
        filler = fill(home, 0)
        request = ('{"to": ["social-service"], "urgency": "urgent", "purpose": "safety", "concern": '
                   '["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14", "ground": '
                   '"absence_reporting", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "file_number": "1", "content": {"child_name": "X", '
                   '"steps_taken": "%s"}}' % ("a" * 7000))
        failures = 0
        for _ in range(40):
            done = stage.saikne("school-real", "refer", "--from", "-", stdin=request, ok=None)
            failures += done.returncode != 0
            if done.returncode != 0:
                assert done.stderr.strip()
                break
        assert failures, "a full disk was never told"
        filler.unlink()
        if not service.running():
            assert service.child.returncode > 0 and service.tail()
            office.start("service")
            stage.wait(lambda: stage.ask("school-real", "status")["connected"], "the service to connect")
        stage.saikne("school-real", "refer", "--from", "-", stdin=request)
        assert service.stop() == 0
    assert stage.processes["broker"].stop() == 0


def test_told_to_end_they_end_well(office):
    office.start("broker")
    service = office.start("service")
    assert service.stop(signal.SIGINT) == 0
    assert office.stage.processes["broker"].stop(signal.SIGINT) == 0


@pytest.mark.parametrize("how", [[], ["--supervise"]], ids=["alone", "supervised"])
def test_nobody_reading_the_brokers_log_does_not_end_it(office, how):
    broker = subprocess.Popen([office.stage.bin / "saikne-broker", office.conf["broker"], *how],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while (line := broker.stdout.readline()) != "ready\n":
            assert line, "it did not start"
        broker.stderr.close()
        broker.stdout.close()
        broker.terminate()  # which it would log
        assert broker.wait(timeout=30) == 0
    finally:
        broker.kill()
        broker.wait()
