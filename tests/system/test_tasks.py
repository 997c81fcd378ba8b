"""Information requests and notices between real services, and a program that lies among them."""

import contextlib
import json
import os

import pytest

import network
import party
import peer
import stage as stages
from network import Party
from stage import SCHOOL, SOCIAL, take_evidence
from storyteller import day
from terminal import Terminal

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne-police", "saikne")

COURT = Party("orphans-court", "orphans_court", "Bāriņtiesa")
MUNICIPAL = Party("municipal-police", "municipal_police", "Pašvaldības policija")
STATE = Party("state-police", "state_police", "Valsts policija")
CAST = [SCHOOL, SOCIAL, COURT, MUNICIPAL, STATE]

ABOUT = {"urgency": "urgent", "municipality": "Ventspils", "age_band": "11-14", "ground": "legal_duty", "basis": "law",
         "necessity": "Bērnam vajag palīdzību."}
CHILD = {"child_name": "Izdomāts Bērns"}
QUESTION = {**ABOUT, "to": [SCHOOL.code], "purpose": "family_assessment", "asked": ["attendance", "identity"],
            "due": "2036-03-03", "content": {**CHILD, "question": "Cik kavējumu?"}}
ANSWER = {"basis": "law", "necessity": "Bērnam vajag palīdzību.", "ground": "legal_duty", "answer": "34 stundas.",
          "content": {"absence_lessons": 34}}
INCIDENT = {**ABOUT, "to": [SCHOOL.code], "incident": ["runaway"], "event_date": "2026-11-20", "place": "Centrs",
            "content": {**CHILD, "behaviour": "Mierīgs.", "offence": "Skolai nav domāts."}}
# Who may tell what, and a field that its recipient then has.
NOTICES = {
    "incident": (STATE, INCIDENT, "behaviour"),
    "custody": (COURT, {**ABOUT, "to": [SCHOOL.code], "custody_event": "interrupted", "decision_date": "2026-11-18",
                        "content": {**CHILD, "birth_date": "2012-01-01", "decision_number": "1-6/214", "custody": "Aizbildne.",
                                    "custody_person": "Izdomāta Māte"}}, "custody"),
    "status": (SOCIAL, {**ABOUT, "to": [SCHOOL.code], "valid_from": "2026-11-01",
                        "content": {**CHILD, "attested": ["needy"]}}, "attested"),
    "concern": (SCHOOL, {**ABOUT, "to": [SOCIAL.code], "purpose": "safety", "concern": ["unexcused_absence"],
                         "content": {**CHILD, "explanation": "Nav bijis kopš pirmdienas."}}, "explanation"),
}
# The same by a second implementation: everything that such a message must have.
LIE = {"urgency": "urgent", "municipality": "Ventspils", "age_band": "11-14", **stages.grounded("legal_duty"),
       "applied": 0, "child_name": "Izdomāts Bērns"}
FALSE_CUSTODY = {**LIE, "purpose": "custody_statement", "custody_event": "terminated", "decision_number": "1",
                 "decision_date": "2026-11-18"}
FALSE_INCIDENT = {**LIE, "purpose": "incident", "incident": ["runaway"], "event_date": "2026-11-20", "place": "Centrs"}


@pytest.fixture(scope="module")
def town():
    with stages.Stage(CAST) as stage:
        stage.start()
        stage.enter(network.AUDITOR)
        stage.admit("municipal_police", "mallory")
        stage.admit("school", "mischief")
        yield stage
        for living in stage.peers.values():
            living.close()
        for process in stage.processes.values():
            assert process.stop() == 0, process.tail()
        assert not stage.unsound()


def post(town, who, *words, **request):
    """A command whose request comes on standard input; what the desk answered."""
    return json.loads(town.saikne(who.code, "--json", *words, "--from", "-", stdin=json.dumps(request)).stdout)


def refused(town, who, *words, **request):
    done = town.saikne(who.code, "--json", *words, "--from", "-", stdin=json.dumps(request), ok=(1,))
    return json.loads(done.stdout)


def show(town, who, task):
    return town.ask(who.code, "show", task)


def wait(town, task, state, *parties):
    for who in parties:
        town.wait(lambda who=who: show(town, who, task)["state"] == state, f"{state} at {who.code}")


def fields(shown):
    return {f["name"]: f["value"] for f in shown["fields"]}


