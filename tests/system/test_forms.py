"""What `saikne` asks a person at a terminal, and that nothing goes before a yes."""

import json

import pytest

from network import Network, Party
from terminal import Terminal

SCHOOL = Party("skola-1", "school", "1. pamatskola")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
REQUEST = {"to": ["tiesa"], "urgency": "urgent", "purpose": "family_assessment", "concern": ["parents_away"],
           "municipality": "Ventspils", "age_band": "11-14", "ground": "absence_reporting", "basis": "law",
           "necessity": "Bērnam vajag palīdzību.",
           "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Divas sarunas."}}


@pytest.fixture(scope="module")
def network():
    with Network(parties=[SCHOOL, COURT]) as net:
        net.start()
        yield net
        assert net.unsound() == []


def at(network, code, *args, **how):
    return Terminal([network.bin / "saikne", "--desk", network.desk(code), *args], **how)


def count(network, code, box):
    return len(network.ask(code, box)["items"])


def reviewed(network):
    """A referral that the court has open for review; its task there."""
    before = {item["task"] for item in network.ask("tiesa", "inbox")["items"]}
    network.saikne("skola-1", "refer", "--from", "-", stdin=json.dumps(REQUEST))
    task = network.wait(lambda: [item["task"] for item in network.ask("tiesa", "inbox")["items"]
                                 if item["task"] not in before], "the referral")[0]
    network.saikne("tiesa", "review", task)
    return task


def referral(terminal):
    """Answers everything up to the question whether to send."""
    terminal.expect("To whom").answer("several): ", "1").answer("Another, or Enter: ", "")
    terminal.expect("urgency").answer("Number: ", "urgent")
    terminal.expect("purpose").answer("Number: ", "1")
    # Found however it is written: "Unexcused absence".
    terminal.expect("concern").answer("several): ", "UNEXCUSED").expect("  1  ")
    terminal.answer("several): ", "1").answer("Enter: ", "")
    terminal.expect("municipality").answer("| ", "Ventspils").answer("| ", "")
    terminal.expect("age band").answer("Number: ", "11-14")
    terminal.expect("kinds of support").answer("several): ", "").expect("  1  ").answer("several): ", "")
    terminal.expect("ground").expect("Cabinet regulation 89").answer("Number: ", "absence_reporting")
    terminal.expect("why it is necessary").answer("| ", "Bērnam vajag palīdzību.").answer("| ", "")
    terminal.expect("whether the family was told").answer("Number: ", "told")
    terminal.expect("The content").answer("several): ", "child_name steps_taken").answer("Enter: ", "")
    terminal.expect("child's name").answer("| ", "Izdomāts Bērns").answer("| ", "")
    terminal.expect("steps taken").answer("| ", "Divas sarunas.").answer("| ", "Un vēstule.").answer("| ", "")
    terminal.expect("Documents").answer("> ", "")
    return terminal.expect("What you entered").expect("To tiesa").expect("Send it?")


def test_a_referral_is_asked_for_step_by_step_shown_and_sent_after_a_yes(network):
    before = count(network, "skola-1", "outbox")
    with at(network, "skola-1", "refer") as terminal:
        referral(terminal)
        assert count(network, "skola-1", "outbox") == before
        terminal.type("y\n")
        assert terminal.ended() == 0
        assert "Case " in terminal.text
    task = network.ask("skola-1", "outbox")["items"][0]
    fields = {f["name"]: f["value"] for f in network.ask("skola-1", "show", task["task"])["fields"]}
    assert fields["steps_taken"] == "Divas sarunas.\nUn vēstule."
    assert fields["concern"] == ["unexcused_absence"] and fields["urgency"] == "urgent"


@pytest.mark.parametrize("last, status", [("n\n", 4), ("\x03", -2), ("\x04", 4)])
def test_no_ctrl_c_and_the_end_of_input_send_nothing(network, last, status):
    before = count(network, "skola-1", "outbox")
    with at(network, "skola-1", "refer") as terminal:
        referral(terminal).type(last)
        assert terminal.ended() == status
    assert count(network, "skola-1", "outbox") == before


def test_ctrl_c_in_the_middle_leaves_nothing(network):
    before = count(network, "skola-1", "outbox")
    with at(network, "skola-1", "refer") as terminal:
        terminal.expect("To whom").answer("several): ", "1").answer("Another, or Enter: ", "")
        terminal.expect("urgency").expect("Number: ").type("\x03")
        assert terminal.ended() == -2
    assert count(network, "skola-1", "outbox") == before


