"""tests/faults/story.py: a network begins, two referrals go their way; what must hold then, seen from outside."""

import collections
import sys
from pathlib import Path

from cast import AUDITOR, BROKER, NEWCOMER, SCHOOL, SOCIAL, Failed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
import peer  # noqa: E402

FILES = {"normal": "2026/17", "urgent": "2026/18"}
OFFER = {"to": [SOCIAL], "purpose": "return_to_school", "concern": ["unexcused_absence"],
         "municipality": "Ventspils", "age_band": "11-14", "ground": "absence_reporting", "basis": "law"}
CONTENT = {"child_name": "Izdomāts Bērns", "school": "Ventspils 2. vidusskola", "grade": "7.b",
           "absence_lessons": 34, "steps_taken": "Divas sarunas ar vecmāmiņu."}

# What each task's history is, by author; the log shows the same messages and no others.
ACTS = {
    "normal": [("referral_offer", SCHOOL), ("referral_review_opened", SOCIAL), ("referral_release", SCHOOL),
               ("referral_accept", SOCIAL), ("referral_outcome", SOCIAL), ("referral_close", SCHOOL)],
    "urgent": [("referral_offer", SCHOOL), ("referral_decline", SOCIAL)],
}
STATES = {"normal": "closed", "urgent": "declined"}


def must(condition, what):
    if not condition:
        raise Failed(what)


def publish(cast, what, *parties):
    """The authority admits; what is there already it is told so."""
    network = cast.network
    cast.command("saikne-admin", "publish", "--as", network.registrar_keys, "--network", network.network_conf,
                 *[network.folder / p.code / "admission" for p in parties], what=what)


def audit(cast):
    """Syncs as an auditor does, and verifies; the log's leaves."""
    network, copy = cast.network, cast.folder / "audit.db"
    cast.command("saikne-audit", "sync", "--network", network.network_conf, "--log", copy,
                 "--keys", network.folder / AUDITOR.code / "keys", what="the auditor to sync")
    network.audit("verify", "--network", network.network_conf, "--log", copy, env=cast.common)
    return [peer.decode(leaf) for leaf, in cast.rows(copy, "SELECT leaf FROM entry ORDER BY idx")]


def statements(leaves):
    """How often each party was admitted, and made known a sealing epoch."""
    told = collections.Counter()
    for leaf in leaves:
        if leaf[0] == peer.LEAVES["statement"]:
            number, _, _, *fields = peer.decode(leaf[2])
            if number in (peer.STATEMENTS["admit"], peer.STATEMENTS["sealing_epoch"]):
                told[number, fields[0]] += 1
    return told


def finish(cast):
    cast.stop()
    unsound = cast.network.unsound() + cast.unsound
    must(not unsound, f"sanitizers: {unsound}")


class Founding:
    """From empty databases to institutions that can be sealed to."""

    begins_with = "made"

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