def ask(town, **other):
    task = post(town, SOCIAL, "request", **{**QUESTION, **other})["tasks"][0]["task"]
    wait(town, task, "received", SOCIAL, SCHOOL)
    return task


def tell(town, kind, *words, **other):
    who, request, _ = NOTICES[kind]
    task = post(town, who, "notice", kind, *words, **{**request, **other})["tasks"][0]["task"]
    to = next(p for p in CAST if p.code == request["to"][0])
    wait(town, task, "received", who, to)
    return task, who, to


@contextlib.contextmanager
def cut_off(town):
    """What is done meanwhile crosses: nobody hears of anything."""
    assert town.processes["broker"].stop() == 0
    for who in (SCHOOL, SOCIAL):
        town.wait(lambda who=who: not town.ask(who.code, "status")["connected"], f"{who.code} to notice")
    yield
    town.processes["broker"].start()
    for who in CAST:
        town.wait(lambda who=who: town.ask(who.code, "status")["connected"], f"{who.code} to be back")
    for living in town.peers.values():
        living.connect()


# ---- Asked -----------------------------------------------------------------------------------

def test_a_request_is_answered(town):
    task = ask(town)
    assert fields(show(town, SCHOOL, task))["question"] == "Cik kavējumu?"
    post(town, SCHOOL, "answer", task, **ANSWER)
    wait(town, task, "answered", SOCIAL, SCHOOL)
    said = fields(show(town, SOCIAL, task))
    assert (said["answer"], said["absence_lessons"]) == ("34 stundas.", 34)


def test_what_was_not_asked_for_is_not_given(town):
    task = ask(town)
    said = refused(town, SCHOOL, "answer", task, **{**ANSWER, "content": {"phone": "+371 20000000", "family": "Divi."}})
    assert said["type"] == "urn:saikne:outside_profile" and "phone, family" in said["detail"]
    assert show(town, SCHOOL, task)["state"] == "received"


def test_a_request_is_refused_with_a_reason(town):
    task = ask(town)
    post(town, SCHOOL, "refuse", task, refusal_reason="not_held", explanation="Pie mums nemācās.")
    wait(town, task, "answer_refused", SOCIAL, SCHOOL)
    said = fields(show(town, SOCIAL, task))
    assert (said["refusal_reason"], said["explanation"]) == ("not_held", "Pie mums nemācās.")


def test_an_answer_that_crosses_a_withdrawal_stands(town):
    first, second = ask(town), ask(town)
    with cut_off(town):
        for task in (first, second):
            post(town, SOCIAL, "withdraw", task, cancel_reason="no_longer_needed")
        post(town, SCHOOL, "answer", first, **ANSWER)
    wait(town, first, "answered", SOCIAL, SCHOOL)
    wait(town, second, "withdrawn", SOCIAL, SCHOOL)
    assert fields(show(town, SOCIAL, first))["answer"] == "34 stundas."
    assert refused(town, SCHOOL, "answer", second, **ANSWER)["type"] == "urn:saikne:wrong_state"


def test_an_answer_brings_documents_of_what_was_asked(town, tmp_path):
    file = tmp_path / "zurnals.pdf"
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    task = ask(town)
    done = town.saikne(SCHOOL.code, "--json", "answer", task, "--attach", f"{file}:health", "--from", "-",
                       stdin=json.dumps(ANSWER), ok=(1,))
    said = json.loads(done.stdout)
    assert said["type"] == "urn:saikne:outside_profile" and said["field"] == "files_health"
    post(town, SCHOOL, "answer", task, "--attach", f"{file}:attendance", **ANSWER)
    wait(town, task, "answered", SOCIAL, SCHOOL)
    shown = show(town, SOCIAL, task)
    assert [d["category"] for d in shown["attachments"]] == ["attendance"]
    assert fetched(town, SOCIAL, shown, tmp_path) == file.read_bytes()


# ---- Told ------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_is_told_acknowledged_and_corrected(town, kind):
    old, who, to = tell(town, kind)
    shown = show(town, to, old)
    assert shown["sort"] == "notice" and NOTICES[kind][2] in fields(shown)
    assert "offence" not in fields(shown)
    post(town, to, "acknowledge", old, done=["staff_informed"])
    wait(town, old, "acknowledged", who, to)
    assert fields(show(town, who, old))["done"] == ["staff_informed"]
    new, _, _ = tell(town, kind, corrects=old)
    wait(town, old, "superseded", who, to)
    for end in (who, to):
        assert fields(show(town, end, old))["other_task"] == new
        assert fields(show(town, end, new))["other_task"] == old
    assert show(town, who, old)["case"] == show(town, who, new)["case"]


