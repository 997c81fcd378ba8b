"""tests/faults/dealing.py: what any story between the two institutions needs: look, act, and what must hold."""

import collections
import sys
from pathlib import Path

from cast import AUDITOR, SCHOOL, SOCIAL, Failed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
import peer  # noqa: E402


class Told:
    """A task as a story tells it: what it is known by, who opens it, its messages by author, how it ends."""

    def __init__(self, sort, urgency, opener, acts, state):
        self.sort, self.urgency, self.opener, self.acts, self.state = sort, urgency, opener, acts, state


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


class Dealing:
    """The people of both institutions, what they do and what they remember. A story says its TOLD and its play()."""

    begins_with = "running"
    institutions = (SCHOOL, SOCIAL)
    each = None  # the kinds of commit that each one is died at, besides the first and last; None: all
    kinds = None  # the kinds of commit that anybody dies at; None: all
    told = {}

    def __init__(self, cast):
        self.cast, self.desks, self.network = cast, cast.desks, cast.network
        self.tasks = {}  # name -> {institution: task}

    # ---- looking ---------------------------------------------------------------------------
    def items(self, who, box):
        return self.desks[who].get(f"/v1/tasks?box={box}")["items"]

    def item(self, who, name):
        """NAME's task as WHO lists it, known by its sort and urgency; None when it is not there."""
        told = self.told[name]
        found = [i for i in self.items(who, "out" if who == told.opener else "in")
                 if (i["sort"], i.get("urgency") or None) == (told.sort, told.urgency)]
        must(len(found) <= 1, f"{name} is {len(found)} times at {who}")
        return found[0] if found else None

    def reaches(self, who, name, state):
        self.cast.wait(lambda: self.item(who, name)["state"] == state, f"{state} at {who}")

    def show(self, who, name):
        """Somebody opens the task: that is recorded, and the author of what is new there is told."""
        target = f"/v1/tasks/{self.tasks[name][who]}"
        return self.cast.wait(lambda: self.desks[who].get(target), f"{name} to open at {who}")

    # ---- acting ----------------------------------------------------------------------------
    def begin(self, name, target, request, state):
        """Its opener writes, once, and it comes to be STATE there."""
        who, told = self.told[name].opener, self.told[name]
        request = {**request, "urgency": told.urgency}
        self.cast.once(lambda: self.item(who, name), lambda: self.desks[who].post(target, request), f"{who}: {name}")
        self.tasks[name] = {who: self.cast.wait(lambda: self.item(who, name), f"{name} at {who}")["task"]}
        self.reaches(who, name, state)

    def find(self, who, name):
        self.tasks[name][who] = self.cast.wait(lambda: self.item(who, name), f"{name} at {who}")["task"]

    def act(self, who, name, verb, before, after, **request):
        """WHO does VERB, which leads from state BEFORE to AFTER, and the other side comes to see it."""
        target = f"/v1/tasks/{self.tasks[name][who]}/{verb}"
        self.cast.once(lambda: self.item(who, name)["state"] != before,
                       lambda: self.desks[who].post(target, request), f"{who} to {verb}")
        self.reaches(who, name, after)
        self.reaches(SOCIAL if who == SCHOOL else SCHOOL, name, after)

    def read(self, who, name, *fields):
        """Something new came to WHO: somebody opens it and finds FIELDS."""
        self.cast.wait(lambda: self.item(who, name)["unread"], f"news of {name} at {who}")
        found = {f["name"] for f in self.show(who, name)["fields"]}
        must(found >= set(fields), f"{name} shows {found}")

    # ---- what must hold --------------------------------------------------------------------
    def on_its_way(self):
        """What still has to arrive somewhere, as databases and desks tell."""
        found = self.cast.rows(self.network.folder / "broker" / "broker.db", "SELECT at FROM mail")
        for who, desk in self.desks.items():
            database = self.network.folder / who / "service.db"
            found += self.cast.rows(database, "SELECT n FROM outbox")
            found += self.cast.rows(database, "SELECT log_index FROM arriving")
            status = desk.get("/v1/status")
            found += [who] * (status["messages_waiting"] + status["evidence_waiting"])
        return found

    def settle(self):
        self.cast.wait(lambda: not self.on_its_way(), "outboxes and mailboxes to be empty")
        for who, desk in self.desks.items():
            problems = self.cast.wait(lambda d=desk: [d.get("/v1/status")["problems"]], f"{who}'s problems")
            must(problems == [[]], f"{who} has problems: {problems}")

    def check_tasks(self):
        for name, told in self.told.items():
            seen = {who: self.show(who, name) for who in (SCHOOL, SOCIAL)}
            histories = {who: [(e["index"], e["what"], e["by"], e["message"]) for e in task["timeline"]
                               if e["what"] in peer.TYPES] for who, task in seen.items()}
            for who, task in seen.items():
                must(task["state"] == told.state, f"{name} is {task['state']} at {who}")
                must([(what, by) for _, what, by, _ in histories[who]] == told.acts,
                     f"{name}'s history at {who}: {histories[who]}")
                must(not any(e.get("void") for e in task["timeline"]), f"a void act at {who}: {task['timeline']}")
            must(histories[SCHOOL] == histories[SOCIAL], f"the sides differ: {histories}")
            indices = [index for index, *_ in histories[SCHOOL]]
            must(None not in indices and indices == sorted(set(indices)), f"not in the log's order: {indices}")
        for who in self.desks:
            items = self.cast.wait(lambda w=who: self.items(w, "all"), f"the tasks at {who}")
            must(len(items) == len(self.told), f"{len(items)} tasks at {who}")

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
        expected = sorted((by, what) for told in self.told.values() for what, by in told.acts)
        must(sorted((by, what) for (by, _), what in accepted.items()) == expected,
             f"messages in the log: {accepted.values()}")
        for message in accepted:
            must(evidence.pop((*message, peer.EVIDENCE["delivered"]), 0) == 1,
                 f"{accepted[message]}: not one DELIVERED")
        must(all(kind == peer.EVIDENCE["read"] and n == 1 for (_, _, kind), n in evidence.items()),
             f"other evidence: {evidence}")
        must(not refused, f"refusals: {refused}")
        must(all(n == 1 for n in statements(leaves).values()), f"statements: {statements(leaves)}")

    def check_more(self, leaves):
        """What this story alone has to hold."""

    def check(self):
        self.settle()
        self.check_tasks()
        self.settle()
        leaves = audit(self.cast)
        self.check_log(leaves)
        self.check_more(leaves)
        finish(self.cast)
