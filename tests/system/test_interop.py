"""A second implementation, written from protocol/SPEC.md alone, takes part in a real network."""

import json
import os
import subprocess
import sys

import pytest

import network
import party
import peer
import stage as stages
import verify
from party import refusal
from stage import POLICE, SCHOOL, SOCIAL, offer, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin")


@pytest.fixture(scope="module")
def stage():
    with stages.played([SCHOOL, SOCIAL, POLICE]) as running:
        yield running


@pytest.fixture
def school(stage):
    return stage.peers[SCHOOL.code]


@pytest.fixture
def social(stage):
    return stage.peers[SOCIAL.code]


def reference():
    return os.urandom(16)


def test_offer_is_received_with_proof_and_evidence_comes_back(stage, school, social):
    sealed, receipt, message = stage.exchange(school, social)
    assert message.header.sender == school.code and message.digest == sealed.digest
    assert "offence" not in message.values and message.values["family"] == "Dzīvo pie vecmāmiņas."


def test_receipt_verifies_from_public_documents_alone(stage, school, social, tmp_path):
    _, receipt, _ = stage.exchange(school, social)
    proof, checkpoint = verify.check_proof(party.proof_file(receipt), verify.parse_key(stage.pinned.log))
    assert (proof.index, proof.extra) == (receipt.index, receipt.leaf) and checkpoint.size > receipt.index
    path = tmp_path / "receipt.tlog-proof"
    path.write_bytes(party.proof_file(receipt))
    done = subprocess.run([sys.executable, verify.__file__, "proof", stage.pinned.log, path],
                          capture_output=True, text=True, check=True)
    assert done.stdout.startswith("good:")
    bad = bytearray(party.proof_file(receipt))
    bad[40] ^= 1
    with pytest.raises(verify.Refused):
        verify.check_proof(bytes(bad), verify.parse_key(stage.pinned.log))


def test_same_message_gets_the_same_receipt_byte_for_byte(stage, school, social):
    sealed, first, _ = stage.exchange(school, social)
    stage.exchange(school, social)
    before = stage.log_size()
    again = school.link.ask("submit", sealed.body())
    assert again == ("accepted", list(first))
    # Alone in its batch it has another path and signature, but the same digest: the same message.
    other = party.Sealed(sealed.header, sealed.parts,
                         peer.sign_batch(school.signing, [sealed.digest, os.urandom(32)])[0])
    assert school.link.ask("submit", other.body()) == ("accepted", list(first))
    assert stage.log_size() == before


def test_same_receipt_after_the_broker_was_started_again(stage, school, social):
    sealed, first, _ = stage.exchange(school, social)
    assert stage.processes["broker"].stop() == 0
    stage.processes["broker"].start()
    for living in stage.peers.values():
        living.connect()
    assert school.link.ask("submit", sealed.body()) == ("accepted", list(first))
    stage.exchange(school, social)


def test_each_recipient_opens_its_own_part_alone(stage, school, social):
    police = stage.peers[POLICE.code]
    school.sync()
    sealed = school.seal("referral_offer", {**offer(), "purpose": "support_measures"},
                         [(social.code, "law", reference()),
                          (police.code, "law", reference())])
    receipt = school.submit(sealed)
    to_social, to_police = take_message(social, receipt.index), take_message(police, receipt.index)
    assert "family" in to_social.values and "offence" not in to_social.values
    assert "offence" in to_police.values and "family" not in to_police.values
    assert (to_social.position, to_police.position) == (0, 1)
    with pytest.raises(peer.Refused, match="cannot_open"):
        peer.open_part(sealed.header, 1, sealed.parts[1], social.epochs[-1])
    for living, message in ((social, to_social), (police, to_police)):
        living.attest(message)
    said = {take_evidence(school, receipt.index).said["recipient"] for _ in range(2)}
    assert said == {social.code, police.code}


def test_a_part_says_what_came_before_it(stage, school, social):
    before = school.chains.get(social.code)
    _, _, first = stage.exchange(school, social)
    _, _, second = stage.exchange(school, social)
    assert before is None or first.chain == before
    assert second.chain == peer.chain_next(first.chain, first.header.id, first.digest)


def test_an_answer_cites_what_it_answers(stage, school, social):
    _, receipt, message = stage.exchange(school, social)
    social.sync()
    opened = social.seal("referral_review_opened", {"task": message.values["task"], "applied": receipt.index},
                         [(school.code, "reply", [school.code, message.header.id])])
    answered = social.submit(opened)
    got = take_message(school, answered.index)
    assert got.values == {"task": message.values["task"], "applied": receipt.index}
    school.attest(got)
    take_evidence(social, answered.index)


def test_reading_is_told_by_role_and_token(stage, school, social):
    _, receipt, message = stage.exchange(school, social)
    token = os.urandom(16)
    index = social.attest(message, "read", role="case_manager", staff=token)
    evidence = take_evidence(school, receipt.index, "read")
    assert evidence.index == index
    assert (evidence.said["role"], evidence.said["staff"]) == ("case_manager", token)


