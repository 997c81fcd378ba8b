"""Who inside an institution knows a case: a real broker, a school and a social service with its staff.

Everybody here has an account and a session of their own, as at work; nobody is let in by the test.
"""

import datetime
import json
import uuid

import pytest

import api
import network
import stage as stages
from stage import SCHOOL, SOCIAL

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service", "saikne")

PASSWORD = "trīs izdomāti vārdi"
STAFF = {"anna": "case_manager", "liga": "case_manager", "peteris": "specialist", "juris": "specialist",
         "dace": "supervisor", "karlis": "head", "olga": "auditor"}
OFFER = {"to": [SOCIAL.code], "basis": "law", "necessity": "Bērnam vajag palīdzību.", "ground": "absence_reporting",
         "urgency": "normal",
         "purpose": "return_to_school", "concern": ["unexcused_absence"], "municipality": "Ventspils",
         "age_band": "11-14", "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Saruna ar ģimeni."}}
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
REASON = "Bērns zvanīja no stacijas un ir viens."


class Worker(api.Desk):
    """Somebody with an account, signed in."""

    def __init__(self, play, party, login, role):
        administrator = api.Desk(play.desk(party.code))
        added = administrator.ask("POST", "/v1/people", {"login": login, "role": role})
        assert added.code == 201, added
        chosen = administrator.ask("POST", "/v1/enrol", {"login": login, "code": added.json["code"], "password": PASSWORD})
        session = administrator.ask("POST", "/v1/session", {"login": login, "password": PASSWORD})
        assert (chosen.code, session.code) == (201, 201), (chosen, session)
        administrator.close()
        super().__init__(play.desk(party.code), {"Authorization": f"Bearer {session.json['token']}"})
        self.login, self.number = login, added.json["person"]

    def get(self, target, code=200):
        answer = self.ask("GET", target)
        assert answer.code == code, (self.login, target, answer)
        return answer.json if answer.type.endswith("json") else answer.body

    def act(self, target, body=None, code=200):
        answer = self.ask("POST", target, body if body is not None else {})
        assert answer.code == code, (self.login, target, answer)
        return answer.json

    def tasks(self, box):
        return [item["task"] for item in self.get(f"/v1/tasks?box={box}&limit=500")["items"]]


class House:
    def __init__(self, play):
        self.play = play
        self.maija = Worker(play, SCHOOL, "maija", "case_manager")
        self.staff = {login: Worker(play, SOCIAL, login, role) for login, role in STAFF.items()}
        self.administrator = api.Desk(play.desk(SOCIAL.code))

    def __getattr__(self, login):
        return self.staff[login]

    def arrives(self, **more):
        """A referral of the school that has come in: its task and its case there."""
        task = self.maija.act("/v1/referrals", {**OFFER, **more})["tasks"][0]["task"]

        def come():
            return next((i for i in self.dace.get("/v1/tasks?box=in&limit=500")["items"] if i["task"] == task), None)
        return task, self.play.wait(come, "the referral")["case"]

    def looks(self, **query):
        """The access log, as its auditor reads it."""
        after, rows = "", []
        while after is not None:
            more = "".join(f"&{k}={v}" for k, v in query.items()) + (f"&after={after}" if after else "")
            page = self.olga.get("/v1/access?limit=500" + more)
            after, rows = page["next"], rows + page["items"]
        return rows

    def looked(self, who, what, **query):
        return [r for r in self.looks(**query) if (r["who"], r["what"]) == (who, what)]

    def close(self):
        for worker in [self.maija, self.administrator, *self.staff.values()]:
            worker.close()


@pytest.fixture(scope="module")
def house():
    with network.Network(parties=[SCHOOL, SOCIAL], role="administrator") as play:
        house = House(play.start())
        yield house
        house.close()
        for process in play.processes.values():
            assert process.stop() == 0, process.tail()
        assert not play.unsound()
        for log in play.folder.glob("**/*.log"):
            said = log.read_text(errors="replace")
            for private in ("Izdomāts", "anna", "stacijas", PASSWORD):
                assert private not in said, (log.name, private)


def in_hours(hours):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# ---- Mailbox and duty ------------------------------------------------------------------------

