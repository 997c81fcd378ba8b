"""A Python party, written from protocol/SPEC.md alone, breaks the rules of a sitting that two real services sit in."""

import os

import pytest

import api
import network
import stage as stages
from circle import Circle
from stage import SCHOOL, SOCIAL, take_message
from storyteller import day
from test_circle_peer import history, living, told

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service", "saikne")

COURT, CHAIR, STRANGER = "far-court", "far-service", "mallory"
SERVICES = [SCHOOL, SOCIAL]
ALL = [SCHOOL.code, SOCIAL.code]
LAW = {"basis": "law", "ground": "cooperation_group", "necessity": "Bērns nenāk uz skolu."}
CHILD = {"age_band": "11-14", "purpose": "support_measures", "municipality": "Ventspils", "child_name": "Izdomāts Bērns"}


@pytest.fixture(scope="module")
def town():
    with stages.Stage(SERVICES) as stage:
        stage.start()
        stage.enter(network.AUDITOR)
        for kind, code in (("orphans_court", COURT), ("social_service", CHAIR), ("municipal_police", STRANGER)):
            stage.admit(kind, code)
        stage.desks = {who.code: api.Desk(stage.desk(who.code)) for who in SERVICES}
        yield stage
        for one in stage.peers.values():
            one.close()
        for desk in stage.desks.values():
            desk.close()
        for process in stage.processes.values():
            assert process.stop() == 0, process.tail()
        assert not stage.unsound()


def shown(town, who, frame):
    answer = town.desks[who.code].ask("GET", f"/v1/conferences/{frame}")
    assert answer.code == 200, answer
    return answer.json


def without_effect(town, shared, receipts):
    """Each is in everybody's history, and void; nothing else changed."""
    for who in SERVICES:
        for receipt in receipts:
            town.wait(lambda who=who, at=receipt.index: [e["void"] for e in history(town, who, shared)["items"]
                                                          if e["index"] == at] == [True], f"the void act at {who.code}")


class Chaired:
    """A sitting that a Python party chairs."""

    def __init__(self, town):
        self.town, self.shared = town, Circle(living(town, CHAIR), purpose="support_measures")
        self.act("conference_propose", parties=ALL, group="specialists", purpose="support_measures", municipality="Ventspils",
                 quorum=2)
        self.frame = self.shared.id.hex()

    def act(self, kind, **said):
        made, receipt, sealed = self.shared.act(kind, **said)
        self.id = sealed.id
        assert set(told(self.shared.living, receipt, len(ALL)).values()) == {None}
        return made, receipt

    def convene(self, days):
        self.act("conference_convene", starts=day(days), time="10:30", place="Ventspils")

    def states(self, task=None):
        town, task = self.town, task or self.frame
        return {town.ask(who.code, "show", task)["state"] for who in SERVICES}


# ---- By who chairs ---------------------------------------------------------------------------

def test_a_sitting_held_before_its_day_is_void_for_everybody_else(town):
    it = Chaired(town)
    it.convene(1)
    early = [it.act(kind, parties=[CHAIR, *ALL])[1] for kind in ("conference_held", "conference_inquorate")]
    without_effect(town, it.shared, early)
    assert it.states() == {"convened"}
    it.convene(0)
    it.act("conference_held", parties=[CHAIR, SCHOOL.code])
    assert it.states() == {"held"}
    without_effect(town, it.shared, early)


def test_a_chair_that_skips_steps_gets_nowhere(town):
    it = Chaired(town)
    it.convene(0)
    put, _ = it.act("matter_put", convening="beyond_one", question="Kas palīdz?", **CHILD)
    matter = put.values["task"]
    void = [it.act("conference_held", parties=[CHAIR])[1]]  # no quorum
    void.append(it.act("matter_decide", task=matter, result="actions_agreed", decision="Pirms sēdes.")[1])
    void.append(it.act("matter_minutes", task=matter, result="actions_agreed", decision="Pirms sēdes.", starts=day(0),
                       parties=[CHAIR], child_name="Izdomāts Bērns")[1])
    void.append(it.act("matter_final", task=matter, minutes_of=os.urandom(16), minutes_root=os.urandom(32))[1])
    without_effect(town, it.shared, void)
    assert it.states() == {"convened"} and it.states(matter.hex()) == {"on_agenda"}
    it.act("conference_held", parties=[CHAIR, *ALL])
    it.act("matter_decide", task=matter, result="actions_agreed", decision="Vienojās.")
    minutes, _ = it.act("matter_minutes", task=matter, result="actions_agreed", decision="Vienojās.", starts=day(0),
                        parties=[CHAIR, *ALL], child_name="Izdomāts Bērns")
    # Final before anybody has signed, and on the agenda of what was held.
    void.append(it.act("matter_final", task=matter, minutes_of=it.id, minutes_root=minutes.root)[1])
    void.append(it.act("matter_put", convening="beyond_one", question="Vēl viens.", **CHILD)[1])
    without_effect(town, it.shared, void)
    assert it.states(matter.hex()) == {"minutes_circulated"}


