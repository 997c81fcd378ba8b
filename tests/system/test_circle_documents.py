"""Documents in what several institutions share: one message, one root, and each member opens it."""

import http.client
import json
import socket

import stage as stages
from stage import SCHOOL, SOCIAL
from test_coordinate import COURT, GROUND, town  # noqa: F401  (the fixture)

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
