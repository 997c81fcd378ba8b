"""The statement for a family: what it says, what is left out of it, and in which language."""

import json
import re

import pytest

from network import Network, Party

SCHOOL = Party("skola-1", "school", "1. pamatskola")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
POLICE = Party("policija", "municipal_police", "Pašvaldības policija")
REQUEST = {"to": ["tiesa", "policija"], "urgency": "urgent", "purpose": "family_assessment",
           "concern": ["parents_away"], "municipality": "Ventspils", "age_band": "11-14",
           "ground": "duty_to_report", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "file_number": "2026/17",
           "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Divas sarunas.", "health": "Slims."}}


@pytest.fixture(scope="module")
def network():
    with Network(parties=[SCHOOL, COURT, POLICE]) as net:
        net.start()
        yield net
        assert net.unsound() == []


@pytest.fixture(scope="module")
def case(network):
    """A case whose referral both institutions have; its id."""
    said = json.loads(network.saikne("skola-1", "--json", "refer", "--from", "-", stdin=json.dumps(REQUEST)).stdout)
    for task in said["tasks"]:
        network.wait(lambda t=task: any(s["what"] == "delivered" for s in
                                        network.ask("skola-1", "show", t["task"])["timeline"]), "its delivery")
    return said["case"]


def message_to(network, case, peer):
    entries = network.ask("skola-1", "disclosure", case)["given"]
    return next(e["message"] for e in entries if e["with"]["code"] == peer)


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("language, said", [
    ("en", ["Statement on data about a child", "What they got", "Duty to report", "child's name",
            "It reached their system on", "1. pamatskola", "Municipality", "health", "page 1 of"]),
    ("lv", ["Izziņa par bērna datiem", "Ko saņēma", "Pienākums ziņot", "bērna vārds, uzvārds",
            "Viņu sistēmā tas nonāca", "1. pamatskola", "Pašvaldība", "veselība", "1. lapa no"]),
])
def test_it_says_in_the_language_wanted_who_got_what_when_and_why(network, case, language, said):
    other = {"LANGUAGE": "lv" if language == "en" else "en"}
    text = network.saikne("skola-1", "disclosure", case, "--lang", language, env=other).stdout
    for one in ["Bāriņtiesa", "Pašvaldības policija", "2026/17", *said]:
        assert one in words(text), text
    assert "Izdomāts" not in text and "Slims" not in text
    # A page of A4 holds it: every line fits, and each page says which it is.
    assert max(map(len, text.splitlines())) <= 80
    pages = text.split("\f")
    assert all(len(page.splitlines()) <= 60 for page in pages)
    assert len(re.findall(r"(?m)^(?:page \d+ of|\d+\. lapa no) \d+$", text)) == len(pages)


def test_the_html_needs_nothing_else_and_is_escaped(network, case):
    text = network.saikne("skola-1", "disclosure", case, "--html", "--lang", "lv").stdout
    assert text.startswith("<!DOCTYPE html>") and '<html lang="lv">' in text and "size: A4" in text
    assert not re.search(r"src=|href=|url\(|@import", text)
    assert "bērna vārds, uzvārds" in text and "Bāriņtiesa" in text


def test_each_statement_has_a_number_and_is_recorded(network, case):
    numbers = [network.ask("skola-1", "disclosure", case)["number"] for _ in range(2)]
    first, second = (int(number.removeprefix("skola-1/")) for number in numbers)
    assert second == first + 1


def test_what_is_withheld_is_absent_and_nobody_reads_that_it_is(network, case):
    message = message_to(network, case, "policija")
    network.saikne("skola-1", "withhold", case, "--message", message, "--reason", "child_safety",
                   "--text", "Viņa baidās no tēva.")
    try:
        for form in ([], ["--html"]):
            done = network.saikne("skola-1", "disclosure", case, *form, "--lang", "en")
            assert "Pašvaldības policija" not in done.stdout and "Bāriņtiesa" in done.stdout
            assert "1 message is left out" in done.stderr and "is left out for" not in done.stdout
        said = network.ask("skola-1", "disclosure", case)
        assert "policija" not in json.dumps([said[part] for part in ("given", "received", "not_shared")])
        assert "Viņa baidās no tēva." in words(network.saikne("skola-1", "withhold", case).stdout)
        assert "baidās" not in json.dumps(network.ask("tiesa", "inbox"))
    finally:
        network.saikne("skola-1", "withhold", case, "--message", message, "--undo", "--text", "Vairs nav jābaidās.")
    assert "Pašvaldības policija" in network.saikne("skola-1", "disclosure", case).stdout


def test_the_recipient_tells_what_it_received_and_from_whom(network, case):
    other = network.wait(lambda: network.ask("tiesa", "inbox")["items"], "the referral")[0]["case"]
    said = network.ask("tiesa", "disclosure", other)
    (entry,) = said["received"]
    assert entry["with"]["code"] == "skola-1" and entry["ground"] == "duty_to_report"
    assert {"child_name", "health"} <= {field["name"] for field in entry["fields"]}


def test_what_the_broker_refused_is_told_as_not_sent(network):
    """The recipient is suspended in the moment between the preview and the broker's look."""
    network.processes["broker"].stop()
    said = json.loads(network.saikne("skola-1", "--json", "refer", "--from", "-",
                                     stdin=json.dumps(dict(REQUEST, to=["policija"]))).stdout)
    (entry,) = network.ask("skola-1", "disclosure", said["case"])["given"]
    assert entry["state"] == "waiting" and entry["delivered"] is None
    network.processes["skola-1"].stop()
    network.broker().start()
    network.admin("suspend", "policija", "--reason", "test", "--as", network.registrar_keys,
                  "--network", network.network_conf)
    network.service(SCHOOL).start()
    entry = network.wait(lambda: [e for e in network.ask("skola-1", "disclosure", said["case"])["given"]
                                  if e["state"] == "not_sent"], "the refusal")[0]
    assert entry["why"] == "suspended"
    text = network.saikne("skola-1", "disclosure", said["case"], "--lang", "en").stdout
    assert "It was not sent; they did not get it." in words(text)


def test_a_receipt_is_had_by_the_first_digits_of_its_message(network, case):
    message = message_to(network, case, "tiesa")
    whole = network.saikne("skola-1", "receipt", message, "--out", "-").stdout
    for digits in range(8, 33):
        done = network.saikne("skola-1", "receipt", message[:digits], "--out", "-", ok=(0, 1))
        if done.returncode == 0:
            assert done.stdout == whole
            break
        assert "several messages begin with these digits" in done.stderr
    assert "no such message" in network.saikne("skola-1", "receipt", "ffffffff", "--out", "-", ok=(1,)).stderr
