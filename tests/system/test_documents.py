"""Documents beside a referral: through real programs, over kills of each side, equal byte for byte."""

import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import sqlite3

import pytest

import network
import stage as stages

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service", "saikne")

MIB = 1 << 20


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("desk", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Desk:
    def __init__(self, path):
        self.path = path

    def ask(self, method, path, body=None, code=(200, 201)):
        connection = Unix(self.path)
        raw = isinstance(body, bytes)
        connection.request(method, path, body if raw or body is None else json.dumps(body), {} if raw else {
            "Content-Type": "application/json"})
        answer = connection.getresponse()
        data = answer.read()
        self.headers = answer.headers
        connection.close()
        assert answer.status in (code if isinstance(code, tuple) else (code,)), (answer.status, data[:500])
        if answer.headers.get_content_subtype().endswith("json"):
            return json.loads(data)
        return data

    def begin(self, data, name="atzinums.pdf", category="attendance", size=None):
        return self.ask("POST", "/v1/attachments", {"name": name, "category": category, "size": size or len(data)})

    def bring(self, data, name="atzinums.pdf", category="attendance", part=MIB):
        at = self.begin(data, name, category)
        while not at["whole"]:
            at = self.ask("PUT", f"/v1/attachments/{at['attachment']}?offset={at['offset']}",
                          data[at["offset"]:at["offset"] + part])
        return at["attachment"]

    def refer(self, *attachments, urgency="immediate", **more):
        return self.ask("POST", "/v1/referrals", {
            "to": ["social"], "urgency": urgency, "purpose": "return_to_school", "concern": ["unexcused_absence"],
            "municipality": "Ventspils", "age_band": "11-14", "ground": "absence_reporting", "basis": "law",
            "necessity": "Bērnam vajag palīdzību.",
            "attachments": list(attachments), "content": {"child_name": "Bērns Bērziņš", "steps_taken": "Runāts ar ģimeni."}, **more})["tasks"][0]

    def tasks(self, box):
        return self.ask("GET", f"/v1/tasks?box={box}")["items"]

    def task(self, task):
        return self.ask("GET", f"/v1/tasks/{task}")

    def steps(self, task):
        return [step["what"] for step in self.task(task)["timeline"]]


def pdf(size, seed=7):
    return b"%PDF-1.7\n" + random.Random(seed).randbytes(size - 9)


class Pair(network.Network):
    def __init__(self):
        super().__init__(parties=[network.Party("school", "school", "Pārventas pamatskola"),
                                  network.Party("social", "social_service", "Sociālais dienests")])

    def at(self, code):
        return Desk(self.desk(code))

    def kill(self, name):
        self.processes[name].stop(signal.SIGKILL)

    def again(self, name):
        self.processes[name].start()


@pytest.fixture(scope="module")
def pair():
    with Pair() as running:
        running.start()
        yield running


@pytest.fixture
def school(pair):
    return pair.at("school")


@pytest.fixture
def social(pair):
    return pair.at("social")


def arrived(pair, desk, task, timeout=60):
    """The task as its recipient has it, once it is there."""
    pair.wait(lambda: any(t["task"] == task for t in desk.tasks("in")), "the task", timeout)
    return desk.task(task)


def download(desk, document):
    return desk.ask("GET", f"/v1/attachments/{document['attachment']}")


def test_a_document_goes_with_an_urgent_referral(pair, school, social):
    data = pdf(700_001)
    task = school.refer(school.bring(data))["task"]
    [document] = arrived(pair, social, task)["attachments"]
    assert (document["name"], document["type"], document["size"], document["category"]) == (
        "atzinums.pdf", "pdf", len(data), "attendance")
    assert download(social, document) == data
    assert social.headers["Content-Type"] == "application/pdf"
    assert social.headers["X-Content-Type-Options"] == "nosniff"
    assert social.headers["Content-Disposition"] == "attachment; filename*=UTF-8''atzinums.pdf"
    pair.wait(lambda: "delivered" in school.steps(task), "the evidence")


def test_a_document_of_a_case_goes_again_with_its_next_referral(pair, school, social):
    data = pdf(300_001)
    document = school.bring(data)
    first = school.refer(document)["task"]
    case = school.task(first)["case"]
    # Of another case it is not to be had.
    school.ask("POST", "/v1/referrals", {
        "to": ["social"], "urgency": "immediate", "purpose": "return_to_school", "concern": ["unexcused_absence"],
        "municipality": "Ventspils", "age_band": "11-14", "ground": "absence_reporting", "basis": "law",
        "necessity": "Bērnam vajag palīdzību.",
        "attachments": [document], "content": {"child_name": "Cits Bērns", "steps_taken": "Runāts."}}, 403)
    again = school.refer(document, case=case)["task"]
    for task in (first, again):
        [came] = arrived(pair, social, task)["attachments"]
        assert download(social, came) == data


def test_what_nothing_cites_goes_after_a_day_also_where_it_was_brought_for_a_case(pair, school, social):
    first = school.refer()["task"]
    case = school.task(first)["case"]
    data = pdf(1000)

    def bring(**place):
        begun = school.ask("POST", "/v1/attachments", {"name": "a.pdf", "category": "attendance", "size": len(data), **place})
        school.ask("PUT", f"/v1/attachments/{begun['attachment']}?offset=0", data)
        return begun["attachment"]
    loose, idle, half, cited = bring(), bring(case=case), bring(task=first), bring(case=case)
    # Cited by an offer of normal urgency, its header shows nothing of it yet.
    task = school.refer(cited, case=case, urgency="normal")["task"]
    database = pair.folder / "school" / "service.db"
    with contextlib.closing(sqlite3.connect(database)) as db:
        rows = dict(db.execute("SELECT lower(hex(id)), case_n FROM attachments"))
        assert rows[loose] == 0 and rows[idle] == rows[half] == rows[cited] != 0
    pair.kill("school")
    with contextlib.closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE attachments SET time_ms = 1")
    pair.again("school")
    for gone in (loose, idle, half):
        pair.wait(lambda gone=gone: b"not_found" in json.dumps(school.ask(
            "GET", f"/v1/attachments/{gone}/state", code=(200, 404))).encode(), "it to go")
    assert school.ask("GET", f"/v1/attachments/{cited}/state")["whole"]
    arrived(pair, social, task)
    social.ask("POST", f"/v1/tasks/{task}/review", {})
    pair.wait(lambda: len(social.task(task)["attachments"]) == 1, "the released document")


def test_a_normal_referral_brings_its_documents_after_review(pair, school, social):
    task = school.refer(school.bring(pdf(1000)), urgency="normal")["task"]
    assert arrived(pair, social, task)["attachments"] == []
    social.ask("POST", f"/v1/tasks/{task}/review", {})
    pair.wait(lambda: len(social.task(task)["attachments"]) == 1, "the released document")


def test_who_may_not_have_a_category_gets_nothing_of_its_documents(pair, school, social):
    task = school.refer(school.bring(pdf(1000), category="health"), school.bring(pdf(2000, 8)))["task"]
    seen = arrived(pair, social, task)
    assert [d["category"] for d in seen["attachments"]] == ["attendance"]


def test_an_answer_brings_documents_too(pair, school, social):
    data = "Izziņa par atbalstu.\r\n".encode() * 30000
    task = school.refer()["task"]
    arrived(pair, social, task)
    social.ask("POST", f"/v1/tasks/{task}/review", {})
    social.ask("POST", f"/v1/tasks/{task}/accept", {})
    social.ask("POST", f"/v1/tasks/{task}/outcome", {
        "outcome": "goal_reached", "explanation": "Atbalsts sniegts.",
        "attachments": [social.bring(data, "izziņa.txt", "proceedings")]})
    pair.wait(lambda: len(school.task(task)["attachments"]) == 1, "the document of the outcome")
    [document] = school.task(task)["attachments"]
    assert document["type"] == "text" and download(school, document) == data
    assert school.headers["Content-Disposition"].endswith("izzi%C5%86a.txt")


def test_what_follows_in_a_task_waits_behind_its_documents(pair, school, social):
    task = school.refer(school.bring(pdf(3 * MIB)))["task"]
    pair.wait(lambda: school.task(task)["state"] == "offered", "the receipt")
    school.ask("POST", f"/v1/tasks/{task}/cancel", {"cancel_reason": "no_longer_needed"})
    pair.wait(lambda: any(t["task"] == task and t["state"] == "cancel_requested" for t in social.tasks("in")),
              "the cancel behind the offer")
    assert "unreadable" not in school.steps(task)


@pytest.mark.parametrize("data, name", [
    (b"MZ\x90\0" + bytes(5000), "atzinums.pdf"), (b"PK\x03\x04" + bytes(5000), "dokuments.edoc"),
    (b"\x7fELF" + bytes(200), "bilde.png"), (b"abc\0def", "teksts.txt")])
def test_a_file_of_no_type_that_may_be_sent_is_refused(school, data, name):
    document = school.begin(data, name)["attachment"]
    problem = school.ask("PUT", f"/v1/attachments/{document}?offset=0", data, 415)
    assert problem["type"] == "urn:saikne:file_type"


def test_a_lying_name_is_shown_with_the_type_found(pair, school, social):
    task = school.refer(school.bring(b"\x89PNG\r\n\x1a\n" + bytes(300), "atzinums.pdf"))["task"]
    [document] = arrived(pair, social, task)["attachments"]
    download(social, document)
    assert (document["type"], social.headers["Content-Type"]) == ("png", "image/png")


def test_parts_out_of_place_are_refused_and_told_where_to_go_on(school):
    data = pdf(MIB)
    at = school.begin(data)
    path = f"/v1/attachments/{at['attachment']}"
    assert school.ask("PUT", path + "?offset=0", data[:300_000])["offset"] == 262144
    assert school.ask("PUT", path + "?offset=0", data[:300_000], 409)["type"] == "urn:saikne:wrong_state"
    assert school.ask("PUT", path + "?offset=262144", data[:100], 400)["type"] == "urn:saikne:argument"
    assert school.ask("PUT", path + "?offset=262144", data, 400)["type"] == "urn:saikne:argument"
    assert school.ask("GET", path + "/state")["offset"] == 262144
    assert school.ask("PUT", path + "?offset=x", b"", 400)["field"] == "offset"
    assert school.ask("PUT", "/v1/attachments/" + "0" * 32 + "?offset=0", data, 404)
    problem = school.ask("POST", "/v1/referrals", {
        "to": ["social"], "urgency": "immediate", "purpose": "return_to_school", "concern": ["unexcused_absence"],
        "municipality": "Ventspils", "age_band": "11-14", "ground": "absence_reporting", "basis": "law",
        "necessity": "Bērnam vajag palīdzību.",
        "attachments": [at["attachment"]], "content": {"child_name": "B"}}, 409)
    assert problem["field"] == "attachments"


def test_limits_are_stated_before_anything_is_brought(school):
    problem = school.ask("POST", "/v1/attachments", {"name": "a.pdf", "category": "education", "size": 201 * MIB}, 413)
    assert problem["type"] == "urn:saikne:attachment_too_large" and "200 MiB" in problem["detail"]
    school.ask("POST", "/v1/attachments", {"name": "../a.pdf", "category": "education", "size": 1}, 400)
    school.ask("POST", "/v1/attachments", {"name": "a.pdf", "category": "act", "size": 1}, 400)


def test_twenty_mebibytes_arrive_over_a_kill_of_each_side(pair, school, social):
    data = pdf(20 * MIB + 12345, 9)
    at = school.begin(data)
    path = f"/v1/attachments/{at['attachment']}"
    for _ in range(7):
        at = school.ask("PUT", f"{path}?offset={at['offset']}", data[at["offset"]:at["offset"] + MIB])
    pair.kill("school")
    pair.again("school")
    assert school.ask("GET", path + "/state")["offset"] == at["offset"], "what was answered is durable"
    while not at["whole"]:
        at = school.ask("PUT", f"{path}?offset={at['offset']}", data[at["offset"]:at["offset"] + MIB])
    pair.kill("broker")
    task = school.refer(at["attachment"])["task"]
    pair.kill("school")
    pair.again("broker")
    pair.again("school")
    folder = next((pair.folder / "broker").glob("*-attachments"))
    pair.wait(lambda: any(f.stat().st_size > 2 * MIB for f in folder.iterdir()), "the first chunks at the broker")
    pair.kill("broker")
    pair.again("broker")
    pair.wait(lambda: any(f.stat().st_size > 2 * MIB for f in (pair.folder / "social").glob("*-files/*")
                          if f.stat().st_size > 5 * MIB) or any(t["task"] == task for t in social.tasks("in")),
              "the first chunks at the recipient", 60)
    pair.kill("social")
    pair.again("social")
    [document] = arrived(pair, social, task)["attachments"]
    assert hashlib.sha256(download(social, document)).digest() == hashlib.sha256(data).digest()
    pair.wait(lambda: "delivered" in school.steps(task), "the evidence", 60)
    pair.wait(lambda: not any(f.stat().st_size > 10 * MIB for f in folder.iterdir()), "the broker's copy gone")


def test_a_part_that_a_crash_cut_off_begins_the_document_anew(pair, school, social):
    data, other = pdf(MIB + 5), pdf(MIB + 5, 10)
    at = school.begin(data)
    path = f"/v1/attachments/{at['attachment']}"
    at = school.ask("PUT", path + "?offset=0", data[:524_288])
    [file] = [f for f in (pair.folder / "school").glob("*-files/*") if f.name == at["attachment"]]
    before = file.read_bytes()
    pair.kill("school")
    # As the next chunk stands there when the end comes between its writing and the commit.
    file.write_bytes(before + os.urandom(262_161))
    pair.again("school")
    problem = school.ask("PUT", f"{path}?offset={at['offset']}", other[at["offset"]:], 409)
    assert problem["type"] == "urn:saikne:wrong_state"
    assert school.ask("GET", path + "/state")["offset"] == 0
    at = school.ask("PUT", path + "?offset=0", data[:524_288])
    assert file.read_bytes()[:262_161] != before[:262_161], "another key seals the same bytes otherwise"
    while not at["whole"]:
        at = school.ask("PUT", f"{path}?offset={at['offset']}", data[at["offset"]:at["offset"] + MIB])
    [document] = arrived(pair, social, school.refer(at["attachment"])["task"])["attachments"]
    assert download(social, document) == data


def test_who_begins_again_after_a_crash_is_not_refused_first(pair, school):
    data = pdf(MIB + 5)
    at = school.begin(data)
    path = f"/v1/attachments/{at['attachment']}"
    school.ask("PUT", path + "?offset=0", data[:524_288])
    [file] = [f for f in (pair.folder / "school").glob("*-files/*") if f.name == at["attachment"]]
    before = file.read_bytes()
    pair.kill("school")
    file.write_bytes(before + os.urandom(262_161))
    pair.again("school")
    assert school.ask("PUT", path + "?offset=0", data[:524_288])["offset"] == 524_288
    assert file.read_bytes()[:262_161] != before[:262_161], "another key seals the same bytes otherwise"


def test_what_the_senders_disk_changed_is_found_before_it_leaves_and_told(pair, school, social):
    document = school.bring(pdf(5 * MIB, 11))
    [file] = [f for f in (pair.folder / "school").glob("*-files/*") if f.name == document]
    pair.kill("broker")
    task = school.refer(document)["task"]
    with file.open("r+b") as sealed:
        sealed.seek(13 * 262_161 + 1000)
        byte = sealed.read(1)[0]
        sealed.seek(13 * 262_161 + 1000)
        sealed.write(bytes([byte ^ 1]))
    pair.again("broker")
    pair.wait(lambda: "refused" in school.steps(task), "the refusal", 60)
    [step] = [s for s in school.task(task)["timeline"] if s["what"] == "refused"]
    assert "bad_attachment" in json.dumps(step)
    assert not any(t["task"] == task for t in social.tasks("in"))


def test_a_document_above_the_recipients_limit_is_refused_and_its_sender_told(pair, school, social):
    conf = pair.folder / "social" / "service.conf"
    before = conf.read_text()
    pair.processes["social"].stop()
    conf.write_text(before + "\n[attachments]\nlargest_mib = 1\n")
    pair.again("social")
    try:
        task = school.refer(school.bring(pdf(MIB + 1)))["task"]
        pair.wait(lambda: "unreadable" in school.steps(task), "the evidence")
        [step] = [s for s in school.task(task)["timeline"] if s["what"] == "unreadable"]
        assert "attachment_too_large" in json.dumps(step)
        assert not any(t["task"] == task for t in social.tasks("in"))
    finally:
        pair.processes["social"].stop()
        conf.write_text(before)
        pair.again("social")


def test_nothing_of_a_document_lies_open_on_any_disk(pair, school, social):
    mark = b"MARKER-" + os.urandom(8).hex().encode()
    task = school.refer(school.bring(b"%PDF-1.7\n" + mark * 3000, "ZIMIGS-nosaukums.pdf"))["task"]
    arrived(pair, social, task)
    for file in pair.folder.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert mark not in raw and b"ZIMIGS" not in raw, file


def test_a_document_goes_with_its_cases_key(pair, school, social):
    task = school.refer(school.bring(pdf(5000)))["task"]
    [document] = arrived(pair, social, task)["attachments"]
    assert download(social, document)
    import sqlite3
    pair.kill("social")
    database = sqlite3.connect(pair.folder / "social" / "service.db")
    database.execute("UPDATE cases SET key = NULL WHERE n = (SELECT case_n FROM tasks WHERE id = ?)",
                     [bytes.fromhex(task)])
    database.commit()
    database.close()
    pair.again("social")
    gone = social.ask("GET", f"/v1/attachments/{document['attachment']}", code=410)
    assert gone["type"] == "urn:saikne:erased"


def test_the_command_line_attaches_lists_and_fetches(pair, school, social, tmp_path):
    data, file, copy = pdf(3 * MIB + 5), tmp_path / "izziņa.pdf", tmp_path / "kopija.pdf"
    file.write_bytes(data)
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"content": {"child_name": "Bērns", "steps_taken": "Runāts."}}), encoding="utf-8")
    sent = pair.ask("school", "refer", "--to", "social", "--urgency", "immediate", "--purpose", "return_to_school",
                    "--concern", "unexcused_absence", "--municipality", "Ventspils", "--age-band", "11-14",
                    "--ground", "absence_reporting", "--necessity", "Bērnam vajag.", "--from", request, "--attach", f"{file}:attendance")
    task = sent["tasks"][0]["task"]
    arrived(pair, social, task)
    [document] = pair.ask("social", "attachments", task)
    assert document["name"] == "izziņa.pdf"
    pair.saikne("social", "fetch", document["attachment"], "--out", copy)
    assert copy.read_bytes() == data and copy.stat().st_mode & 0o777 == 0o600
    refused = pair.saikne("social", "fetch", document["attachment"], "--out", copy, ok=None)
    assert refused.returncode != 0 and copy.read_bytes() == data, "what is there is left alone"
