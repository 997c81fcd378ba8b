"""Custody statements between real services: they reach whoever has the child's data, and end consents everywhere."""

import base64
import datetime
import http.client
import itertools
import json
import os
import socket

import pytest

import network
import party
import peer
import stage as stages
from network import Party
from stage import SCHOOL, SOCIAL, take_evidence

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne-police", "saikne-partner", "saikne")

COURT = Party("orphans-court", "orphans_court", "Bāriņtiesa")
POLICE = Party("municipal-police", "municipal_police", "Pašvaldības policija")
NGO = Party("ngo", "ngo", "Biedrība")
CAST = [SCHOOL, SOCIAL, COURT, POLICE, NGO]

ABOUT = {"urgency": "urgent", "municipality": "Ventspils", "age_band": "11-14"}
LAW = {"basis": "law", "ground": "legal_duty", "necessity": "Bērnam vajag palīdzību."}
MOTHER, FATHER = "Izdomāta Māte", "Izdomāts Tēvs"
YESTERDAY = str(datetime.date.today() - datetime.timedelta(days=1))
LONG_AGO = "2026-01-05"

CATEGORIES = [f.category for kind in peer.TYPE_FIELDS.values() for f, _ in kind]

children = itertools.count(1)


def child():
    """Another child for each test; nobody has this code."""
    number = next(children)
    return {"child_name": f"Izdomāts Bērns{number}", "personal_code": f"0101{number % 20 + 10}-2{number:04}",
            "birth_date": "2014-01-01"}


@pytest.fixture(scope="module")
def town():
    with stages.Stage(CAST) as stage:
        stage.start()
        stage.enter(network.AUDITOR)
        stage.admit("school", "mischief")
        stage.admit("social_service", "hearsay")
        stage.admit("orphans_court", "far-court")
        yield stage
        for living in stage.peers.values():
            living.close()
        for process in stage.processes.values():
            assert process.stop() == 0, process.tail()
        assert not stage.unsound()


def post(town, who, *words, ok=0, **request):
    done = town.saikne(who.code, "--json", *words, "--from", "-", stdin=json.dumps(request), ok=(ok,))
    return json.loads(done.stdout)


def refused(town, who, *words, **request):
    return post(town, who, *words, ok=1, **request)


def request(town, who, to, about, *, ok=0, case=None, **ground):
    """An information request: its content goes at once. Gives (case, task)."""
    more = {"case": case} if case else {}
    said = post(town, who, "request", ok=ok, **ABOUT, **more, **(ground or LAW), to=[to.code],
                purpose="family_assessment", asked=["identity"], due="2036-03-03",
                content={**about, "question": "Ko zināt?"})
    if ok:
        return said
    task = said["tasks"][0]["task"]
    town.wait(lambda: town.ask(to.code, "show", task)["state"] == "received", f"the request at {to.code}")
    return said["case"], task


def case_of(town, who, task):
    return town.ask(who.code, "show", task)["case"]


def consent(granter, on=LONG_AGO):
    return {"basis": "consent", "consent": {
        "granter": granter, "capacity": "parent", "granted_on": on, "recipients": [p.code for p in CAST],
        "categories": ["identity", "proceedings"], "purposes": ["family_assessment"],
        "childs_view": "Lai palīdz.", "notice": {"code": "sharing", "version": "1", "language": "lv"},
        "child": {"birth_date": "2014-01-01"}}}


def state(town, to, event, about, *, person=MOTHER, participants=False, case=None, **more):
    """A custody statement of the orphan's court."""
    whose = {"custody_person": person} if person else {}
    more = {**more, **({"participants": True} if participants else {}), **({"case": case} if case else {})}
    return post(town, COURT, "notice", "custody", **ABOUT, **LAW, to=[p.code for p in to], custody_event=event,
                decision_date=YESTERDAY, **more, content={**about, "decision_number": "1-6/214", **whose})


def known(town, who, case):
    """What is known of custody in a case."""
    return [c["event"] for c in town.ask(who.code, "case", case)["custody"]]


def wait_known(town, who, case, *events):
    town.wait(lambda: sorted(known(town, who, case)) == sorted(events), f"{events} at {who.code}")


def cases_that_know(town, who, event="interrupted"):
    return [c["case"] for c in town.ask(who.code, "cases")["items"] if event in known(town, who, c["case"])]


# ---- Reaching everyone -----------------------------------------------------------------------

