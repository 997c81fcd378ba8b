"""A case over three real services: who is a member, who leads, who does what, and what crosses."""

import contextlib
import datetime
import json

import pytest

import api
import network
import stage as stages
from network import Party
from stage import SCHOOL, SOCIAL

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne-police", "saikne")

COURT = Party("orphans-court", "orphans_court", "Bāriņtiesa")
POLICE = Party("municipal-police", "municipal_police", "Pašvaldības policija")
CAST = [SCHOOL, SOCIAL, COURT, POLICE]

GROUND = {"basis": "law", "ground": "legal_duty", "necessity": "Bērnam vajag palīdzību."}
CASE = {**GROUND, "purpose": "family_assessment", "urgency": "normal", "concern": ["unexcused_absence"],
        "municipality": "Ventspils", "age_band": "11-14",
        "content": {"child_name": "Izdomāts Bērns", "explanation": "Vajag kopīgu rīcību.", "absence_lessons": 34}}
DUE = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
PAST = (datetime.date.today() - datetime.timedelta(days=3)).isoformat()
ACTION = {"urgency": "normal", "due": DUE, "explanation": "Aprunāties ar ģimeni."}


class Town(stages.Stage):
    def __init__(self):
        super().__init__(CAST)
        self.desks = {}

    def start(self, *how, **more):
        super().start(*how, **more)
        for who in CAST:
            self.desks[who.code] = api.Desk(self.desk(who.code))

    def say(self, who, method, target, body=None, code=None):
        answer = self.desks[who.code].ask(method, target, body)
        assert code is None and answer.code < 300 or answer.code == code or code is True, answer
        return answer.json

    def do(self, who, task, verb, **request):
        return self.say(who, "POST", f"/v1/tasks/{task}/{verb}", request)

    def refused(self, who, task, verb, **request):
        said = self.say(who, "POST", f"/v1/tasks/{task}/{verb}", request, True)
        assert "type" in said, said
        return said["type"].removeprefix("urn:saikne:"), said.get("field", "")

    def circle(self, who, case):
        return self.say(who, "GET", f"/v1/circles/{case}")

    def state(self, who, task):
        answer = self.desks[who.code].ask("GET", f"/v1/tasks/{task}")
        return answer.json["state"] if answer.code == 200 else None

    def all_have(self, task, state, *parties):
        for who in parties or CAST[:3]:
            self.wait(lambda who=who: self.state(who, task) == state, f"{state} at {who.code}")

    def open(self, *others, **more):
        with_ = [p.code for p in others or (SCHOOL, COURT)]
        case = self.say(SOCIAL, "POST", "/v1/circles", {**CASE, "with": with_, **more})["circle"]
        self.all_have(case, "open", SOCIAL, *(others or (SCHOOL, COURT)))
        return case

    def members(self, who, case):
        return [m["party"] for m in self.circle(who, case)["members"]]

    def all_agree(self, case, *parties):
        """They come to the same history; what that is."""
        def same():
            seen = [self.circle(who, case) for who in parties]
            told = [(s["history"], s["lead"], [(m["party"], m["since"]) for m in s["members"]]) for s in seen]
            return all(t == told[0] for t in told)
        self.wait(same, "one history")
        return self.circle(parties[0], case)["history"]

    @contextlib.contextmanager
    def cut_off(self):
        """What is said meanwhile crosses: nobody hears of anything."""
        assert self.processes["broker"].stop() == 0
        for who in CAST:
            self.wait(lambda who=who: not self.ask(who.code, "status")["connected"], f"{who.code} to notice")
        yield
        self.processes["broker"].start()
        for who in CAST:
            self.wait(lambda who=who: self.ask(who.code, "status")["connected"], f"{who.code} to be back")


@pytest.fixture(scope="module")
def town():
    with Town() as stage:
        stage.start()
        stage.enter(network.AUDITOR)
        yield stage
        for desk in stage.desks.values():
            desk.close()
        for process in stage.processes.values():
            assert process.stop() == 0, process.tail()
        assert not stage.unsound()


# ---- Sent in error ---------------------------------------------------------------------------

