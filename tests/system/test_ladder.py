"""What nobody decides or settles climbs to the management group: real services, days missed at once."""

import contextlib
import json
import sqlite3

import pytest

from network import Network, Party

SCHOOL = Party("school-1", "school", "1. pamatskola")
SOCIAL = Party("social-service", "social_service", "Sociālais dienests")
CHAIR = Party("social-2", "social_service", "Otrs sociālais dienests")
CHILD = "Izdomāts Bērns"
REFERRAL = {"to": [SOCIAL.code], "urgency": "urgent", "purpose": "safety",
            "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
            "ground": "duty_to_report", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "file_number": "2026/17",
            "content": {"child_name": CHILD, "steps_taken": "Saruna."}}
INSTANTS = ("began_ms", "due_ms", "reminder_ms", "supervisor_ms", "heads_ms", "management_ms", "next_ms")


class Chaired(Network):
    """Another social service chairs the management group."""

    def configure(self, party, role=None, confirm=True):
        super().configure(party, role, confirm)
        conf = self.folder / party.code / "service.conf"
        conf.write_text(conf.read_text().replace("[service]\n", f"[service]\nmanagement_chair = {CHAIR.code}\n"))


@pytest.fixture(name="net", scope="module")
def chaired():
    with Chaired(parties=[SCHOOL, SOCIAL, CHAIR], role="head") as net:
        net.start()
        yield net
        assert not net.unsound()


def refer(net):
    said = net.run("saikne", "--desk", net.desk(SCHOOL.code), "--json", "refer", "--from", "-", stdin=json.dumps(REFERRAL))
    task = json.loads(said.stdout)["tasks"][0]["task"]
    net.wait(lambda: any(t["task"] == task for t in net.ask(SOCIAL.code, "inbox")["items"]), "the referral")
    return task


def state(net, party, task):
    return net.ask(party.code, "show", task)["state"]


def stand(net, task, wanted):
    for party in (SCHOOL, SOCIAL):
        net.wait(lambda who=party: state(net, who, task) == wanted, f"{wanted} at {party.code}")


def climbed(net):
    return [t for t in net.ask(CHAIR.code, "inbox")["items"] if t["sort"] == "climbed"]


def miss(net, party, days):
    """The service is away while its deadlines become DAYS older: it finds them so when it is back."""
    service = net.processes[party.code]
    service.stop()
    with contextlib.closing(sqlite3.connect(net.folder / party.code / "service.db")) as db:
        moved = ", ".join(f"{name} = {name} - {days * 24 * 3600 * 1000}" for name in INSTANTS)
        db.execute(f"UPDATE deadlines SET {moved} WHERE what = 'decide'")
        db.commit()
    service.start()
    net.wait(lambda: net.ask(party.code, "status")["connected"], f"{party.code} to be back")


def test_what_stays_undecided_is_told_to_the_chair_once_without_the_child(net):
    task = refer(net)
    for party in (SCHOOL, SOCIAL):
        miss(net, party, 30)
        net.wait(lambda who=party: net.ask(who.code, "alarms")["items"], f"the alarm at {party.code}")
        (alarm,) = net.ask(party.code, "alarms")["items"]
        assert (alarm["what"], alarm["stage"], alarm["to"]) == ("decide", "management", ["holder", "head"])
        assert alarm["late_minutes"] > 20 * 24 * 60
        assert "management group" in net.saikne(party.code, "alarms").stdout
    net.wait(lambda: climbed(net), "the chair to be told")
    (told,) = climbed(net)
    shown = net.ask(CHAIR.code, "show", told["task"])
    fields = {f["name"]: f["value"] for f in shown["fields"]}
    assert {f["category"] for f in shown["fields"]} == {"act"}
    assert (fields["owed"], fields["party"], fields["level"], fields["other_task"]) == (
        "decide", SOCIAL.code, "management", task)
    assert CHILD not in json.dumps(shown, ensure_ascii=False)
    assert (told["owed"], told["clock"]) == ("take_up", "ours")
    # Again away, and nothing is told twice.
    miss(net, SCHOOL, 1)
    assert net.ask(CHAIR.code, "take-up", told["task"], "--done", "case_opened")["state"] == "in_progress"
    net.wait(lambda: [t["state"] for t in net.ask(SCHOOL.code, "outbox")["items"] if t["sort"] == "climbed"]
             == ["in_progress"], "the chair's answer")
    assert len(climbed(net)) == 1


def test_a_disagreement_climbs_level_by_level_to_the_chair_and_is_settled(net):
    before = len(climbed(net))
    task = refer(net)
    net.ask(SOCIAL.code, "review", task)
    net.ask(SOCIAL.code, "decline", task, "--reason", "no_capacity", "--explanation", "Nav vietu.")
    net.wait(lambda: state(net, SCHOOL, task) == "declined", "the decline")
    assert "saikne disagree" in net.saikne(SCHOOL.code, "follow-up", task, "--what", "escalate").stdout
    raised = net.ask(SCHOOL.code, "disagree", task, "--dispute", "declined", "--explanation", "Tas ir jūsu uzdevums.")
    dispute = raised["tasks"][0]["task"]
    net.wait(lambda: any(t["task"] == dispute for t in net.ask(SOCIAL.code, "inbox")["items"]), "the disagreement")
    stand(net, dispute, "at_specialists")
    net.ask(SOCIAL.code, "reply", dispute, "--explanation", "Tikai pēc mēneša.")
    net.ask(SOCIAL.code, "climb", dispute)
    stand(net, dispute, "at_supervisors")
    net.ask(SCHOOL.code, "climb", dispute)
    stand(net, dispute, "at_heads")
    assert len(climbed(net)) == before
    net.ask(SOCIAL.code, "climb", dispute)
    stand(net, dispute, "at_management")
    assert net.run("saikne", "--desk", net.desk(SOCIAL.code), "climb", dispute, ok=(1,)).stderr
    net.wait(lambda: len(climbed(net)) == before + 1, "the chair to be told")
    fields = {f["name"]: f["value"] for f in net.ask(CHAIR.code, "show", climbed(net)[0]["task"])["fields"]}
    assert (fields["owed"], fields["other_task"]) == ("settle", dispute)
    assert net.run("saikne", "--desk", net.desk(SOCIAL.code), "settle", dispute, ok=(1,)).stderr
    net.ask(SCHOOL.code, "settle", dispute, "--explanation", "Vienojāmies.")
    stand(net, dispute, "settled")
    net.wait(lambda: state(net, CHAIR, climbed(net)[0]["task"]) == "settled", "the chair to hear that it is over")
