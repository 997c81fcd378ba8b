"""tests/faults/story.py: what is played: a network begins; referrals, a request and a notice, documents, grounds, circles."""

from cast import AUDITOR, BROKER, NEWCOMER, SCHOOL, SOCIAL, Refused
from dealing import Dealing, Told, audit, finish, must, peer, publish, statements
from together import Circles

OFFER = {"to": [SOCIAL], "purpose": "return_to_school", "concern": ["unexcused_absence"],
         "municipality": "Ventspils", "age_band": "11-14", "ground": "duty_to_report",
         "basis": "law", "necessity": "Bērnam vajag palīdzību."}
CONTENT = {"child_name": "Izdomāts Bērns", "school": "Ventspils 2. vidusskola", "grade": "7.b",
           "absence_lessons": 34, "steps_taken": "Divas sarunas ar vecmāmiņu."}
ABOUT = {"municipality": "Ventspils", "age_band": "11-14", "ground": "duty_to_report", "basis": "law",
         "necessity": "Lēmumam."}
QUESTION = {**ABOUT, "to": [SCHOOL], "purpose": "family_assessment", "asked": ["attendance", "identity"],
            "due": "2027-03-01", "content": {"child_name": "Izdomāts Bērns", "question": "Cik kavējumu?"}}
ANSWER = {"basis": "law", "necessity": "Lēmumam.", "ground": "vital_interest", "answer": "34 stundas.",
          "content": {"absence_lessons": 34}}
CONCERN = {**ABOUT, "to": [SOCIAL], "purpose": "safety", "concern": ["unexcused_absence"], "notice": "concern",
           "content": {"child_name": "Izdomāts Bērns", "explanation": "Nav bijis kopš pirmdienas."}}
# Of a child who is twelve, whatever the day of the play.
CONSENT = {"event": "give", "granter": "Izdomāta Māte", "capacity": "parent", "child": {"birth_date": "2014-08-06"},
           "recipients": ["social_service"], "categories": ["identity", "attendance"], "purposes": ["return_to_school"],
           "childs_view": "Gribu palikt savā klasē.", "notice": {"code": "sharing", "version": "1", "language": "lv"}}
SHARED = {key: value for key, value in OFFER.items() if key not in ("ground", "basis", "necessity")}
DOCUMENT = b"%PDF-1.7\n" + bytes(range(256)) * 2400  # three chunks


class Founding:
    """From empty databases to institutions that can be sealed to."""

    begins_with = "made"
    institutions = (SCHOOL, SOCIAL)
    each = kinds = None

    def __init__(self, cast):
        self.cast, self.network = cast, cast.network

    def play(self):
        cast = self.cast
        cast.begin()
        cast.start(BROKER)
        publish(cast, "the authority to admit", *self.network.parties, AUDITOR)
        cast.command("saikne-admin", "head", "--as", self.network.registrar_keys, "--network",
                     self.network.network_conf, what="the authority to sign the directory")
        cast.start(*cast.desks)
        cast.connect(*cast.desks)
        cast.wait(lambda: all(self.sealable(who) for who in cast.desks), "every sealing epoch")

    def sealable(self, who):
        items = self.cast.desks[who].get("/v1/directory")["items"]
        return set(self.cast.desks) <= {i["code"] for i in items if i.get("sealable")}

    def check(self):
        told = statements(audit(self.cast))
        parties = {p.code for p in [*self.network.parties, AUDITOR]}
        expected = {(peer.STATEMENTS["admit"], code): 1 for code in parties}
        expected |= {(peer.STATEMENTS["sealing_epoch"], code): 1 for code in self.cast.desks}
        must(told == expected, f"statements in the log: {told}")
        finish(self.cast)