def test_an_interruption_reaches_the_school_and_whoever_the_data_went_on_to(town):
    about = child()
    _, to_social = request(town, SCHOOL, SOCIAL, about)
    social = case_of(town, SOCIAL, to_social)
    _, to_police = request(town, SOCIAL, POLICE, about, case=social)
    police = case_of(town, POLICE, to_police)
    said = state(town, [SCHOOL], "interrupted", about)
    # The court's own, the school's, from it the social service's, and from there the police's.
    wait_known(town, COURT, said["case"], "interrupted")
    wait_known(town, SCHOOL, case_of(town, SCHOOL, to_social), "interrupted")
    wait_known(town, SOCIAL, social, "interrupted")
    wait_known(town, POLICE, police, "interrupted")
    [fact] = town.ask(POLICE.code, "case", police)["custody"]
    assert fact["by"] == COURT.code and fact["via"] == SOCIAL.code and fact["person"] == MOTHER
    assert fact["number"] == "1-6/214" and fact["from"] == YESTERDAY
    # The notice lies in the child's case, and shows to whom it went on.
    [notice] = [t for t in town.ask(SCHOOL.code, "case", case_of(town, SCHOOL, to_social))["tasks"]
                if t["peer"] == COURT.code]
    shown = town.ask(SCHOOL.code, "show", notice["task"])
    told = {t["to"]: t for t in shown["told"]}
    assert told[COURT.code]["how"] == "knows" and told[SOCIAL.code]["how"] == "told"
    passed = told[SOCIAL.code]["task"]
    town.wait(lambda: town.ask(SCHOOL.code, "show", passed)["state"] == "received", "the statement to be there")
    post(town, SOCIAL, "acknowledge", passed, done=["staff_informed"])
    town.wait(lambda: {t["to"]: t["state"] for t in town.ask(SCHOOL.code, "show", notice["task"])["told"]
                       if "state" in t} == {SOCIAL.code: "acknowledged"}, "who acknowledged it")
    # Nothing came back to the court, nor went round in a circle.
    assert not [t for t in town.ask(COURT.code, "inbox")["items"] if t["peer"] != COURT.code and t.get("sort") == "notice"]
    assert len(known(town, SOCIAL, social)) == 1


def test_the_participants_of_the_courts_case_get_it_without_being_named(town):
    about = child()
    case, task = request(town, COURT, SOCIAL, about)
    said = state(town, [SCHOOL], "interrupted", about, case=case, participants=True)
    assert {t["to"] for t in said["tasks"]} == {SCHOOL.code, SOCIAL.code}
    wait_known(town, SOCIAL, case_of(town, SOCIAL, task), "interrupted")
    told = town.ask(COURT.code, "show", said["tasks"][0]["task"])["told"]
    assert {t["to"]: t["how"] for t in told} == {SCHOOL.code: "told", SOCIAL.code: "told"}


def test_who_does_not_know_the_child_keeps_nothing(town):
    about = child()
    task = state(town, [NGO], "interrupted", about)["tasks"][0]["task"]
    town.wait(lambda: town.ask(NGO.code, "show", task)["state"] == "received", "the statement")
    post(town, NGO, "acknowledge", task, done=["not_known_here"])
    town.wait(lambda: town.ask(COURT.code, "show", task)["state"] == "acknowledged", "the answer")
    town.wait(lambda: town.ask(NGO.code, "show", task).get("erased"), "the erasure")
    assert not town.ask(NGO.code, "show", task)["fields"]
    assert about["child_name"] not in town.saikne(NGO.code, "--json", "cases").stdout


def restart(town, who):
    assert town.processes[who.code].stop() == 0
    town.processes[who.code].start()
    town.wait(lambda: town.ask(who.code, "status")["connected"], f"{who.code} to be back")


def test_who_cannot_be_reached_is_listed_and_nothing_is_repeated_by_a_restart(town):
    about, gone = child(), town.admit("ngo", "gone")
    _, task = request(town, SCHOOL, SOCIAL, about)
    case = case_of(town, SCHOOL, task)
    post(town, SCHOOL, "request", **ABOUT, **LAW, case=case, to=["gone"], purpose="family_assessment",
         asked=["identity"], due="2036-03-03", content={**about, "question": "Ko zināt?"})
    gone.credit(1)
    assert gone.receive(10) is not None
    town.admin("suspend", "gone", "--reason", "test", "--as", town.registrar_keys, "--network", town.network_conf)
    town.wait(lambda: not any(i["code"] == "gone" and i["active"] for i in
                              town.ask(SCHOOL.code, "directory")["items"]), "the suspension at the school")
    state(town, [SCHOOL], "interrupted", about)
    wait_known(town, SCHOOL, case, "interrupted")
    [notice] = [t["task"] for t in town.ask(SCHOOL.code, "case", case)["tasks"] if t["peer"] == COURT.code]

    def told():
        return {t["to"]: t for t in town.ask(SCHOOL.code, "show", notice)["told"]}
    town.wait(lambda: told()["gone"]["how"] == "unreachable" and told()[SOCIAL.code]["how"] == "told", "both")
    assert told()["gone"]["why"] == "suspended"
    assert "could not be reached" in town.saikne(SCHOOL.code, "show", notice).stdout
    town.wait(lambda: told()[SOCIAL.code]["state"] == "received", "the social service")
    before, size = told(), town.log_size()
    restart(town, SCHOOL)
    assert told() == before and town.log_size() == size


