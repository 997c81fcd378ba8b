"""The desk is as its description says: every request here is made from openapi.json, as the service gives it.

A story of a few referrals takes each operation to where it may be done. There, first everything
that is wrong with a request is tried, which must change nothing; then the good request is.
"""

import contextlib
import datetime
import json
import sqlite3
from pathlib import Path

import jsonschema
import pytest

import api
import network
import stage as stages
from stage import SCHOOL, SOCIAL
from storyteller import day

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service", "saikne")

FILE = Path(__file__).resolve().parents[2] / "services" / "runtime" / "desk" / "openapi.json"
SAID = json.loads(FILE.read_text(encoding="utf-8"))
DESCRIPTION = api.Description(SAID)
OPERATIONS = DESCRIPTION.operations

PASSWORD = "trīs izdomāti vārdi"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4


class Seat:
    """Somebody at an institution's desk, as STORY says who does something."""

    def __init__(self, party, login, role):
        self.party, self.code, self.login, self.role = party, party.code, login, role


# The school's own people besides its case manager; the first comes by their unix user.
ADMINISTRATOR = Seat(SCHOOL, None, "administrator")
LEADER = Seat(SCHOOL, "dace", "supervisor")
LEAVER = Seat(SCHOOL, "zane", "specialist")
GUEST = Seat(SCHOOL, "juris", "specialist")
# A second school, so that a sitting has somebody who may stand in for the first.
OTHER = network.Party("school-parventa", "school", "Pārventas pamatskola")
CAST = [SCHOOL, SOCIAL, OTHER]
AUDITORS = {party: Seat(party, "revidents", "auditor") for party in CAST}
MEMBERS = [Seat(SCHOOL, "anna", "case_manager"), LEADER, LEAVER, GUEST, Seat(SOCIAL, "liga", "case_manager"),
           Seat(OTHER, "ieva", "case_manager"), *AUDITORS.values()]
ABOUT = {"urgency": "urgent", "basis": "law", "ground": "legal_duty", "necessity": "Lēmumam.", "municipality": "Ventspils",
         "age_band": "11-14"}
GROUP_BY_LAW = {"basis": "law", "ground": "cooperation_group", "necessity": "Bērns pusgadu nenāk uz skolu."}
# Of a notice the school may send one kind alone.
OPERATIONS["tell"].body = next(kind for kind in SAID["components"]["schemas"]["Notice"]["oneOf"]
                               if kind["properties"]["notice"]["const"] == "concern")

# And a provision is confirmed here; that it is no more is test_law.py's.
OPERATIONS["confirmProvision"].body = SAID["components"]["schemas"]["Confirming"]["oneOf"][0]