def test_a_report_about_another_child_is_taken_back_everywhere(town):
    case = town.open()
    wrong, right = (town.do(SCHOOL, case, "report", **GROUND, content=said)["message"] for said in (
        {"family": "Par citu bērnu."}, {"absence_lessons": 34}))
    names = lambda who: {f["name"] for f in town.say(who, "GET", f"/v1/tasks/{case}")["fields"] if f["by"] == SCHOOL.code}
    town.wait(lambda: {"family", "absence_lessons"} <= names(SOCIAL), "both reports")
    reason = {"error_reason": "wrong_child"}
    assert town.refused(SCHOOL, case, "mistake", **reason) == ("argument", "message")
    assert town.refused(SOCIAL, case, "mistake", message=wrong, **reason) == ("argument", "message")
    assert town.refused(SCHOOL, case, "mistake", message="0" * 32, **reason) == ("not_found", "message")
    town.do(SCHOOL, case, "mistake", message=wrong, **reason)
    town.wait(lambda: "family" not in names(SOCIAL), "the report to be taken back")
    assert "absence_lessons" in names(SOCIAL)
    town.wait(lambda: len({town.circle(who, case)["history"]["digest"] for who in (SCHOOL, SOCIAL, COURT)}) == 1,
              "one history")
    steps = {s["message"]: s for s in town.say(SOCIAL, "GET", f"/v1/tasks/{case}")["timeline"] if s["what"] == "case_report"}
    assert steps[wrong]["void"] and not steps[right]["void"]


# ---- Opened, worked on, closed ---------------------------------------------------------------

def test_a_case_is_opened_worked_on_and_closed(town):
    case = town.open()
    for who in (SOCIAL, SCHOOL, COURT):
        seen = town.circle(who, case)
        assert (seen["lead"], seen["open"], seen["leads"]) == (SOCIAL.code, True, who is SOCIAL)
        assert [m["party"] for m in seen["members"]] == [SOCIAL.code, SCHOOL.code, COURT.code]
        assert seen["offer"] is None and seen["history"]["count"] == 1
        assert case in [c["circle"] for c in town.say(who, "GET", "/v1/circles?open=1")["items"]]
    said = town.do(SCHOOL, case, "report", **GROUND, content={"learning": "Trīs nesekmīgi vērtējumi."})
    assert sorted(m["to"] for m in said["members"]) == [COURT.code, SOCIAL.code]
    action = town.do(SOCIAL, case, "assign", party=SCHOOL.code, **ACTION)["task"]
    town.all_have(action, "assigned")
    for who, clock in ((SCHOOL, "ours"), (SOCIAL, "theirs"), (COURT, "theirs")):
        owed = {t["task"]: (t["owed"], t["clock"]) for t in town.circle(who, case)["tasks"]}
        assert owed == {action: ("accept", clock)}, who.code
    assert town.refused(COURT, action, "accept")[0] == "wrong_state"
    assert town.refused(SOCIAL, case, "close", outcome="goal_reached") == ("wrong_state", "")
    for who, verb, state, request in (
            (SCHOOL, "accept", "accepted", {}), (SCHOOL, "start", "in_progress", {}),
            (SCHOOL, "done", "done", {"explanation": "Notika saruna."}), (SOCIAL, "return", "in_progress", {"due": DUE}),
            (SCHOOL, "done", "done", {"explanation": "Notika otra."}), (SOCIAL, "verify", "verified", {})):
        town.do(who, action, verb, **request)
        town.all_have(action, state)
    shown = {t["task"]: t for t in town.circle(COURT, case)["tasks"]}
    assert shown[action]["state"] == "verified" and shown[action]["sort"] == "action"
    assert town.refused(SCHOOL, case, "close", outcome="goal_reached")[0] == "wrong_state"
    town.do(SOCIAL, case, "close", outcome="goal_reached")
    town.all_have(case, "closed")
    assert town.refused(SCHOOL, case, "report", content={"learning": "Vēl."})[0] == "wrong_state"
    assert town.refused(SOCIAL, case, "assign", party=SCHOOL.code, **ACTION)[0] == "wrong_state"
    town.do(SOCIAL, case, "reopen", reopen_reason=town.say(SOCIAL, "GET", "/v1/lists/reopen-reasons")["rows"][0]["code"])
    town.all_have(case, "open")
    assert town.all_agree(case, SOCIAL, SCHOOL, COURT)["count"] == 11