def test_a_specialist_sees_the_mailbox_while_on_duty_and_no_longer(house):
    task, case = house.arrives()
    assert task in house.anna.tasks("mailbox") and task in house.dace.tasks("mailbox")
    house.peteris.get("/v1/tasks?box=mailbox", 403)
    house.peteris.get(f"/v1/tasks/{task}", 404)
    duty = house.dace.act("/v1/duty", {"person": "peteris", "until": in_hours(2)})["duty"]
    later = house.dace.act("/v1/duty", {"person": "juris", "from": in_hours(1), "until": in_hours(2)})["duty"]
    roster = {item["duty"]: item for item in house.anna.get("/v1/duty")["items"]}
    assert (roster[duty]["person"], roster[duty]["now"], roster[later]["now"]) == ("peteris", True, False)
    assert task in house.peteris.tasks("mailbox") and task in house.peteris.tasks("in")
    assert house.peteris.get(f"/v1/cases/{case}")["case"] == case
    house.juris.get("/v1/tasks?box=mailbox", 403)
    house.peteris.act(f"/v1/duty/{duty}/end", code=403)
    for ended in (duty, later):
        house.dace.act(f"/v1/duty/{ended}/end")
    house.dace.act(f"/v1/duty/{duty}/end", code=404)
    assert house.anna.get("/v1/duty")["items"] == []
    house.peteris.get("/v1/tasks?box=mailbox", 403)
    house.peteris.get(f"/v1/cases/{case}", 404)
    assert [r["about"] for r in house.looked("dace", "duty_end")] == ["juris", "peteris"]


def test_a_duty_is_for_supervisors_to_set_and_has_an_end(house):
    house.anna.act("/v1/duty", {"person": "peteris", "until": in_hours(1)}, 403)
    for until in (in_hours(-1), in_hours(24 * 40), "soon", None):
        house.dace.act("/v1/duty", {"person": "peteris", "until": until}, 400)
    for nobody in ("nobody", "olga", ""):
        house.dace.act("/v1/duty", {"person": nobody, "until": in_hours(1)}, 400)
    for number in ("0", "x", "-1", "9" * 30):
        house.dace.act(f"/v1/duty/{number}/end", code=404)


# ---- Taking, giving, handing over ------------------------------------------------------------

def test_a_case_is_taken_assigned_and_given_back(house):
    task, case = house.arrives()
    assert house.anna.act(f"/v1/cases/{case}/assign")["assigned_to"] == ["anna"]
    assert task not in house.liga.tasks("mailbox") and task not in house.liga.tasks("in")
    house.liga.get(f"/v1/tasks/{task}", 404)
    # Who leads sees that it is there and whose it is, and not what it is about.
    item = next(i for i in house.karlis.get("/v1/tasks?box=in&limit=500")["items"] if i["task"] == task)
    assert item["assigned_to"] == ["anna"] and not item["may_open"] and "purpose" not in item and "file_number" not in item
    house.karlis.get(f"/v1/cases/{case}", 404)
    assert house.anna.act(f"/v1/cases/{case}/assign", {"person": "liga", "why": "Zina ģimeni."})["assigned_to"] == ["liga"]
    house.anna.get(f"/v1/tasks/{task}", 404)
    house.liga.act(f"/v1/tasks/{task}/review")
    house.anna.act(f"/v1/cases/{case}/give-back", code=404)
    assert house.liga.act(f"/v1/cases/{case}/give-back")["assigned_to"] == []
    assert task in house.anna.tasks("mailbox")
    # Who acts first holds it.
    house.anna.act(f"/v1/cases/{case}/notes", {"text": "Pārrunāts komandā."})
    assert house.anna.get(f"/v1/cases/{case}")["assigned_to"] == ["anna"]
    house.liga.get(f"/v1/cases/{case}", 404)
    # The head gives it to somebody, without having read it.
    house.karlis.act(f"/v1/cases/{case}/assign", {"person": "liga", "beside": True})
    assert sorted(house.liga.get(f"/v1/cases/{case}")["assigned_to"]) == ["anna", "liga"]
    house.anna.act(f"/v1/cases/{case}/assign", {"person": "olga"}, 400)


