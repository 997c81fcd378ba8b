"""Sharing by law: provisions an administrator confirms, decisions to share and not to, reports that wait for nobody."""

import json

import pytest

from network import Network, Party
from terminal import Terminal

SCHOOL = Party("skola-1", "school", "1. pamatskola")
SOCIAL = Party("dienests", "social_service", "Sociālais dienests")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
POLICE = Party("policija", "municipal_police", "Pašvaldības policija")
ABOUT = {"urgency": "urgent", "municipality": "Ventspils", "age_band": "11-14", "ground": "duty_to_report",
         "basis": "law", "necessity": "Bērns stāsta, ka mājās viņu sit."}
REPORT = {**ABOUT, "to": ["tiesa", "policija"], "purpose": "family_assessment", "concern": ["family_violence"],
          "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Saruna ar bērnu."}}
CONCERN = {**ABOUT, "notice": "concern", "to": ["dienests"], "purpose": "safety", "concern": ["family_violence"],
           "content": {"child_name": "Izdomāts Bērns", "explanation": "Zilumi uz rokām."}}
REFUSED = {"event": "refuse", "granter": "Izdomāta Māte", "capacity": "parent", "child": {"birth_date": "2016-05-01"},
           "recipients": ["orphans_court", "police", "social_service"], "categories": ["identity", "family"],
           "purposes": ["family_assessment", "safety"], "childs_view": "Gribu, lai palīdz."}


def words(text):
    return " ".join(text.split())


def start(parties, confirmed):
    net = Network(parties=parties)
    net.__enter__()
    configure = net.configure
    net.configure = lambda party, role=None: configure(party, role, confirm=confirmed)
    net.start()
    return net


@pytest.fixture(scope="module")
def fresh():
    """Institutions of today: nobody has confirmed anything."""
    net = start([SCHOOL, SOCIAL, COURT, POLICE], confirmed=False)
    try:
        yield net
        assert net.unsound() == []
    finally:
        net.__exit__(None, None, None)


@pytest.fixture(scope="module")
def network():
    net = start([SCHOOL, SOCIAL, COURT], confirmed=True)
    try:
        yield net
        assert net.unsound() == []
    finally:
        net.__exit__(None, None, None)


def new_case(net):
    return json.loads(net.saikne("skola-1", "--json", "case-new", "--from", "-", stdin=json.dumps(
        {"content": {"child_name": "Izdomāts Bērns"}})).stdout)["case"]


def send(net, command, request, **how):
    return net.saikne("skola-1", "--json", *command, "--from", "-", stdin=json.dumps(request), **how)


def delivered(net, task):
    net.wait(lambda: any(step["what"] == "delivered" for step in net.ask("skola-1", "show", task)["timeline"]),
             "its delivery")


# ---- Reports that wait for nobody --------------------------------------------------------------

def test_a_suspicion_of_violence_goes_at_once_where_nothing_is_confirmed_and_nobody_consented(fresh):
    said = json.loads(send(fresh, ["refer"], REPORT).stdout)
    assert [note["note"] for note in said["notes"]] == ["no_consent_needed", "unconfirmed"]
    for task in said["tasks"]:
        assert "child_name" in task["goes"]
        delivered(fresh, task["task"])
    # The warning stays with the record.
    record = fresh.ask("skola-1", "basis", "show", said["case"])
    assert record["says"]["unconfirmed"] is True and record["says"]["ground"] == "duty_to_report"


@pytest.mark.parametrize("language, sentences", [
    ("en", ["No consent is needed for this", "has not confirmed this provision yet"]),
    ("lv", ["Piekrišana tam nav vajadzīga", "vēl nav apstiprinājusi"]),
])
def test_the_screen_says_that_no_consent_is_needed(fresh, language, sentences):
    for preview in ([], ["--preview"]):
        text = fresh.saikne("skola-1", "notice", "concern", "--from", "-", *preview, "--lang", language,
                            stdin=json.dumps({k: v for k, v in CONCERN.items() if k != "notice"})).stdout
        for sentence in sentences:
            assert sentence in words(text), text


