"""One document to several institutions: sealed anew for each, so that no header joins them."""

import sqlite3

import pytest

import network
import peer
import stage as stages
from test_documents import MIB, Desk, arrived, download, pdf

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne")


class Trio(network.Network):
    def __init__(self):
        super().__init__(parties=[network.Party("school", "school", "Pārventas pamatskola"),
                                  network.Party("social", "social_service", "Sociālais dienests"),
                                  network.Party("court", "orphans_court", "Bāriņtiesa")])

    def at(self, code):
        return Desk(self.desk(code))

    def table(self, code, query):
        database = sqlite3.connect(f"file:{self.folder / code / 'service.db'}?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def roots(self, code):
        """What each logged message of CODE cites, as everybody who reads headers sees it."""
        headers = [peer.decode(leaf)[2] for (leaf,) in self.table(
            code, "SELECT p.leaf FROM proofs p JOIN events e ON e.log_index = p.log_index WHERE e.own = 1"
                  " AND e.what = 'message'")]
        return [tuple(root for root, _ in peer.Header(raw).attachments) for raw in headers]


@pytest.fixture(scope="module")
def trio():
    with Trio() as running:
        running.start()
        yield running


def refer_to_both(desk, *documents, **more):
    answer = desk.ask("POST", "/v1/referrals", {
        "to": ["social", "court"], "urgency": "immediate", "purpose": "custody_question",
        "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
        "ground": "absence_reporting", "basis": "law", "necessity": "Bērnam vajag palīdzību.", "attachments": list(documents),
        "content": {"child_name": "Bērns Bērziņš", "steps_taken": "Runāts ar ģimeni."}, **more})
    return {task["to"]: task for task in answer["tasks"]}


def kept(trio):
    return [f for f in (trio.folder / "school").glob("*-files/*")]


def test_two_recipients_of_one_document_share_no_root(trio):
    school, data = trio.at("school"), [pdf(700_001), pdf(3000, 8)]
    tasks = refer_to_both(school, *[school.bring(part) for part in data])
    before = {code: task["message"] for code, task in tasks.items()}
    for code in ("social", "court"):
        documents = arrived(trio, trio.at(code), tasks[code]["task"])["attachments"]
        assert [download(trio.at(code), d) for d in documents] == data
    trio.wait(lambda: all("delivered" in school.steps(t["task"]) for t in tasks.values()), "the evidence")
    cited = [roots for roots in trio.roots("school") if roots]
    assert len(cited) == 2 and len({root for roots in cited for root in roots}) == 4
    for code, task in tasks.items():
        messages = [step.get("message") for step in school.task(task["task"])["timeline"]]
        assert before[code] in messages, "the message that was told of is the one that went"


def test_the_sender_sees_one_document_in_both_tasks_and_keeps_it_once(trio):
    school, data = trio.at("school"), pdf(5000, 4)
    tasks = refer_to_both(school, school.bring(data))
    trio.wait(lambda: all("delivered" in school.steps(t["task"]) for t in tasks.values()), "the evidence")
    shown = {school.task(task["task"])["attachments"][0]["attachment"] for task in tasks.values()}
    assert len(shown) == 1 and download(school, {"attachment": shown.pop()}) == data
    trio.processes["school"].stop()
    trio.processes["school"].start()
    trio.wait(lambda: all(source == 0 for (source,) in trio.table(
        "school", "SELECT source FROM attachments WHERE size > 0")), "the room that the copies took", 20)
    assert len(kept(trio)) == len(trio.table("school", "SELECT n FROM attachments WHERE source = 0"))


def test_sealing_anew_goes_on_over_kills_and_stops_no_desk(trio):
    school, data = trio.at("school"), pdf(60 * MIB + 77, 6)
    document = school.bring(data)
    tasks = refer_to_both(school, document)
    for _ in range(3):
        # A desk that answers while it seals, and a copy that goes on where it was.
        done = trio.wait(lambda: [n for (n,) in trio.table(
            "school", "SELECT done FROM attachments WHERE source > 0 AND size > 0")], "the copy")[0]
        assert school.ask("GET", "/v1/tasks?box=out")["items"]
        trio.processes["school"].stop(9)
        trio.processes["school"].start()
        [now] = trio.table("school", "SELECT max(done) FROM attachments WHERE source > 0")[0]
        assert now >= done
    for code in ("social", "court"):
        [got] = arrived(trio, trio.at(code), tasks[code]["task"], 120)["attachments"]
        assert download(trio.at(code), got) == data