def test_what_cannot_be_opened_is_answered_and_the_mailbox_goes_on(stage, school, social):
    school.sync()
    sealed = school.seal("referral_offer", offer(), [(social.code, "law", reference())], sign=False)
    sealed.parts[0][0] = peer.sodium.crypto_box_seal(bytes(88), peer.BoxKey().public)
    sealed = party.Sealed(sealed.header, sealed.parts, [])
    sealed.id = peer.Header(sealed.header).id
    sealed.batch = peer.sign_batch(school.signing, [sealed.digest])[0]
    receipt = school.submit(sealed)
    social.credit(1)
    with pytest.raises(peer.Refused) as refused:
        social.receive()
    leaf = peer.decode(receipt.leaf)
    message = party.Message(receipt.index, peer.Header(leaf[2]), 0, {}, sealed.digest, None)
    social.attest(message, "unreadable", reason=peer.CODES[refused.value.code])
    evidence = take_evidence(school, receipt.index, "unreadable")
    assert evidence.said["reason"] == peer.CODES["cannot_open"]
    stage.exchange(school, social)


def test_the_same_evidence_gets_the_same_answer(stage, school, social):
    sealed = school.seal("referral_offer", offer(), [(social.code, "law", reference())])
    receipt = school.submit(sealed)
    message = take_message(social, receipt.index)
    body = social.evidence(message)
    first = social.link.ask("attest", body)
    size = stage.log_size()
    assert social.link.ask("attest", body) == first and first[0] == "recorded"
    assert stage.log_size() == size
    take_evidence(school, receipt.index)


def test_what_was_not_confirmed_is_delivered_again(stage, school, social):
    sealed = school.seal("referral_offer", offer(), [(social.code, "law", reference())])
    receipt = school.submit(sealed)
    take_message(social, receipt.index)
    social.connect()
    message = take_message(social, receipt.index)
    social.attest(message)
    take_evidence(school, receipt.index)
    social.connect()
    social.credit(1)
    assert social.receive(timeout=0.5) is None


def test_no_more_is_delivered_than_was_asked_for(stage, school, social):
    sealed = [school.seal("referral_offer", offer(), [(social.code, "law", reference())]) for _ in range(5)]
    receipts = [school.submit(one) for one in sealed]
    social.connect()
    social.credit(3)
    got = [social.receive() for _ in range(3)]
    assert [m.index for m in got] == [r.index for r in receipts[:3]], "a mailbox is delivered in log order"
    assert social.receive(timeout=0.3) is None
    social.credit(2)
    got += [social.receive() for _ in range(2)]
    for message in got:
        social.attest(message)
    for receipt in receipts:
        take_evidence(school, receipt.index)


def test_what_nobody_fetched_in_time_expires_for_both(stage, school, social):
    social.close()
    sealed = school.seal("referral_offer", offer(), [(social.code, "law", reference())],
                         expires=party.now_ms() + 1500)
    receipt = school.submit(sealed)
    evidence = take_evidence(school, receipt.index, "expired")
    assert (evidence.said["epoch"], evidence.said["recipient"]) == (0, social.code)
    social.connect()
    assert take_evidence(social, receipt.index, "expired").index == evidence.index
    stage.exchange(school, social)


def test_a_request_numbered_zero_is_answered_too(school):
    school.link.send(peer.make_frame("ping", 0, []))
    assert school.link.answer(0)[0] == "pong"


def test_a_rotated_signing_key_signs_and_the_old_one_overlaps(stage, school, social):
    new = peer.SigningKey()
    raw = school.statement("signing_key", school.code, 2, new.public, 1)
    school.state(raw, peer.sign_statement(raw, party=school.signing, new=new))
    stage.exchange(school, social)
    school.signing, school.signing_epoch = new, 2
    stage.exchange(school, social)


def test_a_new_sealing_epoch_is_sealed_to(stage, school, social):
    social.publish_epoch()
    _, _, message = stage.exchange(school, social)
    assert message.header.recipients[0][1] == 2


def test_an_auditor_rebuilds_the_tree_and_others_see_hashes(stage, school, social):
    police = stage.peers[POLICE.code]
    _, receipt, _ = stage.exchange(school, social)
    size = stage.log_size()
    leaves = [peer.leaf_hash(peer.encode(leaf)) for leaf in stage.leaves(0, size)]
    assert peer.tree_root(leaves) == stage.auditor.trusted.root
    _, rows = police.ask("entries", [receipt.index, 1], "entries_page")
    assert rows == [leaves[receipt.index]]
    _, rows = school.ask("entries", [receipt.index, 1], "entries_page")
    assert rows == [[receipt.leaf]]
    times = [leaf[1] for leaf in stage.leaves(0, size)]
    assert times == sorted(times)


