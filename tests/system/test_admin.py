"""saikne-admin: the authority founds and keeps a network; an institution asks, is admitted, rotates."""

import base64
import json
import os
import re
import sqlite3
import stat
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import peer

sys.path.insert(0, str(peer.ROOT / "tests" / "network"))
from network import Failed, Network, Party  # noqa: E402

SCHOOL = Party("skola-1", "school", "1. pamatskola")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
AUDITOR = Party("revidents", "auditor", "Revidents", "")


@pytest.fixture
def offline():
    """The authority's folder and one request, without a broker."""
    with Network(parties=[SCHOOL]) as network:
        network.init()
        yield network


@pytest.fixture
def online():
    """A broker, with a school, a court and an auditor admitted."""
    with Network(parties=[SCHOOL, COURT]) as network:
        network.init()
        network.broker().start()
        for party in (SCHOOL, COURT, AUDITOR):
            network.enrol(party)
        network.publish(*[network.folder / p.code / "admission" for p in (SCHOOL, COURT, AUDITOR)])
        yield network


def refused(network, *args):
    """What it said on standard error when it ended with 1."""
    return network.admin(*args, ok=(1,)).stderr


def request(network, name="request", keys="keys", code="skola-1", kind="school", ok=(0,)):
    return network.admin("request", "--network", network.network_conf, "--code", code, "--kind", kind,
                         "--name", "1. pamatskola", "--municipality", "Ventspils",
                         "--keys", network.folder / keys, "--out", network.folder / name, ok=ok)


def approve(network, *more, name="request", out="admission", ok=(0,)):
    return network.admin("approve", "--root", network.authority / "root", "--network",
                         network.network_conf, "--request", network.folder / name, "--out",
                         network.folder / out, *more, ok=ok)


def digits(text):
    return re.findall(r"\d{5}(?: \d{5}){7}", text)