def test_who_leaves_hands_over_and_what_a_disabled_person_holds_stands_out(house):
    leaver = Worker(house.play, SOCIAL, "zane", "case_manager")
    _, case = house.arrives()
    _, other = house.arrives()
    for one in (case, other):
        leaver.act(f"/v1/cases/{one}/assign")
    assert house.administrator.ask("POST", f"/v1/people/{leaver.number}/disable", {}).code == 200
    assert leaver.ask("GET", f"/v1/cases/{case}").code == 401
    held = {i["person"]: i for i in house.dace.get("/v1/holdings")["items"]}
    assert (held["zane"]["cases"], held["zane"]["disabled"], held["anna"]["disabled"]) == (2, True, False)
    for name, code in (("anna", 403), ("dace", 200)):
        house.staff[name].act(f"/v1/people/{leaver.number}/hand-over", {"to": "liga", "why": "Aizgāja."}, code)
    assert "zane" not in {i["person"] for i in house.dace.get("/v1/holdings")["items"]}
    shown = house.liga.get(f"/v1/cases/{case}")
    assert shown["assigned_to"] == ["liga"] and shown["known_to"][0]["how"] == "handed_over"
    assert house.dace.act(f"/v1/people/{leaver.number}/hand-over", {"to": "liga"})["cases"] == 0
    for wrong in ({"to": "zane"}, {"to": "nobody"}, {}):
        house.dace.act(f"/v1/people/{leaver.number}/hand-over", wrong, 400)
    # No name stands in an address.
    for nobody in ("zane", "0", "9" * 18, "9" * 30):
        house.dace.act(f"/v1/people/{nobody}/hand-over", {"to": "liga"}, 400)
    leaver.close()


# ---- Who may not know ------------------------------------------------------------------------

def test_who_may_not_know_gets_what_a_stranger_gets_byte_for_byte(house):
    document = house.maija.act("/v1/attachments", {"name": "izziņa.pdf", "category": "attendance", "size": len(PDF)}, 201)
    house.maija.ask("PUT", f"/v1/attachments/{document['attachment']}?offset=0", PDF)
    task, case = house.arrives(file_number="2026/77", urgency="immediate", attachments=[document["attachment"]])
    house.anna.act(f"/v1/cases/{case}/assign")
    house.anna.act(f"/v1/cases/{case}/file", {"file_number": "SD-77", "labels": ["brāļi"]})
    shown = house.play.wait(lambda: next((t for t in [house.anna.get(f"/v1/tasks/{task}")] if t["attachments"]), None), "it")
    message, offered, document = shown["timeline"][0]["message"], uuid.uuid4().hex, shown["attachments"][0]["attachment"]
    assert house.anna.get(f"/v1/attachments/{document}") == PDF
    asks = [("GET", "/v1/tasks/{}", None, task), ("GET", "/v1/cases/{}", None, case),
            ("GET", "/v1/cases/{}/disclosure", None, case), ("GET", "/v1/cases/{}/withhold", None, case),
            ("GET", "/v1/messages/{}/receipt", None, message), ("GET", "/v1/attachments/{}", None, document),
            ("POST", "/v1/cases/{}/assign", {}, case), ("POST", "/v1/cases/{}/assign", {"person": "liga"}, case),
            ("POST", "/v1/cases/{}/give-back", {}, case), ("POST", "/v1/cases/{}/notes", {"text": "x"}, case),
            ("POST", "/v1/cases/{}/file", {"labels": []}, case), ("POST", "/v1/cases/{}/household", {"leave": True}, case),
            ("POST", "/v1/cases/{}/withhold", {"message": message, "reason": "child_safety"}, case),
            *(("POST", "/v1/tasks/{}/" + verb, {}, task) for verb in ("review", "accept", "decline", "start", "cancel"))]
    for who in (house.liga, house.peteris, house.dace):
        for method, target, body, real in asks:
            if who is house.dace and "/assign" in target:
                continue  # who leads gives any case to anybody
            of_it = who.ask(method, target.format(real), body)
            of_none = who.ask(method, target.format(offered), body)
            assert of_it.code in (403, 404), (who.login, target, of_it)
            assert (of_it.code, of_it.body) == (of_none.code, of_none.body), (who.login, target)
            told = [{k: v for k, v in a.headers.items() if k != "Date"} for a in (of_it, of_none)]
            assert told[0] == told[1], (who.login, target)
        for search in ({"file_number": "SD-77"}, {"name": "Izdomāts Bērns"}, {"label": "brāļi"}):
            found = who.ask("POST", "/v1/search", search)
            assert found.code in (200, 400), found
            assert case not in found.body.decode()
    mine = house.liga.act("/v1/cases", {"file_number": "SD-78"})["case"]
    linked = [house.liga.ask("POST", f"/v1/cases/{mine}/household", {"with": w}) for w in (case, offered)]
    assert linked[0].code == 404 and linked[0].body == linked[1].body