def test_a_refusal_of_the_parents_does_not_hinder_it_and_is_shown_beside_it(fresh):
    case = new_case(fresh)
    send(fresh, ["consent", "refuse", case], REFUSED)
    said = json.loads(send(fresh, ["refer"], {**REPORT, "case": case}).stdout)
    assert {"no_consent_needed", "unconfirmed", "refused"} == {note["note"] for note in said["notes"]}
    delivered(fresh, said["tasks"][0]["task"])
    shown = words(fresh.saikne("skola-1", "basis", "show", case, "--lang", "en").stdout)
    assert "The family refused consent on" in shown and "Bērns stāsta" in shown


def test_anything_else_waits_for_the_administrator_before_anything_is_sealed(fresh):
    case = new_case(fresh)
    done = send(fresh, ["refer"], {**REPORT, "ground": "public_task", "case": case}, ok=(1,))
    assert "unconfirmed" in done.stderr.lower() or "not confirmed" in done.stderr
    done = fresh.saikne("skola-1", "--json", "basis", "decide", case, "--ground", "public_task", "--necessity", "Vajag.",
                        "--to", "social_service", "--data", "attendance", "--purpose", "safety", ok=(1,))
    assert "not confirmed the provision" in done.stderr
    assert fresh.ask("skola-1", "basis", "list", case)["items"] == []
    assert fresh.ask("skola-1", "case", case)["tasks"] == []


def test_a_case_manager_sees_what_is_confirmed_and_changes_nothing(fresh):
    rows = {row["provision"]: row for row in fresh.ask("skola-1", "provisions")["items"]}
    assert "consent" not in rows and all(row["confirmed"] is None for row in rows.values())
    works = {code for code, row in rows.items() if row["unconfirmed_works"]}
    assert {"duty_to_report", "vital_interest"} <= works and "public_task" not in works
    assert "nothing is shared on it yet" in words(fresh.saikne("skola-1", "provisions", "--lang", "en").stdout)
    done = fresh.saikne("skola-1", "provisions", "confirm", "public_task", "--advice", "Es pats",
                        "--advised-on", "2026-01-05", ok=(1,))
    assert "only an administrator" in done.stderr


# ---- An administrator --------------------------------------------------------------------------

def as_administrator(net, *words_, **how):
    net.processes["skola-1"].stop()
    net.write_configuration(SCHOOL, "administrator")
    net.service(SCHOOL).start()
    try:
        return net.saikne("skola-1", *words_, **how)
    finally:
        net.processes["skola-1"].stop()
        net.write_configuration(SCHOOL, net.role)
        net.service(SCHOOL).start()


def test_what_an_administrator_takes_back_is_rested_on_no_more(network):
    case = new_case(network)
    decide = ("basis", "decide", case, "--ground", "cooperation_group", "--necessity", "Sēde rīt.", "--to",
              "social_service", "--data", "attendance", "--purpose", "safety")
    network.saikne("skola-1", *decide)
    text = as_administrator(network, "provisions", "undo", "cooperation_group", "--lang", "en").stdout
    assert "not confirmed" in text
    assert "not confirmed the provision" in network.saikne("skola-1", *decide, ok=(1,)).stderr
    record = network.ask("skola-1", "basis", "show", case)["record"]
    done = send(network, ["notice", "concern"], {**CONCERN, "case": case, "record": record, "basis": "law",
                                                 **dict.fromkeys(("ground", "necessity"))}, ok=(1,))
    assert "confirm" in done.stderr
    text = as_administrator(network, "provisions", "confirm", "cooperation_group", "--advice", "Izdomāts jurists",
                            "--advised-on", "2026-02-03", "--lang", "en").stdout
    assert "Izdomāts jurists" in text
    network.saikne("skola-1", *decide)


def test_a_provision_is_confirmed_in_a_form_and_the_access_log_says_which(network):
    network.processes["skola-1"].stop()
    network.write_configuration(SCHOOL, "administrator")
    network.service(SCHOOL).start()
    try:
        with Terminal([network.bin / "saikne", "--desk", network.desk("skola-1"), "provisions", "confirm",
                       "vital_interest"]) as terminal:
            terminal.expect("who advised").answer("> ", "Izdomāta juriste")
            terminal.expect("day of the advice").answer("> ", "2026-03-01")
            terminal.answer("Do it?", "y").expect("Izdomāta juriste")
    finally:
        network.processes["skola-1"].stop()
        network.write_configuration(SCHOOL, "auditor")
        network.service(SCHOOL).start()
    try:
        looks = network.saikne("skola-1", "--json", "access").stdout
        assert "confirm:vital_interest" in looks and "Izdomāta juriste" not in looks
    finally:
        network.processes["skola-1"].stop()
        network.write_configuration(SCHOOL, network.role)
        network.service(SCHOOL).start()