def in_hours(hours):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# What a body needs besides what is required of it, or must be for this cast.
MORE = {
    "refer": {"to": [SOCIAL.code], "basis": "law", "necessity": "Bērnam vajag palīdzību.", "ground": "absence_reporting",
              "urgency": "normal", "purpose": "return_to_school", "file_number": "2026/17",
              "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Saruna."}},
    "decline": {"decline_reason": "not_our_remit", "explanation": "Cita iestāde."},
    "search": {"name": "Izdomāts"},
    "newCase": {"file_number": "2026/18", "labels": ["izdomāts"], "content": {"child_name": "Otrs Izdomāts"}},
    "addNote": {"text": "Saruna ar vecmāmiņu."},
    "labelCase": {"labels": ["izdomāts", "otrs"]},
    "linkHousehold": lambda world: {"with": world.shown("declined")["case"]},
    "breakGlass": lambda world: {"case": world.shown("declined")["case"], "reason": "Bērns zvanīja no stacijas."},
    "request": {**ABOUT, "to": [SCHOOL.code], "purpose": "family_assessment", "asked": ["attendance"], "due": "2036-03-03",
                "content": {"child_name": "Izdomāts Bērns", "question": "Cik kavējumu?"}},
    "answerRequest": {"ground": "legal_duty", "basis": "law", "necessity": "Lēmumam.", "answer": "34 stundas."},
    "tell": {**ABOUT, "to": [SOCIAL.code], "purpose": "safety",
             "content": {"child_name": "Izdomāts Bērns", "explanation": "Nav bijis kopš pirmdienas."}},
    "assignCase": {"person": "dace", "why": "Zina ģimeni.", "beside": True},
    "handOver": {"to": "anna"},
    "setDuty": lambda world: {"person": "anna", "until": in_hours(2)},
    "beginAttachment": {"name": "izziņa.pdf", "category": "attendance", "size": len(PDF)},
    "decide": {"ground": "public_task", "necessity": "Bez tā skola nevar palīdzēt.", "recipients": ["social_service"],
               "categories": ["attendance"], "purposes": ["return_to_school"], "family_told": "told"},
    "confirmProvision": {"advice": "Izdomāts jurists", "advised_on": "2026-02-03"},
    "addPerson": {"login": "peteris"},
    "signIn": {"login": "dace", "password": PASSWORD},
    "enrol": lambda world: {**world.codes["vita"], "password": PASSWORD},
    "changePassword": {"password": PASSWORD, "new_password": PASSWORD + " citi"},
    "makeToken": {"name": "register", "role": "specialist", "expires_days": 30},
    "newConsent": {"event": "give", "granter": "Izdomāta Māte", "capacity": "parent", "granted_on": "2026-01-15",
                   "child": {"name": "Izdomāts Bērns", "birth_date": "2016-05-01"}, "recipients": ["social_service"],
                   "categories": ["identity", "attendance"], "purposes": ["return_to_school"],
                   "childs_view": "Gribu palikt savā klasē.",
                   "notice": {"code": "sharing", "version": "1", "language": "lv"}},
    "recordConsentEvent": {"event": "withdraw", "text": "Māte zvanīja."},
    "eraseCase": {"reason": "mistake"},
    "answerStop": {"stop_answer": "stopped"},
    "disagree": lambda world: {"task": world.tasks["declined"], "dispute": "declined"},
    "coordinate": {**ABOUT, "with": [SOCIAL.code], "purpose": "family_assessment",
                   "content": {"child_name": "Izdomāts Bērns", "explanation": "Vajag kopīgu rīcību."}},
    "reportToAll": {"basis": "law", "ground": "legal_duty", "necessity": "Lēmumam.", "explanation": "Ģimene atsaucas."},
    "linkCases": lambda world: {"other": world.tasks["linked"]},
    "offerLead": {"party": SOCIAL.code},
    "claimLead": lambda world: {"due": str(datetime.date.today() + datetime.timedelta(days=20))},
    "assignAction": {"party": SOCIAL.code},
    "doneAction": {"basis": "law", "ground": "legal_duty", "necessity": "Lēmumam."},
    "addInstitutions": {"parties": [OTHER.code]},
    "removeInstitution": {"party": OTHER.code},
    "handOverPlace": {"party": SOCIAL.code},
    ("close", "linked"): {"outcome": "goal_reached"},
    "proposeSitting": {"group": "specialists", "with": [SCHOOL.code, OTHER.code], "purpose": "support_measures",
                       "municipality": "Ventspils"},
    "putMatter": {**GROUP_BY_LAW, "convening": "beyond_one", "age_band": "11-14",
                  "content": {"child_name": "Izdomāts Bērns", "question": "Kas palīdz atgriezties skolā?"}},
    "convene": lambda world: {"starts": day(0), "time": "10:30", "place": "Ventspils, 2. kabinets"},
    "delegate": {"party": OTHER.code},
    "recordInquorate": {"parties": [SOCIAL.code]},
    "recordHeld": {"parties": [SOCIAL.code, OTHER.code]},
    "issueDecisions": {**GROUP_BY_LAW, "result": "actions_agreed", "decision": "Skola piešķir mentoru."},
    "circulateMinutes": {**GROUP_BY_LAW, "discussion": "Pārrunāja kavējumus."},
    "correctMinutes": {**GROUP_BY_LAW, "explanation": "Māte atgriezās septembrī."},
    "dissent": {**GROUP_BY_LAW, "explanation": "Mentors nepietiek."},
    "withhold": lambda world: {"message": world.shown("long")["timeline"][0]["message"],
                               "reason": SAID["components"]["schemas"]["list.withhold-reasons"]["enum"][0]},
}