# ---- Consents --------------------------------------------------------------------------------

def test_a_consent_of_who_lost_custody_is_refused_before_anything_is_sealed(town):
    about = child()
    state(town, [SCHOOL], "interrupted", about)
    town.wait(lambda: cases_that_know(town, SCHOOL), "the statement at the school")
    size = town.log_size()
    said = request(town, SCHOOL, SOCIAL, about, ok=1, **consent(MOTHER))
    assert said["type"] == "urn:saikne:no_custody"
    assert town.log_size() == size
    request(town, SCHOOL, SOCIAL, about, **consent(FATHER))


def records(town, who, case):
    """States of the consents in a case."""
    return [g["state"] for g in grounds(town, who, case) if g["basis"] == "consent"]


def grounds(town, who, case):
    connection = http.client.HTTPConnection("localhost", timeout=20)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(town.desk(who.code)))
    try:
        connection.request("GET", f"/v1/cases/{case}/grounds")
        found = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return found["items"]


@pytest.mark.parametrize("told", [SCHOOL, SOCIAL], ids=["who recorded it", "who was told of it"])
def test_a_statement_ends_a_consent_at_every_holder(town, told):
    about = child()
    case, task = request(town, SCHOOL, SOCIAL, about, **consent(MOTHER))
    other = case_of(town, SOCIAL, task)
    assert records(town, SCHOOL, case) == records(town, SOCIAL, other) == ["given"]
    state(town, [told], "interrupted", about)
    for who, of in ((SCHOOL, case), (SOCIAL, other)):
        wait_known(town, who, of, "interrupted")
        town.wait(lambda who=who, of=of: records(town, who, of) == ["revoked"], f"the end at {who.code}")
        said = request(town, who, POLICE, about, ok=1, case=of, **consent(MOTHER))
        assert said["type"] == "urn:saikne:no_custody"


def test_who_names_a_child_in_a_consent_that_no_statement_touches_learns_nothing(town):
    about = child()
    _, to_social = request(town, SCHOOL, SOCIAL, about, **consent(FATHER))
    social = case_of(town, SOCIAL, to_social)
    request(town, SOCIAL, POLICE, about, case=social)
    state(town, [SOCIAL], "interrupted", about, person=MOTHER)
    wait_known(town, SOCIAL, social, "interrupted")
    [notice] = [t for t in town.ask(SOCIAL.code, "case", social)["tasks"] if t["peer"] == COURT.code]
    told = town.wait(lambda: [t["to"] for t in town.ask(SOCIAL.code, "show", notice["task"])["told"]
                              if t["how"] == "told"], "the police to be told")
    assert told == [POLICE.code]
    assert SCHOOL.code not in [t["to"] for t in town.ask(SOCIAL.code, "show", notice["task"])["told"]]


def test_restoration_lets_a_consent_be_given_anew(town):
    about = child()
    state(town, [SCHOOL], "interrupted", about)
    town.wait(lambda: cases_that_know(town, SCHOOL), "the statement at the school")
    assert request(town, SCHOOL, SOCIAL, about, ok=1, **consent(MOTHER))["type"] == "urn:saikne:no_custody"
    today = str(datetime.date.today())
    state(town, [SCHOOL], "restored", about, valid_from=today)
    town.wait(lambda: cases_that_know(town, SCHOOL, "restored"), "the restoration at the school")
    assert request(town, SCHOOL, SOCIAL, about, ok=1, **consent(MOTHER))["type"] == "urn:saikne:no_custody"
    request(town, SCHOOL, SOCIAL, about, **consent(MOTHER, on=today))


