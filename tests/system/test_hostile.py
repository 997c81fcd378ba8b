"""Everything a member or a stranger may throw at the broker is refused by name and stores nothing."""

import contextlib
import os
import random
import socket
import struct

import pytest
import zmq

import party
import peer
import stage as stages
from party import DAY, now_ms, refusal
from stage import POLICE, SCHOOL, SOCIAL, offer, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin")

CUT = zmq.EVENT_DISCONNECTED


@pytest.fixture(scope="module")
def stage():
    with stages.played([SCHOOL, SOCIAL, POLICE]) as running:
        running.admit("school", "mallory")
        yield running


@pytest.fixture
def school(stage):
    return stage.peers[SCHOOL.code]


@pytest.fixture
def social(stage):
    return stage.peers[SOCIAL.code]


@pytest.fixture
def mallory(stage):
    """An admitted member that means ill; it comes back when the test before had it cut."""
    living = stage.peers["mallory"]
    return living if living.is_connected() else living.connect()


@pytest.fixture
def nothing_stored(stage, mallory, school, social):
    """Of what the test did nothing is stored but refusals, and the others' exchange still works."""
    stage.exchange(school, social)
    before = stage.log_size()
    yield
    assert set(stage.names(before)) <= {"refused"}
    stage.exchange(school, social)


def ground():
    return os.urandom(16)


def sealed_offer(living, recipient, /, **header):
    living.sync()
    to = header.pop("to", [(recipient.code, "law", ground())])
    return living.seal("referral_offer", offer(), to, **header)


def refused(living, sealed):
    """The code by which the broker refuses a message; the answer names its id."""
    answer = living.link.ask("submit", sealed.body())
    code = refusal(answer)
    assert answer[1][1] in (None, sealed.id)
    return code


def raw_refusal(living, frame):
    """The code by which the broker refuses a frame; the request number is echoed where there is one."""
    living.link.send(frame)
    return refusal((*living.link.answer(struct.unpack(">I", frame[4:8])[0] if len(frame) >= 8 else 0),))


# ---- frames ------------------------------------------------------------------------------------
def body_frame(body, command="ping"):
    return peer.make_frame(command, 77, [])[:8] + body


@pytest.mark.parametrize("frame, code", [
    (b"", "malformed"), (b"SK", "malformed"), (b"SK\x01\x18\0\0\0", "malformed"),
    (b"XX\x01\x18\0\0\0\x07\x90", "malformed"),
    (b"SK\x02\x18\0\0\0\x07\x90", "bad_version"),
    (b"SK\x01\x63\0\0\0\x07\x90", "unknown_command"),
    (b"SK\x01\0\0\0\0\x07\x90", "unknown_command"),
    (peer.make_frame("welcome", 7, []), "unknown_command"),
    (peer.make_frame("chunk", 7, []), "malformed"),
    (body_frame(b""), "malformed"),
    (body_frame(b"\x90\x90"), "malformed"),
    (body_frame(b"\xc0"), "malformed"),
    (body_frame(b"\x80"), "malformed"),
    (body_frame(b"\xdc\x00\x00"), "not_canonical"),
    (body_frame(b"\x91\xcd\x00\x05", "credit"), "not_canonical"),
    (body_frame(b"\x91\xcb" + bytes(8), "credit"), "malformed"),
    (body_frame(b"\x91\xff", "credit"), "malformed"),
    (body_frame(b"\x91\xa1x", "credit"), "malformed"),
    (body_frame(b"\x92\x05\x05", "credit"), "malformed"),
    (body_frame(b"\x91" * 9 + b"\x00"), "too_large"),
    (body_frame(b"\x91" * 100000 + b"\x00"), "too_large"),
    (body_frame(b"\xdd\x00\x01\x11\x70" + bytes(70000)), "too_large"),
    (body_frame(b"\xdd\x0f\xff\xff\xff"), "malformed"),
    (body_frame(b"\xdd\xff\xff\xff\xff"), "malformed"),
    (body_frame(b"\x93\xc6\xff\xff\xff\xff\x00", "submit"), "malformed"),
    (body_frame(b"\x95\xa1\xff\xa1a\xa1b\x00\x00", "hello"), "not_canonical"),
    (body_frame(b"\x95\xa1\x07\xa1a\xa1b\x00\x00", "hello"), "not_canonical"),
], ids=lambda value: value if isinstance(value, str) else value[:14].hex() or "empty")
def test_malformed_frame_is_refused(nothing_stored, mallory, frame, code):
    assert raw_refusal(mallory, frame) == code