def test_an_action_is_declined_failed_or_withdrawn(town):
    case = town.open(SCHOOL)
    ends = {}
    for end in ("declined", "failed", "cancelled"):
        ends[end] = town.do(SOCIAL, case, "assign", party=SCHOOL.code, **ACTION)["task"]
        town.all_have(ends[end], "assigned", SOCIAL, SCHOOL)
    town.do(SCHOOL, ends["declined"], "decline", decline_reason="no_capacity")
    town.do(SCHOOL, ends["failed"], "accept")
    town.do(SCHOOL, ends["failed"], "fail", fail_reason=town.say(SOCIAL, "GET", "/v1/lists/fail-reasons")["rows"][0]["code"])
    town.do(SOCIAL, ends["cancelled"], "withdraw", cancel_reason=town.say(
        SOCIAL, "GET", "/v1/lists/cancel-reasons")["rows"][0]["code"])
    for state, task in ends.items():
        town.all_have(task, state, SOCIAL, SCHOOL)


# ---- The lead --------------------------------------------------------------------------------

def test_the_lead_goes_to_a_third_with_what_is_open(town):
    case = town.open()
    action = town.do(SOCIAL, case, "assign", party=COURT.code, **ACTION)["task"]
    town.all_have(action, "assigned")
    offer = town.do(SOCIAL, case, "offer-lead", party=SCHOOL.code, due=DUE)["task"]
    town.all_have(offer, "lead_offered")
    assert town.refused(SOCIAL, case, "offer-lead", party=COURT.code, due=DUE) == ("already_offered", "party")
    assert town.refused(COURT, case, "take-lead")[0] == "wrong_state"
    assert town.refused(SOCIAL, case, "close", outcome="goal_reached")[0] == "wrong_state"
    assert town.circle(COURT, case)["offer"] == {"task": offer, "party": SCHOOL.code, "due": DUE, "claimed": False}
    town.do(SCHOOL, case, "take-lead")
    town.all_have(offer, "lead_taken")
    for who in (SOCIAL, SCHOOL, COURT):
        town.wait(lambda who=who: town.circle(who, case)["lead"] == SCHOOL.code, f"the new lead at {who.code}")
    assert town.refused(SOCIAL, case, "add", parties=[POLICE.code])[0] == "wrong_state"
    town.do(COURT, action, "accept")
    town.do(COURT, action, "done", explanation="Izdarīts.", **GROUND)
    town.all_have(action, "done")
    for who, clock in ((SCHOOL, "ours"), (SOCIAL, "theirs")):
        owed = {t["task"]: (t["owed"], t["clock"]) for t in town.circle(who, case)["tasks"]}
        assert owed[action] == ("verify", clock), who.code
    assert town.refused(SOCIAL, action, "verify")[0] == "wrong_state"
    town.do(SCHOOL, action, "verify")
    town.all_have(action, "verified")
    town.all_agree(case, SOCIAL, SCHOOL, COURT)


def test_an_offer_is_rejected_or_revoked(town):
    case = town.open()
    offer = town.do(SOCIAL, case, "offer-lead", party=SCHOOL.code, due=DUE)["task"]
    town.all_have(offer, "lead_offered")
    town.do(SCHOOL, offer, "reject-lead", transfer_reason=town.say(
        SOCIAL, "GET", "/v1/lists/transfer-reasons")["rows"][0]["code"])
    town.all_have(offer, "lead_not_taken")
    offer = town.do(SOCIAL, case, "offer-lead", party=COURT.code, due=DUE)["task"]
    town.all_have(offer, "lead_offered")
    town.do(SOCIAL, offer, "revoke-lead")
    town.all_have(offer, "revoked")
    assert town.refused(COURT, offer, "take-lead")[0] == "wrong_state"
    assert town.circle(COURT, case)["lead"] == SOCIAL.code


# ---- Members ---------------------------------------------------------------------------------

