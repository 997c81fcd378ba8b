"""An immediate referral that nobody reads: alarmed on both sides, once, until somebody opens it."""

import json
import subprocess

import pytest

from network import Network, Party

SCHOOL = Party("school-1", "school", "1. pamatskola")
SOCIAL = Party("social-service", "social_service", "Sociālais dienests")
REFERRAL = {"to": [SOCIAL.code], "urgency": "immediate", "purpose": "safety",
            "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
            "ground": "duty_to_report", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "file_number": "2026/17",
            "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Saruna."}}


class Impatient(Network):
    """What is unread alarms after two seconds, not after half an hour."""

    def configure(self, party, role="case_manager"):
        super().configure(party, role)
        conf = self.folder / party.code / "service.conf"
        conf.write_text(conf.read_text() + "\n[deadlines]\nunread_seconds = 2\n")


@pytest.fixture(name="net", scope="module")
def impatient():
    with Impatient(parties=[SCHOOL, SOCIAL]) as net:
        net.start()
        yield net
        assert not net.unsound()


def alarms(net, party, *options):
    return net.ask(party.code, "alarms", *options)["items"]


def test_what_nobody_reads_alarms_both_sides_once_until_it_is_read(net):
    heard = net.folder / "heard"
    with open(heard, "w", encoding="utf-8") as out, subprocess.Popen(
            [net.bin / "saikne", "--desk", net.desk(SCHOOL.code), "watch"], stdout=out,
            stderr=subprocess.DEVNULL) as watch:
        try:
            said = net.run("saikne", "--desk", net.desk(SCHOOL.code), "refer", "--from", "-",
                           stdin=json.dumps(REFERRAL))
            assert "110" in said.stderr and "112" in said.stderr
            net.wait(lambda: net.ask(SCHOOL.code, "outbox")["items"][0]["reach"] == "received", "its delivery")
            assert "received by their service" in net.saikne(SCHOOL.code, "outbox").stdout
            for party in (SCHOOL, SOCIAL):
                net.wait(lambda who=party: alarms(net, who), f"the alarm at {party.code}")
            net.wait(lambda: "OVERDUE" in heard.read_text(), "the alarm in the live changes")
        finally:
            watch.terminate()

    (ours,), (theirs,) = alarms(net, SCHOOL), alarms(net, SOCIAL)
    assert (ours["what"], ours["stage"], ours["clock"]) == ("read", "overdue", "theirs")
    assert (theirs["what"], theirs["stage"], theirs["clock"]) == ("read", "overdue", "ours")
    assert ours["due"] == theirs["due"] and ours["task"] == theirs["task"]

    # A restart tells nothing again.
    service = net.processes[SOCIAL.code]
    service.stop()
    service.start()
    net.wait(lambda: net.ask(SOCIAL.code, "status")["connected"], "the service to be back")
    assert alarms(net, SOCIAL, "--all") == [theirs]
    assert "to be read" in net.saikne(SOCIAL.code, "alarms").stdout

    # Somebody saw it: recorded, and still open.
    assert net.ask(SOCIAL.code, "seen", theirs["alarm"])["seen_by"] == "case_manager"
    assert len(alarms(net, SOCIAL)) == 1
    assert net.run("saikne", "--desk", net.desk(SOCIAL.code), "seen", "99", ok=(1,)).stderr

    # Reading it settles both.
    shown = net.run("saikne", "--desk", net.desk(SOCIAL.code), "show", theirs["task"])
    assert "110" in shown.stderr and "to be decided" in shown.stdout
    for party in (SCHOOL, SOCIAL):
        net.wait(lambda who=party: not alarms(net, who), f"the end of the alarm at {party.code}")
        assert [a["what"] for a in alarms(net, party, "--all")] == ["read"]
    net.wait(lambda: net.ask(SCHOOL.code, "outbox")["items"][0]["reach"] == "read", "the evidence of reading")
    assert "There are no alarms." in net.saikne(SCHOOL.code, "alarms").stdout


def test_a_list_can_ask_for_what_ends_soon(net):
    (item,) = net.ask(SOCIAL.code, "inbox", "--due", "week")["items"]
    assert (item["owed"], item["clock"], item["overdue"]) == ("decide", "ours", False)
    assert net.ask(SOCIAL.code, "inbox", "--due", "overdue")["items"] == []
    assert net.run("saikne", "--desk", net.desk(SOCIAL.code), "inbox", "--due", "soon", ok=(1, 2)).stderr


def test_a_configuration_may_only_be_quicker_than_half_an_hour(net):
    conf = net.folder / SCHOOL.code / "service.conf"
    slow = net.folder / SCHOOL.code / "slow.conf"
    slow.write_text(conf.read_text().replace("= 2\n", "= 1801\n"))
    done = net.run("saikne-school", slow, ok=None)
    assert done.returncode > 0 and "unread_seconds" in done.stderr
