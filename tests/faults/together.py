"""tests/faults/together.py: the story of three institutions: a case that they share, an action in it, who leads it."""

import collections

from cast import COURT, SCHOOL, SOCIAL
from dealing import Dealing, must, peer, statements

THREE = (SCHOOL, SOCIAL, COURT)
DUE = "2099-11-22"
GROUND = {"basis": "law", "ground": "duty_to_report", "necessity": "Bērnam vajag palīdzību."}
CASE = {**GROUND, "with": [SCHOOL, COURT],
        "purpose": "family_assessment", "urgency": "normal", "concern": ["unexcused_absence"], "municipality": "Ventspils",
        "age_band": "11-14", "content": {"child_name": "Izdomāts Bērns", "explanation": "Vajag kopīgu rīcību."}}
ACTION = {"party": COURT, "urgency": "normal", "due": DUE, "explanation": "Aprunāties ar ģimeni."}


class Circles(Dealing):
    """A case over three; the court does something in it; the school comes to lead it, and closes it."""

    institutions = THREE
    kinds = ("act", "inbox", "journal", "receipt")  # of the others it has nothing new
    each = ()
    # One of each sort, so that is what each is known by: how it ends, and what was said of it by whom.
    ends = {"case": "closed", "action": "verified", "transfer": "lead_taken"}
    told = [("case_open", SOCIAL), ("action_assign", SOCIAL), ("action_accept", COURT), ("lead_offer", SOCIAL),
            ("lead_accept", SCHOOL), ("action_done", COURT), ("action_verify", SCHOOL), ("case_close", SCHOOL)]

    def task(self, who, sort):
        """The one of SORT at WHO, as its database has it: lists of people leave out what they only look on."""
        found = self.cast.rows(self.network.folder / who / "service.db",
                               f"SELECT lower(hex(id)), state FROM tasks WHERE sort = '{sort}'")
        must(len(found) <= 1, f"{len(found)} tasks of sort {sort} at {who}")
        return {"task": found[0][0], "state": found[0][1]} if found else None

    def has_come(self, who, sort, state):
        task = self.task(who, sort)
        return task is not None and task["state"] == state

    def all_come(self, sort, state):
        for who in THREE:
            self.cast.wait(lambda w=who: self.has_come(w, sort, state), f"{sort} to be {state} at {who}")

    def say(self, who, on, verb, sort, state, **request):
        """WHO says VERB on the task of sort ON, once; SORT comes to be STATE by that, everywhere."""
        self.cast.once(lambda: self.has_come(who, sort, state),
                       lambda: self.desks[who].post(f"/v1/tasks/{self.task(who, on)['task']}/{verb}", request),
                       f"{who} to {verb}")
        self.all_come(sort, state)

    def play(self):
        self.cast.start("broker", *THREE)
        self.cast.connect(*THREE)
        self.cast.begin()
        self.cast.once(lambda: self.task(SOCIAL, "case"), lambda: self.desks[SOCIAL].post("/v1/circles", CASE), "the case")
        self.all_come("case", "open")
        self.say(SOCIAL, "case", "assign", "action", "assigned", **ACTION)
        self.say(COURT, "action", "accept", "action", "accepted")
        self.say(SOCIAL, "case", "offer-lead", "transfer", "lead_offered", party=SCHOOL, due=DUE)
        self.say(SCHOOL, "transfer", "take-lead", "transfer", "lead_taken")
        # Who owes and who waits are others now.
        self.say(COURT, "action", "done", "action", "done", explanation="Notika saruna.", **GROUND)
        self.say(SCHOOL, "action", "verify", "action", "verified")
        self.say(SCHOOL, "case", "close", "case", "closed", outcome="goal_reached")

    # ---- what must hold --------------------------------------------------------------------
    def on_its_way(self):
        found = super().on_its_way()
        for who in THREE:
            database = self.network.folder / who / "service.db"
            found += self.cast.rows(database, "SELECT event_n FROM passed WHERE how = 'due'")
            found += self.cast.rows(database, "SELECT n FROM circles WHERE gap = 1")
        return found

    def check_tasks(self):
        """One case, one lead, one history, and the same acts in it, whoever is asked."""
        seen = {}
        for who in THREE:
            case = self.task(who, "case")["task"]
            circle = self.cast.wait(lambda w=who, c=case: self.desks[w].get(f"/v1/circles/{c}"), f"the case at {who}")
            acts = []
            for sort, state in self.ends.items():
                item = self.task(who, sort)
                must(item["state"] == state, f"{sort} is {item['state']} at {who}")
                task = self.cast.wait(lambda w=who, t=item["task"]: self.desks[w].get(f"/v1/tasks/{t}"), f"{sort} at {who}")
                must(not any(e.get("void") for e in task["timeline"]), f"a void act at {who}: {task['timeline']}")
                acts += [(e["index"], e["what"], e["by"], e["message"]) for e in task["timeline"] if e["what"] in peer.TYPES]
            must(circle["leads"] == (who == SCHOOL), f"who leads at {who}: {circle['lead']}")
            seen[who] = (case, circle["lead"], [m["party"] for m in circle["members"]], circle["history"], sorted(acts))
        must(seen[SCHOOL] == seen[SOCIAL] == seen[COURT], f"they differ: {seen}")
        _, lead, members, history, acts = seen[SCHOOL]
        must((lead, sorted(members), history["count"]) == (SCHOOL, sorted(THREE), len(self.told)), f"the case is {seen}")
        must([(what, by) for _, what, by, _ in acts] == self.told, f"acts: {acts}")
        for who in THREE:
            sorts = self.cast.rows(self.network.folder / who / "service.db", "SELECT sort FROM tasks ORDER BY sort")
            must([sort for sort, in sorts] == sorted(self.ends), f"tasks at {who}: {sorts}")

    def check_log(self, leaves):
        """Each act once, to both others, who both say once that they have it."""
        to, evidence = {}, collections.Counter()
        for leaf in leaves:
            if leaf[0] == peer.LEAVES["accepted"]:
                header = peer.Header(leaf[2])
                must((header.sender, header.id) not in to, "a message is in the log twice")
                to[header.sender, header.id] = peer.TYPE_NAMES[header.type]
            elif leaf[0] in (peer.LEAVES["evidence"], peer.LEAVES["broker_evidence"]):
                said = peer.read_evidence(leaf[2])
                evidence[said["sender"], said["id"], said["recipient"], said["kind"]] += 1
            must(leaf[0] != peer.LEAVES["refused"], f"a refusal: {leaf}")
        must(sorted((what, by) for (by, _), what in to.items()) == sorted(self.told), f"messages in the log: {to.values()}")
        for sender, message in to:
            for who in set(THREE) - {sender}:
                must(evidence.pop((sender, message, who, peer.EVIDENCE["delivered"]), 0) == 1,
                     f"{to[sender, message]} for {who}: not one DELIVERED")
        must(all(kind == peer.EVIDENCE["read"] and n == 1 for (*_, kind), n in evidence.items()), f"other evidence: {evidence}")
        must(all(n == 1 for n in statements(leaves).values()), f"statements: {statements(leaves)}")