# Who does what, and to which referral, before which state is waited for there.
STORY = [
    ("refer", SCHOOL, "long", None),
    ("openReview", SOCIAL, "long", "offered"),
    ("askInformation", SOCIAL, "long", "under_review"),
    ("giveInformation", SCHOOL, "long", "info_requested"),
    ("proposeRedirect", SOCIAL, "long", "under_review"),
    ("accept", SOCIAL, "long", "redirect_proposed"),
    ("startWork", SOCIAL, "long", "accepted"),
    ("holdWork", SOCIAL, "long", "in_progress"),
    ("resumeWork", SOCIAL, "long", "on_hold"),
    ("reportOutcome", SOCIAL, "long", "in_progress"),
    ("close", SCHOOL, "long", "outcome_reported"),
    ("decline", SOCIAL, "declined", "offered"),
    ("decideFollowUp", SCHOOL, "declined", "declined"),
    ("cancel", SCHOOL, "cancelled", "under_review"),
    ("confirmCancel", SOCIAL, "cancelled", "cancel_requested"),
    ("enteredInError", SCHOOL, "mistaken", "offered"),
    ("search", SCHOOL, "long", None),
    ("withhold", SCHOOL, "long", None),
    ("newConsent", SCHOOL, "long", None),
    ("decide", SCHOOL, "long", None),
    ("recordConsentEvent", SCHOOL, "long", None),
    ("newCase", SCHOOL, "long", None),
    ("addNote", SCHOOL, "long", None),
    ("labelCase", SCHOOL, "long", None),
    ("linkHousehold", SCHOOL, "long", None),
    ("breakGlass", SCHOOL, "long", None),
    ("seeBrokenGlass", LEADER, "long", None),
    ("assignCase", SCHOOL, "long", None),
    ("giveBackCase", LEADER, "long", None),
    ("handOver", LEADER, "long", None),
    ("setDuty", LEADER, "long", None),
    ("endDuty", LEADER, "long", None),
    ("answerStop", SOCIAL, "stop", "received"),
    ("eraseCase", LEADER, "mistaken", None),
    ("beginAttachment", SCHOOL, "long", None),
    ("bringAttachment", SCHOOL, "long", None),
    ("request", SOCIAL, "asked", None),
    ("answerRequest", SCHOOL, "asked", "received"),
    ("refuseRequest", SCHOOL, "refused", "received"),
    ("withdrawRequest", SOCIAL, "withdrawn", "received"),
    ("tell", SCHOOL, "told", None),
    ("acknowledge", SOCIAL, "told", "received"),
    ("disagree", SCHOOL, "dispute", None),
    ("replyToDisagreement", SOCIAL, "dispute", "at_specialists"),
    ("settle", SCHOOL, "dispute", "at_specialists"),
    ("climb", SOCIAL, "climbing", "at_specialists"),
    ("coordinate", SCHOOL, "circle", None),
    ("coordinate", SCHOOL, "linked", None),
    ("reportToAll", SOCIAL, "circle", "open"),
    ("linkCases", SCHOOL, "circle", "open"),
    ("addInstitutions", SCHOOL, "linked", "open"),
    ("removeInstitution", SCHOOL, "linked", "open"),
    ("close", SCHOOL, "linked", "open"),
    ("reopenCase", SCHOOL, "linked", "closed"),
    ("addInstitutions", SCHOOL, "circle", "open"),
    ("handOverPlace", OTHER, "circle", "open"),
    ("assignAction", SCHOOL, "circle", "open"),
    ("accept", SOCIAL, "action", "assigned"),
    ("startWork", SOCIAL, "action", "accepted"),
    ("doneAction", SOCIAL, "action", "in_progress"),
    ("returnAction", SCHOOL, "action", "done"),
    ("doneAction", SOCIAL, "action", "in_progress"),
    ("verifyAction", SCHOOL, "action", "done"),
    ("assignAction", SCHOOL, "circle", "open"),
    ("accept", SOCIAL, "action", "assigned"),
    ("failAction", SOCIAL, "action", "accepted"),
    ("claimLead", SOCIAL, "circle", "open"),
    ("revokeLead", SCHOOL, "claim", "lead_claimed"),
    ("offerLead", SCHOOL, "circle", "open"),
    ("rejectLead", SOCIAL, "offer", "lead_offered"),
    ("offerLead", SCHOOL, "circle", "open"),
    ("revokeLead", SCHOOL, "offer", "lead_offered"),
    ("offerLead", SCHOOL, "circle", "open"),
    ("takeLead", SOCIAL, "offer", "lead_offered"),
    ("leaveCase", SCHOOL, "circle", "open"),
    ("proposeSitting", SOCIAL, "sitting", None),
    ("callOff", SOCIAL, "sitting", "proposed"),
    ("proposeSitting", SOCIAL, "sitting", None),
    ("putMatter", SOCIAL, "sitting", "proposed"),
    ("dropMatter", SOCIAL, "matter", "on_agenda"),
    ("convene", SOCIAL, "sitting", "proposed"),
    ("willCome", SCHOOL, "sitting", "convened"),
    ("willNotCome", SCHOOL, "sitting", "convened"),
    ("recordInquorate", SOCIAL, "sitting", "convened"),
    ("convene", SOCIAL, "sitting", "inquorate"),
    ("delegate", SCHOOL, "sitting", "convened"),
    ("putMatter", SCHOOL, "sitting", "convened"),
    ("recordHeld", SOCIAL, "sitting", "convened"),
    ("issueDecisions", SOCIAL, "matter", "on_agenda"),
    ("circulateMinutes", SOCIAL, "matter", "decisions_issued"),
    ("correctMinutes", SCHOOL, "matter", "minutes_circulated"),
    ("circulateMinutes", SOCIAL, "matter", "corrections"),
    ("signMinutes", SCHOOL, "matter", "minutes_circulated"),
    ("signMinutes", OTHER, "sitting", "held"),
    ("dissent", OTHER, "matter", "minutes_circulated"),
    ("makeFinal", SOCIAL, "matter", "minutes_circulated"),
    ("confirmProvision", ADMINISTRATOR, "long", None),
    ("addPerson", ADMINISTRATOR, "long", None),
    ("changeRole", ADMINISTRATOR, "long", None),
    ("enrol", ADMINISTRATOR, "long", None),
    ("resetPerson", ADMINISTRATOR, "long", None),
    ("disablePerson", ADMINISTRATOR, "long", None),
    ("enablePerson", ADMINISTRATOR, "long", None),
    ("makeToken", ADMINISTRATOR, "long", None),
    ("revokeToken", ADMINISTRATOR, "long", None),
    ("signIn", ADMINISTRATOR, "long", None),
    ("changePassword", LEAVER, "long", None),
    ("signOut", GUEST, "long", None),
]
# No good request of theirs can be made here: why.
UNTOLD = {
    "release": "the content goes by itself, and only where that came to nothing is there something to release",
    "listen": "a stream has a test of its own",
    "showHistory": "who is to be compared with is a member; test_circle_peer.py looks at it",
    "setHistoryAside": "what lacks is asked for three times first, which takes minutes; test_history.c waits for that",
    "takeUp": "nothing of this cast stays overdue for days",
    "seeAlarm": "no deadline of this cast is over; test_deadlines.py waits for one",
}
# Who reads what the school's case manager may not.
READERS = {"listTokens": ADMINISTRATOR, "listHoldings": LEADER, "listBrokenGlass": LEADER, "listAccess": LEADER,
           "listErasures": LEADER, "listRetention": LEADER}