def test_a_statement_about_every_parent_ends_the_consents_of_both(town):
    about = child()
    state(town, [SCHOOL], "terminated", about, person=None, all_holders=True)
    town.wait(lambda: cases_that_know(town, SCHOOL, "terminated"), "the statement at the school")
    for parent in (MOTHER, FATHER):
        assert request(town, SCHOOL, SOCIAL, about, ok=1, **consent(parent))["type"] == "urn:saikne:no_custody"


def test_a_recipient_refuses_a_consent_that_a_statement_before_it_refutes(town):
    about, liar = child(), town.peers["hearsay"]
    before, after = (cited(about) for _ in range(2))
    assert told_of(liar, submit(liar, *before)) is None
    state(town, [SCHOOL], "interrupted", about)
    town.wait(lambda: cases_that_know(town, SCHOOL), "the statement at the school")
    assert told_of(liar, submit(liar, *after)) == peer.CODES["no_custody"]


def cited(about, granter=MOTHER):
    """A question that rests on a consent."""
    values = {"task": peer.new_task(), "applied": 0, **ABOUT, "purpose": "family_assessment", "due": "2036-03-03",
              "asked": ["identity"], "ground": "consent", "record": os.urandom(16),
              "ground_categories": ["identity", "proceedings"], "capacity": "parent", "granter": granter,
              "granted_on": LONG_AGO, "ground_recipients": ["school"], "question": "Ko zināt?", **about}
    return "information_request", values, [(SCHOOL.code, "consent", os.urandom(16))]


def submit(liar, kind, values, to):
    liar.sync()
    return liar.submit(liar.seal(kind, values, to))


def told_of(liar, receipt):
    """The reason of UNREADABLE about what LIAR sent, or None when it was taken in."""
    while True:
        liar.credit(1)
        got = liar.receive(10)
        assert got is not None
        if isinstance(got, party.Evidence):
            liar.take(got)
            if got.said["index"] == receipt.index:
                return None if got.said["kind"] == peer.EVIDENCE["delivered"] else got.said["reason"]


def test_a_consent_that_a_statement_may_mean_is_shown_to_be_checked(town):
    about = child()
    case, _ = request(town, SCHOOL, SOCIAL, about, **consent(MOTHER))
    state(town, [SCHOOL], "interrupted", about, person="I. Māte")
    wait_known(town, SCHOOL, case, "interrupted")
    assert records(town, SCHOOL, case) == ["given"]
    [record] = [g for g in grounds(town, SCHOOL, case) if g["basis"] == "consent"]
    assert [n["note"] for n in record["notes"]] == ["custody_check"]


def test_the_ground_of_passing_on_is_for_nothing_else(town):
    said = request(town, SCHOOL, SOCIAL, child(), ok=1, basis="law", ground="custody_statement", necessity="Vajag.")
    assert said["type"] == "urn:saikne:outside_ground"


# ---- Bad input at the desk -------------------------------------------------------------------

@pytest.mark.parametrize("more, field", [
    ({"person": None}, "custody_person"),
    ({"all_holders": True}, "all_holders"),
    ({"participants": True}, "participants"),
    ({"drop": ("personal_code", "birth_date")}, "personal_code"),
])
def test_a_statement_says_whose_custody_and_which_child(town, more, field):
    about = child()
    for name in more.pop("drop", ()):
        del about[name]
    person = more.pop("person", MOTHER)
    said = refused(town, COURT, "notice", "custody", **ABOUT, **LAW, to=[SCHOOL.code], custody_event="interrupted",
                   decision_date=YESTERDAY, **more,
                   content={**about, "decision_number": "1", **({"custody_person": person} if person else {})})
    assert said["field"] == field


@pytest.mark.parametrize("who", [SCHOOL, SOCIAL, POLICE, NGO])
def test_only_an_orphans_court_states_custody(town, who):
    said = refused(town, who, "notice", "custody", **ABOUT, **LAW, to=[COURT.code], custody_event="interrupted",
                   decision_date=YESTERDAY, content={**child(), "decision_number": "1", "custody_person": MOTHER})
    assert said["type"] == "urn:saikne:not_allowed"


# ---- Passed on by who lies -------------------------------------------------------------------

def statement(about, **other):
    values = {"task": peer.new_task(), "applied": 0, "urgency": "urgent", "purpose": "custody_statement",
              "municipality": "Ventspils", "age_band": "11-14", **stages.grounded("legal_duty"),
              "custody_event": "interrupted", "decision_number": "7", "decision_date": YESTERDAY,
              "custody_person": MOTHER, **about}
    values.update(other)
    return values