class Referrals(Dealing):
    """Two referrals, one to its good end; the social service opens late; a newcomer is admitted."""

    told = {
        "normal": Told("referral", "normal", SCHOOL, [
            ("referral_offer", SCHOOL), ("referral_review_opened", SOCIAL), ("referral_release", SCHOOL),
            ("referral_accept", SOCIAL), ("referral_outcome", SOCIAL), ("referral_close", SCHOOL)], "closed"),
        "urgent": Told("referral", "urgent", SCHOOL, [
            ("referral_offer", SCHOOL), ("referral_decline", SOCIAL)], "declined"),
    }
    receipt = None

    def refer(self, name):
        self.begin(name, "/v1/referrals", {**OFFER, "content": CONTENT, "file_number": f"2026/{name}"}, "offered")

    def take_receipt(self, name):
        offer = self.show(SCHOOL, name)["timeline"][0]["message"]
        return self.cast.wait(lambda: self.desks[SCHOOL].ask("GET", f"/v1/messages/{offer}/receipt"), "a receipt")

    def play(self):
        self.cast.start(BROKER, SCHOOL)
        self.cast.connect(SCHOOL)
        self.cast.begin()
        self.refer("normal")
        self.receipt = self.take_receipt("normal")
        # The social service opens later: the broker has kept its mail.
        self.cast.start(SOCIAL)
        self.find(SOCIAL, "normal")
        self.read(SOCIAL, "normal", "purpose")
        self.act(SOCIAL, "normal", "review", "offered", "under_review")
        self.read(SOCIAL, "normal", "child_name")
        self.act(SOCIAL, "normal", "accept", "under_review", "accepted", explanation="No pirmdienas.")
        self.act(SOCIAL, "normal", "outcome", "accepted", "outcome_reported", outcome="goal_reached",
                 explanation="Zēns apmeklē skolu.")
        self.act(SCHOOL, "normal", "close", "outcome_reported", "closed", outcome="goal_reached")
        self.refer("urgent")
        self.find(SOCIAL, "urgent")
        self.read(SOCIAL, "urgent", "child_name")
        self.act(SOCIAL, "urgent", "decline", "offered", "declined", decline_reason="out_of_area",
                 explanation="Dzīvo citur.")
        publish(self.cast, "the authority to admit a newcomer", NEWCOMER)

    def check_more(self, leaves):
        """The receipt taken early is the one given late, and the log at its end still bears it out."""
        must(statements(leaves)[peer.STATEMENTS["admit"], NEWCOMER.code] == 1, "the newcomer is not admitted")
        must(self.take_receipt("normal") == self.receipt, "the receipt changed")
        receipt = self.network.folder / "receipt.tlog-proof"
        receipt.write_bytes(self.receipt)
        self.network.audit("verify-receipt", receipt, "--network", self.network.network_conf,
                           "--log", self.network.folder / "audit.db", env=self.cast.common)


class Tasks(Dealing):
    """The social service asks and is answered; the school tells what it was not asked, and that is acknowledged."""

    each = ()  # their commits are of kinds that the referrals die at each of
    told = {
        "question": Told("information", "urgent", SOCIAL, [
            ("information_request", SOCIAL), ("information_answer", SCHOOL)], "answered"),
        "concern": Told("notice", "urgent", SCHOOL, [
            ("notice_concern", SCHOOL), ("notice_acknowledge", SOCIAL)], "acknowledged"),
    }

    def play(self):
        self.cast.start(BROKER, SCHOOL, SOCIAL)
        self.cast.connect(SCHOOL, SOCIAL)
        self.cast.begin()
        self.begin("question", "/v1/requests", QUESTION, "received")
        self.find(SCHOOL, "question")
        self.read(SCHOOL, "question", "question")
        self.act(SCHOOL, "question", "answer", "received", "answered", **ANSWER)
        self.read(SOCIAL, "question", "answer", "absence_lessons")
        self.begin("concern", "/v1/notices", CONCERN, "received")
        self.find(SOCIAL, "concern")
        self.read(SOCIAL, "concern", "explanation")
        self.act(SOCIAL, "concern", "acknowledge", "received", "acknowledged", done=["staff_informed"])


class Documents(Dealing):
    """A document goes with two referrals of one case, sealed anew for the second; nobody reads the first in time."""

    each = ("attachment", "chunks", "deadline", "alarm")
    told = {
        "first": Told("referral", "immediate", SCHOOL, [("referral_offer", SCHOOL)], "offered"),
        "second": Told("referral", "urgent", SCHOOL, [("referral_offer", SCHOOL)], "offered"),
    }

    def bring(self):
        """All of the document, from where it has come to; its number."""
        desk, state = self.desks[SCHOOL], {}
        named = {"name": "atzinums.pdf", "category": "attendance", "size": len(DOCUMENT)}

        def go_on():
            if "attachment" not in state:
                state.update(desk.post("/v1/attachments", named))
            target = f"/v1/attachments/{state['attachment']}"
            state.update(desk.get(f"{target}/state"))
            if not state["whole"]:
                try:
                    state.update(desk.put(f"{target}?offset={state['offset']}", DOCUMENT[state["offset"]:]))
                except Refused as refused:
                    # A part that was cut off begins the document anew, and says so once.
                    must("wrong_state" in str(refused), str(refused))
            return state["whole"]
        self.cast.wait(go_on, "the document to be brought")
        return state["attachment"]

    def refer(self, name, document, **more):
        self.begin(name, "/v1/referrals", {**OFFER, "content": CONTENT, "attachments": [document], **more}, "offered")

    def download(self, name):
        """The document that came with NAME is the one that was brought."""
        shown = self.show(SOCIAL, name)["attachments"]
        must(len(shown) == 1, f"{len(shown)} documents in {name}")
        target = f"/v1/attachments/{shown[0]['attachment']}"
        came = self.cast.wait(lambda: self.desks[SOCIAL].ask("GET", target), f"the document of {name}")
        must(came == DOCUMENT, f"another document came with {name}")

    def alarms(self, who):
        return self.desks[who].get("/v1/alarms")["items"]

    def play(self):
        self.cast.start(BROKER, SCHOOL, SOCIAL)
        self.cast.connect(SCHOOL, SOCIAL)
        self.cast.begin()
        document = self.bring()
        self.refer("first", document)
        self.find(SOCIAL, "first")
        for who in (SCHOOL, SOCIAL):
            self.cast.wait(lambda w=who: self.alarms(w), f"the alarm at {who}")
        alarm = self.alarms_once(SCHOOL)[0]["alarm"]
        self.cast.wait(lambda: self.desks[SCHOOL].post(f"/v1/alarms/{alarm}/seen", {}), "the alarm to be seen")
        self.download("first")
        self.refer("second", document, case=self.show(SCHOOL, "first")["case"])
        self.find(SOCIAL, "second")
        self.download("second")

    def alarms_once(self, who):
        found = self.cast.wait(lambda: self.alarms(who), f"the alarm at {who}")
        must([(a["what"], a["stage"]) for a in found] == [("read", "overdue")], f"alarms at {who}: {found}")
        return found

    def check_more(self, leaves):
        """Told once to each side; the broker owes nobody a chunk, and with a new start the copy is gone."""
        folder = self.network.folder
        for who in (SCHOOL, SOCIAL):
            self.alarms_once(who)
        self.cast.again(SCHOOL)
        copies = "SELECT n FROM attachments WHERE source > 0 AND size > 0"
        self.cast.wait(lambda: not self.cast.rows(folder / SCHOOL / "service.db", copies), "the copy to go")
        uses = self.cast.rows(folder / "broker" / "broker.db", "SELECT uses FROM attachment")
        must(all(n == 0 for n, in uses), f"the broker keeps attachments for somebody: {uses}")