def hears(worker, until):
    """What the live stream tells a person until a change of task or case UNTIL comes."""
    told, said = [], b""
    with worker.connect() as stream:
        stream.sendall(b"GET /v1/events HTTP/1.1\r\nHost: d\r\nAuthorization: %s\r\n\r\n" %
                       worker.headers["Authorization"].encode())
        while b": listening" not in said:
            said += stream.recv(4096)
        yield None
        while True:
            while b"\n\n" in said:
                event, said = said.split(b"\n\n", 1)
                if b"event: change" in event:
                    told.append(json.loads(event.split(b"data: ", 1)[1]))
            if any(until() in change.values() for change in told):
                break
            said += stream.recv(4096)
    yield told


def test_the_stream_tells_nobody_of_what_they_may_not_know(house):
    task, case = house.arrives()
    house.anna.act(f"/v1/cases/{case}/assign")
    last = []
    stream = hears(house.liga, lambda: last[0] if last else "")
    next(stream)
    house.anna.act(f"/v1/tasks/{task}/review")
    mine, its = house.arrives()
    house.liga.act(f"/v1/cases/{its}/assign")
    last.append(mine)
    assert {change.get("task", change.get("case")) for change in next(stream)} == {mine, its}


# ---- Broken glass ----------------------------------------------------------------------------

def test_who_breaks_the_glass_sees_the_case_and_the_supervisor_sees_who_it_was(house):
    task, case = house.arrives()
    house.anna.act(f"/v1/cases/{case}/assign")
    house.anna.act(f"/v1/cases/{case}/file", {"file_number": "SD-118"})
    house.peteris.get(f"/v1/cases/{case}", 404)
    for wrong, code in (({"file_number": "SD-118"}, 400), ({"file_number": "SD-118", "reason": "ātri"}, 400),
                        ({"case": "x", "reason": REASON}, 400), ({"reason": REASON}, 400),
                        ({"file_number": "SD-118", "case": case, "reason": REASON}, 400),
                        ({"file_number": "SD-nav", "reason": REASON}, 404), ({"case": uuid.uuid4().hex, "reason": REASON}, 404)):
        house.peteris.act("/v1/break-glass", wrong, code)
    stream, deaf = hears(house.dace, lambda: case), hears(house.juris, lambda: task)
    next(stream), next(deaf)
    broken = house.peteris.act("/v1/break-glass", {"file_number": "SD-118", "reason": REASON})
    until = datetime.datetime.strptime(broken["until"], "%Y-%m-%dT%H:%M:%SZ")
    left = until - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert broken["case"] == case and datetime.timedelta(hours=2, minutes=55) < left <= datetime.timedelta(hours=3)
    change = next(c for c in next(stream) if c["what"] == "break_glass")
    assert (change["case"], set(change)) == (case, {"case", "glass", "what", "time"}) and REASON not in str(change)
    deaf.close()
    assert house.peteris.get(f"/v1/tasks/{task}")["fields"]
    house.peteris.act(f"/v1/cases/{case}/notes", {"text": "Sazvanīta vecmāmiņa."})
    assert house.anna.get(f"/v1/cases/{case}")["assigned_to"] == ["anna"]
    # The supervisor reads the reason, not the case, and says that it was seen.
    one = next(g for g in house.dace.get("/v1/break-glass")["items"] if g["n"] == change["glass"])
    assert (one["who"], one["reason"], one["now"], one["seen"], one["case"]) == ("peteris", REASON, True, None, case)
    house.dace.get(f"/v1/cases/{case}", 404)
    for who in (house.anna, house.peteris, house.olga):
        who.get("/v1/break-glass", 403)
        who.act(f"/v1/break-glass/{one['n']}/seen", code=403)
    assert house.dace.act(f"/v1/break-glass/{one['n']}/seen")["seen_by"] == "dace"
    for number in ("0", "999999", "x"):
        house.dace.act(f"/v1/break-glass/{number}/seen", code=404)
    assert len(house.looked("peteris", "break_glass", case=case)) == 1
    assert len(house.looked("peteris", "break_glass_none")) >= 2
    for nobody in (house.olga, house.administrator):
        assert nobody.ask("POST", "/v1/break-glass", {"file_number": "SD-118", "reason": REASON}).code == 403