READS = [o for o in OPERATIONS.values() if o.method == "GET" and o.id not in UNTOLD]
# What opens a task, and under which name its answer says so.
OPENS = ("refer", "request", "tell", "disagree", "coordinate")
# What opens a task within another, and under which name it is known then.
WITHIN = {"assignAction": "action", "offerLead": "offer", "claimLead": "claim", "proposeSitting": "sitting", "putMatter": "matter"}
# What is read of another task than of the referral that was declined.
READ_OF = {"showSitting": "sitting", "getInvitation": "sitting", "printMinutes": "matter"}


class World:
    """A school and a social service, each with its people at its desk, and tasks of each sort between them."""

    def __init__(self, play):
        self.play, self.tasks, self.codes, self.record = play, {}, {}, None
        self.desks = {ADMINISTRATOR: api.Desk(play.desk(SCHOOL.code), patient=True)}
        for seat in MEMBERS:
            self.sit(seat)
        # Who does something without a name is the case manager.
        self.desks.update({m.party: self.desks[m] for m in MEMBERS if m.role == "case_manager"})
        self.codes["vita"] = self.add(SCHOOL, "vita", "specialist")
        for name in ("declined", "cancelled", "mistaken"):
            self.open("refer", name, SCHOOL, urgency="urgent")
        for name in ("refused", "withdrawn"):
            self.open("request", name, SOCIAL)
        self.open("disagree", "climbing", SCHOOL)
        self.stop()
        self.wait("cancelled", SOCIAL, "offered")
        self.ask(SOCIAL, "openReview", {"task": self.tasks["cancelled"]})
        case = self.shown("declined")["case"]
        self.document = self.ask(SCHOOL, "beginAttachment", body={**self.body(OPERATIONS["beginAttachment"]), "case": case})[
            "attachment"]
        assert self.desks[SCHOOL].ask("PUT", f"/v1/attachments/{self.document}?offset=0", PDF).json["whole"]

    def stop(self):
        """What was told on a decision by law that then ends."""
        case = self.open("tell", "stopped", SCHOOL)["case"]
        self.wait("stopped", SOCIAL, "received")
        record = self.ask(SCHOOL, "listGrounds", {"case": case})["items"][0]["record"]
        self.ask(SCHOOL, "recordConsentEvent", {"record": record}, {"event": "end", "text": "Vairs nav vajadzīgs."})
        self.tasks["stop"] = self.ask(SCHOOL, "openGround", {"record": record})["shared"][0]["task"]

    def add(self, party, login, role):
        """An account's login and the code that its password is chosen with."""
        with contextlib.closing(api.Desk(self.play.desk(party.code))) as administrator:
            added = administrator.ask("POST", "/v1/people", {"login": login, "role": role})
        assert added.code == 201, added
        return {"login": login, "code": added.json["code"]}

    def sit(self, seat):
        code = self.add(seat.party, seat.login, seat.role)
        with contextlib.closing(api.Desk(self.play.desk(seat.code))) as desk:
            for target, body in (("/v1/enrol", code), ("/v1/session", {"login": seat.login})):
                answer = desk.ask("POST", target, {**body, "password": PASSWORD})
                assert answer.code == 201, answer
        self.desks[seat] = api.Desk(self.play.desk(seat.code), {"Authorization": f"Bearer {answer.json['token']}"}, patient=True)

    def ask(self, who, name, places=None, body=None):
        """A good request, and its answer checked."""
        operation, desk = OPERATIONS[name], self.desks[who]
        if operation.method == "PUT":
            answer = desk.ask("PUT", operation.target(places) + "?offset=0", PDF)
        else:
            if operation.body is not None and body is None:
                body = self.body(operation)
            answer = desk.ask(operation.method, operation.target(places or {}), body)
        said = DESCRIPTION.check_good(operation, answer)
        if name == "newConsent":
            self.record = said["record"]
        return said

    def body(self, operation, referral=None):
        if operation.body is None:
            return None
        more = MORE.get((operation.id, referral)) or MORE.get(operation.id, {})
        return {**DESCRIPTION.sample(operation.body), **(more(self) if callable(more) else more)}

    def open(self, operation, name, who, **more):
        said = self.ask(who, operation, body={**self.body(OPERATIONS[operation]), **more})
        self.tasks[name] = said["circle"] if operation == "coordinate" else said["tasks"][0]["task"]
        return said

    def wait(self, name, who, state):
        def there():
            answer = self.desks[who].ask("GET", f"/v1/tasks/{self.tasks[name]}")
            return answer.code == 200 and answer.json["state"] == state and self.has_content(answer.json)
        self.play.wait(there, f"{name} to be {state} at {who.code}")

    @staticmethod
    def has_content(task):
        return task["sort"] != "referral" or task["state"] == "offered" or not any(w["when"] == "review" for w in task["withheld"])

    def shown(self, referral):
        return self.ask(SCHOOL, "openTask", {"task": self.tasks[referral]})

    def number(self, reader, target, member, /, **fitting):
        """The number under which a list has what fits: the newest of it."""
        items = self.desks[reader].ask("GET", target).json["items"]
        return max(i[member] for i in items if all(i.get(k) == v for k, v in fitting.items()))

    def places(self, operation, referral="long"):
        """Names that exist, for each name in a path."""
        known = {"list": lambda: "urgencies", "provision": lambda: "legal_duty",
                 "record": lambda: self.record, "attachment": lambda: self.document,
                 "task": lambda: self.tasks[referral], "circle": lambda: self.tasks["circle"], "case": lambda: self.shown(referral)["case"],
                 "message": lambda: self.shown(referral)["timeline"][0]["message"],
                 "token": lambda: self.number(ADMINISTRATOR, "/v1/tokens", "token"),
                 "person": lambda: self.number(ADMINISTRATOR, "/v1/people", "person", name="vita"),
                 "number": lambda: self.number(LEADER, *(("/v1/duty", "duty") if "duty" in operation.path
                                                         else ("/v1/break-glass", "n")))}
        # One of which nothing is there yet.
        if operation.id == "bringAttachment":
            known["attachment"] = lambda: self.ask(SCHOOL, "beginAttachment")["attachment"]
        return {name: known[name]() for name in operation.places}

    def given(self, operation, name, schema):
        """Values of a query that are taken."""
        known = {("listAccess", "case"): lambda: [self.shown("long")["case"]],
                 ("listAccess", "person"): lambda: [self.number(ADMINISTRATOR, "/v1/people", "person", name="anna")],
                 ("printMinutes", "without"): lambda: ["family", "family%3Bidentity"],
                 (operation.id, "after"): lambda: []}
        return known.get((operation.id, name), lambda: DESCRIPTION.samples(schema))()

    def stored(self):
        """All that a refused request must leave as it is."""
        said = {}
        for party in self.play.parties:
            desk = self.desks[party]
            for target in ("/v1/tasks?limit=500", "/v1/cases?limit=500"):
                said[party.code, target] = desk.ask("GET", target).json["items"]
            said[party.code, "status"] = {k: v for k, v in desk.ask("GET", "/v1/status").json.items()
                                          if k in ("messages_waiting", "evidence_waiting", "problems")}
            said[party.code, "rows"] = api.database_counts(
                self.play.folder / party.code / "service.db", sqlite3.connect)
        return said

    def settled(self):
        """STORED when nothing is on its way any more."""
        def twice():
            before = self.stored()
            quiet = not any(before[p.code, "status"][k] for p in self.play.parties
                            for k in ("messages_waiting", "evidence_waiting"))
            return before if quiet and before == self.stored() else None
        return self.play.wait(twice, "everything to be delivered")


