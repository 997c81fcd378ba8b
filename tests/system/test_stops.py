"""A ground ends: what a real service does with what it was shown, and what its maker hears."""

import json
import os

import pytest

import network
import party
import peer
import stage as stages
from stage import SCHOOL, SOCIAL, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne")

MAKER = "mallory"  # a municipal police of the second implementation
DAY = "2026-11-20"
OFFER = {"urgency": "urgent", "purpose": "support_measures", "municipality": "Ventspils", "age_band": "11-14",
         "concern": ["unexcused_absence"], "child_name": "Izdomāts Bērns", "behaviour": "Mierīgs."}
CONSENT = {"ground": "consent", "ground_categories": ["identity", "behaviour", "proceedings"], "granter": "Anna Parauga",
           "granter_code": "010180-10000", "capacity": "parent", "granted_on": DAY,
           "ground_recipients": ["school"]}


@pytest.fixture(scope="module")
def town():
    with stages.Stage([SCHOOL]) as stage:
        stage.start()
        stage.enter(network.AUDITOR)
        stage.admit("municipal_police", MAKER)
        yield stage
        for living in stage.peers.values():
            living.close()
        for process in stage.processes.values():
            assert process.stop() == 0, process.tail()
        assert not stage.unsound()


@pytest.fixture
def maker(town):
    living = town.peers[MAKER]
    living = living if living.is_connected() else living.connect()
    living.sync()
    return living


class Record:
    """A consent at its maker: one reference for the school."""

    def __init__(self, maker, **other):
        self.maker, self.id, self.reference = maker, os.urandom(16), os.urandom(16)
        self.says = {**CONSENT, **other, "record": self.id}

    def seal(self, kind, values, basis="consent", **header):
        values = {"task": peer.new_task(), "applied": 0, **values}
        return values["task"].hex(), self.maker.seal(kind, values, [(SCHOOL.code, basis, self.reference)], **header)

    def tell(self, **other):
        """A referral with its content, as urgent ones are."""
        task, sealed = self.seal("referral_offer", {**OFFER, **self.says, **other})
        receipt = self.maker.submit(sealed)
        return task, receipt.index

    def told(self, **other):
        task, index = self.tell(**other)
        take_evidence(self.maker, index)
        return task, index

    def stop(self, reason="withdrawn", **other):
        values = {"record": self.id, "stop_reason": reason, "event_date": DAY, **other}
        task, sealed = self.seal("ground_stop", values)
        receipt = self.maker.submit(sealed)
        take_evidence(self.maker, receipt.index)
        return task, receipt.index


def show(town, task):
    return town.ask(SCHOOL.code, "show", task)


def fields(town, task):
    return {f["name"]: f["value"] for f in show(town, task)["fields"]}


def answer(town, task, ok=(0,), **request):
    done = town.saikne(SCHOOL.code, "--json", "answer-stop", task, "--from", "-", stdin=json.dumps(request), ok=ok)
    return json.loads(done.stdout)


def unreadable(living, index):
    return peer.CODE_NAMES[take_evidence(living, index, "unreadable").said["reason"]]


def take_answer(maker):
    """The next message to the maker of the reference; evidence of looks comes between."""
    while True:
        maker.credit(1)
        got = maker.receive()
        assert got is not None, "nothing was delivered"
        if isinstance(got, party.Evidence):
            maker.take(got)
            continue
        maker.attest(got)
        return got


# ---- A stop ------------------------------------------------------------------------------------
def test_a_stop_ends_what_rests_on_the_ground_and_asks_what_becomes_of_it(town, maker):
    record = Record(maker)
    task, _ = record.told()
    assert show(town, task)["state"] == "offered"
    stop, _ = record.stop()
    shown = show(town, stop)
    assert (shown["sort"], shown["state"]) == ("stop", "received")
    assert fields(town, stop)["stop_reason"] == "withdrawn"
    assert show(town, task)["state"] == "stopped" and show(town, task)["case"] == shown["case"]
    assert show(town, task)["actions"] == [] and shown["actions"] == ["answer-stop"]
    owed = [one for one in town.ask(SCHOOL.code, "inbox")["items"] if one["task"] == stop]
    assert [(one["owed"], one["clock"]) for one in owed] == [("answer_stop", "ours")]
    assert answer(town, stop, ok=(1,), stop_answer="retained")["type"] == "urn:saikne:argument"
    refused = answer(town, stop, ok=(1,), stop_answer="retained", other_ground="legal_duty")
    assert (refused["type"], refused["field"]) == ("urn:saikne:no_basis", "necessity")
    kept = {"stop_answer": "retained", "other_ground": "legal_duty", "necessity": "Mācību gada noslēgumam."}
    assert answer(town, stop, **kept)["state"] == "answered"
    records = town.ask(SCHOOL.code, "consent", "list", shown["case"])["items"]
    assert [one["says"]["ground"] for one in records if one["origin"] == ""] == ["legal_duty"]
    said = take_answer(maker)
    assert peer.TYPE_NAMES[said.header.type] == "ground_stop_answer" and list(said.header.recipients[0][2:]) == [0, None]
    assert (said.values["stop_answer"], said.values["other_ground"]) == ("retained", "legal_duty")
    assert fields(town, task)["child_name"] == "Izdomāts Bērns"