# ---- The access log --------------------------------------------------------------------------

def test_the_access_log_says_who_did_what_and_never_what_was_seen(house):
    task, case = house.arrives()
    house.anna.act(f"/v1/cases/{case}/assign")
    house.anna.act(f"/v1/cases/{case}/file", {"file_number": "SD-900", "labels": ["slepens"]})
    message = house.anna.get(f"/v1/tasks/{task}")["timeline"][0]["message"]
    house.anna.get(f"/v1/cases/{case}")
    house.anna.get(f"/v1/messages/{message}/receipt")
    house.anna.get(f"/v1/cases/{case}/disclosure")
    house.anna.act("/v1/search", {"name": "Izdomāts Bērns"})
    house.anna.act(f"/v1/cases/{case}/notes", {"text": "Slepena piezīme."})
    rows = house.looks(case=case)
    assert {r["who"] for r in rows} <= {"anna", "olga"} and all(r["case"] == case for r in rows)
    assert {r["what"] for r in rows} >= {"assign", "label", "read", "export", "disclosure", "note"}
    assert [r["task"] for r in rows if r["what"] == "export"] == [task]
    assert house.looked("anna", "search") and house.looked("olga", "access_log", case=case)
    whole = json.dumps(house.looks(), ensure_ascii=False)
    for private in ("Izdomāts", "Slepena", "slepens", "SD-900", "Saruna", REASON):
        assert private not in whole
    for who in (house.anna, house.peteris):
        who.get("/v1/access", 403)
    assert {r["who"] for r in house.looks(person=house.anna.number)} == {"anna"}
    for nobody in ("anna", "nobody", "0", "-1", "9" * 18, "9" * 30):
        house.olga.get(f"/v1/access?person={nobody}", 400)
    house.olga.get(f"/v1/access?case={uuid.uuid4().hex}", 404)
    numbers = [r["n"] for r in house.looks()]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == len(set(numbers))


def test_signing_in_and_out_is_recorded(house):
    before = len(house.looked("liga", "signed_in"))
    session = house.administrator.ask("POST", "/v1/session", {"login": "liga", "password": PASSWORD})
    assert session.code == 201
    assert [r["about"] for r in house.looked("liga", "signed_in")] == ["liga"] * (before + 1)
    bearer = {"Authorization": f"Bearer {session.json['token']}"}
    assert house.administrator.ask("DELETE", "/v1/session", headers=bearer).code == 200
    assert house.looked("liga", "signed_out") and house.looked("liga", "password_set")


# ---- A case of one's own ---------------------------------------------------------------------

def test_an_internal_case_gives_what_it_knows_to_what_is_sent_from_it(house):
    case = house.anna.act("/v1/cases", {
        "file_number": "SD-300", "labels": ["agrīns"], "municipality": "Ventspils", "age_band": "11-14",
        "urgency": "normal", "purpose": "return_to_school", "concern": ["unexcused_absence"],
        "content": {"child_name": "Klusais Bērns", "steps_taken": "Mājas vizīte."}})["case"]
    house.anna.act(f"/v1/cases/{case}/notes", {"text": "Kļūda.", "content": {"child_name": "Klusā Meitene"}})
    first = house.anna.get(f"/v1/cases/{case}")["notes"]
    house.anna.act(f"/v1/cases/{case}/notes", {"text": "Zvanīja māte.", "corrects": first[-1]["note"]})
    shown = house.anna.get(f"/v1/cases/{case}")
    assert shown["tasks"] == [] and shown["assigned_to"] == ["anna"] and shown["labels"] == ["agrīns"]
    assert {f["name"]: f["value"] for f in shown["fields"]}["child_name"] == "Klusā Meitene"
    assert [n["text"] for n in shown["notes"]] == ["", "Kļūda.", "Zvanīja māte."]
    assert [n["corrects"] for n in shown["notes"]] == [None, None, shown["notes"][1]["note"]]
    house.liga.get(f"/v1/cases/{case}", 404)
    said = {"to": [SCHOOL.code], "case": case, "basis": "law", "necessity": "Bērnam vajag palīdzību."}
    referral = house.anna.act("/v1/referrals", {**said, "ground": "public_task"})
    asked = house.anna.act("/v1/requests", {
        **said, "ground": "legal_duty", "asked": ["attendance"], "due": "2036-01-15",
        "content": {"question": "Vai nāk uz skolu?"}})
    told = house.anna.act("/v1/notices", {
        **said, "notice": "status", "purpose": "status_attestation", "ground": "legal_duty", "content": {"attested": ["needy"]},
        "valid_from": "2026-11-01"})
    assert {r["case"] for r in (referral, asked, told)} == {case}
    sent = {i["task"]: i for i in house.anna.get(f"/v1/cases/{case}")["tasks"]}
    assert sorted(i["sort"] for i in sent.values()) == ["information", "notice", "referral"]
    for task in sent:
        house.play.wait(lambda task=task: house.maija.ask("GET", f"/v1/tasks/{task}").code == 200, "it to arrive")
    refused = [house.liga.ask("POST", "/v1/referrals", {**OFFER, "to": [SCHOOL.code], "case": c}) for c in (case, uuid.uuid4().hex)]
    assert refused[0].code == 404 and refused[0].body == refused[1].body