# ---- Decisions ---------------------------------------------------------------------------------

def decide(net, case, *more):
    return json.loads(net.saikne(
        "skola-1", "--json", "basis", "decide", case, "--ground", "public_task", "--necessity", "Ģimene ir prombūtnē.",
        "--to", "social_service", "--data", "identity", "--data", "attendance", "--purpose", "safety", "--decided-by",
        "Direktore Anna", "--family-told", "not_reachable", *more).stdout)


def test_a_decision_is_cited_and_when_it_ends_whoever_got_data_is_told(network):
    case = new_case(network)
    record = decide(network, case)["record"]
    said = json.loads(send(network, ["notice", "concern"], {
        **{k: v for k, v in CONCERN.items() if k not in ("ground", "necessity", "basis")},
        "case": case, "record": record}).stdout)
    delivered(network, said["tasks"][0]["task"])
    statement = network.ask("skola-1", "disclosure", case)
    (given,) = statement["given"]
    assert given["rests"]["record"] == record and given["rests"]["state"] == "in_force"
    assert given["rests"]["necessity"] == "Ģimene ir prombūtnē." and given["rests"]["family_told"] == "not_reachable"
    # What the decision does not name was not given.
    assert "explanation" not in {field["name"] for field in given["fields"]}
    assert "ground" in {entry["why"] for entry in statement["not_shared"]}
    network.saikne("skola-1", "basis", "end", case, "--text", "Ģimene atgriezās.")
    stop = network.wait(lambda: network.ask("skola-1", "disclosure", case)["stops"], "the stop")[0]
    assert stop["with"]["code"] == "dienests" and stop["reason"] == "ended" and stop["record"] == record
    text = words(network.saikne("skola-1", "disclosure", case, "--lang", "en").stdout)
    assert "It ended, and nothing is shared on it any more." in text and "Where a ground ended" in text
    assert "Ģimene ir prombūtnē." in text
    done = send(network, ["notice", "concern"], {
        **{k: v for k, v in CONCERN.items() if k not in ("ground", "necessity", "basis")},
        "case": case, "record": record}, ok=(1,))
    assert done.returncode == 1


def test_a_decision_is_asked_for_in_a_form_and_its_words_complete(network):
    case = new_case(network)
    with Terminal([network.bin / "saikne", "--desk", network.desk("skola-1"), "basis", "decide", case]) as terminal:
        terminal.expect("legal basis").answer("Number", "public_task")
        terminal.expect("why it is necessary").answer("| ", "Bērns nav redzēts.").answer("| ", "")
        terminal.expect("to whom").answer("several): ", "social_service").answer("Enter: ", "")
        terminal.expect("which data").answer("several): ", "identity").answer("Enter: ", "")
        terminal.expect("for what").answer("several): ", "safety").answer("Enter: ", "")
        terminal.expect("who decided").answer("> ", "Direktore")
        terminal.expect("whether the family was told").answer("Number", "told")
        terminal.expect("the same in words").answer("| ", "")
        terminal.expect("its last day").answer("> ", "")
        terminal.answer("Do it?", "y").expect("Recorded")
    (record,) = network.ask("skola-1", "basis", "list", case)["items"]
    assert record["says"]["decided_by"] == "Direktore" and record["says"]["family_told"] == "told"
    assert "public_task" in network.saikne("skola-1", "complete", "--", "provisions", "confirm", "").stdout
    assert "not-share" in network.saikne("skola-1", "complete", "--", "basis", "").stdout