def test_members_come_and_go_and_hand_their_place_over(town):
    case = town.open()
    action = town.do(SOCIAL, case, "assign", party=SCHOOL.code, **ACTION)["task"]
    town.all_have(action, "assigned")
    assert town.refused(SCHOOL, case, "add", parties=[POLICE.code])[0] == "wrong_state"
    town.do(SCHOOL, case, "hand-over", party=POLICE.code)
    for who in (SOCIAL, COURT):
        town.wait(lambda who=who: town.members(who, case) == [SOCIAL.code, COURT.code, POLICE.code], "the successor")
    assert town.refused(SCHOOL, action, "accept")[0] == "not_a_member"
    reason = town.say(SOCIAL, "GET", "/v1/lists/leave-reasons")["rows"][0]["code"]
    town.do(SOCIAL, case, "remove", party=COURT.code, leave_reason=reason)
    town.wait(lambda: town.members(SOCIAL, case) == [SOCIAL.code, POLICE.code], "the court to be out")
    assert town.refused(SOCIAL, case, "leave", leave_reason=reason)[0] == "wrong_state"


def test_who_joins_late_has_what_was_said_before(town):
    case = town.open()
    message = town.do(SCHOOL, case, "report", **GROUND, content={"learning": "Trīs nesekmīgi vērtējumi."})["message"]
    town.all_agree(case, SOCIAL, SCHOOL, COURT)
    town.do(SOCIAL, case, "add", parties=[POLICE.code])
    town.all_have(case, "open", POLICE)
    agreed = town.all_agree(case, SOCIAL, SCHOOL, COURT, POLICE)
    assert agreed["count"] == 3 and POLICE.code in town.members(COURT, case)
    told = [e["message"] for e in town.say(POLICE, "GET", f"/v1/tasks/{case}")["timeline"] if "message" in e]
    assert message in told


def test_cases_are_linked(town):
    one, other = town.open(SCHOOL), town.open(SCHOOL)
    kind = town.say(SOCIAL, "GET", "/v1/lists/link-kinds")["rows"][0]["code"]
    assert town.refused(SOCIAL, one, "link", link_kind=kind) == ("argument", "other")
    assert town.refused(SOCIAL, one, "link", link_kind=kind, other=one) == ("argument", "other")
    assert town.refused(SOCIAL, one, "link", link_kind=kind, other="0" * 32) == ("not_found", "task")
    town.do(SOCIAL, one, "link", link_kind=kind, other=other)
    town.all_agree(one, SOCIAL, SCHOOL)


# ---- What is refused before anything is sealed -----------------------------------------------