@pytest.fixture(scope="module")
def world():
    with network.Network(parties=CAST, role="administrator") as play:
        world = World(play.start())
        yield world
        for desk in world.desks.values():
            desk.close()
        for process in play.processes.values():
            assert process.stop() == 0, process.tail()
        assert not play.unsound()


# ---- Everything wrong ------------------------------------------------------------------------

def try_methods(desk, operation, target):
    allowed = DESCRIPTION.methods(target)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} - allowed:
        answer = desk.ask(method, target, None if method in ("GET", "DELETE", "OPTIONS") else b"{}",
                          {"Content-Type": api.JSON})
        if method == "POST" or method == "GET" or answer.code == 405:
            DESCRIPTION.check_problem(answer, 405)
            assert {m.strip() for m in answer.headers["Allow"].split(",")} == allowed, answer.headers["Allow"]
        else:
            DESCRIPTION.check_problem(answer, 400, 405)


def try_queries(desk, operation, target, body):
    for query in DESCRIPTION.wrong_queries(operation):
        answer = desk.raw(b"%s %s?%s HTTP/1.1\r\nHost: d\r\nConnection: close\r\n%s\r\n%s" % (
            operation.method.encode(), target.encode(), query.encode(),
            b"" if body is None else b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body), body or b""))
        DESCRIPTION.check_problem(answer, 400, 403, 409, 413)


