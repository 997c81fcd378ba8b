"""A family's consent at the desk: recorded by the rules of age, shown, handed out, ended."""

import contextlib
import datetime
import json
import sqlite3
from pathlib import Path

import jsonschema
import pytest

from network import Network, Party
from terminal import Terminal

SCHOOL = Party("skola-1", "school", "1. pamatskola")
SOCIAL = Party("dienests", "social_service", "Sociālais dienests")
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "consent-receipt.json").read_text(encoding="utf-8"))
TODAY = datetime.date.today()


def born(age, days=0):
    return (TODAY.replace(year=TODAY.year - age, day=min(TODAY.day, 28)) + datetime.timedelta(days)).isoformat()


def consent(age, **more):
    return {"event": "give", "granter": "Izdomāta Māte", "capacity": "parent", "child": {"birth_date": born(age)},
            "recipients": ["social_service"], "categories": ["identity", "attendance"], "purposes": ["return_to_school"],
            "childs_view": "Gribu palikt savā klasē.", "notice": {"code": "sharing", "version": "1", "language": "lv"},
            **more}


@pytest.fixture(scope="module")
def network():
    with Network(parties=[SCHOOL, SOCIAL]) as net:
        net.start()
        yield net
        assert net.unsound() == []


@pytest.fixture
def case(network):
    return json.loads(network.saikne("skola-1", "--json", "case-new", "--from", "-", stdin=json.dumps(
        {"content": {"child_name": "Izdomāts Bērns"}})).stdout)["case"]


def say(network, case, what, request, *options, **how):
    return network.saikne("skola-1", "--json", "consent", what, case, "--from", "-", *options,
                          stdin=json.dumps(request), **how)


def given(network, case, request):
    return json.loads(say(network, case, request["event"], request).stdout)


def state(network, case):
    return network.ask("skola-1", "consent", "show", case)["state"]


def words(text):
    return " ".join(text.split())


def test_a_consent_goes_from_request_to_withdrawal(network, case):
    assert given(network, case, {**consent(10), "event": "request"})["state"] == "requested"
    assert given(network, case, consent(10, until=(TODAY + datetime.timedelta(9)).isoformat()))["state"] == "given"
    due = network.ask("skola-1", "consent", "due")["items"]
    assert [d["why"] for d in due if d["case"] == case] == ["until"]
    [alarm] = [a for a in network.ask("skola-1", "alarms")["items"] if a["case"] == case]
    assert (alarm["what"], alarm["task"], alarm["stage"]) == ("ground_ends", None, "reminder")
    assert "to be renewed" in network.saikne("skola-1", "alarms").stdout
    assert "ends soon" in network.saikne("skola-1", "seen", alarm["alarm"]).stdout
    network.saikne("skola-1", "consent", "renew", case, "--until", (TODAY + datetime.timedelta(90)).isoformat())
    assert state(network, case) == "renewed"
    assert case not in [d["case"] for d in network.ask("skola-1", "consent", "due")["items"]]
    assert case not in [a["case"] for a in network.ask("skola-1", "alarms")["items"]]
    network.saikne("skola-1", "consent", "object", case, "--text", "Tēvs iebilst.")
    assert state(network, case) == "objected"
    network.saikne("skola-1", "consent", "resolve", case, "--text", "Vecāki vienojās.")
    assert state(network, case) == "given"
    network.saikne("skola-1", "consent", "withdraw", case)
    shown = network.ask("skola-1", "consent", "show", case)
    assert shown["state"] == "withdrawn" and shown["may"] == []
    assert [e["event"] for e in shown["events"]] == ["request", "give", "renew", "object", "resolve", "withdraw"]


