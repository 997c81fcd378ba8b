"""A case whose lead the operator suspends: a member claims it, days pass, it takes the lead, and the case goes on."""

import contextlib
import datetime
import json

import pytest

import stage as stages
from test_clock import CHAIR, COURT, LAW, SCHOOL, SOCIAL, Moved

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne")

CASE = {**LAW, "with": [SCHOOL.code, COURT.code], "purpose": "family_assessment", "urgency": "normal",
        "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
        "content": {"child_name": "Izdomāts Bērns", "explanation": "Vajag kopīgu rīcību."}}


class Town(Moved):
    """Who is suspended is away while days pass for the others."""

    def do(self, who, *words, **request):
        more = ("--from", "-") if request else ()
        return self.ask(who.code, *words, *more, stdin=json.dumps(request) if request else None)

    def refused(self, who, *words):
        return self.saikne(who.code, "--lang", "en", *words, ok=(1,)).stderr

    def shown(self, who, task):
        said = self.saikne(who.code, "--json", "show", task, ok=None)
        return json.loads(said.stdout) if said.returncode == 0 else {"state": None}

    def circle(self, who, case):
        said = self.saikne(who.code, "--json", "coordinate", "show", case, ok=None)
        return json.loads(said.stdout) if said.returncode == 0 else {"lead": None, "members": []}

    def all_have(self, task, state, *parties):
        for who in parties:
            self.wait(lambda who=who: self.shown(who, task)["state"] == state, f"{state} at {who.code}")

    def all_led(self, case, lead, *parties):
        for who in parties:
            self.wait(lambda who=who: self.circle(who, case)["lead"] == lead.code, f"{lead.code} leading at {who.code}")

    def standing(self, who):
        return {i["code"]: i["active"] for i in self.ask(who.code, "directory")["items"]}

    @contextlib.contextmanager
    def without(self, party):
        everybody, self.parties = self.parties, [p for p in self.parties if p is not party]
        yield
        self.parties = everybody


@pytest.fixture(name="town", scope="module")
def claimed():
    with Town(parties=[SOCIAL, SCHOOL, COURT, CHAIR], role="head") as town:
        town.start()
        yield town
        for process in town.processes.values():
            assert process.stop() == 0, process.tail()
        assert not town.unsound()


def test_the_case_of_a_suspended_lead_goes_on_under_who_claimed_it(town):
    case = town.do(SOCIAL, "coordinate", "open", **CASE)["circle"]
    town.all_have(case, "open", SOCIAL, SCHOOL, COURT)
    town.admin("suspend", SOCIAL.code, "--reason", "test", "--as", town.registrar_keys, "--network", town.network_conf)
    for who in (SCHOOL, COURT):
        town.wait(lambda who=who: town.standing(who)[SOCIAL.code] is False, f"the suspension at {who.code}")
    town.stop(SOCIAL.code)

    assert "only who leads" in town.refused(SCHOOL, "coordinate", "add", case, "--parties", CHAIR.code)
    claim = town.do(SCHOOL, "coordinate", "claim-lead", case, "--claim-reason", "suspended")["task"]
    town.all_have(claim, "lead_claimed", SCHOOL, COURT)
    assert "claims the lead already" in town.refused(COURT, "coordinate", "claim-lead", case, "--claim-reason", "suspended")
    assert "may object until" in town.refused(SCHOOL, "coordinate", "take-lead", case)
    offer = town.circle(COURT, case)["offer"]
    assert offer["claimed"] and offer["party"] == SCHOOL.code and offer["task"] == claim
    waits = lambda: [i for i in town.ask(SCHOOL.code, "todo")["items"] if i.get("task") == claim and i["what"] == "object"]
    assert not waits()

    days = (datetime.date.fromisoformat(offer["due"]) - datetime.date.today()).days + 1
    assert days >= 4
    with town.without(SOCIAL):
        town.all_back(f"+{days}d")
    town.wait(waits, "that the lead may be taken to be work that waits")
    assert "lead goes to who" in town.saikne(SCHOOL.code, "--lang", "en", "todo").stdout
    town.do(SCHOOL, "coordinate", "take-lead", case)
    town.all_have(claim, "lead_taken", SCHOOL, COURT)
    town.all_led(case, SCHOOL, SCHOOL, COURT)
    town.wait(lambda: not waits(), "that work to be done")

    town.do(SCHOOL, "coordinate", "add", case, "--parties", CHAIR.code)
    town.all_have(case, "open", CHAIR)
    town.all_led(case, SCHOOL, CHAIR)
    due = datetime.date.fromisoformat(offer["due"]) + datetime.timedelta(days=20)
    action = town.do(SCHOOL, "action", "assign", case, "--party", COURT.code, "--urgency", "normal",
                     "--due", str(due), **LAW, content={"explanation": "Saruna."})["task"]
    town.all_have(action, "assigned", SCHOOL, COURT, CHAIR)
    town.do(COURT, "action", "accept", action)
    town.all_have(action, "accepted", SCHOOL, CHAIR)

    lift = town.folder / "lift"
    town.admin("lift", "--root", town.authority / "root", "--network", town.network_conf, "--out", lift, SOCIAL.code)
    town.publish(lift)
    town.connect(SOCIAL, f"+{days}d")
    town.all_led(case, SCHOOL, SOCIAL)
    town.all_have(claim, "lead_taken", SOCIAL)
    town.all_have(action, "accepted", SOCIAL)
    assert "only who leads" in town.refused(SOCIAL, "coordinate", "remove", case, "--party", COURT.code,
                                            "--leave-reason", "task_done")
    everybody = (SOCIAL, SCHOOL, COURT, CHAIR)
    town.wait(lambda: len({town.circle(who, case)["history"]["digest"] for who in everybody}) == 1, "one history")