def test_what_others_would_find_without_effect_is_refused_at_the_desk(town):
    def opened(**other):
        said = town.say(SOCIAL, "POST", "/v1/circles", {**CASE, **other}, True)
        return said["type"].removeprefix("urn:saikne:"), said.get("field", "")

    assert opened() == ("argument", "with")
    assert opened(**{"with": []}) == ("argument", "with")
    assert opened(**{"with": [f"school-{n}" for n in range(17)]}) == ("too_large", "with")
    assert opened(**{"with": [SCHOOL.code, SCHOOL.code]}) == ("bad_recipients", "with")
    assert opened(**{"with": [SOCIAL.code]}) == ("bad_recipients", "with")
    assert opened(**{"with": ["nobody"]}) == ("unknown_party", "with")
    assert opened(**{"with": [SCHOOL.code], "basis": None}) == ("no_basis", "basis")
    assert opened(**{"with": [SCHOOL.code], "purpose": "nothing"})[0] == "argument"

    case = town.open()
    before = town.circle(SOCIAL, case)["history"]
    refused = [
        ("assign", {**ACTION, "party": POLICE.code}, ("not_a_member", "party")),
        ("assign", {**ACTION, "party": SCHOOL.code, "due": PAST}, ("bad_due", "due")),
        ("assign", {**ACTION, "party": SCHOOL.code, "due": "soon"}, ("argument", "due")),
        ("assign", {**ACTION, "party": SCHOOL.code, "urgency": "soon"}, ("argument", "urgency")),
        ("assign", {"party": SCHOOL.code, **ACTION, "explanation": ""}, ("argument", "explanation")),
        ("offer-lead", {"party": SOCIAL.code, "due": DUE}, ("argument", "party")),
        ("offer-lead", {"party": POLICE.code, "due": DUE}, ("not_a_member", "party")),
        ("offer-lead", {"party": SCHOOL.code, "due": PAST}, ("bad_due", "due")),
        ("offer-lead", {"party": SCHOOL.code}, ("argument", "due")),
        ("take-lead", {}, ("wrong_state", "")),
        ("remove", {"party": SOCIAL.code, "leave_reason": "done"}, None),
        ("remove", {"party": POLICE.code, "leave_reason": "done"}, None),
        ("add", {"parties": [SCHOOL.code]}, ("argument", "parties")),
        ("add", {"parties": [POLICE.code, POLICE.code]}, ("bad_recipients", "parties")),
        ("add", {"parties": ["nobody"]}, ("unknown_party", "parties")),
        ("add", {"parties": []}, ("argument", "parties")),
        ("leave", {"leave_reason": "done"}, ("wrong_state", "")),
        ("hand-over", {"party": POLICE.code}, ("wrong_state", "")),
        ("reopen", {"reopen_reason": "new_facts"}, ("wrong_state", "")),
        ("close", {"outcome": "whatever"}, ("argument", "outcome")),
        ("report", {"content": {"nothing": 1}}, ("argument", "nothing")),
        ("report", {"history": "00"}, ("argument", "history")),
        ("done", {"explanation": "?"}, ("wrong_state", "")),
        ("review", {}, ("wrong_state", "")),
    ]
    reason = town.say(SOCIAL, "GET", "/v1/lists/leave-reasons")["rows"][0]["code"]
    for verb, request, why in refused:
        if "leave_reason" in request:
            request["leave_reason"] = reason
        got = town.refused(SOCIAL, case, verb, **request)
        if verb == "remove":
            why = ("argument", "party") if request["party"] == SOCIAL.code else ("not_a_member", "party")
        assert got == why, (verb, request, got)
    assert town.refused(SCHOOL, case, "hand-over", party=SCHOOL.code) == ("argument", "party")
    assert town.circle(SOCIAL, case)["history"] == before
    assert town.say(SOCIAL, "GET", "/v1/circles?sort=action", None, True)["field"] == "sort"
    assert town.say(SOCIAL, "GET", "/v1/circles?open=yes", None, True)["field"] == "open"
    assert town.say(SOCIAL, "GET", f"/v1/circles/{'0' * 32}", None, 404)["type"] == "urn:saikne:not_found"


# ---- By hand ---------------------------------------------------------------------------------

def test_the_command_line_opens_a_case_shows_it_and_takes_its_steps(town):
    def say(who, *words, ok=(0,), **request):
        more = ("--from", "-") if request else ()
        return town.saikne(who.code, *words, *more, stdin=json.dumps(request) if request else None, ok=ok)

    said = json.loads(say(SOCIAL, "--json", "coordinate", "open", "--with", SCHOOL.code, "--with", COURT.code, **CASE).stdout)
    case = said["circle"]
    town.all_have(case, "open")
    assert case[-8:] in say(SCHOOL, "coordinate", "list").stdout
    action = json.loads(say(SOCIAL, "--json", "action", "assign", case, "--party", COURT.code, "--urgency", "normal",
                            "--due", DUE, "--explanation", "Saruna.").stdout)["task"]
    town.all_have(action, "assigned")
    shown = say(COURT, "coordinate", "show", case[-8:]).stdout
    assert SOCIAL.code in shown and action[-8:] in shown
    assert action[-8:] in say(COURT, "action", "list").stdout
    say(COURT, "action", "accept", action[-8:])
    town.all_have(action, "accepted")
    say(SOCIAL, "coordinate", "offer-lead", case, "--party", SCHOOL.code, "--due", DUE)
    town.wait(lambda: town.circle(SCHOOL, case)["offer"], "the offer at the school")
    assert SCHOOL.code in say(COURT, "coordinate", "show", case).stdout
    say(SCHOOL, "coordinate", "take-lead", case)
    town.wait(lambda: town.circle(SOCIAL, case)["lead"] == SCHOOL.code, "the new lead")
    for wrong in (("coordinate", "open"), ("coordinate", "dance"), ("coordinate", "show"), ("action", "assign"),
                  ("action", "dance")):
        assert say(SOCIAL, *wrong, ok=(2,)).stderr
    assert say(SOCIAL, "coordinate", "add", case, "--parties", POLICE.code, ok=(1,)).stderr
    assert "offer-lead" in say(SOCIAL, "help", "coordinate").stdout