def test_deleted_means_that_nothing_opens_it_any_more(town, maker):
    record = Record(maker)
    task, _ = record.told()
    stop, _ = record.stop()
    assert answer(town, stop, stop_answer="deleted")["state"] == "answered"
    assert take_answer(maker).values["stop_answer"] == "deleted"
    assert "child_name" not in fields(town, task) and show(town, task)["state"] == "stopped"


def test_nothing_follows_a_stop(town, maker):
    record = Record(maker)
    record.told()
    record.stop()
    _, sealed = record.seal("referral_offer", {**OFFER, **record.says})
    assert party.refusal(maker.link.ask("submit", sealed.body())) == "stopped"
    # Under another reference the broker cannot know; the school knows the record.
    record.reference = os.urandom(16)
    assert unreadable(maker, record.tell()[1]) == "no_consent"


def test_a_stop_of_what_never_came_is_answered_all_the_same(town, maker):
    record = Record(maker)
    stop, _ = record.stop()
    assert show(town, stop)["state"] == "received"
    assert answer(town, stop, stop_answer="stopped")["state"] == "answered"
    assert take_answer(maker).values["stop_answer"] == "stopped"


def test_content_that_the_log_has_before_the_stop_was_lawful_though_it_arrives_later(town, maker):
    record = Record(maker)
    assert town.processes[SCHOOL.code].stop() == 0
    task, before = record.tell()
    values = {"record": record.id, "stop_reason": "withdrawn", "event_date": DAY}
    stop, sealed = record.seal("ground_stop", values)
    after = maker.submit(sealed).index
    town.processes[SCHOOL.code].start()
    for index in (before, after):
        take_evidence(maker, index)
    assert before < after
    assert (show(town, task)["state"], show(town, stop)["state"]) == ("stopped", "received")
    assert fields(town, task)["child_name"] == "Izdomāts Bērns"
    assert show(town, task)["case"] == show(town, stop)["case"]
    assert [(r["task"], r["what"], r["index"], r["erased"]) for r in show(town, stop)["received"]] == [
        (task, "referral_offer", before, False)]
    assert "What came under this ground" in town.saikne(SCHOOL.code, "show", stop, "--lang", "en").stdout


def test_an_answer_to_what_was_stopped_is_none(town, maker):
    record = Record(maker)
    task, _ = record.told()
    record.stop()
    done = town.saikne(SCHOOL.code, "--json", "accept", task, ok=(1,))
    assert json.loads(done.stdout)["type"] == "urn:saikne:wrong_state"


def test_a_restart_forgets_no_stop(town, maker):
    record = Record(maker)
    task, _ = record.told()
    stop, _ = record.stop()
    assert town.processes[SCHOOL.code].stop() == 0
    town.processes[SCHOOL.code].start()
    town.wait(lambda: town.ask(SCHOOL.code, "status")["connected"], "the school to be back")
    assert (show(town, task)["state"], show(town, stop)["state"]) == ("stopped", "received")
    assert answer(town, stop, stop_answer="stopped")["state"] == "answered"
    assert take_answer(maker).values["stop_answer"] == "stopped"


# ---- What a message says it rests on -------------------------------------------------------------
@pytest.mark.parametrize("other, code", [
    ({"ground_categories": ["identity"]}, "outside_ground"),
    ({"ground_recipients": ["social_service"]}, "outside_ground"),
    ({"granter": None}, "no_consent"),
    ({"capacity": None}, "no_consent"),
    ({"granted_on": None}, "no_consent"),
    ({"granted_on": "2999-01-01"}, "no_consent"),
    ({"ground_until": "2020-01-01"}, "ground_expired"),
    ({"ground": "legal_duty"}, "bad_content"),
    ({"necessity": "Jo tā."}, "bad_content"),
    ({"ground_recipients": ["orphans_court", SCHOOL.code]}, None),
    ({"ground_recipients": None}, None),
])
def test_what_the_ground_does_not_cover_is_not_taken_in(town, maker, other, code):
    record = Record(maker)
    record.says = {name: value for name, value in {**record.says, **other}.items() if value is not None}
    task, index = record.tell()
    if code is None:
        take_evidence(maker, index)
        assert show(town, task)["state"] == "offered"
    else:
        assert unreadable(maker, index) == code


def test_a_reference_stays_with_its_record(town, maker):
    record, other = Record(maker), Record(maker)
    record.told()
    other.reference = record.reference
    assert unreadable(maker, other.tell()[1]) == "foreign_reference"


def test_a_renewal_moves_the_end(town, maker):
    record = Record(maker, ground_until="2999-01-01")
    record.told()
    values = {"record": record.id, "ground_categories": CONSENT["ground_categories"], "ground_until": "2999-06-01"}
    task, sealed = record.seal("ground_renew", values)
    take_evidence(maker, maker.submit(sealed).index)
    shown = show(town, task)
    assert (shown["sort"], shown["state"], shown["actions"]) == ("renewal", "informed", [])
