"""What a member may do with references: nobody cites another's, and nothing follows a stop."""

import os
import signal

import pytest

import network
import party
import peer
import stage as stages
from party import refusal
from stage import POLICE, SCHOOL, SOCIAL, offer, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-audit")


@pytest.fixture(scope="module")
def stage():
    with stages.played([SCHOOL, SOCIAL, POLICE]) as running:
        yield running


def connected(living):
    living = living if living.is_connected() else living.connect()
    living.sync()
    return living


@pytest.fixture
def school(stage):
    return connected(stage.peers[SCHOOL.code])


@pytest.fixture
def social(stage):
    return connected(stage.peers[SOCIAL.code])


@pytest.fixture
def police(stage):
    return connected(stage.peers[POLICE.code])


@pytest.fixture
def reference():
    return os.urandom(16)


def cite(sender, recipient, reference, basis="law"):
    return sender.seal("referral_offer", offer(), [(recipient.code, basis, reference)])


def stop(sender, recipient, reference, basis="law", more=()):
    values = {"task": peer.new_task(), "applied": 0, "record": os.urandom(16), "stop_reason": "withdrawn",
              "event_date": "2026-11-20"}
    return sender.seal("ground_stop", values, [(recipient.code, basis, reference), *more])


def answer(sender, recipient, answered):
    return sender.seal("referral_start", {"task": peer.new_task(), "applied": 1},
                       [(recipient.code, "reply", [recipient.code, answered.id])])


def refused(living, sealed, position=0):
    """The code of the refusal, which names the recipient at POSITION."""
    command, body = living.link.ask("submit", sealed.body())
    code = refusal((command, body))
    assert body[1:3] == [sealed.id, position]
    return code


# ---- whose it is -------------------------------------------------------------------------------
def test_a_reference_serves_all_messages_under_its_record(school, social, reference):
    for _ in range(3):
        receipt = school.submit(cite(school, social, reference))
        social.attest(take_message(social, receipt.index))
        take_evidence(school, receipt.index)


def test_anothers_reference_is_not_cited(school, social, police, reference):
    receipt = school.submit(cite(school, social, reference))
    # Those who saw it in a header know it, and may not use it either way.
    message = take_message(social, receipt.index)
    seen = message.header.recipients[0][3]
    assert seen == reference
    social.attest(message)
    assert refused(social, cite(social, police, seen)) == "foreign_reference"
    assert refused(social, cite(social, school, seen)) == "foreign_reference"
    assert refused(police, cite(police, social, seen)) == "foreign_reference"
    assert school.submit(cite(school, social, reference))


def test_a_reference_is_for_one_recipient(school, social, police, reference):
    school.submit(cite(school, social, reference))
    assert refused(school, cite(school, police, reference)) == "foreign_reference"


def test_a_reference_is_of_one_class(school, social, reference):
    school.submit(cite(school, social, reference, "consent"))
    assert refused(school, cite(school, social, reference, "law")) == "foreign_reference"
    assert school.submit(cite(school, social, reference, "consent"))


def test_one_message_cites_a_reference_once(school, social, police, reference):
    twice = school.seal("referral_offer", offer(), [(SOCIAL.code, "law", reference), (POLICE.code, "law", reference)])
    assert refused(school, twice, position=1) == "foreign_reference"
    # The refused one left no trace: it is still nobody's.
    assert school.submit(cite(school, police, reference))


def test_the_refusal_names_the_recipient(school, social, police, reference):
    school.submit(cite(school, social, reference))
    both = school.seal("referral_offer", offer(),
                       [(SOCIAL.code, "law", os.urandom(16)), (POLICE.code, "law", reference)])
    assert refused(school, both, position=1) == "foreign_reference"


def test_a_refused_message_makes_no_reference(stage, school, social, police, reference):
    late = school.seal("referral_offer", offer(), [(SOCIAL.code, "law", reference)],
                       created=party.now_ms() - 2000, expires=party.now_ms() - 1000)
    assert refusal(school.link.ask("submit", late.body())) == "expired"
    forged = cite(school, social, reference)
    forged.batch = peer.sign_batch(peer.SigningKey(), [forged.digest])[0]
    assert refusal(school.link.ask("submit", forged.body())) == "bad_signature"
    assert police.submit(cite(police, social, reference))


# ---- stops -------------------------------------------------------------------------------------
def test_nothing_follows_a_stop(school, social, reference):
    school.submit(cite(school, social, reference))
    school.submit(stop(school, social, reference))
    assert refused(school, cite(school, social, reference)) == "stopped"


def test_what_precedes_the_stop_is_delivered_and_confirmed_after_it(school, social, reference):
    receipt = school.submit(cite(school, social, reference))
    school.submit(stop(school, social, reference))
    social.attest(take_message(social, receipt.index))
    assert take_evidence(school, receipt.index)


def test_a_reference_nobody_cited_can_be_stopped(school, social, reference):
    waiting = cite(school, social, reference)
    school.submit(stop(school, social, reference))
    assert refused(school, waiting) == "stopped"


def test_a_stop_is_said_once(school, social, reference):
    said = stop(school, social, reference)
    receipt = school.submit(said)
    assert refused(school, stop(school, social, reference)) == "stopped"
    assert school.link.ask("submit", said.body()) == ("accepted", list(receipt))


@pytest.mark.parametrize("by, to, basis", [
    (SOCIAL, SCHOOL, "law"), (SOCIAL, POLICE, "law"), (POLICE, SOCIAL, "law"), (SCHOOL, POLICE, "law"),
    (SCHOOL, SOCIAL, "consent")])