def passed_on(town, about, sender="far-court", kind="notice_custody", values=None, change=None, reseal=None):
    """What `mischief` makes of a message of SENDER that it got: the value of `statement`."""
    liar, court = town.peers["mischief"], town.peers[sender]
    court.sync()
    liar.sync()
    sealed = court.seal(kind, values or statement(about), [("mischief", "law", os.urandom(16))])
    receipt = court.submit(sealed)
    stages.take_message(liar, receipt.index)
    shown = peer.decode(sealed.content.passed(set(CATEGORIES)))
    if change:
        shown = change(sealed.content, *shown) or shown
    parts = [receipt.index, receipt.leaf, list(receipt.path), receipt.note, peer.encode(shown)]
    return peer.encode(reseal(parts) if reseal else parts)


def pass_on(town, raw, to=SCHOOL):
    """`mischief` passes RAW on to TO; the reason of its UNREADABLE, or None."""
    liar = town.peers["mischief"]
    liar.sync()
    values = {"task": peer.new_task(), "applied": 0, "urgency": "urgent", "purpose": "custody_statement",
              "municipality": "Ventspils", "age_band": "11-14", **stages.grounded("custody_statement"),
              "statement": raw}
    return told_of(liar, submit(liar, "notice_forwarded", values, [(to.code, "law", os.urandom(16))]))


def test_an_honest_statement_passed_on_is_applied_once(town):
    about = child()
    case, _ = request(town, SCHOOL, SOCIAL, about)
    raw = passed_on(town, about)
    assert pass_on(town, raw) is None
    wait_known(town, SCHOOL, case, "interrupted")
    assert pass_on(town, raw) is None
    assert known(town, SCHOOL, case) == ["interrupted"]
    assert town.ask(SCHOOL.code, "case", case)["custody"][0]["by"] == "far-court"


def place(content, name):
    return [f.name for f in content.fields].index(name)


def say_another_person(content, bare, seeds, items):
    items[place(content, "custody_person")] = peer.encode(FATHER)


def hide_one_field_of_a_category(content, bare, seeds, items):
    at = place(content, "custody_person")
    items[at] = content.leaf_hashes()[at]


def lie_of_a_seed(content, bare, seeds, items):
    seeds[-1] = os.urandom(32)


def show_as_in_a_part(content, bare, seeds, items):
    return content.shown(set(CATEGORIES))


def call_a_bare_seed_a_seed(content, bare, seeds, items):
    return [0, seeds, items]


@pytest.mark.parametrize("change", [say_another_person, hide_one_field_of_a_category, lie_of_a_seed, show_as_in_a_part,
                                    call_a_bare_seed_a_seed])
def test_a_changed_field_does_not_fit_the_root_that_was_signed(town, change):
    about = child()
    case, _ = request(town, SCHOOL, SOCIAL, about)
    assert pass_on(town, passed_on(town, about, change=change)) == peer.CODES["bad_content"]
    assert not known(town, SCHOOL, case)


def in_another_place(parts):
    return [parts[0] - 1, *parts[1:]]


def under_another_log(parts):
    body = parts[3].split(b"\n\n")[0] + b"\n"
    name = parts[3].split(b"\xe2\x80\x94 ")[1].split(b" ")[0]
    return [*parts[:3], body + b"\n\xe2\x80\x94 " + name + b" " + base64.b64encode(os.urandom(4) + os.urandom(64))
            + b"\n", parts[4]]


def with_another_leaf(parts):
    leaf = bytearray(parts[1])
    leaf[-5] ^= 1
    return [parts[0], bytes(leaf), *parts[2:]]


@pytest.mark.parametrize("reseal", [in_another_place, under_another_log, with_another_leaf])
def test_what_the_log_does_not_hold_is_no_proof(town, reseal):
    about = child()
    case, _ = request(town, SCHOOL, SOCIAL, about)
    assert pass_on(town, passed_on(town, about, reseal=reseal)) == peer.CODES["bad_proof"]
    assert not known(town, SCHOOL, case)


def test_another_message_of_the_court_is_no_statement(town):
    about = child()
    values = {**statement(about), "purpose": "family_assessment", "asked": ["identity"], "due": "2036-03-03",
              "question": "Ko zināt?"}
    fields = {f.name for f, _ in peer.TYPE_FIELDS["information_request"]}
    raw = passed_on(town, about, kind="information_request",
                    values={name: value for name, value in values.items() if name in fields})
    assert pass_on(town, raw) == peer.CODES["not_permitted"]


def test_what_is_no_proof_at_all_is_refused(town):
    assert pass_on(town, os.urandom(200)) == peer.CODES["bad_content"]