# ---- What crosses ----------------------------------------------------------------------------

def test_two_acts_at_once_come_to_one_end_everywhere(town):
    case = town.open()
    action = town.do(SOCIAL, case, "assign", party=SCHOOL.code, **ACTION)["task"]
    town.all_have(action, "assigned")
    with town.cut_off():
        town.do(SCHOOL, action, "accept")
        town.do(SOCIAL, action, "withdraw", cancel_reason=town.say(
            SOCIAL, "GET", "/v1/lists/cancel-reasons")["rows"][0]["code"])
        town.do(SCHOOL, case, "report", **GROUND, content={"learning": "Skola."})
        town.do(COURT, case, "report", **GROUND, content={"custody": "Tiesa."})
    # Whichever the log has first: accepted and then withdrawn, or withdrawn, and the other void.
    town.all_have(action, "cancelled")
    assert town.all_agree(case, SOCIAL, SCHOOL, COURT)["count"] == 6


def test_the_lead_is_taken_while_its_offer_is_revoked(town):
    case = town.open()
    offer = town.do(SOCIAL, case, "offer-lead", party=SCHOOL.code, due=DUE)["task"]
    town.all_have(offer, "lead_offered")
    with town.cut_off():
        town.do(SCHOOL, offer, "take-lead")
        town.do(SOCIAL, offer, "revoke-lead")
    town.wait(lambda: town.state(COURT, offer) in ("lead_taken", "revoked"), "one of them")
    end = town.state(COURT, offer)
    town.all_have(offer, end)
    town.all_agree(case, SOCIAL, SCHOOL, COURT)
    lead = SCHOOL.code if end == "lead_taken" else SOCIAL.code
    for who in (SOCIAL, SCHOOL, COURT):
        assert town.circle(who, case)["lead"] == lead


def test_an_offer_is_taken_while_another_gets_one_and_one_leads(town):
    case = town.open()
    offer = town.do(SOCIAL, case, "offer-lead", party=SCHOOL.code, due=DUE)["task"]
    town.all_have(offer, "lead_offered")
    with town.cut_off():
        town.do(SCHOOL, offer, "take-lead")
        town.do(SOCIAL, offer, "revoke-lead")
        second = town.do(SOCIAL, case, "offer-lead", party=COURT.code, due=DUE)["task"]
    town.all_agree(case, SOCIAL, SCHOOL, COURT)
    town.wait(lambda: town.state(SOCIAL, offer) == town.state(COURT, offer) in ("lead_taken", "revoked"), "one of them")
    taken = town.state(COURT, offer) == "lead_taken"
    if taken:
        # Who leads no more offers nothing: it is shown, and void.
        assert town.refused(COURT, second, "take-lead")[0] in ("wrong_state", "not_found")
        assert town.refused(SOCIAL, case, "offer-lead", party=COURT.code, due=DUE)[0] == "wrong_state"
    else:
        town.all_have(second, "lead_offered")
        assert town.refused(SCHOOL, second, "take-lead")[0] == "wrong_state"
        town.do(COURT, second, "take-lead")
        town.all_have(second, "lead_taken")
    lead = SCHOOL.code if taken else COURT.code
    for who in (SOCIAL, SCHOOL, COURT):
        town.wait(lambda who=who: town.circle(who, case)["lead"] == lead, f"one lead at {who.code}")
        assert town.circle(who, case)["offer"] is None
    town.all_agree(case, SOCIAL, SCHOOL, COURT)


def test_an_action_that_comes_back_is_due_from_today_on(town):
    case = town.open(SCHOOL)
    action = town.do(SOCIAL, case, "assign", party=SCHOOL.code, **ACTION)["task"]
    town.all_have(action, "assigned", SOCIAL, SCHOOL)
    for verb in ("accept", "done"):
        town.do(SCHOOL, action, verb, **({"explanation": "Notika.", **GROUND} if verb == "done" else {}))
    town.all_have(action, "done", SOCIAL, SCHOOL)
    before = town.circle(SOCIAL, case)["history"]
    assert town.refused(SOCIAL, action, "return", due=PAST) == ("bad_due", "due")
    assert town.circle(SOCIAL, case)["history"] == before and town.state(SOCIAL, action) == "done"