def test_danger_now_is_told_to_call_first(network):
    with at(network, "skola-1", "refer", "--to", "tiesa") as terminal:
        terminal.expect("urgency").answer("Number: ", "immediate").expect("Call 110 (police) or 112 first")
        terminal.type("\x03")
        assert terminal.ended() == -2


def test_a_decline_asks_only_for_what_its_flags_did_not_say(network):
    task = reviewed(network)
    with at(network, "tiesa", "decline", task, "--reason", "out_of_area") as terminal:
        terminal.expect("due date").answer("> ", "1. oktobris").expect("A date such as").answer("> ", "")
        terminal.expect("explanation").answer("| ", "").expect("This must be said.")
        terminal.answer("| ", "Dzīvo Ogrē.").answer("| ", "")
        terminal.expect("What you entered").answer("Send it?", "y")
        assert terminal.ended() == 0
        assert "reason for declining\n" not in terminal.plain().split("What you entered")[0]
    network.wait(lambda: network.ask("tiesa", "show", task)["state"] == "declined", "the decline")


def test_an_answer_can_be_changed_before_it_is_sent(network):
    task = reviewed(network)
    network.saikne("tiesa", "accept", task)
    with at(network, "tiesa", "hold", task) as terminal:
        terminal.expect("reason for the hold").answer("Number: ", "1")
        terminal.expect("until").answer("> ", "1.12.2036")
        terminal.expect("explanation").answer("| ", "")
        terminal.expect("2036-12-01").answer("Send it?", "2")
        terminal.expect("until").answer("> ", "2036-12-24").expect("2036-12-24").answer("Send it?", "y")
        assert terminal.ended() == 0
    assert network.ask("tiesa", "show", task)["state"] == "on_hold"


def test_what_the_desk_refuses_can_be_mended_without_typing_all_again(network):
    task = reviewed(network)
    with at(network, "tiesa", "decline", task, "--reason", "waitlist") as terminal:
        terminal.expect("due date").answer("> ", "").expect("explanation").answer("| ", "Gaida rindā.").answer("| ", "")
        terminal.answer("Send it?", "y").expect("a waiting list needs the date")
        terminal.expect("due date").answer("> ", "2036-12-24").expect("Gaida rindā.").answer("Send it?", "y")
        assert terminal.ended() == 0
    assert network.ask("tiesa", "show", task)["state"] == "declined"


def test_the_form_speaks_latvian(network):
    with at(network, "skola-1", "refer", LANGUAGE="lv") as terminal:
        terminal.expect("Kam").answer("vairāki): ", "1").answer("Enter: ", "")
        terminal.expect("steidzamība").expect("Tūlītēja").answer("Numurs: ", "1").expect("110").type("\x03")
        assert terminal.ended() == -2


@pytest.mark.parametrize("args, environment", [(["--json"], {}), ([], {"SAIKNE_NO_FORM": "1"})])
def test_nobody_is_asked_where_that_is_not_wanted(network, args, environment):
    with at(network, "skola-1", *args, "refer", **environment) as terminal:
        assert terminal.ended() == 2
        assert "say to whom" in terminal.text
    task = reviewed(network)
    with at(network, "tiesa", *args, "decline", task, **environment) as terminal:
        assert terminal.ended() == 1
        assert "missing" in terminal.text
    # Without a terminal the desk's refusal is the answer, as ever.
    assert "missing" in network.saikne("tiesa", "decline", task, ok=(1,)).stderr


