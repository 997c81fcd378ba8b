"""Documents in what several institutions share: one message, one root, and each member opens it."""

import http.client
import json
import socket
import sqlite3

import stage as stages
from stage import SCHOOL, SOCIAL
from test_coordinate import COURT, GROUND, POLICE, town  # noqa: F401  (the fixture)

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne-police", "saikne")
TEXT = "Izdomāts atzinums. ".encode() * 20000


class Line(http.client.HTTPConnection):
    """The desk's socket, for bytes that are no JSON."""
    def __init__(self, path):
        super().__init__("localhost")
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def raw(town, who, method, target, body=None):
    line = Line(town.desk(who.code))
    line.request(method, target, body, {"Host": "localhost", "Content-Type": "application/octet-stream"})
    answer = line.getresponse()
    data = answer.read()
    line.close()
    assert answer.status < 300, (answer.status, data[:300])
    return data


def bring(town, who):
    begun = town.say(who, "POST", "/v1/attachments", {"name": "atzinums.txt", "category": "proceedings", "size": len(TEXT)})
    at = begun["offset"]
    while at < len(TEXT):
        at = json.loads(raw(town, who, "PUT", f"/v1/attachments/{begun['attachment']}?offset={at}", TEXT[at:]))["offset"]
    return begun["attachment"]


def documents(town, who, case):
    return town.say(who, "GET", f"/v1/tasks/{case}")["attachments"]


def test_a_document_of_a_member_is_opened_by_all_others_and_goes_twice_as_two(town):  # noqa: F811
    case = town.open()
    document = bring(town, SCHOOL)
    for times in (1, 2):
        town.do(SCHOOL, case, "report", **GROUND, content={"explanation": "Pielikumā."}, attachments=[document])
        for who in (SOCIAL, COURT):
            town.wait(lambda who=who, times=times: len(documents(town, who, case)) == times, "the document")
    for who in (SOCIAL, COURT):
        for one in documents(town, who, case):
            assert raw(town, who, "GET", f"/v1/attachments/{one['attachment']}") == TEXT
    town.all_agree(case, SOCIAL, SCHOOL, COURT)


# ---- Who joins later ---------------------------------------------------------------------------

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 3000


def bring_pdf(town, who, category):
    begun = town.say(who, "POST", "/v1/attachments", {"name": "atzinums.pdf", "category": category, "size": len(PDF)})
    done = json.loads(raw(town, who, "PUT", f"/v1/attachments/{begun['attachment']}?offset=0", PDF))
    assert done["whole"]
    return begun["attachment"]


def consent_to(*parties):
    return {"basis": "consent", "ground": "consent", "consent": {
        "granter": "Izdomāta Māte", "capacity": "parent", "granted_on": "2026-01-15",
        "child": {"name": "Izdomāts Bērns", "birth_date": "2016-05-01"}, "recipients": [p.code for p in parties],
        "categories": ["identity", "proceedings"], "purposes": ["family_assessment"],
        "childs_view": "Lai palīdz.", "notice": {"code": "sharing", "version": "1", "language": "lv"}}}


def names(town, who, case):
    return {f["name"] for f in town.say(who, "GET", f"/v1/tasks/{case}")["fields"]}


def look(town, who, one):
    return raw(town, who, "GET", f"/v1/attachments/{one['attachment']}")


def found(town, who, query):
    database = sqlite3.connect(f"file:{town.folder / who.code / 'service.db'}?mode=ro", uri=True)
    (value,) = database.execute(query).fetchone()
    database.close()
    return value


def test_who_joins_later_opens_what_the_ground_lets_it_have_and_others_do_not(town):  # noqa: F811
    case = town.open(SCHOOL)
    told = town.do(SCHOOL, case, "report", **consent_to(SOCIAL, POLICE), content={"explanation": "Pielikumā."},
                   attachments=[bring_pdf(town, SCHOOL, "proceedings")])
    town.wait(lambda: len(documents(town, SOCIAL, case)) == 1, "the document")
    town.do(SOCIAL, case, "add", parties=[POLICE.code])
    town.do(SOCIAL, case, "add", parties=[COURT.code])
    town.all_have(case, "open", SOCIAL, SCHOOL, POLICE, COURT)
    town.all_agree(case, SOCIAL, SCHOOL, POLICE, COURT)
    town.wait(lambda: len(documents(town, POLICE, case)) == 1, "the document at who joined")
    (one,) = documents(town, POLICE, case)
    assert (one["name"], one["type"], one["category"], one["size"]) == ("atzinums.pdf", "pdf", "proceedings", len(PDF))
    assert one["by"] == SCHOOL.code and one["from"] == told["message"]
    assert look(town, POLICE, one) == PDF
    assert found(town, POLICE, "SELECT count(*) FROM access WHERE what = 'document'") == 1
    # Whom the family did not name has the act, and no more of it.
    assert documents(town, COURT, case) == [] and "explanation" not in names(town, COURT, case)
    steps = [s["message"] for s in town.say(COURT, "GET", f"/v1/tasks/{case}")["timeline"] if s["what"] == "case_report"]
    assert steps == [told["message"]]
    # The family is told that the document went, and to whom nothing did.
    file = town.say(SCHOOL, "GET", f"/v1/tasks/{case}")["case"]
    given = {g["with"]["code"]: [f["name"] for f in g["fields"]]
             for g in town.ask(SCHOOL.code, "disclosure", file)["given"] if g.get("passed")}
    assert given == {POLICE.code: ["explanation", "files_proceedings"], COURT.code: []}
    town.passed = case, one


def test_what_was_passed_on_goes_with_its_ground(town):  # noqa: F811
    case, one = town.passed
    file = town.say(SCHOOL, "GET", f"/v1/tasks/{case}")["case"]
    (record,) = [g["record"] for g in town.say(SCHOOL, "GET", f"/v1/cases/{file}/grounds")["items"] if g["state"] == "given"]
    town.say(SCHOOL, "POST", f"/v1/grounds/{record}/events", {"event": "withdraw", "text": "Māte zvanīja."})
    stop = town.wait(lambda: [t["task"] for t in town.say(POLICE, "GET", "/v1/tasks?box=in")["items"] if t["sort"] == "stop"],
                     "the stop")[0]
    town.do(POLICE, stop, "answer-stop", stop_answer="deleted")
    town.wait(lambda: documents(town, POLICE, case) == [], "the document gone")
    assert "explanation" not in names(town, POLICE, case)
    assert town.desks[POLICE.code].ask("GET", f"/v1/attachments/{one['attachment']}/state").code == 404
    assert found(town, POLICE, "SELECT count(*) FROM attachments") == 0
    assert look(town, SCHOOL, documents(town, SCHOOL, case)[0]) == PDF
    town.all_agree(case, SOCIAL, SCHOOL, POLICE, COURT)