def test_a_document_of_a_case_is_for_who_knows_that_case_before_anything_cites_it(house):
    case = house.anna.act("/v1/cases", {"file_number": "SD-350"})["case"]
    other = house.anna.act("/v1/cases", {"file_number": "SD-351"})["case"]
    about = {"name": "izziņa.pdf", "category": "attendance", "size": len(PDF)}
    for wrong, code in (({"case": "x"}, 400), ({"case": None}, 400), ({"case": uuid.uuid4().hex}, 404),
                        ({"task": uuid.uuid4().hex}, 404), ({"case": case, "task": case}, 400)):
        house.anna.act("/v1/attachments", {**about, **wrong}, code)
    refused = [house.liga.ask("POST", "/v1/attachments", {**about, "case": c}) for c in (case, uuid.uuid4().hex)]
    assert refused[0].code == 404 and refused[0].body == refused[1].body
    document = house.anna.act("/v1/attachments", {**about, "case": case}, 201)["attachment"]
    for target in (f"/v1/attachments/{document}/state", f"/v1/attachments/{document}"):
        house.liga.get(target, 404)
    assert house.liga.ask("PUT", f"/v1/attachments/{document}?offset=0", PDF).code == 404
    assert house.anna.ask("PUT", f"/v1/attachments/{document}?offset=0", PDF).json["whole"]
    assert house.anna.ask("PUT", f"/v1/attachments/{document}?offset=0", PDF).code == 409
    assert house.anna.get(f"/v1/attachments/{document}") == PDF
    house.liga.get(f"/v1/attachments/{document}", 404)
    assert house.looked("anna", "attach", case=case) and house.looked("anna", "document", case=case)
    said = {**OFFER, "to": [SCHOOL.code], "ground": "public_task", "urgency": "immediate", "attachments": [document]}
    house.anna.act("/v1/referrals", {**said, "case": other}, 403)
    house.anna.act("/v1/referrals", said, 403)
    task = house.anna.act("/v1/referrals", {**said, "case": case})["tasks"][0]["task"]
    house.play.wait(lambda: house.maija.ask("GET", f"/v1/tasks/{task}").code == 200, "it to arrive")
    [came] = house.maija.get(f"/v1/tasks/{task}")["attachments"]
    assert house.maija.get(f"/v1/attachments/{came['attachment']}") == PDF
    # A task names its case as well.
    again = house.anna.act("/v1/attachments", {**about, "task": task}, 201)["attachment"]
    house.liga.get(f"/v1/attachments/{again}/state", 404)


def test_a_household_is_shown_to_who_knows_both_cases(house):
    first, second = (house.anna.act("/v1/cases", {"file_number": f"SD-40{i}"})["case"] for i in (1, 2))
    house.anna.act(f"/v1/cases/{first}/household", {"with": second})
    assert [o["case"] for o in house.anna.get(f"/v1/cases/{second}")["household"]] == [first]
    house.anna.act(f"/v1/cases/{first}/assign", {"person": "liga", "beside": True})
    assert house.liga.get(f"/v1/cases/{first}")["household"] == []
    house.anna.act(f"/v1/cases/{first}/household", {"leave": True})
    assert house.anna.get(f"/v1/cases/{second}")["household"] == []
    for wrong in ({"with": first}, {"with": second, "leave": True}, {"leave": False}, {}):
        house.anna.act(f"/v1/cases/{first}/household", wrong, 400)