# A document's category of which its recipient is told in such a notice, and one of which it is not.
DOCUMENTS = {"incident": ("behaviour", "offence"), "custody": ("custody", "family"),
             "status": ("economic", "family"), "concern": ("behaviour", "economic")}


def fetched(town, who, shown, folder):
    """The bytes of the one document that came."""
    [document] = shown["attachments"]
    out = folder / f"{document['attachment']}.pdf"
    town.saikne(who.code, "fetch", document["attachment"], "--out", str(out))
    return out.read_bytes()


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_brings_documents_as_its_profile_allows_and_so_does_its_correction(town, tmp_path, kind):
    goes, stays = DOCUMENTS[kind]
    files = {category: tmp_path / f"{category}.pdf" for category in (goes, stays)}
    for category, file in files.items():
        file.write_bytes(b"%PDF-1.7\n" + category.encode() * 1000)
    attach = [word for category, file in files.items() for word in ("--attach", f"{file}:{category}")]
    task, who, to = tell(town, kind, *attach)
    shown = show(town, to, task)
    assert [d["category"] for d in shown["attachments"]] == [goes]
    assert fetched(town, to, shown, tmp_path) == files[goes].read_bytes()
    # Who corrects it cites the same document again.
    [cited] = [d["attachment"] for d in show(town, who, task)["attachments"] if d["category"] == goes]
    new, _, _ = tell(town, kind, corrects=task, attachments=[cited])
    wait(town, task, "superseded", who, to)
    assert fetched(town, to, show(town, to, new), tmp_path) == files[goes].read_bytes()


def test_do_not_alert_comes_from_the_state_police_alone(town):
    said = refused(town, MUNICIPAL, "notice", "incident", **INCIDENT, handling="do_not_alert_family")
    assert said["type"] == "urn:saikne:not_permitted"
    assert not any(i.get("handling") for i in town.ask(SCHOOL.code, "inbox")["items"])
    task, _, _ = tell(town, "incident", handling="do_not_alert_family")
    item = next(i for i in town.ask(SCHOOL.code, "inbox")["items"] if i["task"] == task)
    assert item["handling"] == "do_not_alert_family"
    assert "DO NOT ALERT THE FAMILY" in town.saikne(SCHOOL.code, "show", task).stdout


@pytest.mark.parametrize("who, kind", [(SCHOOL, "incident"), (MUNICIPAL, "custody"), (STATE, "status"), (COURT, "concern")])
def test_no_desk_tells_what_is_anothers(town, who, kind):
    to = SOCIAL if who is SCHOOL else SCHOOL
    said = refused(town, who, "notice", kind, **{**NOTICES[kind][1], "to": [to.code]})
    assert said["status"] == 403, said


# ---- A program that keeps no rule ----------------------------------------------------------------

def send(living, kind, values, basis="law"):
    """What the broker says to a message of KIND for the school."""
    living.sync()
    sealed = living.seal(kind, {"task": peer.new_task(), **values}, [(SCHOOL.code, basis, os.urandom(16))])
    return sealed, living.link.ask("submit", sealed.body())


@pytest.mark.parametrize("liar, kind, values", [("mallory", "notice_custody", FALSE_CUSTODY),
                                                ("mischief", "notice_incident", FALSE_INCIDENT)])
def test_the_broker_refuses_what_only_another_kind_may_tell_and_logs_that(town, liar, kind, values):
    inbox, before = town.ask(SCHOOL.code, "inbox")["items"], town.log_size()
    sealed, answer = send(town.peers[liar], kind, values)
    assert party.refusal(answer) == "not_permitted" and answer[1][1] == sealed.id
    town.wait(lambda: town.log_size() > before, "the refusal in the log")
    leaves = town.leaves(before)
    assert [leaf[0] for leaf in leaves] == [peer.LEAVES["refused"]]
    assert peer.CODES["not_permitted"] in leaves[0] and liar in leaves[0]
    assert town.ask(SCHOOL.code, "inbox")["items"] == inbox


def unreadable(living, index):
    return peer.CODE_NAMES[take_evidence(living, index, "unreadable").said["reason"]]


