"""What waits for a person: one list over everything, in order, live, and nobody else's."""

import json
import subprocess

import pytest

from network import Network, Party
from terminal import Terminal

SCHOOL = Party("school-1", "school", "1. pamatskola")
SOCIAL = Party("social-service", "social_service", "Sociālais dienests")


def referral(urgency, number):
    return {"to": [SOCIAL.code], "urgency": urgency, "purpose": "safety",
            "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
            "ground": "duty_to_report", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "file_number": number,
            "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Saruna."}}


class Impatient(Network):
    """What is unread is overdue after two seconds, not after half an hour."""

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


def refer(net, urgency, number):
    said = net.run("saikne", "--desk", net.desk(SCHOOL.code), "--json", "refer", "--from", "-",
                   stdin=json.dumps(referral(urgency, number)))
    return json.loads(said.stdout)["tasks"][0]["task"]


def todo(net, party, *options):
    return net.ask(party.code, "todo", *options)["items"]


def test_what_waits_stands_in_the_order_of_when_it_is_due(net):
    assert "Nothing waits for you." in net.saikne(SOCIAL.code, "todo").stdout
    normal, urgent = refer(net, "normal", "2026/1"), refer(net, "urgent", "2026/2")
    immediate = refer(net, "immediate", "2026/3")
    net.wait(lambda: len(todo(net, SOCIAL)) == 3, "the three to arrive")
    net.wait(lambda: todo(net, SOCIAL)[0]["stage"] == "overdue", "the first to be overdue")
    items = todo(net, SOCIAL)
    assert [(i["task"], i["what"], i["overdue"]) for i in items] == [
        (immediate, "read", True), (urgent, "decide", False), (normal, "decide", False)]
    assert all(i["unread"] and i["clock"] == "ours" and "review" in i["actions"] for i in items)
    # At the sender only what an alarm says of the others.
    net.wait(lambda: [(i["task"], i["clock"]) for i in todo(net, SCHOOL)] == [(immediate, "theirs")], "the mirror")
    assert todo(net, SCHOOL)[0]["file_number"] == "2026/3"
    assert len(todo(net, SOCIAL, "--limit", "2")) == 2

    said = net.saikne(SOCIAL.code, "todo").stdout
    assert said.startswith("1 overdue, ") and "to be read" in said and "overdue 0 minutes" in said
    assert f"Next: saikne show {immediate[-8:]}; then saikne " in said
    said = net.run("saikne", "--desk", net.desk(SOCIAL.code), "--lang", "lv", "todo").stdout
    assert said.startswith("1 nokavēts, ") and "Tālāk: saikne show" in said
    assert net.run("saikne", "--desk", net.desk(SOCIAL.code), "todo", "--limit", "0", ok=(2,)).stderr
    assert net.run("saikne", "--desk", f"{net.desk(SOCIAL.code)}-none", "todo", ok=(3,)).stderr


@pytest.mark.parametrize("columns", [200, 80, 40])
def test_on_a_screen_overdue_is_red_and_no_line_is_too_long(net, columns):
    argv = [net.bin / "saikne", "--desk", net.desk(SOCIAL.code), "todo"]
    with Terminal(argv, columns=columns, LANGUAGE="en", SAIKNE_PAGER="") as terminal:
        terminal.ended()
        assert "\x1b[31m1 overdue" in terminal.text or "\x1b[1;31m1 overdue" in terminal.text
        # The last line is for copying, and is never broken.
        lines = terminal.plain().replace("\r", "").split("\n")
        assert all(len(line) <= columns for line in lines if not line.startswith("Next"))


def test_who_follows_sees_what_changes_and_nothing_else(net):
    heard = net.folder / "todo"
    with open(heard, "w", encoding="utf-8") as out, subprocess.Popen(
            [net.bin / "saikne", "--desk", net.desk(SOCIAL.code), "--json", "todo", "--follow"], stdout=out,
            stderr=subprocess.DEVNULL) as follow:
        try:
            seen = lambda: [json.loads(line)["items"] for line in heard.read_text().splitlines()]
            net.wait(lambda: len(seen()) == 1 and len(seen()[0]) == 3, "the first list")
            before = seen()[0]
            net.saikne(SOCIAL.code, "status")
            net.saikne(SOCIAL.code, "show", before[0]["task"])
            net.wait(lambda: seen()[-1][0]["what"] == "decide", "the list after it was read")
            net.run("saikne", "--desk", net.desk(SOCIAL.code), "decline", before[1]["task"], "--from", "-",
                    stdin=json.dumps({"decline_reason": "no_capacity", "explanation": "Nav vietu."}))
            net.wait(lambda: len(seen()[-1]) == 2, "the list without what was done")
            task = refer(net, "urgent", "2026/4")
            net.wait(lambda: task in [i["task"] for i in seen()[-1]], "the list with what came")
        finally:
            follow.terminate()
            assert follow.wait(10) == 0
    lists = seen()
    assert all(one != other for one, other in zip(lists, lists[1:])), "nothing is shown twice"
    # What was declined waits for its sender now.
    net.wait(lambda: [i["what"] for i in todo(net, SCHOOL)] == ["follow_up"], "what follows")


def test_on_a_screen_the_list_is_drawn_anew_in_place(net):
    argv = [net.bin / "saikne", "--desk", net.desk(SOCIAL.code), "todo", "--follow"]
    with Terminal(argv, columns=120, LANGUAGE="en") as terminal:
        terminal.expect("Next: ")
        task = refer(net, "urgent", "2026/5")
        terminal.expect(task[-8:])
        terminal.type("\x03")
        terminal.ended()
        assert terminal.text.count("\x1b[2J") >= 2


def test_without_a_command_it_is_said_that_something_waits(net):
    argv = [net.bin / "saikne", "--desk", net.desk(SOCIAL.code)]
    with Terminal(argv, lines=200, LANGUAGE="en") as terminal:
        terminal.expect("things wait for you: saikne todo")
        terminal.ended()
    assert "wait for you" not in net.run(*argv[:1], "--desk", f"{net.desk(SOCIAL.code)}-none", ok=(2,)).stderr
