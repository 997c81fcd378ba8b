"""Erasing with real processes: gone from every file, evidence kept, others unharmed, a kill in between survived."""

import json
import signal
import sqlite3

import pytest

import stage as stages
from network import AUDITOR, Failed, Network, Party

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-audit", "saikne-school", "saikne-social-service",
                             "saikne")

SCHOOL = Party("skola-1", "school", "1. pamatskola")
SOCIAL = Party("dienests", "social_service", "Sociālais dienests")
REQUEST = {"to": ["dienests"], "urgency": "immediate", "purpose": "family_assessment", "concern": ["parents_away"],
           "municipality": "Ventspils", "age_band": "11-14", "ground": "duty_to_report", "basis": "law",
           "necessity": "Bērns ir viens.",
           "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Divas sarunas."}}
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1200


class Erasing(Network):
    def database(self, code):
        return self.folder / code / "service.db"

    def read(self, code, sql, *values):
        database = sqlite3.connect(f"file:{self.database(code)}?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def key(self, code, task):
        [(key, case, number)] = self.read(
            code, "SELECT key, hex(id), n FROM cases WHERE n = (SELECT case_n FROM tasks WHERE id = ?)", bytes.fromhex(task))
        return key, case.lower(), number

    def holding(self, code, needle):
        """The files of an institution in which NEEDLE lies, whatever they are."""
        return [path.name for path in (self.folder / code).rglob("*")
                if path.is_file() and needle in path.read_bytes()]

    def ended(self, tmp_path):
        """A task that the social service read, with a document, and that ended: its id at both."""
        file, request = tmp_path / "izziņa.pdf", tmp_path / "request.json"
        file.write_bytes(PDF)
        request.write_text(json.dumps(REQUEST), encoding="utf-8")
        task = self.ask("skola-1", "refer", "--from", request, "--attach", f"{file}:attendance")["tasks"][0]["task"]
        self.wait(lambda: any(t["task"] == task for t in self.ask("dienests", "inbox")["items"]), "the task")
        self.wait(lambda: self.ask("dienests", "show", task)["fields"], "its content")
        self.saikne("skola-1", "mistake", task, "--reason", "wrong_child")
        self.wait(lambda: self.ask("dienests", "show", task)["state"] == "entered_in_error", "its end")
        self.wait(lambda: any(s["what"] == "delivered" for s in self.ask("skola-1", "show", task)["timeline"][-3:]),
                  "its evidence")
        return task

    def sound(self):
        self.audit("sync", "--network", self.network_conf, "--keys", self.folder / AUDITOR.code / "keys",
                   "--log", self.folder / "audit.db")
        self.audit("verify", "--network", self.network_conf, "--log", self.folder / "audit.db")


@pytest.fixture(scope="module")
def network():
    with Erasing(parties=[SCHOOL, SOCIAL], role="head") as net:
        net.start()
        yield net
        assert net.unsound() == []


def found(network, code):
    said = network.post(code, "/v1/search", {"name": "Izdomāts"})
    return {item["case"] for item in said["items"]}


def test_what_is_erased_is_in_no_file_while_the_service_runs(network, tmp_path):
    task = network.ended(tmp_path)
    key, case, _ = network.key("dienests", task)
    files = {p for p in (network.folder / "dienests").rglob("*") if p.is_file()}
    stored = [bytes(i).hex() for i, in network.read("dienests", "SELECT id FROM attachments")]
    documents = [p for p in files if any(i in p.name for i in stored)]
    assert network.holding("dienests", key) and case in found(network, "dienests") and documents

    refused = network.saikne("dienests", "erase", case, "--reason", "mistake", ok=None)
    assert refused.returncode != 0 and "--yes" in refused.stderr and network.holding("dienests", key)
    refused = network.saikne("dienests", "erase", case, "--reason", "retention", "--yes", ok=None)
    assert refused.returncode != 0 and "is kept until 20" in refused.stderr
    said = network.ask("dienests", "erase", case, "--reason", "mistake", "--yes")
    assert said["settled"] and said["messages"] >= 2 and said["documents"] == 1

    assert network.holding("dienests", key) == []
    assert not [p for p in documents if p.exists()]
    assert case not in found(network, "dienests")
    again = network.saikne("dienests", "erase", case, "--reason", "mistake", "--yes", ok=None)
    assert again.returncode != 0 and "was erased" in again.stderr

    # What happened is still shown, with when and why; it still proves itself, and the log does.
    shown = network.ask("dienests", "show", task)
    assert shown["erased"] and shown["erasure"]["reason"] == "mistake" and shown["fields"] == []
    words = " ".join(network.saikne("dienests", "show", task).stdout.split())
    assert "erased 20" in words and "received or entered by mistake" in words
    receipt = tmp_path / "receipt"
    network.saikne("dienests", "receipt", shown["timeline"][0]["message"], "--out", receipt)
    network.audit("verify-receipt", "--network", network.network_conf, receipt)
    network.sound()
    [listed] = [json.loads(line) for line in network.saikne("dienests", "--json", "erasures").stdout.splitlines()]
    assert (listed["case"], listed["role"], listed["settled"], listed["late"]) == (case, "head", True, False)

    # Nobody else lost anything.
    there = network.ask("skola-1", "show", task)
    assert not there["erased"] and any(f["name"] == "child_name" for f in there["fields"])
    assert network.key("skola-1", task)[0] is not None


def test_a_kill_between_the_commit_and_the_rest_is_made_good_at_start(network, tmp_path):
    task = network.ended(tmp_path)
    key, case, number = network.key("dienests", task)
    network.processes["dienests"].stop()
    network.processes["dienests"].start(extra_env={"SAIKNE_FAULT": "act:after:1"})
    with pytest.raises(Failed):
        network.ask("dienests", "erase", case, "--reason", "mistake", "--yes")
    network.wait(lambda: not network.processes["dienests"].running(), "its death")
    assert network.processes["dienests"].stop() == -signal.SIGKILL
    # It is erased already: the rest is what the disk still has of it.
    assert network.read("dienests", "SELECT settled FROM erasures WHERE case_n = ?", number) == [(0,)]
    assert network.key("dienests", task)[0] is None
    assert network.holding("dienests", key)

    network.processes["dienests"].start()
    network.wait(lambda: network.read("dienests", "SELECT settled FROM erasures WHERE case_n = ?", number) == [(1,)],
                 "the rest")
    assert network.holding("dienests", key) == []
    assert network.read("dienests", "SELECT count(*) FROM erased_files") == [(0,)]
    assert network.ask("dienests", "show", task)["erased"]
    network.sound()


def test_what_comes_later_for_an_erased_case_is_answered_as_erased(network):
    notice = {**REQUEST, "notice": "concern", "purpose": "safety", "urgency": "urgent",
              "content": {"child_name": "Izdomāts Bērns", "explanation": "Nav bijis kopš pirmdienas."}}
    task = network.post("skola-1", "/v1/notices", notice)["tasks"][0]["task"]
    network.wait(lambda: any(t["task"] == task for t in network.ask("dienests", "inbox")["items"]), "the notice")
    _, case, _ = network.key("dienests", task)
    refused = network.saikne("dienests", "erase", case, "--reason", "not_concerned", "--yes", ok=None)
    assert refused.returncode != 0 and "a task is open" in refused.stderr
    network.saikne("dienests", "acknowledge", task, "--done", "noted")
    network.wait(lambda: network.ask("skola-1", "show", task)["state"] == "acknowledged", "the answer")
    network.ask("dienests", "erase", case, "--reason", "not_concerned", "--yes")
    network.saikne("skola-1", "mistake", task, "--reason", "wrong_child")

    def told():
        steps = network.ask("skola-1", "show", task)["timeline"]
        return [s for s in steps if s["what"] == "unreadable"]
    network.wait(told, "evidence that it cannot be read")
    assert told()[0]["code"] == "erased"
    network.sound()


def test_after_a_restore_the_list_of_erasures_is_erased_again(network, tmp_path):
    task = network.ended(tmp_path)
    key, case, _ = network.key("dienests", task)
    backup, erasures = tmp_path / "backup.db", tmp_path / "erasures.jsonl"
    with sqlite3.connect(network.database("dienests")) as database:
        database.execute("VACUUM INTO ?", [str(backup)])
    database.close()
    network.ask("dienests", "erase", case, "--reason", "demanded", "--yes")
    erasures.write_text(network.saikne("dienests", "--json", "erasures").stdout, encoding="utf-8")

    network.processes["dienests"].stop()
    for path in (network.folder / "dienests").glob("service.db*"):
        if path.is_file() and path.suffix != ".lock":
            path.unlink()
    network.database("dienests").write_bytes(backup.read_bytes())
    network.processes["dienests"].start()
    assert network.holding("dienests", key) and network.ask("dienests", "show", task)["fields"]
    said = network.saikne("dienests", "erase-again", erasures, "--yes").stdout
    assert "Erased again: 1;" in said and "not erased: 0" in said
    assert network.holding("dienests", key) == [] and network.ask("dienests", "show", task)["erased"]
    assert "Erased again: 0;" in network.saikne("dienests", "erase-again", erasures, "--yes").stdout
    erasures.write_text('{"case": "../../x"}\n', encoding="utf-8")
    assert network.saikne("dienests", "erase-again", erasures, "--yes", ok=None).returncode == 2


def test_which_cases_need_not_be_kept_is_listed_from_what_they_hold(network, tmp_path):
    _, case, number = network.key("skola-1", network.ended(tmp_path))
    assert network.saikne("skola-1", "retention").stdout == "There is nothing.\n"
    assert network.saikne("skola-1", "retention", "--days", "x", ok=None).returncode == 2
    # Eleven years later, as the database has it.
    network.processes["skola-1"].stop()
    database = sqlite3.connect(network.database("skola-1"))
    back = 11 * 366 * 86_400_000
    database.execute("UPDATE cases SET time_ms = time_ms - ? WHERE n = ?", (back, number))
    database.execute("UPDATE events SET time_ms = time_ms - ? WHERE task_n IN (SELECT n FROM tasks WHERE case_n = ?)",
                     (back, number))
    database.commit()
    database.close()
    network.processes["skola-1"].start()
    [kept] = [json.loads(line) for line in network.saikne("skola-1", "--json", "retention").stdout.splitlines()]
    assert (kept["case"], kept["over"]) == (case, True)
    assert case[-8:] in network.saikne("skola-1", "retention").stdout
    assert network.ask("skola-1", "erase", case, "--reason", "retention", "--yes")["settled"]
    assert network.saikne("skola-1", "retention").stdout == "There is nothing.\n"
