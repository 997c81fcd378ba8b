"""tests/network/demo_case.py: the second week: a case over four institutions, a sitting, and what nobody took up."""

import datetime

from network import PASSWORD, Failed, clock
from storyteller import day

SCHOOL, SOCIAL, COURT, POLICE = "school-parventa", "social-service", "orphans-court", "municipal-police"
MEMBERS = (SOCIAL, SCHOOL, COURT, POLICE)
NAME = "Izdomāta Meitene"
BORN = datetime.date.today().replace(day=1) - datetime.timedelta(days=14 * 365)
CHILD = {"child_name": NAME, "personal_code": "000000-00001", "birth_date": BORN.isoformat()}
PLACE = {"municipality": "Ventspils", "age_band": "11-14"}
LAW = {"basis": "law", "ground": "cooperation_group",
       "necessity": "Meitene pusgadu nenāk uz skolu; vienai iestādei tas nav pa spēkam."}


class Case:
    """Who works on it where, and how far everybody has come."""

    def __init__(self, story):
        network = story.network
        self.story, self.network = story, network
        self.teacher = network.person(SCHOOL, "klases-audzinataja", "case_manager")
        self.manager = network.person(SOCIAL, "gadijuma-vaditaja", "case_manager")
        self.director = network.person(SOCIAL, "direktore", "head")
        self.judge = network.person(COURT, "priekssedetaja", "case_manager")
        self.police = network.person(POLICE, "nepilngadigo-inspektore", "case_manager")
        self.state = network.person("state-police", "vecaka-inspektore", "case_manager")
        self.people = dict(zip(MEMBERS, (self.manager, self.teacher, self.judge, self.police)))

    def at(self, who, *args, **how):
        return self.story.at(who, *args, **how)

    def everywhere(self, task, state):
        for who in self.people.values():
            self.story.until(who, task, state)

    def newest(self, who, sort, known=()):
        """The newest task of a sort at somebody's institution that is none of KNOWN."""
        def find():
            lists = (self.network.ask(who, box)["items"] for box in ("inbox", "outbox"))
            return next((t["task"] for items in lists for t in items if t["sort"] == sort and t["task"] not in known), None)
        return self.network.wait(find, f"a task of sort {sort}")


def signal(case):
    story = case.story
    story.day("The second week: a signal, and a case over institutions")
    story.step("A school counts lessons: more than twenty missed without an excuse")
    case.at(case.teacher, "notice", "concern", body={
        "to": [SOCIAL], "urgency": "normal", "purpose": "safety", **PLACE, "ground": "absence_reporting", "basis": "law",
        "necessity": "Par kavējumiem skolai jāziņo.", "concern": ["unexcused_absence"], "event_date": day(0),
        "content": {**CHILD, "absence_lessons": 61, "absence_period": "septembris-novembris",
                    "explanation": "Vecāki neatbild; klases audzinātāja bija mājās divas reizes."}})
    told = story.task(case.manager, SCHOOL, sort="notice")
    case.at(case.manager, "acknowledge", told, "--done", "case_opened")

    story.step("The social service takes the lead, and asks three others in: one message, one history")
    own = case.network.ask(case.manager, "show", told)["case"]
    case.at(case.manager, "coordinate", "open", "--case", own, body={
        "with": [SCHOOL, COURT, POLICE], "urgency": "normal", "purpose": "return_to_school",
        "concern": ["unexcused_absence"], **PLACE, **LAW,
        "content": {**CHILD, "explanation": "Vajag kopīgu rīcību.", "family": "Tēvs strādā maiņās; māte slimo.",
                    "steps_taken": "Saruna ar tēvu."}})
    case.shared = case.newest(case.manager, "case")
    case.everywhere(case.shared, "open")
    story.say("Each sees of it what its profile and the ground let it have; all have the same history.")
    case.at(case.police, "show", case.shared)
    if any(f["name"] == "family" for f in case.network.ask(case.police, "show", case.shared)["fields"]):
        raise Failed("the police was shown a field outside its profile")
    case.at(case.teacher, "coordinate", "report", case.shared, body={
        **LAW, "content": {"explanation": "Trīs nesekmīgi vērtējumi; latviešu valodā izcila.",
                           "childs_view": "Skolā mani apceļ; gribu citu klasi."}})


