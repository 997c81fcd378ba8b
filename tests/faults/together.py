"""tests/faults/together.py: the story of three institutions: a case that they share, who leads it, a sitting about a child."""

import collections

from storyteller import day

from cast import COURT, SCHOOL, SOCIAL
from dealing import Dealing, must, peer, statements

THREE = (SCHOOL, SOCIAL, COURT)
DUE = "2099-11-22"
GROUND = {"basis": "law", "ground": "duty_to_report", "necessity": "Bērnam vajag palīdzību."}
CASE = {**GROUND, "with": [SCHOOL, COURT],
        "purpose": "family_assessment", "urgency": "normal", "concern": ["unexcused_absence"], "municipality": "Ventspils",
        "age_band": "11-14", "content": {"child_name": "Izdomāts Bērns", "explanation": "Vajag kopīgu rīcību."}}
ACTION = {"party": COURT, "urgency": "normal", "due": DUE, "explanation": "Aprunāties ar ģimeni."}
SITTING = {"group": "specialists", "with": [SCHOOL, COURT], "purpose": "support_measures", "municipality": "Ventspils"}
MATTER = {**GROUND, "convening": "beyond_one", "age_band": "11-14",
          "content": {"child_name": "Izdomāts Bērns", "question": "Kas palīdz atgriezties skolā?"}}


class Circles(Dealing):
    """
    A case over three; the court does something in it; the school comes to lead it, and closes it. Then a sitting of
    the three: it is held, and its minutes signed by one and dissented from by another, and made final.
    """

    institutions = THREE
    kinds = ("act", "inbox", "journal", "receipt")  # of the others it has nothing new
    each = ("act",)  # in the case and in the sitting
    # One of each sort, so that is what each is known by: how it ends, and what was said of it by whom.
    ends = {"case": "closed", "action": "verified", "transfer": "lead_taken", "conference": "held", "matter": "final"}
    frames = {"case": [("case_open", SOCIAL), ("action_assign", SOCIAL), ("action_accept", COURT), ("lead_offer", SOCIAL),
                       ("lead_accept", SCHOOL), ("action_done", COURT), ("action_verify", SCHOOL), ("case_close", SCHOOL)],
              "conference": [("conference_propose", SOCIAL), ("conference_convene", SOCIAL), ("matter_put", SOCIAL),
                             ("conference_accept", SCHOOL), ("conference_held", SOCIAL), ("matter_decide", SOCIAL),
                             ("matter_minutes", SOCIAL), ("conference_sign", SCHOOL), ("matter_dissent", COURT),
                             ("matter_final", SOCIAL)]}
    leads = {"case": SCHOOL, "conference": SOCIAL}
    told = [one for frame in frames.values() for one in frame]

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
        # What opens a task is said once that is there, though nobody else has heard of it yet.
        self.cast.once(lambda: self.has_come(who, sort, state) if sort == on else self.task(who, sort),
                       lambda: self.desks[who].post(f"/v1/tasks/{self.task(who, on)['task']}/{verb}", request),
                       f"{who} to {verb}")
        self.all_come(sort, state)

    def said(self, who, by, kind):
        """Whether WHO has in the log what BY said, or, itself, has written it."""
        own = f"own = 1 AND '{who}' = '{by}'"
        other = f"own = 0 AND author = '{by}' AND log_index IS NOT NULL"
        return self.cast.rows(self.network.folder / who / "service.db",
                              f"SELECT n FROM events WHERE what = 'message' AND type = {peer.TYPES[kind]} AND ({own} OR {other})")

    def voice(self, who, on, verb, kind, **request):
        """WHO says VERB, which leaves the task of sort ON as it is, once; it comes to everybody."""
        self.cast.once(lambda: self.said(who, who, kind),
                       lambda: self.desks[who].post(f"/v1/tasks/{self.task(who, on)['task']}/{verb}", request),
                       f"{who} to {verb}")
        for other in THREE:
            self.cast.wait(lambda w=other: self.said(w, who, kind), f"{kind} at {other}")

    def sit(self):
        desk = self.desks[SOCIAL]
        self.cast.once(lambda: self.task(SOCIAL, "conference"), lambda: desk.post("/v1/conferences", SITTING), "the sitting")
        self.all_come("conference", "proposed")
        self.say(SOCIAL, "conference", "convene", "conference", "convened", starts=day(0), time="10:30", place="Ventspils")
        matters = f"/v1/conferences/{self.task(SOCIAL, 'conference')['task']}/matters"
        self.cast.once(lambda: self.task(SOCIAL, "matter"), lambda: desk.post(matters, MATTER), "the matter")
        self.all_come("matter", "on_agenda")
        self.voice(SCHOOL, "conference", "will-come", "conference_accept")
        self.say(SOCIAL, "conference", "held", "conference", "held", parties=list(THREE))
        self.say(SOCIAL, "matter", "decide", "matter", "decisions_issued", result="actions_agreed", decision="Mentors.")
        self.say(SOCIAL, "matter", "minutes", "matter", "minutes_circulated", discussion="Pārrunāja kavējumus.")
        self.voice(SCHOOL, "conference", "sign", "conference_sign")
        self.voice(COURT, "matter", "dissent", "matter_dissent", explanation="Mentors ir par vēlu.", **GROUND)
        self.say(SOCIAL, "matter", "final", "matter", "final")

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
        self.sit()

    # ---- what must hold --------------------------------------------------------------------
    def on_its_way(self):
        found = super().on_its_way()
        for who in THREE:
            database = self.network.folder / who / "service.db"
            found += self.cast.rows(database, "SELECT event_n FROM passed WHERE how = 'due'")
            found += self.cast.rows(database, "SELECT n FROM circles WHERE gap = 1")
        return found

    def circle(self, who, frame):
        task = self.task(who, frame)["task"]
        circle = self.cast.wait(lambda: self.desks[who].get(f"/v1/circles/{task}"), f"the {frame} at {who}")
        must((circle["leads"], circle["lead"]) == (who == self.leads[frame], self.leads[frame]),
             f"who leads the {frame} at {who}: {circle['lead']}")
        must(sorted(m["party"] for m in circle["members"]) == sorted(THREE), f"members at {who}: {circle['members']}")
        must(circle["history"]["count"] == len(self.frames[frame]), f"the {frame} at {who} is {circle['history']}")
        return task, circle["history"]

    def check_tasks(self):
        """One case, one sitting; of each one lead, one history, and the same acts in it, whoever is asked."""
        seen = {}
        for who in THREE:
            acts = []
            for sort, state in self.ends.items():
                item = self.task(who, sort)
                must(item["state"] == state, f"{sort} is {item['state']} at {who}")
                task = self.cast.wait(lambda w=who, t=item["task"]: self.desks[w].get(f"/v1/tasks/{t}"), f"{sort} at {who}")
                must(not any(e.get("void") for e in task["timeline"]), f"a void act at {who}: {task['timeline']}")
                acts += [(e["index"], e["what"], e["by"], e["message"]) for e in task["timeline"] if e["what"] in peer.TYPES]
            seen[who] = [self.circle(who, frame) for frame in self.frames], sorted(acts)
        must(seen[SCHOOL] == seen[SOCIAL] == seen[COURT], f"they differ: {seen}")
        must([(what, by) for _, what, by, _ in seen[SCHOOL][1]] == self.told, f"acts: {seen[SCHOOL][1]}")
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
