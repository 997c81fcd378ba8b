"""`saikne` for whoever runs it: exit statuses, JSON, widths, colours, completion, manual pages."""

import json
import os
import re
import shutil
import subprocess

import pytest

from network import ROOT, Network, Party
from terminal import Terminal

SCHOOL = Party("skola-1", "school", "1. pamatskola")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
REQUEST = {"to": ["tiesa"], "urgency": "urgent", "purpose": "family_assessment", "concern": ["parents_away"],
           "municipality": "Ventspils", "age_band": "11-14", "ground": "absence_reporting", "basis": "law",
           "necessity": "Bērnam vajag palīdzību.",
           "file_number": "2026/17", "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Divas sarunas."}}
MANUALS = ROOT / "clients" / "man"


@pytest.fixture(scope="module")
def network():
    with Network(parties=[SCHOOL, COURT]) as net:
        net.start()
        net.saikne("skola-1", "refer", "--from", "-", stdin=json.dumps(REQUEST))
        net.wait(lambda: net.ask("tiesa", "inbox")["items"], "the referral")
        yield net
        assert net.unsound() == []


@pytest.fixture(scope="module")
def bare():
    """A folder of programs, and nothing that answers."""
    return Network(folder="/nowhere").bin


def say(bin_dir, *args, **environment):
    return subprocess.run([bin_dir / args[0], *args[1:]], capture_output=True, text=True, timeout=60, check=False,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment})


def exits(text):
    return re.findall(r"(?m)^\s*\|? ?(\d) \|? +(.+?)(?: \|)?$", text)


def test_each_exit_status_is_what_the_help_the_page_and_the_readme_say(network, bare):
    task = network.ask("tiesa", "inbox")["items"][0]["task"]
    assert network.saikne("tiesa", "inbox").returncode == 0
    assert network.saikne("tiesa", "close", task, "--outcome", "goal_reached", ok=None).returncode == 1
    assert network.saikne("tiesa", "inbox", "--no-such", ok=None).returncode == 2
    assert say(bare, "saikne", "--desk", "/nowhere/desk", "inbox").returncode == 3
    told = dict(exits(say(bare, "saikne", "help").stdout.split("Exit status")[1]))
    assert set(told) == {"0", "1", "2", "3", "4"}
    readme = dict(exits((ROOT / "README.md").read_text(encoding="utf-8").split("| exit status | |")[1].split("##")[0]))
    assert readme == told


def test_json_is_one_document_also_where_the_desk_refuses(network):
    task = network.ask("tiesa", "inbox")["items"][0]
    for words in (["inbox"], ["outbox"], ["show", task["task"]], ["cases"], ["case", task["case"]], ["directory"],
                  ["status"], ["lists"], ["lists", "urgencies"], ["fields"], ["disclosure", task["case"]],
                  ["withhold", task["case"]]):
        assert isinstance(network.ask("tiesa", *words), dict), words
    message = network.ask("tiesa", "disclosure", task["case"])["received"][0]["message"]
    assert network.ask("tiesa", "receipt", message, "--out", "-")["proof"].startswith("c2sp.org/tlog-proof")
    done = network.saikne("tiesa", "--json", "close", task["task"], "--outcome", "goal_reached", ok=(1,))
    assert json.loads(done.stdout)["type"] == "urn:saikne:wrong_state" and "saikne: " in done.stderr


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_a_list_fits_every_screen_and_loses_nothing(network, columns):
    text = network.saikne("skola-1", "outbox", env={"COLUMNS": str(columns)}).stdout
    assert max(map(len, text.splitlines())) <= columns, text
    whole = " ".join(text.split())
    for word in ("Urgent", "tiesa", "2026/17", "Ventspils", "11–14 years"):
        assert word in whole, text


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("lang, words", [
    ("en", ("held by", "child's name", "corrects note", "corrected by note", "Other cases", "wrote a note", "Tasks")),
    ("lv", ("pie kā", "bērna vārds", "labo", "izlabota ar", "mājsaimniecības", "pierakstīja", "Uzdevumi"))])