def sitting(case):
    story, network = case.story, case.network
    story.day("A sitting of the specialists' group")
    story.step("It is proposed and convened; the members answer, one lets another sit for it")
    case.at(case.manager, "conference", "propose", "--group", "specialists", "--with", SCHOOL, "--with", COURT,
            "--with", POLICE, "--with", "state-police", "--purpose", "return_to_school", "--municipality", "Ventspils")
    case.frame = case.newest(case.manager, "conference")
    case.everywhere(case.frame, "proposed")
    case.at(case.manager, "conference", "convene", case.frame, "--starts", day(0), "--time", "10:30",
            "--place", "Ventspils, 2. stāva zāle")
    case.everywhere(case.frame, "convened")
    story.say("For a calendar there is an entry without any name:")
    case.at(case.judge, "conference", "calendar", case.frame, lines=30)
    case.at(case.teacher, "conference", "will-come", case.frame)
    case.at(case.judge, "conference", "will-come", case.frame)
    case.at(case.state, "conference", "delegate", case.frame, "--party", POLICE)
    case.at(case.police, "conference", "will-come", case.frame)

    story.step("The case is put on the agenda; the school reports beforehand")
    case.at(case.manager, "matter", "put", case.frame, "--about", case.shared, body={
        **LAW, "convening": "beyond_one", "age_band": "11-14", "purpose": "return_to_school",
        "content": {**CHILD, "question": "Kā meitenei droši atgriezties skolā?"}})
    case.matter = case.newest(case.manager, "matter")
    case.everywhere(case.matter, "on_agenda")
    case.at(case.teacher, "matter", "report", case.matter, body={
        **LAW, "content": {"explanation": "Gatava pārcelt uz paralēlklasi."}})

    story.step("It is held; decisions are issued the same day")
    case.at(case.manager, "conference", "held", case.frame, *[w for m in MEMBERS for w in ("--present", m)])
    case.everywhere(case.frame, "held")
    case.at(case.manager, "matter", "decide", case.matter, body={
        **LAW, "result": "actions_agreed", "decision": "Skola maina klasi; policija runā ar pāridarītājiem.",
        "childs_view": "Gribu citu klasi."})
    case.everywhere(case.matter, "decisions_issued")
    network.saikne(case.manager, "conference", "show", case.frame)


def minutes(case):
    story = case.story
    story.step("The minutes go round: one correction, then signatures, and one dissent")
    words = {**LAW, "result": "actions_agreed", "discussion": "Pārrunāja apcelšanu klasē.",
             "decision": "Skola maina klasi; policija runā ar pāridarītājiem.", "childs_view": "Gribu citu klasi."}
    case.at(case.manager, "matter", "minutes", case.matter, body=words)
    case.everywhere(case.matter, "minutes_circulated")
    case.at(case.teacher, "matter", "correct", case.matter, body={**LAW, "explanation": "Apcelšana bija arī autobusā."})
    case.everywhere(case.matter, "corrections")
    case.at(case.manager, "matter", "minutes", case.matter, body={
        **words, "discussion": "Pārrunāja apcelšanu klasē un autobusā."})
    case.everywhere(case.matter, "minutes_circulated")
    case.at(case.teacher, "matter", "sign", case.matter)
    story.say("Who signs all that a sitting has circulated does so at once, however many cases were on its agenda:")
    case.at(case.judge, "conference", "sign", case.frame, "--yes")
    case.at(case.state, "matter", "sign", case.matter)
    case.at(case.police, "matter", "dissent", case.matter, body={
        **LAW, "explanation": "Ar pāridarītājiem vispirms jārunā skolai."})
    case.network.wait(lambda: not matter_of(case)["waiting"], "every signature")
    case.at(case.manager, "matter", "final", case.matter)
    case.everywhere(case.matter, "final")
    story.say("Printed, each signature is checked at that moment; what is left out changes none of them:")
    printed = case.at(case.judge, "--lang", "lv", "matter", "print", case.matter, "--without", "behaviour")
    for words in ("apcelšanu klasē un autobusā", "atsevišķās domas", "vispirms jārunā skolai"):
        if words not in printed:
            raise Failed(f"the printed minutes lack: {words}")