def try_places(desk, operation, places, body):
    for bad in DESCRIPTION.wrong_places(operation, places):
        DESCRIPTION.check_problem(desk.ask(operation.method, bad, body), 400, 403, 404)
    DESCRIPTION.check_problem(desk.ask(operation.method, operation.target(places) + "/", body), 404)
    DESCRIPTION.check_problem(desk.ask(operation.method, "/" + operation.target(places), body), 400, 404)
    DESCRIPTION.check_problem(desk.ask(operation.method, operation.target(places) + "/no_such_word", body), 404, 405)


def try_bodies(desk, operation, target, good):
    for what, bad in DESCRIPTION.wrong_bodies(operation, good):
        answer = desk.ask(operation.method, target, bad)
        try:
            DESCRIPTION.check_problem(answer, 400, 401, 403, 404, 409, 413, 422)
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}") from None
    text = json.dumps(good).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx",
                 "application/problem+json", "", "json", None):
        DESCRIPTION.check_problem(desk.ask(operation.method, target, text, {"Content-Type": kind}), 415)
    big = text[:-1] + (b"," if good else b"") + b'"a":"' + b"a" * api.BODY_MAX + b'"}'
    DESCRIPTION.check_problem(desk.raw(
        b"POST %s HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (
            target.encode(), len(big)), [big]), 413)