def statements(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "saikne-statements-v1"
    return [peer.decode(base64.b64decode(line)) for line in lines[1:]]


def listed(network, keys=None):
    said = network.admin("list", "--as", keys or network.registrar_keys, "--network",
                         network.network_conf, "--json").stdout
    return {party["code"]: party for party in json.loads(said)["items"]}


def as_registrar(network):
    return "--as", network.registrar_keys, "--network", network.network_conf


# ---- offline -------------------------------------------------------------------------------------
def test_secrets_lie_in_key_files_that_only_their_owner_reads(offline):
    request(offline)
    for path in [*offline.authority.rglob("*"), *(offline.folder / "keys").rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.is_dir():
            assert mode == 0o700, path
        elif path.suffix == ".key":
            assert mode == 0o600, path
            assert re.fullmatch(r"saikne-key-v1 [a-z]+ [0-9a-f]{64}\n", path.read_text()), path
    secrets = [p.read_text().split()[2] for p in offline.folder.rglob("*.key")]
    assert len(secrets) == len(set(secrets)) == 8
    others = [p for p in offline.folder.rglob("*") if p.is_file() and p.suffix != ".key"]
    assert not [p for p in others for secret in secrets if secret in p.read_text()]


def test_the_genesis_file_founds_the_network_and_its_registrar(offline):
    (first, signed), (second, also) = statements(offline.authority / "genesis")
    network, registrar = peer.decode(first), peer.decode(second)
    assert (network[0], registrar[0]) == (peer.STATEMENTS["network"], peer.STATEMENTS["registrar"])
    assert registrar[6] - registrar[5] == 90 * 24 * 3600 * 1000
    for raw, signatures in ((first, signed), (second, also)):
        (role, signature), = signatures
        assert role == peer.ROLES["root"] and peer.verify(network[3], b"statement", raw, signature)


def test_init_writes_over_nothing(offline):
    before = {p: p.read_bytes() for p in offline.authority.rglob("*") if p.is_file()}
    said = refused(offline, "init", "--network", "other", "--broker", "tcp://h:1", "--log", "other",
                   offline.authority)
    assert "nothing is written over" in said
    assert before == {p: p.read_bytes() for p in offline.authority.rglob("*") if p.is_file()}


@pytest.mark.parametrize("network, broker, log", [
    ("Big Net", "tcp://h:1", "l"), ("net", "h:1", "l"), ("net", "tcp://h:1\n", "l"), ("net", "tcp://h:1", "a b"),
    ("net", "tcp://h:1", "a+b"), ("n" * 49, "tcp://h:1", "l")])
def test_init_makes_nothing_for_names_that_would_not_work(tmp_path, offline, network, broker, log):
    refused(offline, "init", "--network", network, "--broker", broker, "--log", log, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_request_is_signed_by_its_own_key_and_has_a_fingerprint(offline):
    own, of_network = digits(request(offline).stdout)
    (raw, ((role, signature),)), = statements(offline.folder / "request")
    fields = peer.decode(raw)
    assert fields[3:7] == ["skola-1", "school", "1. pamatskola", "Ventspils"]
    assert role == peer.ROLES["party"] and peer.verify(fields[7], b"statement", raw, signature)
    assert own == peer.fingerprint(raw)
    root = re.search(r"root = (\w+)", offline.network_conf.read_text()).group(1)
    assert of_network == peer.fingerprint(bytes.fromhex(root))
    assert (offline.folder / "keys" / "party").read_text() == "skola-1\n"


def test_request_keeps_keys_that_are_there_and_belong_to_the_code(offline):
    request(offline)
    before = {p: p.read_bytes() for p in (offline.folder / "keys").iterdir()}
    request(offline, name="again")
    assert before == {p: p.read_bytes() for p in (offline.folder / "keys").iterdir()}
    assert "choose another folder" in request(offline, name="third", code="skola-2", ok=(1,)).stderr


@pytest.mark.parametrize("code, kind", [("Skola", "school"), ("skola-1", "castle"), ("skola-1", "registrar")])
def test_request_of_a_wrong_form_leaves_no_keys(offline, code, kind):
    request(offline, code=code, kind=kind, ok=(1,))
    assert not (offline.folder / "keys").exists()


def test_approval_needs_the_fingerprint_that_was_heard(offline):
    own = digits(request(offline).stdout)[0]
    assert "not confirmed" in approve(offline, ok=(1,)).stderr
    wrong = own[:-1] + str((int(own[-1]) + 1) % 10)
    assert "not confirmed" in approve(offline, "--fingerprint", wrong, ok=(1,)).stderr
    assert "not confirmed" in approve(offline, "--fingerprint", own[:-6], ok=(1,)).stderr
    assert not (offline.folder / "admission").exists()
    approve(offline, "--fingerprint", own.replace(" ", ""))
    (raw, signatures), = statements(offline.folder / "admission")
    assert [role for role, _ in signatures] == [peer.ROLES["root"], peer.ROLES["party"]]
    assert "is there already" in approve(offline, "--fingerprint", own, ok=(1,)).stderr


def at_terminal(network, typed):
    """Approves at a pseudo-terminal where TYPED is typed; (exit status, what the screen showed)."""
    try:
        child, screen = os.forkpty()
    except OSError as error:
        pytest.skip(f"this machine gives no pseudo-terminal: {error}")
    if child == 0:
        os.execv(network.bin / "saikne-admin", [
            "saikne-admin", "approve", "--root", str(network.authority / "root"), "--network",
            str(network.network_conf), "--request", str(network.folder / "request"), "--out",
            str(network.folder / "admission")])
    shown = b""
    while b"digits: " not in shown:
        shown += os.read(screen, 4096)
    before = shown.decode()
    os.write(screen, typed.encode() + b"\n")
    try:
        while os.read(screen, 4096):
            pass
    except OSError:
        pass  # the terminal is gone with the program
    status = os.waitpid(child, 0)[1]
    os.close(screen)
    return os.waitstatus_to_exitcode(status), before


def test_a_terminal_hides_the_group_that_must_be_heard(offline):
    own = digits(request(offline).stdout)[0]
    status, shown = at_terminal(offline, "00000" if own[-5:] != "00000" else "11111")
    assert status == 1 and not (offline.folder / "admission").exists()
    assert own[:-5] in shown and own not in shown
    status, _ = at_terminal(offline, own[-5:])
    assert status == 0 and (offline.folder / "admission").exists()


def test_approval_refuses_a_request_that_was_changed(offline):
    own = digits(request(offline).stdout)[0]
    path = offline.folder / "request"
    (raw, signatures), = statements(path)

    def put(*signed):
        lines = [base64.b64encode(peer.encode(s)).decode() for s in signed]
        path.write_text("\n".join(["saikne-statements-v1", *lines, ""]))

    changed = peer.decode(raw)
    changed[5] = "Another name"
    changed = peer.encode(changed)
    put([changed, signatures])
    assert "bad_signature" in approve(offline, "--fingerprint", peer.fingerprint(changed), ok=(1,)).stderr
    put([raw, signatures], [raw, signatures])
    approve(offline, "--fingerprint", own, ok=(1,))
    put([raw, [[1, signatures[0][1]]]])
    approve(offline, "--fingerprint", own, ok=(1,))
    path.write_text("hello\n")
    assert "malformed" in approve(offline, "--fingerprint", own, ok=(1,)).stderr
    assert not (offline.folder / "admission").exists()


def test_another_networks_root_or_request_is_refused(offline):
    own = digits(request(offline).stdout)[0]
    other = offline.folder / "other"
    offline.admin("init", "--network", "other-net", "--broker", "tcp://h:1", "--log", "other", other)
    said = refused(offline, "approve", "--root", other / "root", "--network", offline.network_conf,
                   "--request", offline.folder / "request", "--out", offline.folder / "x",
                   "--fingerprint", own)
    assert "is not the root of network" in said
    said = refused(offline, "approve", "--root", other / "root", "--network", other / "network.conf",
                   "--request", offline.folder / "request", "--out", offline.folder / "x",
                   "--fingerprint", own)
    assert "wrong_network" in said


@pytest.mark.parametrize("days, status", [("1", 0), ("90", 0), ("91", 1), ("0", 1), ("x", 1), ("-1", 1)])
def test_certificates_last_at_most_90_days(offline, days, status):
    out = offline.folder / "certificate"
    offline.admin("certify", "--root", offline.authority / "root", "--network", offline.network_conf,
                  "--keys", offline.folder / "registrar-2", "--days", days, "--out", out, ok=(status,))
    assert out.exists() == (status == 0)


def test_a_key_file_open_to_others_is_refused(offline):
    (offline.authority / "root" / "root.key").chmod(0o640)
    own = digits(request(offline).stdout)[0]
    assert "chmod 600" in approve(offline, "--fingerprint", own, ok=(1,)).stderr


@pytest.mark.parametrize("args", [
    (), ("nonsense",), ("head",), ("head", "--as"), ("init", "--network", "n"), ("list", "--nonsense", "x"),
    ("rotate", "--keys", "k", "--network", "n", "signing", "transport"),
    ("head", "--as", "a", "--as", "b", "--network", "n"), ("list", "--json=x", "--as", "a", "--network", "n")])
def test_wrong_usage_ends_with_2_and_shows_the_usage(offline, args):
    assert "Usage: saikne-admin" in offline.admin(*args, ok=(2,)).stderr


def test_every_command_has_help(offline):
    usage = offline.admin("--help").stdout
    commands = re.findall(r"^  (\w+) ", usage, re.M)
    assert len(commands) == 12
    for command in commands:
        said = offline.admin(command, "--help").stdout
        assert f"Usage: saikne-admin {command}" in said and "Exit status" in said


# ---- with a broker -------------------------------------------------------------------------------
def test_published_parties_are_listed_from_the_verified_directory(online):
    parties = listed(online)
    assert set(parties) == {"registrar", "skola-1", "tiesa", "revidents"}
    school = parties["skola-1"]
    assert (school["kind"], school["name"], school["municipality"], school["status"]) == \
        ("school", "1. pamatskola", "Ventspils", "active")
    assert (school["signing_epoch"], school["transport_epoch"], school["sealing_epoch"]) == (1, 1, 0)
    # Whoever is admitted may look, with its own keys.
    assert listed(online, online.folder / "revidents" / "keys") == parties
    text = online.admin("list", *as_registrar(online)).stdout
    assert "tiesa" in text and "Bāriņtiesa" in text


def test_publishing_twice_gives_the_same_index(online):
    admission = online.folder / "skola-1" / "admission"
    first, second = (online.admin("publish", *as_registrar(online), admission).stdout for _ in range(2))
    assert first == second and re.search(r"\d", first)


def test_publishing_what_does_not_follow_is_refused_with_the_reason(online):
    own = digits(request(online, name="again", keys="others").stdout)[0]
    approve(online, "--fingerprint", own, name="again", out="admission-2")
    said = refused(online, "publish", *as_registrar(online), online.folder / "admission-2")
    assert "bad_statement" in said and "what to do" in said


def test_a_stranger_cannot_connect(online):
    request(online, keys="strange", code="svesa")
    said = refused(online, "list", "--as", online.folder / "strange", "--network", online.network_conf)
    assert "unknown_key" in said


def test_status_is_loud_until_there_is_a_head(online):
    def ask(ok):
        return json.loads(online.admin("status", *as_registrar(online), "--json", ok=ok).stdout)
    before = ask((1,))
    assert before["reachable"] and before["head"] == "" and before["head_old"]
    assert "NONE YET" in online.admin("status", *as_registrar(online), ok=(1,)).stdout
    online.admin("head", *as_registrar(online))
    after = ask((0,))
    assert after["head"] and not after["head_old"] and not after["registrar_over"]
    assert after["directory_length"] == before["directory_length"] + 1
    assert after["log_size"] >= after["directory_length"]
    assert after["log_root"] != before["log_root"]


def test_whoever_waits_for_the_broker_is_told(online):
    sync = "--network", online.network_conf, "--keys", online.folder / AUDITOR.code / "keys"
    online.audit("sync", *sync, "--log", online.folder / "copy.db")
    text = online.network_conf.read_text()
    broker = re.search(r"^broker *= *(\S+)", text, re.M).group(1)
    online.network_conf.write_text(re.sub(r"(?m)^(broker_key *= *).*$", r"\g<1>" + "42" * 32, text))
    with ThreadPoolExecutor() as at_once:
        asked = [at_once.submit(online.admin, "status", *as_registrar(online), ok=(1,)),
                 at_once.submit(online.admin, "head", *as_registrar(online), ok=(1,)),
                 at_once.submit(online.audit, "sync", *sync, "--log", online.folder / "copy.db", ok=(3,))]
    for said in (one.result() for one in asked):
        assert f": waiting for the broker at {broker}\n" in said.stderr
        assert "a wrong broker_key in network.conf looks the same" in said.stdout + said.stderr


def test_an_auditors_copy_that_was_changed_is_told_and_files_are_kept(online):
    copy, out = online.folder / "copy.db", online.folder / "out"
    sync = ("sync", "--network", online.network_conf, "--keys", online.folder / AUDITOR.code / "keys",
            "--log", copy)
    verify = "verify", "--network", online.network_conf, "--log", copy
    online.audit(*sync)
    assert "VERIFIED" in online.audit(*verify).stdout
    for command in (["prove", "0"], ["checkpoint"], ["export", "--format", "csv"]):
        assert online.audit(*command, "--log", copy, "--out", out).returncode == 0
        made = out.read_bytes()
        assert made and "is there already" in online.audit(
            *command, "--log", copy, "--out", out, ok=(1,)).stderr
        assert out.read_bytes() == made
        out.unlink()
    for change, said in (("UPDATE entry SET type = 3 WHERE idx = 2", "entry 2: searching this copy goes astray"),
                         ("DELETE FROM entry WHERE idx = 1", "entry 1: this copy lacks the entry")):
        database = sqlite3.connect(copy)
        with database:
            database.execute(change)
        database.close()
        told = online.audit(*verify, ok=(1,)).stdout
        assert "NOT VERIFIED" in told and said in told and "make a new copy" in told
    told = online.audit(*sync, ok=(1,)).stderr
    assert "this copy lacks entry 1:" in told and "make a new copy" in told


def test_suspended_is_suspended_until_the_root_lifts_it(online):
    school = online.folder / "skola-1" / "keys"
    online.admin("suspend", *as_registrar(online), "--reason", "key_lost", "skola-1")
    assert listed(online)["skola-1"]["status"] == "suspended"
    refused(online, "list", "--as", school, "--network", online.network_conf)
    lift = online.folder / "lift"
    online.admin("lift", "--root", online.authority / "root", "--network", online.network_conf, "--out", lift,
                 "skola-1")
    online.publish(lift)
    assert listed(online)["skola-1"]["status"] == "active"
    assert listed(online, school)
    # The same lift does not serve again: it only tells where it stands.
    online.admin("suspend", *as_registrar(online), "--reason", "again", "skola-1")
    online.publish(lift)
    assert listed(online)["skola-1"]["status"] == "suspended"


def test_rotation_brings_new_keys_and_keeps_the_old_ones(online):
    keys = online.folder / "skola-1" / "keys"
    rotate = ("rotate", "--keys", keys, "--network", online.network_conf)
    online.admin(*rotate, "signing")
    assert listed(online)["skola-1"]["signing_epoch"] == 2
    assert (keys / "signing-1.key").exists() and (keys / "signing-2.key").exists()
    before = (keys / "transport.key").read_text()
    online.admin(*rotate, "transport")
    assert listed(online)["skola-1"]["transport_epoch"] == 2
    assert (keys / "transport-old.key").read_text() == before != (keys / "transport.key").read_text()
    assert not (keys / "transport-new.key").exists()
    # The new keys carry the next rotation.
    online.admin(*rotate, "signing")
    assert listed(online, keys)["skola-1"]["signing_epoch"] == 3


def test_a_rotation_that_broke_off_goes_on_where_it_was(online):
    keys = online.folder / "skola-1" / "keys"
    rotate = ("rotate", "--keys", keys, "--network", online.network_conf)
    old = (keys / "transport.key").read_text()
    online.admin(*rotate, "transport")
    new = (keys / "transport.key").read_text()
    # As if it had ended between the statement and the files.
    (keys / "transport-new.key").write_text(new)
    (keys / "transport-new.key").chmod(0o600)
    (keys / "transport.key").write_text(old)
    online.admin(*rotate, "transport")
    assert (keys / "transport.key").read_text() == new
    assert listed(online)["skola-1"]["transport_epoch"] == 2


def test_a_revoked_transport_key_connects_no_more(online):
    school = online.folder / "skola-1" / "keys"
    online.admin("revoke", *as_registrar(online), "--reason", "stolen", "--since", "2026-01-01T00:00:00Z",
                 "skola-1", "transport", "1")
    assert listed(online)["skola-1"]["transport_epoch"] == 0
    refused(online, "list", "--as", school, "--network", online.network_conf)
    for wrong in (("skola-1", "brewing", "1"), ("skola-1", "signing", "0"), ("skola-1", "signing", "9")):
        refused(online, "revoke", *as_registrar(online), "--reason", "x", *wrong)
    refused(online, "revoke", *as_registrar(online), "--reason", "x", "--since", "yesterday", "tiesa", "signing",
            "1")


def test_a_new_registrar_takes_over(online):
    new, out = online.folder / "registrar-2", online.folder / "certificate"
    online.admin("certify", "--root", online.authority / "root", "--network", online.network_conf,
                 "--keys", new, "--out", out)
    online.publish(out)
    online.admin("head", "--as", new, "--network", online.network_conf)
    with pytest.raises(Failed, match="unknown_key"):
        online.admin("head", *as_registrar(online))