def test_what_is_withheld_is_told_by_no_stop_either(network):
    case = new_case(network)
    record = decide(network, case)["record"]
    said = json.loads(send(network, ["notice", "concern"], {
        **{k: v for k, v in CONCERN.items() if k not in ("ground", "necessity", "basis")},
        "case": case, "record": record}).stdout)
    delivered(network, said["tasks"][0]["task"])
    network.saikne("skola-1", "basis", "end", case, "--text", "Ģimene atgriezās.")
    network.wait(lambda: network.ask("skola-1", "disclosure", case)["stops"], "the stop")
    (given,) = network.ask("skola-1", "disclosure", case)["given"]
    network.saikne("skola-1", "withhold", case, "--message", given["message"], "--reason", "child_safety",
                   "--text", "Viņa baidās.")
    statement = network.ask("skola-1", "disclosure", case)
    assert statement["stops"] == [] and statement["left_out"] == 1
    del statement["left_out"]
    assert "dienests" not in json.dumps(statement) and record not in json.dumps(statement)
    for form in ([], ["--html"]):
        text = network.saikne("skola-1", "disclosure", case, *form, "--lang", "lv").stdout
        assert "Sociālais dienests" not in text and "Kur pamats beidzies" not in text


@pytest.mark.parametrize("language, heading", [("en", "What we did not share"), ("lv", "Ko mēs nenodevām")])
def test_a_decision_not_to_share_is_kept_listed_and_told_to_the_family(network, language, heading):
    case = new_case(network)
    said = json.loads(network.saikne("skola-1", "--json", "basis", "not-share", case, "--to", "social_service",
                                     "--data", "health", "--text", "Ārsta ziņas šeit nevajag.").stdout)
    assert said["state"] == "not_shared"
    (listed,) = network.ask("skola-1", "basis", "list", case)["items"]
    assert listed["says"]["text"] == "Ārsta ziņas šeit nevajag." and listed["shared"] == []
    text = words(network.saikne("skola-1", "disclosure", case, "--lang", language).stdout)
    assert heading in text and "Ārsta ziņas šeit nevajag." in text
    network.saikne("skola-1", "withhold", case, "--message", said["record"], "--reason", "child_safety",
                   "--text", "Nedrīkst zināt.")
    text = network.saikne("skola-1", "disclosure", case, "--lang", language).stdout
    assert "Ārsta" not in text
    network.saikne("skola-1", "withhold", case, "--message", said["record"][:10], "--undo", "--text", "Var.")
    assert "Ārsta" in network.saikne("skola-1", "disclosure", case, "--lang", language).stdout
    # Who may not know the case learns nothing of it, nor that there is one.
    assert "Ārsta" not in network.saikne("dienests", "disclosure", case, ok=(1,)).stderr
    # It lies sealed.
    database = (network.folder / "skola-1" / "service.db").read_bytes()
    assert "Ārsta ziņas".encode() not in database


def test_a_withdrawn_consent_stands_in_the_statement_with_who_gave_it_and_when(network):
    case = new_case(network)
    consent = {"event": "give", "granter": "Izdomāta Māte", "capacity": "parent", "child": {"birth_date": "2016-05-01"},
               "recipients": ["social_service"], "categories": ["identity", "attendance"], "purposes": ["safety"],
               "childs_view": "Gribu.", "notice": {"code": "sharing", "version": "1", "language": "lv"}}
    record = json.loads(send(network, ["consent", "give", case], consent).stdout)["record"]
    said = json.loads(send(network, ["notice", "concern"], {
        **{k: v for k, v in CONCERN.items() if k not in ("ground", "necessity", "basis")},
        "case": case, "record": record}).stdout)
    delivered(network, said["tasks"][0]["task"])
    network.saikne("skola-1", "consent", "withdraw", case, "--text", "Māte zvanīja.")
    (given,) = network.ask("skola-1", "disclosure", case)["given"]
    assert given["basis"] == "consent" and given["rests"]["granter"] == "Izdomāta Māte"
    assert given["rests"]["state"] == "withdrawn" and given["rests"]["ended"]
    text = words(network.saikne("skola-1", "disclosure", case, "--lang", "en").stdout)
    assert "by Izdomāta Māte (a parent)" in text and "It was withdrawn" in text
    # A decision by law for the same is no override: it stands beside what the family said.
    notes = decide(network, case)["notes"]
    assert [note["note"] for note in notes] == ["withdrawn"] and notes[0]["record"] == record
