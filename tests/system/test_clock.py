"""Clocks that are set days forward and back under real services: nothing fires early, twice or never."""

import json

import pytest

from network import Failed, Network, Party, clock
from storyteller import day

SCHOOL = Party("school-1", "school", "1. pamatskola")
SOCIAL = Party("social-service", "social_service", "Sociālais dienests")
COURT = Party("orphans-court", "orphans_court", "Bāriņtiesa")
CHAIR = Party("social-2", "social_service", "Otrs sociālais dienests")
CAST = [SCHOOL, SOCIAL, COURT]
DAY_MS = 24 * 3600 * 1000
LAW = {"basis": "law", "ground": "cooperation_group", "necessity": "Bērns nenāk uz skolu."}
REFERRAL = {"to": [SOCIAL.code], "urgency": "urgent", "purpose": "safety",
            "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
            "ground": "duty_to_report", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "file_number": "2026/17",
            "content": {"child_name": "Izdomāts Bērns", "steps_taken": "Saruna."}}


class Moved(Network):
    """Everybody's clock can be moved; another social service chairs the management group."""

    def configure(self, party, role=None, confirm=True):
        super().configure(party, role, confirm)
        conf = self.folder / party.code / "service.conf"
        conf.write_text(conf.read_text().replace("[service]\n", f"[service]\nmanagement_chair = {CHAIR.code}\n"))

    @staticmethod
    def wait(condition, what, timeout=90):
        """A link that is lost comes back with the service's own minute: see connect()."""
        return Network.wait(condition, what, timeout)

    def stop(self, name):
        process = self.processes[name]
        assert process.stop() == 0, process.tail()

    def start_at(self, name, ahead):
        self.processes[name].start(extra_env=clock(ahead) if ahead else None)

    def back(self, party, ahead):
        """The service of PARTY is away, and comes back with its clock AHEAD of the true time."""
        self.stop(party.code)
        self.connect(party, ahead)

    def connect(self, party, ahead):
        """Timers of the boot clock do not run under libfaketime: who did not connect at once begins anew."""
        for last in (False, False, True):
            self.start_at(party.code, ahead)
            try:
                self.wait(lambda: self.ask(party.code, "status")["connected"], f"{party.code} to be back", 20 if last else 4)
                return
            except Failed:
                if last:
                    raise
            self.stop(party.code)

    def all_back(self, ahead):
        """Time has passed for all of them."""
        for name in self.processes:
            self.stop(name)
        # Its operator has looked at the clock, and says that it is right.
        self.processes["broker"].argv.append("--confirm-clock")
        self.start_at("broker", ahead)
        self.processes["broker"].argv.pop()
        for party in self.parties:
            self.connect(party, ahead)
        # Meanwhile the registrar has said every day that the list of institutions is as it was.
        self.admin("head", "--as", self.registrar_keys, "--network", self.network_conf, env=clock(ahead))
        for party in self.parties:
            self.wait(lambda code=party.code: self.ask(code, "status")["directory"]["may_seal"], f"the head at {party.code}")
        self.wait_epochs()

    def alarms(self, party):
        return [{k: a[k] for k in ("alarm", "what", "stage", "task", "due")} for a in self.ask(party.code, "alarms")["items"]]

    def everything(self, party):
        """All that there is, and who owes what by when."""
        items = self.ask(party.code, "inbox")["items"] + self.ask(party.code, "outbox")["items"]
        return sorted((i["task"], i["state"], i["owed"], i["due"]) for i in items)

    def climbed(self):
        return [t["task"] for t in self.ask(CHAIR.code, "inbox")["items"] if t["sort"] == "climbed"]


@pytest.fixture(name="net", scope="module")
def moved():
    with Moved(parties=[*CAST, CHAIR], role="head") as net:
        net.start()
        yield net
        assert not net.unsound()


def referred(net):
    said = net.run("saikne", "--desk", net.desk(SCHOOL.code), "--json", "refer", "--from", "-", stdin=json.dumps(REFERRAL))
    task = json.loads(said.stdout)["tasks"][0]["task"]
    net.wait(lambda: any(t["task"] == task for t in net.ask(SOCIAL.code, "inbox")["items"]), "the referral")
    net.ask(SOCIAL.code, "show", task)
    net.wait(lambda: net.ask(SCHOOL.code, "outbox")["items"][0]["reach"] == "read", "the evidence of reading")
    return task


def test_a_clock_that_is_wrong_by_days_fires_nothing_and_is_told_of(net):
    net.task = referred(net)
    before = net.everything(SOCIAL)
    for ahead, days in (("+10d", 10), ("-10d", -10), ("+10d", 10), (None, 0)):
        net.back(SOCIAL, ahead)
        net.wait(lambda: net.alarms(SOCIAL) == [], "what its own clock said to be taken back")
        status = net.ask(SOCIAL.code, "status")
        assert abs(status["clock_offset_ms"] + days * DAY_MS) < 60 * 1000, status
        said = " ".join(net.saikne(SOCIAL.code, "--lang", "en", "status").stdout.split())
        assert ("ahead of the broker's by 10 days" in said) == (days > 0)
        assert ("behind the broker's by 10 days" in said) == (days < 0)
        assert net.everything(SOCIAL) == before
        assert net.climbed() == []
    # It works meanwhile: what is said is dated as the broker's clock has it.
    net.back(SOCIAL, "+10d")
    net.ask(SOCIAL.code, "review", net.task)
    net.wait(lambda: net.ask(SCHOOL.code, "show", net.task)["state"] == "under_review", "the review")
    net.back(SOCIAL, None)
    assert net.ask(SOCIAL.code, "show", net.task)["state"] == "under_review"