def test_a_mark_that_is_not_its_senders_is_void_and_answered_not_permitted(town):
    mallory, task = town.peers["mallory"], peer.new_task()
    _, answer = send(mallory, "notice_incident",
                     {**FALSE_INCIDENT, "task": task, "handling": "do_not_alert_family"})
    assert answer[0] == "accepted", answer
    assert unreadable(mallory, answer[1][1]) == "not_permitted"
    shown = show(town, SCHOOL, task.hex())
    assert (shown["state"], shown["fields"], shown.get("handling")) == ("void", [], None)
    text = town.saikne(SCHOOL.code, "show", task.hex()).stdout
    assert "without effect" in text and "DO NOT ALERT" not in text and "Izdomāts" not in text
    said = refused(town, SCHOOL, "acknowledge", task.hex(), done=["noted"])
    assert said["type"] == "urn:saikne:wrong_state"


def test_a_preview_that_carries_content_is_not_taken_in(town):
    mallory, task = town.peers["mallory"], peer.new_task()
    values = {**stages.offer(), "task": task, "urgency": "normal"}
    mallory.sync()
    for more, verdict in (({"at_once": True}, "outside_profile"), ({}, None)):
        sealed = mallory.seal("referral_offer", values, [(SCHOOL.code, "law", os.urandom(16))], **more)
        receipt = mallory.submit(sealed)
        if verdict is None:
            take_evidence(mallory, receipt.index)
        else:
            assert unreadable(mallory, receipt.index) == verdict


def test_whoever_lies_of_what_it_has_applied_is_answered_bad_content(town):
    mallory, task = town.peers["mallory"], peer.new_task()
    sealed, answer = send(mallory, "notice_incident", {**FALSE_INCIDENT, "task": task})
    index = answer[1][1]
    take_evidence(mallory, index)
    # The evidence is the school's, but no message; the notice is mallory's own; the last is to come.
    for applied in (1, index, index + 1, 1 << 40):
        case = peer.Header(sealed.header).case
        mallory.sync()
        values = {"task": task, "applied": applied, "error_reason": "wrong_child"}
        told = mallory.submit(mallory.seal("notice_entered_in_error", values,
                                           [(SCHOOL.code, "law", os.urandom(16))], case=case))
        assert unreadable(mallory, told.index) == "bad_content", applied
    assert show(town, SCHOOL, task.hex())["state"] == "received"


# ---- At the terminal -----------------------------------------------------------------------------

def at(town, who, *words, **how):
    return Terminal([town.bin / "saikne", "--desk", town.desk(who.code), *words], **how)


def common(terminal, to):
    """What a form for anything that opens a task asks first."""
    terminal.expect("To whom").answer("several): ", to.code).answer("Another, or Enter: ", "")
    terminal.expect("urgency").answer("Number: ", "urgent")
    return terminal.expect("purpose")


def where(terminal):
    terminal.expect("municipality").answer("| ", "Ventspils").answer("| ", "")
    return terminal.expect("age band").answer("Number: ", "11-14")


def ground(terminal):
    terminal.expect("ground").answer("Number: ", "legal_duty")
    terminal.expect("why it is necessary").answer("| ", "Lēmumam.").answer("| ", "")
    return terminal.expect("whether the family was told").answer("Number: ", "")


def test_a_request_is_asked_for_step_by_step(town):
    with at(town, SOCIAL, "request") as terminal:
        common(terminal, SCHOOL).answer("Number: ", "family_assessment")
        terminal.expect("concern").answer("several): ", "").expect("  1  ").answer("several): ", "")
        where(terminal)
        terminal.expect("due date").answer("> ", "2036-03-03")
        terminal.expect("data asked for").answer("several): ", "attendance").answer("Enter: ", "")
        ground(terminal)
        terminal.expect("child's name").answer("| ", "Izdomāts Bērns").answer("| ", "")
        terminal.expect("question").answer("| ", "Cik kavējumu?").answer("| ", "")
        terminal.expect("The content").answer("several): ", "")
        terminal.expect("What you entered").expect("To school-2").answer("Send it?", "y")
        assert terminal.ended() == 0
    item = town.ask(SOCIAL.code, "outbox")["items"][0]
    assert (item["sort"], item["peer"]) == ("information", SCHOOL.code)