class Grounds(Dealing):
    """The school shares on a consent, which is withdrawn; both sides end what rested on it, and the school erases."""

    each = ()
    kinds = ("act", "inbox", "journal", "receipt")  # of the others it has nothing new
    told = {
        "shared": Told("referral", "urgent", SCHOOL, [("referral_offer", SCHOOL)], "stopped"),
        "stop": Told("stop", None, SCHOOL, [("ground_stop", SCHOOL), ("ground_stop_answer", SOCIAL)], "answered"),
    }
    case = record = None

    def grounds(self, who, case):
        return self.desks[who].get(f"/v1/cases/{case}/grounds")["items"]

    def give(self):
        """A case of the school's own, and in it the consent; each once, whatever the answer."""
        desk = self.desks[SCHOOL]
        cases = "/v1/cases"
        self.cast.once(lambda: desk.get(cases)["items"], lambda: desk.post(cases, {"content": CONTENT}), "a case")
        self.case = self.cast.wait(lambda: desk.get(cases)["items"], "the case")[0]["case"]
        self.cast.once(lambda: self.grounds(SCHOOL, self.case),
                       lambda: desk.post(f"{cases}/{self.case}/consents", CONSENT), "the consent")
        (given,) = self.cast.wait(lambda: self.grounds(SCHOOL, self.case), "the consent")
        must(given["state"] == "given", f"the consent is {given['state']}")
        self.record = given["record"]

    def state(self, who, case):
        return [(g["record"], g["state"]) for g in self.grounds(who, case)]

    def withdraw(self):
        target = f"/v1/grounds/{self.record}/events"
        self.cast.once(lambda: self.state(SCHOOL, self.case) == [(self.record, "withdrawn")],
                       lambda: self.desks[SCHOOL].post(target, {"event": "withdraw"}), "the withdrawal")

    def play(self):
        self.cast.start(BROKER, SCHOOL, SOCIAL)
        self.cast.connect(SCHOOL, SOCIAL)
        self.cast.begin()
        self.give()
        self.begin("shared", "/v1/referrals", {**SHARED, "case": self.case, "record": self.record}, "offered")
        self.find(SOCIAL, "shared")
        self.read(SOCIAL, "shared", "child_name", "absence_lessons")
        self.withdraw()
        self.reaches(SCHOOL, "shared", "stopped")
        self.reaches(SOCIAL, "shared", "stopped")
        self.tasks["stop"] = {}
        for who in (SCHOOL, SOCIAL):
            self.find(who, "stop")
        self.act(SOCIAL, "stop", "answer-stop", "received", "answered", stop_answer="stopped")

    def check_more(self, leaves):
        """Everyone's record says the same, and the reference was stopped once."""
        there = self.show(SOCIAL, "shared")["case"]
        for who, case in ((SCHOOL, self.case), (SOCIAL, there)):
            must(self.state(who, case) == [(self.record, "withdrawn")], f"{who}: {self.state(who, case)}")
        (shared,) = self.grounds(SCHOOL, self.case)[0]["shared"]
        must((shared["live"], shared["answer"]) == (False, "stopped"), f"the school knows of the answer: {shared}")
        refs = {who: self.cast.rows(self.network.folder / who / "service.db",
                                    "SELECT hex(reference), stop_index FROM refs") for who in (SCHOOL, SOCIAL)}
        must(refs[SCHOOL] == refs[SOCIAL] and len(refs[SCHOOL]) == 1, f"references: {refs}")


STORIES = {"founding": Founding, "referrals": Referrals, "tasks": Tasks, "documents": Documents, "grounds": Grounds,
           "circles": Circles}