def try_others(world, who, operation, target, body):
    """Asked without a name, with one that nobody has, and by those whose role has no such act."""
    seat = who if isinstance(who, Seat) else None
    code = who.code
    if operation.id in ("signIn", "enrol"):
        return
    for headers in ({"Authorization": "Bearer " + "0" * 64}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}):
        with contextlib.closing(api.Desk(world.play.desk(code), headers, patient=True)) as nobody:
            DESCRIPTION.check_problem(nobody.ask(operation.method, target, body), 400, 401)
    if operation.id in ("changePassword", "signOut"):
        return  # everybody's own
    others = [AUDITORS[SCHOOL], SCHOOL] if seat is ADMINISTRATOR else [AUDITORS[seat.party if seat else who]]
    if code == SCHOOL.code and seat is not ADMINISTRATOR:
        others.append(ADMINISTRATOR)
    for other in others:
        answer = world.desks[other].ask(operation.method, target, body)
        assert DESCRIPTION.check_problem(answer, 403)["type"] == "urn:saikne:not_allowed", (other.code, answer)


# ---- The tests -------------------------------------------------------------------------------

def test_the_program_gives_the_description_that_stands_in_its_sources(world):
    assert world.desks[SCHOOL].ask("GET", "/v1/openapi.json").body == FILE.read_bytes()
    for name, schema in SAID["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema), name


def test_every_operation_is_told_here():
    told = {step[0] for step in STORY} | {o.id for o in READS} | set(UNTOLD)
    assert told == set(OPERATIONS), "what was added needs its place in STORY, in MORE or in UNTOLD"


@pytest.mark.parametrize("name,who,referral,state", STORY, ids=[f"{s[0]}-{s[2]}" for s in STORY])
def test_what_is_wrong_changes_nothing_and_what_is_right_is_done(world, name, who, referral, state):
    operation, desk = OPERATIONS[name], world.desks[who]
    if state is not None:
        world.wait(referral, who, state)
    places = world.places(operation, referral)
    good = PDF if operation.method == "PUT" else world.body(operation, referral)
    target = operation.target(places)
    sent = good if good is None or isinstance(good, bytes) else json.dumps(good).encode()
    before = world.settled()
    try_others(world, who, operation, target + ("?offset=0" if operation.method == "PUT" else ""), good)
    try_methods(desk, operation, target)
    try_queries(desk, operation, target, sent)
    try_places(desk, operation, places, good)
    if operation.body is not None:
        try_bodies(desk, operation, target, good)
    assert world.stored() == before
    if name in OPENS:
        preview = desk.ask("POST", target + "?preview=1", good)
        assert "case" not in DESCRIPTION.check_good(operation, preview)
        assert world.stored() == before
        world.open(name, referral, who)
    else:
        said = world.ask(who, name, places, good)
        if name in WITHIN:
            world.tasks[WITHIN[name]] = said["task"]


@pytest.mark.parametrize("operation", READS, ids=lambda o: o.id)
def test_what_is_read_is_as_described_and_nothing_else_is_given(world, operation):
    desk, places = world.desks[READERS.get(operation.id, SCHOOL)], world.places(
        operation, READ_OF.get(operation.id, "declined"))
    target, before = operation.target(places), world.settled()
    try_methods(desk, operation, target)
    try_queries(desk, operation, target, None)
    try_places(desk, operation, places, None)
    for body in (b"{}", b"x"):
        DESCRIPTION.check_problem(desk.ask("GET", target, body), 400)
    assert world.stored() == before
    DESCRIPTION.check_good(operation, desk.ask("GET", target))
    for name, schema in operation.query.items():
        for value in world.given(operation, name, DESCRIPTION.follow(schema)):
            answer = desk.ask("GET", f"{target}?{name}={value}")
            DESCRIPTION.check_good(operation, answer)


@pytest.mark.parametrize("name", ["listTasks", "listCases"])
def test_turning_pages_ends_and_tells_each_thing_once(world, name):
    operation, desk, told, after = OPERATIONS[name], world.desks[SCHOOL], [], ""
    whole = DESCRIPTION.check_good(operation, desk.ask("GET", f"{operation.path}?limit=500"))
    while after is not None:
        page = DESCRIPTION.check_good(
            operation, desk.ask("GET", f"{operation.path}?limit=1" + (f"&after={after}" if after else "")))
        told, after = told + page["items"], page["next"]
    assert told == whole["items"] and len(told) > 1


@pytest.mark.parametrize("operation", [OPERATIONS[n] for n in UNTOLD if OPERATIONS[n].body], ids=lambda o: o.id)
def test_what_there_is_nothing_for_is_refused(world, operation):
    desk, places = world.desks[SCHOOL], {"task": world.tasks["declined"]}
    target = operation.target({name: places.get(name, "0" * 32) for name in operation.places})
    good, before = world.body(operation), world.settled()
    try_methods(desk, operation, target)
    try_queries(desk, operation, target, json.dumps(good).encode())
    try_bodies(desk, operation, target, good)
    DESCRIPTION.check_problem(desk.ask("POST", target, good))
    assert world.stored() == before


def test_the_stream_says_what_changes(world):
    operation, desk = OPERATIONS["listen"], world.desks[SCHOOL]
    try_methods(desk, operation, operation.path)
    try_queries(desk, operation, operation.path, None)
    with desk.connect() as stream:
        bearer = desk.headers["Authorization"].encode()
        stream.sendall(b"GET /v1/events HTTP/1.1\r\nHost: d\r\nAuthorization: %s\r\n\r\n" % bearer)
        said = b""
        while b": listening" not in said:
            said += stream.recv(4096)
        assert b"Content-Type: text/event-stream" in said
        world.open("refer", "heard", SCHOOL)
        while b"event: change\ndata: " not in said or not said.split(b"data: ", 1)[1].count(b"\n"):
            said += stream.recv(4096)
    change = json.loads(said.split(b"data: ", 1)[1].split(b"\n")[0])
    DESCRIPTION.check(change, operation.said["responses"]["200"]["content"]["text/event-stream"]["x-data"])


def test_what_is_no_request_at_all_is_a_problem_too(world):
    desk, line = world.desks[SCHOOL], b"GET /v1/status HTTP/1.1\r\nHost: d\r\n"
    for data in (b"\r\n\r\n", b"x\r\n\r\n", b"GET\r\n\r\n", b"GET /v1/status\r\n\r\n", b"GET /v1/status HTTP/9.9\r\n\r\n",
                 b"GET  HTTP/1.1\r\nHost: d\r\n\r\n", b"NONSENSE /v1/status HTTP/1.1\r\nHost: d\r\n\r\n",
                 b"TRACE /v1/status HTTP/1.1\r\nHost: d\r\n\r\n", b"CONNECT d:1 HTTP/1.1\r\nHost: d\r\n\r\n",
                 b"GET http://other/v1/status?x=1 HTTP/1.1\r\nHost: d\r\n\r\n", line + b"no colon\r\n\r\n",
                 b"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n", line + b"X: " + b"a" * 9000 + b"\r\n\r\n",
                 line + b"Content-Length: -1\r\n\r\n", line + b"Content-Length: 99999999999999999999\r\n\r\n",
                 line + b"Transfer-Encoding: gzip\r\n\r\n", line + b"Host: e\r\n\r\n", b"GET /v1/status HTTP/1.1\r\n\r\n"):
        answer = desk.raw(data)
        assert answer.type == api.PROBLEM, (data, answer)
        DESCRIPTION.check(answer.json, {"$ref": "#/components/schemas/Problem"})
        assert answer.code in (400, 404, 405, 413, 501), (data, answer)