def test_a_stop_of_anothers_reference_stops_nothing(stage, school, social, police, reference, by, to, basis):
    school.submit(cite(school, social, reference))
    assert refused(stage.peers[by.code], stop(stage.peers[by.code], stage.peers[to.code], reference, basis)) \
        == "foreign_reference"
    assert school.submit(cite(school, social, reference))


def test_a_stop_goes_to_one_recipient(school, social, reference):
    school.submit(cite(school, social, reference))
    both = stop(school, social, reference, more=[(POLICE.code, "law", os.urandom(16))])
    assert refused(school, both, position=1) == "bad_recipients"
    assert school.submit(cite(school, social, reference))


def test_a_stop_rests_on_a_ground(school, social):
    bare = stop(school, social, None, "none")
    assert refused(school, bare) == "no_basis"


def test_a_receipt_is_given_again_after_the_stop(stage, school, social, reference):
    sealed = cite(school, social, reference)
    receipt = school.submit(sealed)
    school.submit(stop(school, social, reference))
    before = stage.log_size()
    for _ in range(3):
        assert school.link.ask("submit", sealed.body()) == ("accepted", list(receipt))
    assert stage.log_size() == before


@pytest.mark.parametrize("stops_first", [False, True])
def test_a_stop_and_messages_sent_at_once_count_in_the_logs_order(stage, school, social, reference, stops_first):
    school.submit(cite(school, social, reference))
    messages = [cite(school, social, reference) for _ in range(20)]
    messages.insert(0 if stops_first else 10, stop(school, social, reference))
    before = stage.log_size()
    for number, sealed in enumerate(messages):
        school.link.send(peer.make_frame("submit", 1000 + number, sealed.body()))
    answers = [school.link.answer(1000 + number) for number in range(len(messages))]
    taken = 1 if stops_first else 11
    assert [name for name, *_ in answers] == ["accepted"] * taken + ["refused"] * (len(messages) - taken)
    assert {refusal(tuple(got[:2])) for got in answers[taken:]} == {"stopped"}
    assert stage.names(before).count("accepted") == taken


def test_an_answer_is_stopped_with_what_it_rests_on(school, social, reference):
    first = cite(school, social, reference)
    school.submit(first)
    second = answer(social, school, first)
    social.submit(second)
    third = answer(school, social, second)
    school.submit(third)
    school.submit(stop(school, social, reference))
    assert refused(social, answer(social, school, first)) == "stopped"
    assert refused(social, answer(social, school, third)) == "stopped"
    assert refused(school, answer(school, social, second)) == "stopped"


def test_what_becomes_of_the_data_is_answered_after_the_stop(school, social, reference):
    school.submit(stop(school, social, reference))
    values = {"task": peer.new_task(), "applied": 1, "stop_answer": "deleted"}
    assert social.submit(social.seal("ground_stop_answer", values, [(SCHOOL.code, "none", None)]))


def test_a_chain_of_answers_has_an_end(school, social, reference):
    sealed = cite(school, social, reference)
    school.submit(sealed)
    for number in range(32):
        by, to = (social, school) if number % 2 == 0 else (school, social)
        sealed = answer(by, to, sealed)
        by.submit(sealed)
    assert refused(social, answer(social, school, sealed)) == "no_basis"


def test_the_answers_of_all_recipients_count_together(school, social, police):
    last = {}
    for living in (social, police):
        sealed = cite(school, living, os.urandom(16))
        school.submit(sealed)
        for number in range(17):
            by, to = (living, school) if number % 2 == 0 else (school, living)
            sealed = answer(by, to, sealed)
            by.submit(sealed)
        last[living.code] = sealed
    both = school.seal("referral_start", {"task": peer.new_task(), "applied": 1},
                       [(code, "reply", [code, sealed.id]) for code, sealed in last.items()])
    assert refused(school, both, position=1) == "no_basis"
    for living in (social, police):
        assert school.submit(answer(school, living, last[living.code]))


def test_the_rest_is_not_stopped(school, social, police, reference):
    other = os.urandom(16)
    school.submit(cite(school, social, other))
    school.submit(stop(school, social, reference))
    assert school.submit(cite(school, social, other))
    assert school.submit(cite(school, police, os.urandom(16)))


# ---- the end -----------------------------------------------------------------------------------
def test_a_stop_outlives_the_broker(stage, school, social, police, reference):
    live = os.urandom(16)
    answered = cite(school, social, reference)
    school.submit(answered)
    school.submit(cite(school, social, live))
    school.submit(stop(school, social, reference))
    for living in stage.peers.values():
        living.close()
    assert stage.processes["broker"].stop(signal.SIGKILL) == -signal.SIGKILL
    stage.processes["broker"].start()
    for name in (SCHOOL.code, SOCIAL.code, POLICE.code, network.AUDITOR.code):
        stage.peers[name].connect()
    assert refused(school, cite(school, social, reference)) == "stopped"
    assert refused(school, stop(school, social, reference)) == "stopped"
    assert refused(social, answer(social, school, answered)) == "stopped"
    assert refused(police, cite(police, social, live)) == "foreign_reference"
    assert school.submit(cite(school, social, live))


def test_an_auditor_finds_that_the_broker_kept_to_it(stage):
    """After all of the above: every message that was accepted could rest on what it cites."""
    keys, log = stage.folder / network.AUDITOR.code / "keys", stage.folder / "copy.db"
    stage.auditor.close()
    stage.audit("sync", "--network", stage.network_conf, "--keys", keys, "--log", log)
    stage.audit("verify", "--network", stage.network_conf, "--log", log)