def test_documents_are_asked_for_at_the_end_by_their_files(network, tmp_path):
    task = reviewed(network)
    network.saikne("tiesa", "accept", task)
    (tmp_path / "lemums.pdf").write_bytes(b"%PDF-1.7\n" + bytes(2000))
    (tmp_path / "programma.exe").write_bytes(b"MZ" + bytes(2000))
    with at(network, "tiesa", "outcome", task, "--outcome", "goal_reached") as terminal:
        terminal.expect("kinds of support").answer("several): ", "").expect("  1  ").answer("several): ", "")
        terminal.expect("own view").answer("| ", "").expect("explanation").answer("| ", "Panākts.").answer("| ", "")
        terminal.expect("Documents").answer("> ", str(tmp_path / "nav.pdf")).expect("No such file")
        terminal.answer("> ", str(tmp_path / "programma.exe")).expect("saikne: ")
        terminal.answer("> ", f"{tmp_path}/lemums.pdf:custody").answer("> ", "")
        terminal.expect("What you entered").expect("Documents: 1").answer("Send it?", "y")
        # What may not go there is chosen anew.
        terminal.expect("its profile does not let it have this").expect("Documents")
        terminal.answer("> ", f"{tmp_path}/lemums.pdf:education").answer("> ", "").answer("Send it?", "y")
        assert terminal.ended() == 0
    assert "documents (" not in terminal.text.split("What you entered")[0]
    [document] = network.wait(lambda: network.ask("tiesa", "show", task)["attachments"], "the document")
    assert (document["name"], document["category"]) == ("lemums.pdf", "education")


# ---- Acts inside the house -------------------------------------------------------------------

def own_case(network, number):
    return network.ask("tiesa", "case-new", "--file-number", number)["case"]


def test_a_note_labels_and_a_household_are_asked_for_and_made_after_a_yes(network):
    case, other = own_case(network, "2026/501"), own_case(network, "2026/502")
    with at(network, "tiesa", "note", case) as terminal:
        terminal.expect("nothing is done before you say yes").expect("the note")
        terminal.answer("| ", "Zvanīja māte.").answer("| ", "").expect("What you entered").expect("Zvanīja māte.")
        terminal.answer("Do it?", "n")
        assert terminal.ended() == 4 and "nothing was done" in terminal.text
    assert network.ask("tiesa", "case", case)["notes"] == []
    with at(network, "tiesa", "note", case) as terminal:
        terminal.expect("the note").answer("| ", "Zvanīja māte.").answer("| ", "").answer("Do it?", "y")
        assert terminal.ended() == 0
    with at(network, "tiesa", "label", case) as terminal:
        terminal.expect("own file number").answer("> ", "")
        terminal.expect("labels").answer("> ", "").expect("must be said")
        terminal.answer("> ", "brāļi").answer("> ", "steidzami").answer("> ", "").answer("Do it?", "y")
        assert terminal.ended() == 0
    with at(network, "tiesa", "label", other) as terminal:
        terminal.expect("own file number").answer("> ", "2026/503").answer("Do it?", "y")
        assert terminal.ended() == 0
    with at(network, "tiesa", "household", case) as terminal:
        terminal.expect("another case").answer("> ", "ffffffff").expect("no identifier")
        terminal.answer("> ", other[-8:]).answer("Do it?", "y")
        assert terminal.ended() == 0
    shown = network.ask("tiesa", "case", case)
    assert [n["text"] for n in shown["notes"]] == ["Zvanīja māte."] and shown["labels"] == ["brāļi", "steidzami"]
    assert shown["file_number"] == "2026/501" and [o["file_number"] for o in shown["household"]] == ["2026/503"]


def test_whom_a_case_goes_to_is_chosen_among_those_who_work_with_cases(network):
    case, me = own_case(network, "2026/504"), network.ask("tiesa", "whoami")["user"]
    with at(network, "tiesa", "assign", case) as terminal:
        terminal.expect("to whom").expect("(case manager)").answer("Number: ", me)
        terminal.expect("why").answer("| ", "Zina ģimeni.").answer("| ", "").answer("Do it?", "y")
        assert terminal.ended() == 0
    assert network.ask("tiesa", "case", case)["assigned_to"] == [me]
    # What the desk refuses can be changed and tried again, or left.
    with at(network, "tiesa", "duty-set", LANGUAGE="lv", TZ="Europe/Riga") as terminal:
        terminal.expect("kas dežurē").answer("Numurs: ", "1")
        terminal.expect("no kura laika").answer("> ", "rīt").expect("Lūdzu, dienu un laiku").answer("> ", "")
        terminal.expect("dežurē līdz").answer("> ", "1.12.2036 08:00").expect("2036-12-01T06:00:00Z")
        terminal.answer("Vai izdarīt?", "j").expect("uzraugi").answer("atmest", "n")
        assert terminal.ended() == 4 and "nekas nav izdarīts" in terminal.text