def test_a_case_is_shown_whole(network, columns, lang, words):
    def give(*args, **body):
        return network.ask("tiesa", *args, "--from", "-", stdin=json.dumps(body))
    case, other = (give("case-new", file_number=number, labels=["brāļi"], content={"child_name": name})["case"]
                   for number, name in (("2026/90", "Klusais Bērns"), ("2026/91", "Skaļais Bērns")))
    give("note", case, text="Kļūda vārdā.")
    wrong = network.ask("tiesa", "case", case)["notes"][-1]["note"]
    give("note", case, text="Zvanīja māte.\nAtzvanīs rīt.", corrects=wrong, content={"child_name": "Klusā Meitene"})
    give("household", case, **{"with": other})
    shown = network.ask("tiesa", "case", case)
    text = network.saikne("tiesa", "case", case, env={"COLUMNS": str(columns), "LANGUAGE": lang}).stdout
    assert max(map(len, text.splitlines())) <= columns, text
    whole = " ".join(text.split())
    for word in (case, "2026/90", "brāļi", "Klusā Meitene", "Kļūda vārdā.", "Zvanīja māte. Atzvanīs rīt.", other, "2026/91",
                 *shown["assigned_to"], *(k["who"] for k in shown["known_to"]), *words):
        assert word in whole, (word, text)
    assert network.ask("tiesa", "inbox")["items"][0]["task"][-8:] in network.saikne(
        "tiesa", "case", network.ask("tiesa", "inbox")["items"][0]["case"]).stdout


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 240])
def test_lists_say_who_holds_each_case(network, columns):
    def shown(command):
        text = network.saikne("tiesa", command, env={"COLUMNS": str(columns)}).stdout
        assert max(map(len, text.splitlines())) <= columns, text
        return " ".join(text.split())
    case = network.ask("tiesa", "case-new", "--file-number", "2026/95")["case"]
    holder = network.ask("tiesa", "case", case)["assigned_to"][0]
    texts = {command: shown(command) for command in ("cases", "inbox", "mailbox")}
    assert re.search(rf"\b{holder}\b", texts["cases"]), texts["cases"]
    # The referral still lies in the mailbox.
    assert all("HELD BY" in text and "nobody" in text for text in texts.values()), texts


@pytest.mark.parametrize("flags, environment, colours", [
    ([], {}, True), (["--color=never"], {}, False), ([], {"NO_COLOR": "1"}, False), ([], {"TERM": "dumb"}, False),
    (["--color", "always"], {"NO_COLOR": "1"}, True)])
def test_colours_obey_flag_and_environment(network, flags, environment, colours):
    with Terminal([network.bin / "saikne", "--desk", network.desk("tiesa"), *flags, "inbox"], **environment) as terminal:
        assert terminal.ended() == 0
        assert ("\033[" in terminal.text) == colours
        # What a colour says is there in words, too.
        assert "Urgent" in terminal.plain()
    assert "\033[" not in network.saikne("tiesa", "inbox").stdout
    assert "\033[" in network.saikne("tiesa", "--color=always", "inbox").stdout


def test_only_what_is_longer_than_the_screen_goes_through_the_pager(network):
    argv = [network.bin / "saikne", "--desk", network.desk("tiesa"), "fields"]
    for lines, paged in ((10, True), (200, False)):
        with Terminal(argv, lines=lines, SAIKNE_PAGER="sed 's/^/PAGED /'") as terminal:
            assert terminal.ended() == 0
            assert ("PAGED" in terminal.text) == paged and "child_name" in terminal.text
    assert "PAGED" not in network.saikne("tiesa", "fields", env={"SAIKNE_PAGER": "sed 's/^/PAGED /'"}).stdout


def complete(network, code, *words):
    return network.saikne(code, "complete", "--", *words).stdout.split()


def test_completion_knows_commands_flags_codes_institutions_and_tasks(network, bare):
    task = network.ask("tiesa", "inbox")["items"][0]["task"]
    assert complete(network, "tiesa", "inb") == ["inbox"]
    assert "--urgency" in complete(network, "skola-1", "refer", "--u")
    assert complete(network, "skola-1", "refer", "--urgency", "") == ["immediate", "urgent", "normal"]
    assert "tiesa" in complete(network, "skola-1", "refer", "--to", "")
    assert complete(network, "tiesa", "accept", "") == [task[-8:]]
    assert "waitlist" in complete(network, "tiesa", "decline", task, "--reason", "w")
    # The desk is away: fewer words, none of them a complaint.
    away = say(bare, "saikne", "--desk", "/nowhere/desk", "complete", "--", "accept", "")
    assert (away.returncode, away.stdout, away.stderr) == (0, "", "")


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_the_shell_asks_saikne(network):
    script = f"""source {MANUALS}/saikne.bash; PATH={network.bin}:$PATH
        COMP_WORDS=(saikne --desk {network.desk('tiesa')} decline x --reason wai); COMP_CWORD=6; _saikne
        echo "${{COMPREPLY[@]}}" """
    assert subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout == "waitlist\n"


@pytest.mark.skipif(not shutil.which("scdoc"), reason="no scdoc")
@pytest.mark.parametrize("page", sorted(p.name for p in MANUALS.glob("*.scd")))
def test_a_manual_page_tells_what_its_program_does(bare, page):
    filled = subprocess.run(["/usr/bin/python3", MANUALS / "fill.py", bare, MANUALS / page],
                            capture_output=True, text=True, check=True).stdout
    assert "@" not in re.sub(r"```.*?```", "", filled, flags=re.S)
    assert subprocess.run(["scdoc"], input=filled, capture_output=True, text=True, check=True).stdout.startswith(".\\\"")
    if page.startswith("saikne.") and page.endswith(".1.scd"):
        usage = say(bare, "saikne", "help").stdout
        commands = re.findall(r"(?m)^  ([a-z][a-z-]*) ", usage)
        assert len(commands) > 20
        for command in commands:
            assert f"*{command}*" in filled, command
        assert all(f"*{number}*" in filled for number in "01234")