def test_minutes_that_say_otherwise_than_was_recorded_are_shown_to_differ(town):
    it = Chaired(town)
    it.convene(0)
    put, _ = it.act("matter_put", convening="beyond_one", question="Kas palīdz?", **CHILD)
    matter = put.values["task"]
    it.act("conference_held", parties=[CHAIR, SCHOOL.code])
    it.act("matter_decide", task=matter, result="actions_agreed", decision="Vienojās.")
    it.act("matter_minutes", task=matter, result="actions_agreed", decision="Vienojās.", starts=day(1),
           parties=[CHAIR, *ALL], child_name="Izdomāts Bērns")
    assert it.states(matter.hex()) == {"minutes_circulated"}
    for who in SERVICES:
        seen = shown(town, who, it.shared.id.hex())
        assert seen["agenda"][0]["minutes"]["differs"] == ["parties", "starts"]
        assert sorted(m["party"] for m in seen["members"] if m["present"]) == sorted([CHAIR, SCHOOL.code])
        assert "Not as recorded" in town.saikne(who.code, "--lang", "en", "matter", "print", matter.hex()).stdout


# ---- By a member, and by nobody --------------------------------------------------------------

class Seated:
    """A sitting that the service chairs, in which a Python party sits, with minutes circulated."""

    def __init__(self, town):
        self.town = town
        self.frame = self.say("POST", "/v1/conferences", {
            "group": "specialists", "with": [SCHOOL.code, COURT], "purpose": "support_measures",
            "municipality": "Ventspils"})["task"]
        self.mine = living(town, COURT)
        message = self.next()
        self.mine_of = Circle(self.mine, message.header.case, purpose="support_measures")
        self.mine_of.take(message)
        self.state(self.frame, "proposed")

    def say(self, method, target, body=None):
        answer = self.town.desks[SOCIAL.code].ask(method, target, body)
        assert answer.code == 200, answer
        return answer.json

    def next(self):
        while True:
            self.mine.credit(1)
            got = self.mine.receive()
            assert got is not None, "nothing was delivered"
            if hasattr(got, "values"):
                return got
            self.mine.take(got)

    def step(self, task, verb, **body):
        """The service's step, which comes to the Python party, too."""
        said = self.say("POST", f"/v1/tasks/{task}/{verb}" if verb else f"/v1/conferences/{task}/matters", body)
        message = self.next()
        self.mine_of.take(message)
        return said, message

    def state(self, task, wanted):
        for who in SERVICES:
            self.town.wait(lambda who=who: self.town.ask(who.code, "show", task)["state"] == wanted, f"{wanted} at {who.code}")

    def circulated(self):
        self.step(self.frame, "convene", starts=day(0), time="10:30", place="Ventspils")
        said, _ = self.step(self.frame, "", **LAW, convening="beyond_one", age_band="11-14", content={
            "child_name": "Izdomāts Bērns", "question": "Kas palīdz?"})
        self.matter = said["task"]
        self.step(self.frame, "held", parties=[SOCIAL.code, SCHOOL.code, COURT])
        self.step(self.matter, "decide", result="actions_agreed", decision="Vienojās.")
        _, first = self.step(self.matter, "minutes", discussion="Pārrunāja.")
        self.state(self.matter, "minutes_circulated")
        return first

    def waiting(self, who):
        return shown(self.town, who, self.frame)["agenda"][0]["waiting"]

    def says(self, kind, **said):
        _, receipt, _ = self.mine_of.act(kind, **said)
        assert set(told(self.mine, receipt, 2).values()) == {None}
        return receipt


def test_a_delegate_without_rights_sits_for_nobody(town):
    it = Seated(town)
    it.step(it.frame, "convene", starts=day(0), time="10:30", place="Ventspils")
    void = [it.says("conference_delegate", task=it.mine_of.id, party=other)
            for other in (SCHOOL.code, COURT, STRANGER)]  # another kind, itself, no member
    without_effect(town, it.mine_of, void)
    assert [m["answer"] for m in shown(town, SCHOOL, it.frame)["members"]] == ["none"] * 3


def test_a_signature_is_over_the_bytes_that_were_circulated(town):
    it = Seated(town)
    minutes = it.circulated()
    task = bytes.fromhex(it.matter)
    root = minutes.header.content_root
    other = bytes([root[0] ^ 1]) + root[1:]
    void = [it.says("matter_sign", task=task, minutes_of=minutes.header.id, minutes_root=other),
            it.says("matter_sign", task=task, minutes_of=os.urandom(16), minutes_root=root),
            it.says("matter_dissent", task=task, minutes_of=minutes.header.id, minutes_root=other, explanation="Nē.")]
    without_effect(town, it.mine_of, void)
    for who in SERVICES:
        assert sorted(it.waiting(who)) == [COURT, SCHOOL.code]
    # A member that does not chair makes nothing final, and a stranger signs nothing.
    void.append(it.says("matter_final", task=task, minutes_of=minutes.header.id, minutes_root=root))
    stranger = Circle(living(town, STRANGER), it.mine_of.token, purpose="support_measures")
    stranger.acts = dict(it.mine_of.acts)
    _, sealed = stranger.seal("matter_sign", to=ALL, task=task, minutes_of=minutes.header.id, minutes_root=root)
    assert set(told(stranger.living, stranger.living.submit(sealed), 2).values()) == {"not_a_member"}
    without_effect(town, it.mine_of, void)
    it.says("matter_sign", task=task, minutes_of=minutes.header.id, minutes_root=root)
    for who in SERVICES:
        town.wait(lambda who=who: it.waiting(who) == [SCHOOL.code], f"the signature at {who.code}")
    printed = it.say("GET", f"/v1/tasks/{it.matter}/minutes")
    assert [s["party"] for s in printed["signatures"] if s["holds"]] == [COURT]