def test_a_message_cut_short_anywhere_is_malformed(nothing_stored, mallory, social):
    frame = peer.make_frame("submit", 5, sealed_offer(mallory, social).body())
    for length in range(9, len(frame), 37):
        assert raw_refusal(mallory, frame[:length]) == "malformed"


def test_a_message_with_any_bit_turned_is_refused(stage, mallory, social):
    sealed = sealed_offer(mallory, social)
    frame = peer.make_frame("submit", 5, sealed.body())
    dice, before = random.Random(7), stage.log_size()
    for _ in range(300):
        at, bad = dice.randrange(8 * 8, 8 * len(frame)), bytearray(frame)
        bad[at // 8] ^= 1 << at % 8
        raw_refusal(mallory, bytes(bad))
    assert set(stage.names(before)) <= {"refused"}
    assert mallory.submit(sealed), "what was turned had been good"


JUNK = [None, True, 0, (1 << 64) - 1, "", "\u0101" * 300, b"", bytes(16), bytes(70000), [], [[]], [None] * 20,
        [[[[[[0]]]]]], [bytes(32)] * 64]


def with_junk(value):
    """VALUE with each of its items, at any depth, replaced by each piece of junk."""
    yield from JUNK
    if isinstance(value, list):
        for i, item in enumerate(value):
            for other in with_junk(item):
                yield value[:i] + [other] + value[i + 1:]


@pytest.mark.parametrize("command", [
    "hello", "submit", "attest", "state", "credit", "taken", "directory", "entries", "proof", "consistency"])
def test_anything_may_stand_in_any_place(nothing_stored, mallory, social, command):
    body = {"hello": [mallory.pinned.id, mallory.code, "peer 1", 0, 0], "submit": sealed_offer(mallory, social).body(),
            "attest": [bytes(100), [0, 1, [], bytes(64)]], "state": epoch_of(mallory, peer.SigningKey()),
            "entries": [0, 1], "proof": [0, 1], "consistency": [0, 1]}.get(command, [0])
    for bad in with_junk(body):
        if command != "submit" or peer.encode(bad) != peer.encode(body):
            mallory.link.send(peer.make_frame(command, 5, bad))
    mallory.link.send(peer.make_frame("ping", 6, []))
    assert mallory.link.answer(6)[0] in ("pong", "refused")


def test_anything_may_stand_in_a_signed_header(stage, mallory):
    """What the broker cannot know, such as another case token, it accepts; the recipient cannot open it."""
    good = sealed_offer(mallory, stage.admit("social_service"))
    for fields in with_junk(peer.decode(good.header)):
        header = peer.encode(fields)
        digest = peer.message_digest(header, [peer.part_hash(p) for p in good.parts])
        command, _ = mallory.link.ask("submit", [header, good.parts, peer.sign_batch(mallory.signing, [digest])[0]])
        assert command in ("refused", "accepted")
    assert mallory.link.ask("ping", [])[0] == "pong"


# ---- the transport -----------------------------------------------------------------------------
def resident(stage):
    """Megabytes of memory that the broker holds."""
    status = open(f"/proc/{stage.processes['broker'].child.pid}/status", encoding="ascii").read()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def test_a_frame_over_the_limit_is_cut_and_takes_no_memory(stage, nothing_stored, mallory):
    before = resident(stage)
    mallory.link.send(bytes(256 * 1024 * 1024))
    assert mallory.link.event(CUT)
    assert resident(stage) - before < 64


def test_a_frame_at_the_limit_is_answered(nothing_stored, mallory):
    assert raw_refusal(mallory, body_frame(bytes(party.FRAME_MAX - 8))) == "malformed"


def test_a_multipart_message_is_cut(nothing_stored, mallory):
    frame = peer.make_frame("ping", 7, [])
    mallory.link.send(frame, frame)
    assert mallory.link.event(CUT)


def test_endless_parts_are_cut_before_they_fill_the_memory(stage, nothing_stored, mallory):
    before, most = resident(stage), 0
    mallory.link.socket.send_multipart([bytes(1024 * 1024)] * 4096, copy=False)
    while not mallory.link.event(CUT, timeout=0.05):
        most = max(most, resident(stage) - before)
        assert most < 1024, "it takes what it cannot answer"


def test_an_unknown_key_is_refused_at_the_handshake(stage, nothing_stored):
    stranger = party.Link(stage.pinned, peer.BoxKey())
    assert stranger.event(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
    stranger.close()


def test_garbage_at_the_port_disturbs_nobody(stage, school, social):
    dice = random.Random(8)
    strangers = []
    for greeting in (b"", b"GET / HTTP/1.1\r\n\r\n", bytes([0xFF]) + bytes(8) + b"\x7f\x03\x01NULL" + bytes(48),
                     bytes([0xFF]) + bytes(8) + b"\x7f\x03\x00CURVE" + bytes(47) + dice.randbytes(4096)):
        line = socket.create_connection(("127.0.0.1", stage.port))
        line.sendall(greeting)
        strangers.append(line)
    stage.exchange(school, social)
    for line in strangers:
        line.close()


def test_a_crowd_that_says_nothing_keeps_no_member_out(stage, mallory):
    with contextlib.ExitStack() as crowd:
        for _ in range(400):  # more than may be silent
            crowd.enter_context(socket.create_connection(("127.0.0.1", stage.port)))
        mallory.connect()


# ---- the session -------------------------------------------------------------------------------
def test_nothing_is_said_before_hello(stage, nothing_stored, mallory, social):
    sealed = sealed_offer(mallory, social)
    mallory.close()
    mallory.link = party.Link(mallory.pinned, mallory.transport)
    for command, body in (("ping", []), ("submit", sealed.body()), ("credit", [5]), ("directory", [0]),
                          ("entries", [0, 5]), ("taken", [0]), ("bye", [])):
        assert refusal(mallory.link.ask(command, body)) == "hello_first"


@pytest.mark.parametrize("network, code, size, name", [
    ("other", "mallory", 0, "wrong_network"), (None, "school-2", 0, "wrong_sender"),
    (None, "registrar", 0, "wrong_sender"), (None, "mallory", 1 << 40, "no_such_entry")])
def test_hello_under_another_name_is_refused(nothing_stored, mallory, network, code, size, name):
    body = [network or mallory.pinned.id, code, "peer 1", 0, size]
    assert refusal(mallory.link.ask("hello", body)) == name


def test_a_newer_session_ends_the_older(stage, nothing_stored, mallory):
    older, mallory.link = mallory.link, None
    mallory.connect()
    assert older.event(CUT)
    older.close()
    assert mallory.link.ask("ping", [])[0] == "pong"


# ---- messages ----------------------------------------------------------------------------------
def test_forged_signature(nothing_stored, mallory, social):
    sealed = sealed_offer(mallory, social)
    sealed.batch = peer.sign_batch(peer.SigningKey(), [sealed.digest])[0]
    assert refused(mallory, sealed) == "bad_signature"


def test_signature_of_another_message(nothing_stored, mallory, social):
    one, two = sealed_offer(mallory, social), sealed_offer(mallory, social)
    one.batch = two.batch
    assert refused(mallory, one) == "bad_signature"


def test_another_sender_in_the_header(nothing_stored, mallory, social):
    assert refused(mallory, sealed_offer(mallory, social, sender=SCHOOL.code)) == "wrong_sender"


def test_anothers_message_passed_on(nothing_stored, mallory, school, social):
    assert refused(mallory, sealed_offer(school, social)) == "wrong_sender"


def test_a_used_id_with_another_digest(stage, mallory, social):
    first, _, _ = stage.exchange(stage.admit("school"), social)
    mallory_first = sealed_offer(mallory, social)
    mallory.submit(mallory_first)
    created = peer.Header(mallory_first.header).created
    size = stage.log_size()
    again = sealed_offer(mallory, social, id=mallory_first.id, created=created)
    assert refused(mallory, again) == "id_conflict"
    # The id is the sender's own: another's same id is another message.
    assert mallory.submit(sealed_offer(mallory, social, id=first.id, created=peer.Header(first.header).created))
    assert set(stage.names(size)) <= {"refused", "accepted"}


def test_a_replay_gets_the_receipt_and_is_delivered_once(stage, mallory, social):
    sealed = sealed_offer(mallory, social)
    receipt = mallory.submit(sealed)
    message = take_message(social, receipt.index)
    social.attest(message)
    size = stage.log_size()
    for _ in range(20):
        assert mallory.link.ask("submit", sealed.body()) == ("accepted", list(receipt))
    assert stage.log_size() == size
    take_evidence(mallory, receipt.index)
    social.connect()
    social.credit(50)
    assert receipt.index not in [m.index for m in iter(lambda: social.receive(timeout=0.3), None)]


def swap_recipient(sealed, code):
    fields = peer.decode(sealed.header)
    fields[6][0][0] = code
    bad = party.Sealed(peer.encode(fields), sealed.parts, sealed.batch)
    bad.id = sealed.id
    return bad


def test_another_recipient_put_in(nothing_stored, mallory, social):
    assert refused(mallory, swap_recipient(sealed_offer(mallory, social), POLICE.code)) == "bad_signature"


def test_parts_changed_round(nothing_stored, mallory, social):
    sealed = sealed_offer(mallory, social, to=[(SOCIAL.code, "law", ground()), (POLICE.code, "law", ground())])
    sealed.parts.reverse()
    assert refused(mallory, sealed) == "bad_signature"


def test_a_part_too_few(nothing_stored, mallory, social):
    sealed = sealed_offer(mallory, social, to=[(SOCIAL.code, "law", ground()), (POLICE.code, "law", ground())])
    sealed.parts.pop()
    assert refused(mallory, sealed) == "malformed"


def in_header(**header):
    return lambda living, social: sealed_offer(living, social, **header)


def to(*recipients):
    return lambda living, social: sealed_offer(living, social, to=list(recipients))


BAD_MESSAGES = {
    "not_permitted": to((SCHOOL.code, "law", bytes(16))),
    "not_permitted ": to(("auditor-1", "law", bytes(16))),
    "no_basis": to((SOCIAL.code, "none", None)),
    "no_basis ": to((SOCIAL.code, "reply", [SOCIAL.code, bytes(16)])),
    "unknown_reply": lambda living, social: living.seal(
        "referral_accept", {"task": bytes(16), "applied": 1}, [(SOCIAL.code, "reply", [SOCIAL.code, bytes(16)])]),
    "unknown_party": to(("nobody", "law", bytes(16))),
    "bad_recipients": to(),
    "bad_recipients ": to((SOCIAL.code, "law", bytes(16)), (SOCIAL.code, "law", bytes(16))),
    "bad_recipients  ": to(("mallory", "law", bytes(16))),
    "too_large": to(*[(f"school-{i}", "law", bytes(16)) for i in range(17)]),
    "unknown_type": in_header(type=999),
    "unknown_epoch": in_header(recipients=[[SOCIAL.code, 9, 2, bytes(16)]]),
    "unknown_epoch ": in_header(recipients=[[SOCIAL.code, 0, 2, bytes(16)]]),
    "unknown_key": in_header(signing_epoch=9),
    "bad_version": in_header(version=2),
    "bad_version ": in_header(suite=2),
    "wrong_network": in_header(network="other"),
    "malformed": in_header(id=bytes(16)),
    "malformed ": in_header(recipients=[[SOCIAL.code, 1, 2, None]]),
    "malformed  ": in_header(recipients=[["Social Service", 1, 2, bytes(16)]]),
    "malformed   ": in_header(created=1 << 48, id=bytes(16)),
    "malformed    ": lambda living, social: sealed_offer(living, social, expires=now_ms() - DAY),
    "clock_skew": lambda living, social: sealed_offer(living, social, created=now_ms() + 6 * 60 * 1000),
    "expired": lambda living, social: sealed_offer(living, social, created=now_ms() - 2000, expires=now_ms() - 1000),
    "bad_expiry": lambda living, social: sealed_offer(living, social, expires=now_ms() + 40 * DAY),
}


@pytest.mark.parametrize("code", BAD_MESSAGES)
def test_a_message_against_the_rules_is_refused(nothing_stored, mallory, social, code):
    mallory.sync()
    assert refused(mallory, BAD_MESSAGES[code](mallory, social)) == code.strip()


def test_the_refusal_names_the_recipient_concerned(nothing_stored, mallory, social):
    sealed = sealed_offer(mallory, social, to=[(SOCIAL.code, "law", ground()), (SCHOOL.code, "law", ground())])
    command, body = mallory.link.ask("submit", sealed.body())
    assert command == "refused" and body[:3] == [peer.CODES["not_permitted"], sealed.id, 1]


def test_a_reply_to_what_went_to_another(stage, mallory, social):
    police = stage.peers[POLICE.code]
    sealed, _, _ = stage.exchange(police, social)
    before = stage.log_size()
    answer = mallory.seal("referral_accept", {"task": bytes(16), "applied": 1},
                          [(POLICE.code, "reply", [POLICE.code, sealed.id])])
    assert refused(mallory, answer) == "unknown_reply"
    assert set(stage.names(before)) <= {"refused"}


# ---- evidence ----------------------------------------------------------------------------------
@pytest.fixture
def delivered(stage, school, social):
    """A message that the social service has, and has not confirmed yet."""
    sealed = sealed_offer(school, social)
    receipt = school.submit(sealed)
    yield take_message(social, receipt.index)


def test_evidence_by_someone_not_addressed(delivered, nothing_stored, mallory):
    assert refusal(mallory.link.ask("attest", mallory.evidence(delivered))) == "not_yours"


def test_evidence_in_anothers_name(delivered, nothing_stored, mallory, social):
    assert refusal(mallory.link.ask("attest", mallory.evidence(delivered, recipient=SOCIAL.code))) == "not_yours"
    assert refusal(mallory.link.ask("attest", social.evidence(delivered))) == "not_yours"


@pytest.mark.parametrize("change, code", [
    ({"digest": bytes(32)}, "no_such_entry"), ({"id": bytes(16)}, "no_such_entry"), ({"index": 0}, "no_such_entry"),
    ({"index": 1 << 50}, "no_such_entry"), ({"network": "other"}, "wrong_network"), ({"epoch": 9}, "unknown_key"),
    ({"kind": 4}, "not_yours"), ({"kind": 77}, "malformed"), ({"reason": 132}, "malformed"),
    ({"role": "case_manager"}, "malformed"), ({"time": (1 << 48) - 1}, "clock_skew")])
def test_evidence_of_what_is_not_so(delivered, nothing_stored, social, change, code):
    assert refusal(social.link.ask("attest", social.evidence(delivered, **change))) == code


def test_forged_evidence(delivered, nothing_stored, social):
    raw, _ = social.evidence(delivered)
    forged = peer.sign_batch(peer.SigningKey(), [peer.evidence_digest(raw)])[0]
    assert refusal(social.link.ask("attest", [raw, forged])) == "bad_signature"


def test_two_final_evidences_that_differ(stage, delivered, social, school):
    index = social.attest(delivered)
    before = stage.log_size()
    other = social.evidence(delivered, "unreadable", reason=peer.CODES["cannot_open"])
    assert refusal(social.link.ask("attest", other)) == "id_conflict"
    # The same kind at another time is what was said already.
    later = social.link.ask("attest", social.evidence(delivered, time=now_ms() + 1))
    assert later == ("recorded", [delivered.index, peer.EVIDENCE["delivered"], index])
    assert set(stage.names(before)) <= {"refused"}


def test_a_message_is_not_taken_without_evidence(delivered, nothing_stored, social):
    assert refusal(social.link.ask("taken", [delivered.index])) == "not_yours"


# ---- statements --------------------------------------------------------------------------------
def epoch_of(living, signer, code=None, number=None, **more):
    start = more.get("start", now_ms())
    raw = living.statement("sealing_epoch", code or living.code, number or len(living.epochs) + 1,
                           more.get("key") or peer.BoxKey().public, start, more.get("end", start + DAY),
                           1, time_ms=more.get("time_ms"))
    return [raw, peer.sign_statement(raw, party=signer)]


def bad_statements(stage, living):
    key, box = peer.SigningKey(), peer.BoxKey()

    def signed(raw, **keys):
        return [raw, peer.sign_statement(raw, **keys)]
    admit = living.statement("admit", "mallory-2", "school", "Otra", "", key.public, box.public)
    suspend = living.statement("suspend", SCHOOL.code, "spite")
    revoke = living.statement("revoke", SCHOOL.code, 1, 1, 0, "spite", 1)
    head = living.statement("head", living.directory.length, bytes(32))
    return {
        "epoch of another": ("bad_signature", epoch_of(living, living.signing, code=SOCIAL.code, number=9)),
        "foreign key": ("bad_signature", epoch_of(living, key)),
        "epoch left out": ("bad_statement", epoch_of(living, living.signing, number=len(living.epochs) + 2)),
        "epoch said again": ("bad_statement", epoch_of(living, living.signing, number=len(living.epochs))),
        "anothers sealing key": ("bad_statement", epoch_of(
            living, living.signing, key=stage.peers[SOCIAL.code].epochs[0].public)),
        "own transport key": ("bad_statement", epoch_of(living, living.signing, key=living.transport.public)),
        "epoch too long": ("bad_statement", epoch_of(living, living.signing, end=now_ms() + 31 * DAY)),
        "epoch in the past": ("bad_statement", epoch_of(living, living.signing, start=1, end=2)),
        "of the future": ("clock_skew", epoch_of(living, living.signing, time_ms=now_ms() + DAY)),
        "admits by itself": ("bad_signature", signed(admit, party=key)),
        "admits as root": ("bad_signature", signed(admit, root=living.signing, party=key)),
        "suspends": ("bad_signature", signed(suspend, registrar=living.signing)),
        "suspends as party": ("bad_signature", signed(suspend, party=living.signing)),
        "revokes another": ("bad_signature", signed(revoke, party=living.signing)),
        "wrong head": ("bad_statement", signed(head, registrar=stage.registrar)),
        "unknown party": ("unknown_party", signed(
            living.statement("suspend", "nobody", "spite"), registrar=stage.registrar)),
        "second network": ("bad_signature", signed(living.statement(
            "network", living.signing.public, "x/log", key.public, box.public), root=living.signing)),
        "unsigned": ("malformed", [suspend, []]),
        "unknown kind": ("malformed", signed(peer.encode([99, living.pinned.id, now_ms()]), party=living.signing)),
        "other network": ("wrong_network", signed(
            peer.make_statement("lift", "other", now_ms(), "mallory"), root=stage.root)),
        "not canonical": ("not_canonical", signed(b"\xdc\x00\x04" + suspend[1:], registrar=stage.registrar)),
    }


def test_a_statement_out_of_rules_is_refused(stage, nothing_stored, mallory):
    got = {name: (code, refusal(mallory.link.ask("state", body)))
           for name, (code, body) in bad_statements(stage, mallory).items()}
    assert {name: code for name, (code, _) in got.items()} == {name: said for name, (_, said) in got.items()}


def test_a_statement_said_again_changes_nothing(stage, mallory):
    body = epoch_of(mallory, mallory.signing)
    index = mallory.ask("state", body, "stated")
    mallory.epochs.append(None)
    before = stage.log_size()
    assert mallory.ask("state", body, "stated") == index
    assert stage.log_size() == before


# ---- who may not any more ----------------------------------------------------------------------
def test_a_suspended_member_is_cut_at_once(stage, school, social):
    member = stage.admit("school")
    raw = member.statement("suspend", member.code, "test")
    index = stage.state(raw, registrar=stage.registrar)
    assert member.link.event(CUT)
    member.link.close()
    member.link = party.Link(member.pinned, member.transport)
    assert member.link.event(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
    school.sync()
    assert not school.directory.members[member.code].active(index)
    sealed = social.seal("referral_offer", offer(), [(member.code, "law", ground())])
    assert refused(social, sealed) in ("unknown_epoch", "suspended", "unknown_party")
    stage.exchange(school, social)
    lift = member.statement("lift", member.code, time_ms=now_ms() + 1)
    stage.state(lift, root=stage.root)
    member.connect()
    stage.exchange(member, social)


def test_a_revoked_transport_key_is_cut_and_a_new_one_comes_in(stage, social):
    member = stage.admit("school")
    new = peer.BoxKey()
    raw = member.statement("transport_key", member.code, new.public, 1)
    member.state(raw, peer.sign_statement(raw, party=member.signing))
    revoke = member.statement("revoke", member.code, 3, 1, now_ms() - 1000, "lost", 1)
    stage.state(revoke, party=member.signing)
    assert member.link.event(CUT)
    member.transport = new
    member.connect()
    stage.exchange(member, social)


def test_a_revoked_signing_key_signs_nothing_more(stage, social):
    member = stage.admit("school")
    sealed = sealed_offer(member, social)
    revoke = member.statement("revoke", member.code, 1, 1, now_ms() - 1000, "lost", 0)
    stage.state(revoke, registrar=stage.registrar)
    assert refused(member, sealed) == "key_revoked"


# ---- the log of refusals -----------------------------------------------------------------------
def test_a_refusal_is_logged_with_party_code_and_digest(stage, school, social):
    member = stage.admit("school")
    before = stage.log_size()
    sealed = sealed_offer(member, school)
    frame = body_frame(b"\x80")
    assert refused(member, sealed) == "not_permitted" and raw_refusal(member, frame) == "malformed"
    body = epoch_of(member, peer.SigningKey())
    assert refusal(member.link.ask("state", body)) == "bad_signature"
    assert [leaf[2:] for leaf in stage.leaves(before)] == [
        [member.code, peer.CODES["not_permitted"], sealed.digest, 1],
        [member.code, peer.CODES["malformed"], peer.h256(b"refused", frame), 1],
        [member.code, peer.CODES["bad_signature"], peer.h256(b"stated", body[0]), 1]]


# ---- floods ------------------------------------------------------------------------------------
def test_a_flood_is_counted_in_few_leaves_and_hides_nothing(stage, school, social):
    flooder = stage.admit("school")
    before = stage.log_size()
    frame = body_frame(b"\x80")
    for _ in range(1500):
        flooder.link.send(frame)
    for _ in range(1500):
        assert refusal(flooder.link.answer(77)) == "malformed"
    stage.exchange(school, social)
    mine = [leaf for leaf in stage.leaves(before) if leaf[0] == peer.LEAVES["refused"] and leaf[2] == flooder.code]
    assert len(mine) == 10 and all(leaf[3] == peer.CODES["malformed"] and leaf[5] == 1 for leaf in mine)
    # What is above the rate is counted, and a broker that ends tells it first.
    for living in stage.peers.values():
        living.close()
    assert stage.processes["broker"].stop() == 0
    stage.processes["broker"].start()
    for name in (SCHOOL.code, SOCIAL.code, "auditor-1"):
        stage.peers[name].connect()
    mine = [leaf for leaf in stage.leaves(before) if leaf[0] == peer.LEAVES["refused"] and leaf[2] == flooder.code]
    assert len(mine) == 11 and sum(leaf[5] for leaf in mine) == 1500
    stage.exchange(school, social)


def test_a_full_queue_of_enquiries_keeps_others_served(stage, school, social, mallory):
    for _ in range(400):
        mallory.link.send(peer.make_frame("entries", 9, [0, 256]))
    stage.exchange(school, social)