def test_every_program_says_usage_alike_and_help_is_no_error(bare):
    for program in ("saikne", "saikne-audit", "saikne-admin", "saikne-broker", "saikne-school"):
        done = say(bare, program, "--help")
        assert done.returncode == 0 and done.stderr == "", program
        assert program == "saikne-audit" or f"Usage: {program}" in done.stdout


def test_a_new_case_without_content_has_no_note(network):
    case = network.ask("tiesa", "case-new", "--file-number", "2026/98")["case"]
    assert network.ask("tiesa", "case", case)["notes"] == []
    network.saikne("tiesa", "note", case, "--from", "-", stdin=json.dumps({"text": "Pirmā."}))
    assert [n["text"] for n in network.ask("tiesa", "case", case)["notes"]] == ["Pirmā."]


def test_a_name_that_is_nobodys_is_told_where_names_stand(network):
    case = network.ask("tiesa", "case-new", "--file-number", "2026/99")["case"]
    assert "saikne people" in network.saikne("tiesa", "assign", case, "--to", "nobody", ok=(1,)).stderr
    said = network.saikne("tiesa", "assign", case, "--to", "nobody", ok=(1,), env={"LANGUAGE": "lv"}).stderr
    assert "saikne people" in said and "nenosauc nevienu" in said
    for words in (["hand-over", "nobody", "--to", "nobody"], ["access", "--person", "nobody"]):
        assert "saikne people" in network.saikne("tiesa", *words, ok=(1,)).stderr


def test_names_of_people_complete(network):
    me = network.ask("tiesa", "whoami")["user"]
    assert complete(network, "tiesa", "assign", "x", "--to", "") == [me]
    assert complete(network, "tiesa", "access", "--person", "") == [me]
    assert complete(network, "tiesa", "hand-over", "") == [me]
    assert network.ask("tiesa", "inbox")["items"][0]["task"][-8:] in complete(network, "tiesa", "break-glass", "--task", "")


def test_one_word_for_labels_in_latvian(bare):
    for command in ("label", "find", "case-new"):
        said = say(bare, "saikne", "--lang", "lv", "help", command).stdout
        assert "apzīmējum" not in said, said
    assert "birka" in say(bare, "saikne", "--lang", "lv", "help", "find").stdout


@pytest.fixture(scope="module")
def led():
    """A court whose only person leads it."""
    with Network(parties=[COURT], role="supervisor") as net:
        net.start()
        yield net
        assert net.unsound() == []


def test_the_access_log_goes_on_where_it_stopped(led):
    cases = [led.ask("tiesa", "case-new", "--file-number", f"2026/{n}")["case"] for n in range(6)]
    first = led.saikne("tiesa", "--json", "access", "--limit", "3")
    words = re.search(r"saikne (access --after \S+)", first.stderr).group(1).split()
    rest = led.saikne("tiesa", "--json", *words)
    rows = [json.loads(line) for line in (first.stdout + rest.stdout).splitlines()]
    numbers = [row["n"] for row in rows]
    # Each reading is itself recorded, above what it read.
    assert numbers == list(range(numbers[0], 0, -1)) and "--after" not in rest.stderr
    assert [r["case"] for r in rows if r["what"] == "case_new"] == cases[::-1]
    me = led.ask("tiesa", "whoami")
    for person in (me["user"], str(me["person"])):
        assert {r["who"] for r in map(json.loads, led.saikne(
            "tiesa", "--json", "access", "--person", person, "--case", cases[0]).stdout.splitlines())} == {me["user"]}


@pytest.mark.parametrize("lang, words", [("en", ("case ", "SOMEBODY BROKE THE GLASS")),
                                         ("lv", ("gadījums ", "ĀRKĀRTAS SITUĀCIJĀ"))])
def test_who_watches_is_told_which_case_the_glass_was_broken_for(led, lang, words):
    case = led.ask("tiesa", "case-new", "--file-number", f"2026/7-{lang}")["case"]
    argv = [led.bin / "saikne", "--desk", led.desk("tiesa"), "--color=never", "watch"]
    with Terminal(argv, LANGUAGE=lang) as terminal:
        terminal.expect("Ctrl-C")
        led.wait(lambda: "ĀRKĀRTAS" in terminal.text or "SOMEBODY" in terminal.text or (led.saikne(
            "tiesa", "break-glass", "--case", case, "--from", "-", stdin=json.dumps({"reason": "Bērns zvanīja."})),
            terminal.read(0.3))[0] is None, "the change")
        terminal.expect(words[0] + case[-8:]).expect(words[1])
        terminal.type("\x03")


def test_a_role_for_nobody_is_warned_of_and_connecting_is_logged_once(network):
    log = network.folder / "skola-1" / "service.log"
    assert log.read_text().count("connected to the broker") == 1
    network.processes["skola-1"].stop()
    with open(network.folder / "skola-1" / "service.conf", "a", encoding="utf-8") as conf:
        conf.write("nobody-of-this-name = head\n")
    network.service(SCHOOL).start()
    assert "name number 2 under [roles] is no unix user" in log.read_text()
    assert "nobody-of-this-name" not in log.read_text()