def test_the_child_of_fourteen_consents_too(network, case):
    assert given(network, case, consent(14)) == {
        "record": network.ask("skola-1", "consent", "show", case)["record"], "case": case, "state": "deferred",
        "label_lv": "atlikta", "label_en": "deferred", "lacks": "child_consent"}
    text = network.saikne("skola-1", "consent", "give", case, "--child-consent", "refused", "--lang", "lv").stdout
    assert "atlikta" in text and "14" in text
    network.saikne("skola-1", "consent", "give", case, "--child-consent", "given")
    assert state(network, case) == "given"


def test_the_pupil_of_eighteen_consents_alone(network, case):
    refused = say(network, case, "give", consent(18), ok=(1, 2))
    assert refused.returncode == 1 and "18" in refused.stderr
    assert given(network, case, {**consent(18), "capacity": "child"})["state"] == "given"


@pytest.mark.parametrize("change, word", [
    ({"childs_view": ""}, "childs_view"), ({"notice": None}, "notice"), ({"recipients": ["cirks"]}, "recipients"),
    ({"until": "2020-01-01"}, "until"), ({"child": {}}, "birth_date"), ({"capacity": None}, "capacity"),
])
def test_what_is_missing_is_said_and_nothing_is_kept(network, case, change, word):
    refused = say(network, case, "give", {**consent(10), **change}, ok=(1, 2))
    assert refused.returncode == 1 and word in refused.stderr, refused.stderr
    assert "Izdom" not in refused.stderr
    assert network.ask("skola-1", "consent", "list", case)["items"] == []


def test_several_records_are_told_apart_by_their_digits(network, case):
    first = given(network, case, consent(10))["record"]
    second = json.loads(say(network, case, "give", consent(10, purposes=["opinion"]), "--new").stdout)["record"]
    both = network.saikne("skola-1", "consent", "withdraw", case, ok=(1, 2))
    assert both.returncode == 2 and first[-8:] in both.stderr and second[-8:] in both.stderr
    network.saikne("skola-1", "consent", "withdraw", case, "--record", second[-8:])
    states = {i["record"]: i["state"] for i in network.ask("skola-1", "consent", "list", case)["items"]}
    assert states == {first: "given", second: "withdrawn"}


@pytest.mark.parametrize("language, said", [
    ("lv", ["Kvīts par piekrišanu", "Kā atsaukt", "1. pamatskola", "Sociālais dienests", "Atgriešanās izglītības iestādē",
            "Apmeklējums", "Datu valsts inspekcij", "Gribu palikt savā klasē."]),
    ("en", ["Receipt for a consent", "How to withdraw", "1. pamatskola", "Social service", "Return to school",
            "Attendance", "Data State Inspectorate", "Gribu palikt savā klasē."]),
])
def test_the_family_takes_a_receipt_home(network, case, language, said):
    given(network, case, consent(10))
    receipt = network.ask("skola-1", "consent", "receipt", case)
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(receipt)
    for form in ([], ["--html"]):
        text = network.saikne("skola-1", "consent", "receipt", case, "--lang", language, *form).stdout
        for one in [*said, receipt["receipt"]["receipt_id"], "Izdomātā iela 1, tālr. 60000000"]:
            assert one in words(text), (one, text)
    plain = network.saikne("skola-1", "consent", "receipt", case, "--lang", language).stdout
    assert max(map(len, plain.splitlines())) <= 80
    known = {"pii_principal", "granter", "skola-1", "social_service"}
    assert {p["party_id"] for p in receipt["party_identification"]} == known