class Referrals:
    """The people of both institutions, what they do and what they remember."""

    begins_with = "running"

    def __init__(self, cast):
        self.cast, self.desks, self.network = cast, cast.desks, cast.network
        self.tasks = {}  # urgency -> {institution: task}
        self.receipt = None

    # ---- looking ---------------------------------------------------------------------------
    def items(self, who, box):
        return self.desks[who].get(f"/v1/tasks?box={box}")["items"]

    def sent(self, urgency):
        """The school's task, which its own file number names."""
        found = [i for i in self.items(SCHOOL, "out") if i["file_number"] == FILES[urgency]]
        must(len(found) <= 1, f"the {urgency} referral is there {len(found)} times")
        return found[0] if found else None

    def came(self, urgency):
        found = [i for i in self.items(SOCIAL, "in") if i["urgency"] == urgency]
        must(len(found) <= 1, f"the {urgency} referral came {len(found)} times")
        return found[0] if found else None

    def item(self, who, urgency):
        return self.sent(urgency) if who == SCHOOL else self.came(urgency)

    def reaches(self, who, urgency, state):
        self.cast.wait(lambda: self.item(who, urgency)["state"] == state, f"{state} at {who}")

    def open(self, who, urgency):
        """Somebody opens the task: that is recorded, and the author of what is new there is told."""
        target = f"/v1/tasks/{self.tasks[urgency][who]}"
        return self.cast.wait(lambda: self.desks[who].get(target), f"the {urgency} referral to open at {who}")

    # ---- acting ----------------------------------------------------------------------------
    def refer(self, urgency):
        request = {**OFFER, "urgency": urgency, "file_number": FILES[urgency], "content": CONTENT}
        self.cast.once(lambda: self.sent(urgency), lambda: self.desks[SCHOOL].post("/v1/referrals", request),
                       "the school to refer")
        task = self.cast.wait(lambda: self.sent(urgency), "the school's own task")["task"]
        self.tasks[urgency] = {SCHOOL: task}
        self.reaches(SCHOOL, urgency, "offered")

    def find(self, urgency):
        came = self.cast.wait(lambda: self.came(urgency), f"the {urgency} referral at {SOCIAL}")
        self.tasks[urgency][SOCIAL] = came["task"]

    def act(self, who, urgency, verb, before, after, **request):
        """WHO does VERB, which leads from state BEFORE to AFTER, and the other side comes to see it."""
        target = f"/v1/tasks/{self.tasks[urgency][who]}/{verb}"
        self.cast.once(lambda: self.item(who, urgency)["state"] != before,
                       lambda: self.desks[who].post(target, request), f"{who} to {verb}")
        self.reaches(who, urgency, after)
        self.reaches(SOCIAL if who == SCHOOL else SCHOOL, urgency, after)

    def read(self, urgency, *fields):
        """Something new came to the social service: somebody opens it and finds FIELDS."""
        self.cast.wait(lambda: self.came(urgency)["unread"], f"news of the {urgency} referral")
        found = {f["name"] for f in self.open(SOCIAL, urgency)["fields"]}
        must(found >= set(fields), f"the {urgency} referral shows {found}")

    def take_receipt(self, urgency):
        offer = self.open(SCHOOL, urgency)["timeline"][0]["message"]
        return self.cast.wait(lambda: self.desks[SCHOOL].ask("GET", f"/v1/messages/{offer}/receipt"), "a receipt")

    def play(self):
        self.cast.start(BROKER, SCHOOL)
        self.cast.connect(SCHOOL)
        self.cast.begin()
        self.refer("normal")
        self.receipt = self.take_receipt("normal")
        # The social service opens later: the broker has kept its mail.
        self.cast.start(SOCIAL)
        self.find("normal")
        self.read("normal", "purpose")
        self.act(SOCIAL, "normal", "review", "offered", "under_review")
        self.read("normal", "child_name")
        self.act(SOCIAL, "normal", "accept", "under_review", "accepted", explanation="No pirmdienas.")
        self.act(SOCIAL, "normal", "outcome", "accepted", "outcome_reported", outcome="goal_reached",
                 explanation="Zēns apmeklē skolu.")
        self.act(SCHOOL, "normal", "close", "outcome_reported", "closed", outcome="goal_reached")
        self.refer("urgent")
        self.find("urgent")
        self.read("urgent", "child_name")
        self.act(SOCIAL, "urgent", "decline", "offered", "declined", decline_reason="out_of_area",
                 explanation="Dzīvo citur.")
        publish(self.cast, "the authority to admit a newcomer", NEWCOMER)

    # ---- what must hold --------------------------------------------------------------------
    def on_its_way(self):
        """What still has to arrive somewhere, as databases and desks tell."""
        found = self.cast.rows(self.network.folder / "broker" / "broker.db", "SELECT at FROM mail")
        for who, desk in self.desks.items():
            found += self.cast.rows(self.network.folder / who / "service.db", "SELECT n FROM outbox")
            status = desk.get("/v1/status")
            found += [who] * (status["messages_waiting"] + status["evidence_waiting"])
        return found

    def settle(self):
        self.cast.wait(lambda: not self.on_its_way(), "outboxes and mailboxes to be empty")
        for who, desk in self.desks.items():
            problems = self.cast.wait(lambda d=desk: [d.get("/v1/status")["problems"]], f"{who}'s problems")
            must(problems == [[]], f"{who} has problems: {problems}")

    def check_tasks(self):
        for urgency, acts in ACTS.items():
            seen = {who: self.open(who, urgency) for who in (SCHOOL, SOCIAL)}
            histories = {who: [(e["index"], e["what"], e["by"], e["message"]) for e in task["timeline"]
                               if e["what"].startswith("referral_")] for who, task in seen.items()}
            for who, task in seen.items():
                must(task["state"] == STATES[urgency], f"{urgency} is {task['state']} at {who}")
                must([(what, by) for _, what, by, _ in histories[who]] == acts,
                     f"the {urgency} history at {who}: {histories[who]}")
                must(not any(e.get("void") for e in task["timeline"]), f"a void act at {who}: {task['timeline']}")
            must(histories[SCHOOL] == histories[SOCIAL], f"the sides differ: {histories}")
            indices = [index for index, *_ in histories[SCHOOL]]
            must(None not in indices and indices == sorted(set(indices)), f"not in the log's order: {indices}")
        for who in self.desks:
            items = self.cast.wait(lambda w=who: self.items(w, "all"), f"the tasks at {who}")
            must(len(items) == len(ACTS), f"{len(items)} tasks at {who}")

    def check_receipt(self):
        """The one taken early is the one given late, and the log at its end still bears it out."""
        must(self.take_receipt("normal") == self.receipt, "the receipt changed")
        receipt = self.network.folder / "receipt.tlog-proof"
        receipt.write_bytes(self.receipt)
        self.network.audit("verify-receipt", receipt, "--network", self.network.network_conf,
                           "--log", self.network.folder / "audit.db", env=self.cast.common)

    def check_log(self, leaves):
        """Each message once, each with one final evidence, and that is DELIVERED."""
        accepted, evidence = {}, collections.Counter()
        refused = []
        for leaf in leaves:
            if leaf[0] == peer.LEAVES["accepted"]:
                header = peer.Header(leaf[2])
                must((header.sender, header.id) not in accepted, "a message is in the log twice")
                accepted[header.sender, header.id] = peer.TYPE_NAMES[header.type]
            elif leaf[0] in (peer.LEAVES["evidence"], peer.LEAVES["broker_evidence"]):
                said = peer.read_evidence(leaf[2])
                evidence[said["sender"], said["id"], said["kind"]] += 1
            elif leaf[0] == peer.LEAVES["refused"]:
                refused.append((leaf[2], peer.CODE_NAMES.get(leaf[3]), leaf[5]))
        expected = sorted((by, what) for acts in ACTS.values() for what, by in acts)
        must(sorted((by, what) for (by, _), what in accepted.items()) == expected,
             f"messages in the log: {accepted.values()}")
        for message in accepted:
            must(evidence.pop((*message, peer.EVIDENCE["delivered"]), 0) == 1,
                 f"{accepted[message]}: not one DELIVERED")
        must(all(kind == peer.EVIDENCE["read"] and n == 1 for (_, _, kind), n in evidence.items()),
             f"other evidence: {evidence}")
        must(not refused, f"refusals: {refused}")
        must(all(n == 1 for n in statements(leaves).values()), f"statements: {statements(leaves)}")
        must(statements(leaves)[peer.STATEMENTS["admit"], NEWCOMER.code] == 1, "the newcomer is not admitted")

    def check(self):
        self.settle()
        self.check_tasks()
        self.settle()
        leaves = audit(self.cast)
        self.check_log(leaves)
        self.check_receipt()
        finish(self.cast)


STORIES = {"founding": Founding, "referrals": Referrals}