def test_one_act_signs_what_of_it_can_be_signed_and_nothing_else(town):
    it = Seated(town)
    # Before anything was circulated, or held, there is nothing that it could sign.
    void = [it.says("conference_sign", minutes_signed=[[os.urandom(16), os.urandom(16), os.urandom(32)]])]
    minutes = it.circulated()
    task, root = bytes.fromhex(it.matter), minutes.header.content_root
    other = bytes([root[0] ^ 1]) + root[1:]
    mine = [task, minutes.header.id, root]
    void += [it.says("conference_sign", minutes_signed=[entry]) for entry in (
        [task, minutes.header.id, other], [task, os.urandom(16), root], [os.urandom(16), minutes.header.id, root],
        [it.mine_of.id, minutes.header.id, root])]
    without_effect(town, it.mine_of, void)
    # What is no such list is refused by each, and is in nobody's history.
    low, high = [bytes(16), *mine[1:]], [b"\xff" * 16, *mine[1:]]
    for wrong in ([], [mine, mine], [high, mine], [mine[:2]], [[*mine, b""]], [[task, root, root]], [[task.hex(), *mine[1:]]],
                  mine, [[bytes([0, i]) + bytes(14), *mine[1:]] for i in range(65)]):
        _, sealed = it.mine_of.seal("conference_sign", minutes_signed=wrong)
        assert set(told(it.mine, it.mine.submit(sealed), 2).values()) == {"bad_content"}, wrong
    # A stranger signs nothing.
    assert sorted(it.waiting(SCHOOL)) == [COURT, SCHOOL.code]
    stranger = Circle(living(town, STRANGER), it.mine_of.token, purpose="support_measures")
    stranger.acts = dict(it.mine_of.acts)
    _, sealed = stranger.seal("conference_sign", to=ALL, minutes_signed=[mine])
    assert set(told(stranger.living, stranger.living.submit(sealed), 2).values()) == {"not_a_member"}
    # One of three counts, and with it the act.
    it.says("conference_sign", minutes_signed=[low, mine, high])
    for who in SERVICES:
        town.wait(lambda who=who: it.waiting(who) == [SCHOOL.code], f"the signature at {who.code}")
        voice, = shown(town, who, it.frame)["agenda"][0]["voices"]
        assert (voice["party"], voice["together"], voice["dissent"]) == (COURT, True, False)
    printed = it.say("GET", f"/v1/tasks/{it.matter}/minutes")
    assert [(s["party"], s["what"]) for s in printed["signatures"] if s["holds"]] == [(COURT, "conference_sign")]
    # What a service signs so is what the other implementation reads.
    answer = town.desks[SCHOOL.code].ask("POST", f"/v1/tasks/{it.frame}/sign", {})
    assert answer.code == 200, answer
    message = it.next()
    it.mine_of.take(message)
    assert message.values["minutes_signed"] == [mine] and message.header.sender == SCHOOL.code
    for who in SERVICES:
        town.wait(lambda who=who: it.waiting(who) == [], f"both signatures at {who.code}")


def test_a_signature_that_crosses_a_correction_counts_for_neither(town):
    it = Seated(town)
    first = it.circulated()
    task = bytes.fromhex(it.matter)
    head = it.mine_of.head()
    it.step(it.matter, "minutes", discussion="Pārrunāja ilgāk.")
    # The court has not read them yet: what it signs is what it had.
    void = it.says("matter_sign", task=task, minutes_of=first.header.id, minutes_root=first.header.content_root, head=head)
    without_effect(town, it.mine_of, [void])
    for who in SERVICES:
        assert COURT in it.waiting(who)


def test_a_member_that_does_not_chair_leads_nothing(town):
    it = Seated(town)
    it.circulated()
    task = bytes.fromhex(it.matter)
    void = [it.says("conference_convene", task=it.mine_of.id, starts=day(0), time="10:30", place="Citur"),
            it.says("conference_cancel", task=it.mine_of.id, cancel_reason="no_longer_needed"),
            it.says("matter_drop", task=task, cancel_reason="no_longer_needed"),
            it.says("matter_minutes", task=task, result="actions_agreed", decision="Citādi.", starts=day(0), parties=[COURT],
                    child_name="Izdomāts Bērns")]
    without_effect(town, it.mine_of, void)
    it.state(it.frame, "held")
    it.state(it.matter, "minutes_circulated")