def test_what_its_own_clock_alone_said_is_taken_back_once_the_broker_is_asked(net):
    before = net.everything(SOCIAL)
    net.stop("broker")
    net.stop(SOCIAL.code)
    net.start_at(SOCIAL.code, "+10d")
    # Nobody can be asked: it is told too early rather than never, and the chair is not told at all.
    net.wait(lambda: net.alarms(SOCIAL), "an alarm by its own clock")
    assert all(a["own_clock"] for a in net.ask(SOCIAL.code, "alarms")["items"])
    assert [w["own_clock"] for w in net.ask(SOCIAL.code, "todo")["items"] if w["stage"] != "none"] == [True]
    for listed in ("alarms", "todo"):
        assert "by this service's own clock alone" in net.saikne(SOCIAL.code, "--lang", "en", listed).stdout
    net.start_at("broker", None)
    net.back(SOCIAL, "+10d")
    net.wait(lambda: net.alarms(SOCIAL) == [], "the alarm to be taken back")
    net.back(SOCIAL, None)
    assert net.alarms(SOCIAL) == [] and net.everything(SOCIAL) == before and net.climbed() == []


def test_when_days_have_passed_each_stage_is_told_once_whatever_a_clock_says_then(net):
    net.all_back("+10d")
    for party in (SCHOOL, SOCIAL):
        net.wait(lambda who=party: net.alarms(who), f"the alarm at {party.code}")
        assert [(a["what"], a["stage"]) for a in net.alarms(party)] == [("decide", "management")]
        assert "management group" in net.saikne(party.code, "--lang", "en", "alarms").stdout
        assert not any(a["own_clock"] for a in net.ask(party.code, "alarms")["items"])
    net.wait(net.climbed, "the chair to be told")
    told = {party.code: (net.alarms(party), net.everything(party)) for party in (SCHOOL, SOCIAL)}
    chair = net.climbed()
    assert len(chair) == 1
    for ahead in ("-10d", "+30d", "+0d", "+10d"):
        for party in (SCHOOL, SOCIAL):
            net.back(party, ahead)
        for party in (SCHOOL, SOCIAL):
            net.wait(lambda who=party: (net.alarms(who), net.everything(who)) == told[who.code], f"{ahead} at {party.code}")
        assert net.climbed() == chair
    net.ask(SOCIAL.code, "accept", net.task)
    for party in (SCHOOL, SOCIAL):
        net.wait(lambda who=party: net.alarms(who) == [], f"the alarm to end at {party.code}")


def sitting(net, ahead):
    """One that was held, with the minutes of its matter circulated."""
    frame = net.ask(SOCIAL.code, "conference", "propose", "--group", "specialists", "--with", SCHOOL.code, "--with",
                    COURT.code, "--purpose", "support_measures", "--municipality", "Ventspils")["task"]
    state = lambda who, task: net.ask(who.code, "show", task)["state"]

    def everywhere(task, wanted):
        for who in CAST:
            net.wait(lambda who=who: state(who, task) == wanted, f"{wanted} at {who.code}")
    everywhere(frame, "proposed")
    net.ask(SOCIAL.code, "conference", "convene", frame, "--starts", day(ahead), "--time", "10:30", "--place", "Ventspils")
    put = {**LAW, "convening": "beyond_one", "age_band": "11-14",
           "content": {"child_name": "Izdomāts Bērns", "question": "Kas palīdz?"}}
    matter = net.ask(SOCIAL.code, "matter", "put", frame, "--from", "-", stdin=json.dumps(put))["task"]
    everywhere(matter, "on_agenda")
    net.ask(SOCIAL.code, "conference", "held", frame, "--present", SOCIAL.code, "--present", SCHOOL.code)
    everywhere(frame, "held")
    net.ask(SOCIAL.code, "matter", "decide", matter, "--result", "actions_agreed", "--decision", "Vienojās.")
    net.ask(SOCIAL.code, "matter", "minutes", matter, "--discussion", "Pārrunāja.")
    everywhere(matter, "minutes_circulated")
    return frame, matter


def test_minutes_are_corrected_within_the_period_and_no_later(net):
    frame, matter = sitting(net, 10)
    words = {**LAW, "explanation": "Nebija tā."}

    def correct(who):
        return net.saikne(who.code, "matter", "correct", matter, "--from", "-", stdin=json.dumps(words), ok=(1,)).stderr
    net.all_back("+24d")
    told = net.ask(SCHOOL.code, "conference", "show", frame)
    assert "the period for corrections is over" in correct(SCHOOL)
    assert net.ask(SCHOOL.code, "conference", "show", frame) == told
    # A service whose own clock is as it was then is told the same: the log's time counts.
    net.back(SCHOOL, "+10d")
    assert "the period for corrections is over" in correct(SCHOOL)
    net.ask(SCHOOL.code, "matter", "sign", matter)
    net.wait(lambda: net.ask(SOCIAL.code, "conference", "show", frame)["agenda"][0]["waiting"] == [COURT.code], "a signature")
    # Who has said nothing by then holds up nobody.
    net.ask(SOCIAL.code, "matter", "final", matter)
    for who in CAST:
        net.wait(lambda who=who: net.ask(who.code, "show", matter)["state"] == "final", f"final at {who.code}")