def test_a_withdrawal_reaches_whoever_was_shown_something_and_shows_their_answer(network, case):
    record = given(network, case, consent(10))["record"]
    sent = json.loads(network.saikne("skola-1", "--json", "refer", "--from", "-", stdin=json.dumps({
        "to": ["dienests"], "urgency": "urgent", "purpose": "return_to_school", "concern": ["unexcused_absence"],
        "municipality": "Ventspils", "age_band": "7-10", "case": case, "record": record,
        "content": {"child_name": "Izdomāts Bērns", "absence_lessons": 34, "steps_taken": "Divas sarunas."}})).stdout)
    task = sent["tasks"][0]["task"]
    network.wait(lambda: any(i["task"] == task for i in network.ask("dienests", "inbox")["items"]), "the referral")
    (shared,) = network.ask("skola-1", "consent", "show", case)["shared"]
    assert shared["to"] == "dienests" and shared["live"]
    # The steps taken are of the proceedings, and the family consented to no such thing.
    there = network.ask("dienests", "show", task)
    assert {f["name"] for f in there["fields"]} >= {"child_name", "absence_lessons"}
    assert "steps_taken" not in {f["name"] for f in there["fields"]}
    mirror = network.ask("dienests", "consent", "show", there["case"])
    assert (mirror["record"], mirror["origin"], mirror["may"]) == (record, "skola-1", [])
    network.saikne("skola-1", "consent", "withdraw", case, "--text", "Māte zvanīja.")

    def stopped():
        return [i for i in network.ask("dienests", "inbox")["items"] if i["sort"] == "stop" and i["case"] == there["case"]]
    (stop,) = network.wait(stopped, "the stop")
    network.saikne("dienests", "answer-stop", stop["task"], "--answer", "stopped")
    network.wait(lambda: network.ask("skola-1", "consent", "show", case)["shared"][0]["answer"], "the answer")
    (shared,) = network.ask("skola-1", "consent", "show", case)["shared"]
    assert (shared["live"], shared["why"], shared["answer"]) == (False, "withdrawn", "stopped")
    assert network.ask("dienests", "consent", "show", there["case"])["state"] == "withdrawn"
    for language, said in (("lv", "datus vairs nelieto"), ("en", "the data is no longer used")):
        assert said in words(network.saikne("skola-1", "consent", "show", case, "--lang", language).stdout)
    refused = network.saikne("dienests", "consent", "withdraw", there["case"], ok=(1,))
    assert refused.returncode == 1


def test_notices_stand_in_each_language(network):
    for language, title in (("lv", "Bērnam: kam mēs"), ("en", "For the child")):
        assert title in words(network.saikne("skola-1", "consent", "notices", "--lang", language).stdout)


def test_a_form_asks_for_what_the_flags_did_not_say(network, case):
    with Terminal([network.bin / "saikne", "--desk", network.desk("skola-1"), "consent", "give", case]) as terminal:
        terminal.expect("date of birth").answer("> ", born(15)).expect("sharing")
        terminal.expect("who consents").answer("> ", "Izdomāta Māte").expect("personal code").answer("> ", "")
        terminal.expect("as whom").answer("Number: ", "parent")
        terminal.expect("who may get it").answer("several): ", "social_service").answer("Enter: ", "")
        terminal.expect("which data").answer("several): ", "identity attendance").answer("Enter: ", "")
        terminal.expect("what for").answer("several): ", "return_to_school").answer("Enter: ", "")
        terminal.expect("its last day").answer("> ", "")
        terminal.expect("what the child says").answer("| ", "Gribu.").answer("| ", "")
        terminal.expect("own consent").answer("Number: ", "given")
        terminal.expect("how it was given").answer("Number", "signed")
        terminal.expect("who interpreted").answer("> ", "")
        terminal.expect("What you entered").answer("Do it?", "y")
        terminal.expect("given")
    assert state(network, case) == "given"


def test_every_look_and_act_is_recorded(network, case):
    given(network, case, consent(10))
    network.ask("skola-1", "consent", "list", case)
    network.ask("skola-1", "consent", "receipt", case)
    with contextlib.closing(sqlite3.connect(f"file:{network.folder}/skola-1/service.db?mode=ro", uri=True)) as rows:
        looks = [what for what, in rows.execute("SELECT what FROM access ORDER BY n")]
    # Whoever opens a form or a record by the command line looks at the list first.
    assert looks[-3:] == ["grounds", "grounds", "consent_receipt"] and "consent_give" in looks