def matter_of(case):
    """The matter as the chair sees it on the agenda."""
    shown = case.network.ask(case.manager, "conference", "show", case.frame)
    return next(one for one in shown["agenda"] if one["task"] == case.matter)


def actions(case):
    story = case.story
    story.day("What was decided is done, or climbs")
    story.step("Two actions come of the decision; one is done and verified")
    assigned = []
    for party, urgency, what in ((SCHOOL, "normal", "Pārcelt uz paralēlklasi."),
                                 (POLICE, "immediate", "Saruna ar pāridarītājiem.")):
        case.at(case.manager, "action", "assign", case.shared, "--party", party, "--urgency", urgency, "--due", day(5),
                "--matter", case.matter, body={**LAW, "explanation": what})
        assigned.append(case.newest(case.people[party], "action", assigned))
    done, case.late = assigned
    case.at(case.teacher, "action", "accept", done)
    case.at(case.teacher, "action", "done", done, body={**LAW, "explanation": "Mācās 8.c klasē kopš šodienas."})
    case.everywhere(done, "done")
    case.at(case.manager, "action", "verify", done)
    case.everywhere(done, "verified")
    story.say("What needs whom now:")
    case.at(case.manager, "todo")
    case.at(case.police, "todo")


def climbing(case):
    """Nobody at the police takes up the other: all clocks go on by hours, as though they had passed."""
    story, network = case.story, case.network
    story.step("Three hours pass (every program is started anew, its clock ahead), and nobody has taken up the other")
    restart(network, "+3h")
    back_at_work(case)
    overdue = network.wait(lambda: [a for a in network.ask(case.director, "alarms")["items"] if a["task"] == case.late
                                    and a["stage"] == "supervisor"], "the supervisors to hear of it")
    if overdue[0]["clock"] != "theirs":
        raise Failed("the clock is not whose action it is")
    case.at(case.director, "alarms", lines=12)
    story.step("Two more, and the heads of both know; each by its own clock, at the same instant")
    restart(network, "+5h")
    back_at_work(case)
    network.wait(lambda: [a for a in network.ask(case.director, "alarms")["items"] if a["task"] == case.late
                          and a["stage"] == "heads"], "the heads to hear of it")
    case.at(case.director, "alarms", lines=12)
    story.step("All four still have one history, and one lead")
    for who in case.people.values():
        told = network.ask(who, "history", case.shared)
        story.say(f"  {who.code:18} {told['count']} entries  {told['digest'][:16]}  lead: {told['lead']}"
                  if "lead" in told else f"  {who.code:18} {told['count']} entries  {told['digest'][:16]}")


def restart(network, ahead):
    """All institutions and the broker go on with their clocks AHEAD."""
    for process in network.processes.values():
        process.stop()
    for process in network.processes.values():
        process.start(extra_env=clock(ahead))
    for party in network.parties:
        network.wait(lambda code=party.code: network.ask(code, "status")["connected"], f"{party.code} to connect")


def back_at_work(case):
    """Sessions end when nobody uses them for long; whoever comes back signs in."""
    for who in (case.director, *case.people.values()):
        case.network.saikne(who, "sign-in", who.login, stdin=f"{PASSWORD}\n")


def play(story):
    case = Case(story)
    for chapter in (signal, sitting, minutes, actions, climbing):
        chapter(case)