def test_the_glass_is_broken_for_a_reason_and_a_case_that_is_named(network):
    case = own_case(network, "2026/505")
    for named in (["--case", case[-8:]], ["--case", case], []):
        with at(network, "tiesa", "break-glass", *named) as terminal:
            if not named:
                terminal.expect("own file number of the case").answer("> ", "2026/505")
            terminal.expect("why it cannot wait").answer("| ", "Bērns zvanīja no stacijas.").answer("| ", "")
            terminal.answer("Do it?", "y")
            assert terminal.ended() == 0 and case in terminal.text
    task = network.ask("tiesa", "inbox")["items"][0]
    done = network.ask("tiesa", "break-glass", "--task", task["task"][-8:], "--from", "-",
                       stdin=json.dumps({"reason": "Bērns zvanīja no stacijas."}))
    assert done["case"] == task["case"]


# ---- Sittings --------------------------------------------------------------------------------

def sitting(network):
    """One that the court proposes to the school by its form; its task."""
    with at(network, "tiesa", "conference", "propose") as terminal:
        terminal.expect("To whom").answer("several): ", "1").answer("Another, or Enter: ", "")
        terminal.expect("group").answer("Number: ", "team")
        terminal.expect("purpose").answer("Number: ", "support_measures")
        terminal.expect("municipality").answer("| ", "Ventspils").answer("| ", "")
        terminal.expect("secretary").answer("> ", "nekas").expect("What you entered").answer("Send it?", "y")
        # What the desk refuses is asked for again.
        terminal.expect("the secretary is one of the members").answer("> ", "skola-1").answer("Send it?", "y")
        assert terminal.ended() == 0
    task = network.ask("tiesa", "conference", "list")["items"][0]["task"]
    assert task[-8:] in terminal.text
    return task


def test_a_sitting_and_what_is_put_on_its_agenda_are_asked_for(network):
    frame = sitting(network)
    assert network.ask("tiesa", "conference", "show", frame)["secretary"] == "skola-1"
    with at(network, "tiesa", "matter", "put", frame[-8:]) as terminal:
        terminal.expect("ground for convening").answer("Number: ", "beyond_one")
        terminal.expect("purpose").answer("Number: ", "")
        terminal.expect("age band").answer("Number: ", "11-14")
        terminal.expect("municipality").answer("| ", "")
        terminal.expect("ground").answer("Number: ", "cooperation_group")
        terminal.expect("why it is necessary").answer("| ", "Bērns nenāk uz skolu.").answer("| ", "")
        terminal.expect("whether the family was told").answer("Number: ", "told")
        terminal.expect("child's name").answer("| ", "Izdomāts Bērns").answer("| ", "")
        terminal.expect("question").answer("| ", "Kas palīdz?").answer("| ", "")
        terminal.expect("The content").answer("several): ", "")
        terminal.expect("What you entered").expect("Kas palīdz?").answer("Send it?", "n")
        assert terminal.ended() == 4
    assert network.ask("tiesa", "conference", "show", frame)["agenda"] == []
    # Who the child is a case knows; of the rest nothing is asked that was said.
    case = own_case(network, "2026/601")
    network.saikne("tiesa", "note", case, "--from", "-", stdin=json.dumps(
        {"text": "Zvanīja skola.", "content": {"child_name": "Izdomāts Bērns"}}))
    with at(network, "tiesa", "matter", "put", frame[-8:], "--case", case[-8:], "--convening", "beyond_one", "--age-band",
            "11-14", "--ground", "cooperation_group", "--necessity", "Bērns nenāk uz skolu.", LANGUAGE="lv") as terminal:
        terminal.expect("mērķis").answer("Numurs: ", "").expect("pašvaldība").answer("| ", "")
        terminal.expect("vai ģimene").answer("Numurs: ", "")
        terminal.expect("jautājums").answer("| ", "Kas palīdz?").answer("| ", "")
        terminal.expect("Saturs").answer("vairāki): ", "").answer("Vai nosūtīt?", "j")
        assert terminal.ended() == 0 and "bērna vārds" not in terminal.text.split("Saturs")[0]
    [matter] = network.ask("tiesa", "conference", "show", frame)["agenda"]
    fields = {f["name"]: f["value"] for f in network.ask("tiesa", "show", matter["task"])["fields"]}
    assert (fields["child_name"], fields["question"]) == ("Izdomāts Bērns", "Kas palīdz?")