def test_an_answer_at_the_terminal_has_its_ground_and_what_was_not_asked_can_be_mended(town):
    task = ask(town)
    with at(town, SCHOOL, "answer", task) as terminal:
        ground(terminal)
        terminal.expect("answer").answer("| ", "34 stundas.").answer("| ", "")
        terminal.expect("The content").answer("several): ", "absence_lessons phone").answer("Enter: ", "")
        terminal.expect("lessons missed").answer("> ", "34")
        terminal.expect("telephone").answer("| ", "+371 20000000").answer("| ", "")
        terminal.expect("Documents").answer("> ", "")
        terminal.answer("Send it?", "y").expect("did not ask for this")
        terminal.expect("telephone").answer("| ", "").answer("Send it?", "y")
        assert terminal.ended() == 0
    wait(town, task, "answered", SOCIAL, SCHOOL)
    said = fields(show(town, SOCIAL, task))
    assert said["absence_lessons"] == 34 and "phone" not in said


def test_a_notice_without_its_kind_asks_which(town):
    with at(town, COURT, "notice") as terminal:
        terminal.expect("What kind of notice").expect("custody statement").answer("Number: ", "custody")
        common(terminal, SCHOOL).answer("Number: ", "custody_statement")
        ground(where(terminal))
        terminal.expect("change of custody").answer("Number: ", "interrupted")
        terminal.expect("number of the decision").answer("| ", "1-6/214").answer("| ", "")
        terminal.expect("date of the decision").answer("> ", "2026-11-18")
        terminal.expect("valid from").answer("> ", "")
        terminal.expect("valid until").answer("> ", "")
        terminal.expect("child's name").answer("| ", "Izdomāts Bērns").answer("| ", "")
        terminal.expect("The content").answer("several): ", "1 4").answer("Enter: ", "")
        terminal.expect("whose custody").answer("| ", "Izdomāta Māte").answer("| ", "")
        terminal.expect("date of birth").answer("> ", "2014-01-01")
        terminal.expect("Documents").answer("> ", "")
        terminal.expect("What you entered").answer("Send it?", "y")
        assert terminal.ended() == 0
    assert "KIND" in town.saikne(COURT.code, "notice", ok=(2,)).stderr


def test_a_correction_names_its_notice_by_a_few_digits(town):
    old, who, to = tell(town, "custody")
    request = {**NOTICES["custody"][1], "custody_event": "restored"}
    new = json.loads(town.saikne(who.code, "--json", "notice", "custody", "--corrects", old[-8:], "--from", "-",
                                 stdin=json.dumps(request)).stdout)["tasks"][0]["task"]
    wait(town, old, "superseded", who, to)
    assert fields(show(town, to, new))["other_task"] == old


@pytest.mark.parametrize("language, words, mark", [
    ("en", ("notice", "request"), "DO NOT ALERT THE FAMILY"), ("lv", ("paziņojums", "pieprasījums"), "NEINFORMĒT ĢIMENI")])
def test_a_list_says_in_words_what_each_task_is(town, language, words, mark):
    tell(town, "incident", handling="do_not_alert_family")
    ask(town)
    text = town.saikne(SCHOOL.code, "--color=never", "inbox", env={"LANGUAGE": language, "COLUMNS": "250"}).stdout
    assert all(word in text for word in words) and mark in text, text


def test_nothing_is_due_or_lasts_until_a_day_that_is_over(town):
    def days(said):
        return said["type"].removeprefix("urn:saikne:"), said["field"]
    before = len(town.ask(SOCIAL.code, "outbox")["items"])
    assert days(refused(town, SOCIAL, "request", **{**QUESTION, "due": day(-1)})) == ("bad_due", "due")
    assert len(town.ask(SOCIAL.code, "outbox")["items"]) == before
    ask(town, due=day(0))
    sent = post(town, SCHOOL, "refer", **{**NOTICES["concern"][1], "purpose": "return_to_school"})["tasks"][0]["task"]
    wait(town, sent, "offered", SCHOOL, SOCIAL)
    town.ask(SOCIAL.code, "review", sent)
    assert days(refused(town, SOCIAL, "accept", sent, due=day(-1))) == ("bad_due", "due")
    assert show(town, SOCIAL, sent)["state"] == "under_review"
    post(town, SOCIAL, "accept", sent, due=day(0))
    assert days(refused(town, SOCIAL, "hold", sent, hold_reason="waiting_family", until=day(-1))) == ("bad_due", "until")
    assert show(town, SOCIAL, sent)["state"] == "accepted"