def test_proofs_and_consistency_can_be_asked_for(stage, school):
    size = stage.log_size()
    index, of, entry, path = school.ask("proof", [0, size], "proof_page")
    school.sync()
    (leaf,) = entry
    assert (index, of) == (0, size)
    assert peer.path_root(peer.leaf_hash(leaf), 0, size, path) == stage.auditor.trusted.root
    assert refusal(school.link.ask("proof", [size + 5, size + 6])) == "no_such_entry"
    assert refusal(school.link.ask("consistency", [1, size + 7])) == "no_such_entry"


def test_directory_is_the_same_for_everyone(stage, school, social):
    for living in (school, social, stage.auditor):
        living.sync()
    assert school.directory.chain == social.directory.chain == stage.auditor.directory.chain
    assert school.directory.length == stage.auditor.directory.length


# ---- with real services ------------------------------------------------------------------------
def start_service(stage, person):
    stage.enrol(person)
    stage.publish(stage.folder / person.code / "admission")
    stage.configure(person)
    stage.service(person).start()
    stage.wait(lambda: stage.ask(person.code, "status")["connected"], "the service to connect")


def wait_sealable(stage, living, code):
    def sealable():
        living.sync()
        return living.directory.members[code].keys["sealing"]
    stage.wait(sealable, f"the sealing epoch of {code}")


def next_message(living, kind):
    """The next message, of that type, confirmed; evidence before it is taken."""
    while True:
        living.credit(1)
        got = living.receive()
        assert got is not None, f"no {kind} came"
        if isinstance(got, party.Message):
            assert peer.TYPE_NAMES[got.header.type] == kind
            living.attest(got)
            return got
        living.take(got)


def answer(living, kind, values, to):
    """Submits KIND in reply to the message TO."""
    living.sync()
    cited = [to.header.sender, to.header.id]
    return living.submit(living.seal(kind, values, [(to.header.sender, "reply", cited)], case=to.header.case))


@stages.programs("saikne-social-service", "saikne")
def test_a_referral_to_a_real_service_and_back(stage, school):
    service = network.Party("social-real", "social_service", "Sociālais dienests")
    start_service(stage, service)
    wait_sealable(stage, school, service.code)
    values = offer()
    receipt = school.submit(school.seal("referral_offer", values, [(service.code, "law", reference())]))
    assert take_evidence(school, receipt.index).said["recipient"] == service.code
    items = stage.wait(lambda: stage.ask(service.code, "inbox")["items"], "the inbox")
    task = next(i["task"] for i in items if i["peer"] == school.code)
    stage.saikne(service.code, "review", task)
    opened = next_message(school, "referral_review_opened")
    assert opened.values["task"] == values["task"]
    stage.saikne(service.code, "accept", task)
    accepted = next_message(school, "referral_accept")
    assert accepted.values["applied"] >= receipt.index
    stage.saikne(service.code, "outcome", task, "--outcome", "goal_reached", "--explanation", "Apmeklē skolu.")
    outcome = next_message(school, "referral_outcome")
    assert outcome.values["outcome"] == "goal_reached"
    answer(school, "referral_close", {"task": values["task"], "applied": outcome.index,
                                      "outcome": "goal_reached"}, outcome)
    stage.wait(lambda: stage.ask(service.code, "show", task)["state"] == "closed", "the task to be closed")


@stages.programs("saikne-school", "saikne")
def test_a_real_service_refers_to_a_party_of_another_make(stage, social):
    service = network.Party("school-real", "school", "Pārventas pamatskola")
    start_service(stage, service)
    request = {"to": [social.code], "urgency": "normal", "purpose": "return_to_school",
               "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
               "ground": "absence_reporting", "basis": "law",
               "necessity": "Bērnam vajag palīdzību.", "file_number": "2026/18",
               "content": {"child_name": "Izdomāts Bērns", "absence_lessons": 34, "offence": "Nekas.",
                           "steps_taken": "Divas sarunas."}}

    def seen():
        items = stage.ask(service.code, "directory")["items"]
        return any(i["code"] == social.code and i.get("sealable") for i in items)
    stage.wait(seen, "the service to see the recipient")
    stage.saikne(service.code, "refer", "--from", "-", stdin=json.dumps(request))
    preview = next_message(social, "referral_offer")
    assert "child_name" not in preview.values and preview.values["concern"] == ["unexcused_absence"]
    task = preview.values["task"]
    answer(social, "referral_review_opened", {"task": task, "applied": preview.index}, preview)
    released = next_message(social, "referral_release")
    assert released.values["child_name"] == "Izdomāts Bērns" and "offence" not in released.values
    answer(social, "referral_decline", {"task": task, "applied": released.index, "decline_reason": "not_our_remit",
                                        "explanation": "Cits dienests."}, preview)
    mine = stage.ask(service.code, "outbox")["items"][0]["task"]
    stage.wait(lambda: stage.ask(service.code, "show", mine)["state"] == "declined", "the decline to arrive")
