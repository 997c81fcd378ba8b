"""kill -9 at any kind of commit of any process: the story ends as it would have, nothing lost or doubled."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import playing  # noqa: E402
from cast import AUDIT, BROKER, SCHOOL, SOCIAL, Fault, Stage  # noqa: E402

# Every kind of commit of these stories; `make faults` dies at each one of them, not the first alone.
KINDS = {
    "founding": {
        BROKER: ["migration", "journal"],
        SCHOOL: ["migration", "link", "epoch", "person"],
    },
    "referrals": {
        BROKER: ["journal", "handed", "taken"],
        SCHOOL: ["act", "read", "receipt", "inbox", "evidence", "link"],
        SOCIAL: ["act", "read", "receipt", "inbox", "evidence", "link"],
        AUDIT: ["migration", "audit"],
    },
}
# What only documents and deadlines commit; once each, for a playing of these takes three seconds.
LATE = {(BROKER, "chunks"): "after", (SCHOOL, "attachment"): "before", (SOCIAL, "attachment"): "after",
        (SCHOOL, "deadline"): "before", (SCHOOL, "alarm"): "after"}
CASES = [(story, victim, kind) for story, victims in KINDS.items()
         for victim, kinds in victims.items() for kind in kinds]


@pytest.fixture(scope="module")
def stage():
    with Stage() as made:
        yield made


@pytest.mark.parametrize("story", KINDS)
def test_the_kinds_killed_are_all_that_there_are(stage, story):
    # The school founds as the social service does; the auditor's copy begins in both stories.
    others = {SOCIAL, AUDIT} if story == "founding" else set()
    met = {(victim, kind) for victim, kind in playing.count(stage, story) if victim not in others}
    assert met == {(victim, kind) for told, victim, kind in CASES if told == story}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("story, victim, kind", CASES)
def test_the_story_outlives_a_kill(stage, story, victim, kind, when):
    playing.play(stage, story, Fault(victim, kind, when))


def test_documents_commit_what_these_stories_do_and_no_kind_more(stage):
    known = {kind for victims in KINDS.values() for kinds in victims.values() for kind in kinds}
    assert {kind for _, kind in playing.count(stage, "documents")} <= known | {kind for _, kind in LATE}


@pytest.mark.parametrize("victim, kind", LATE)
def test_documents_and_alarms_outlive_a_kill(stage, victim, kind):
    playing.play(stage, "documents", Fault(victim, kind, LATE[victim, kind]))


@pytest.mark.parametrize("victim, kind", [(BROKER, "journal"), (SCHOOL, "act"), (SOCIAL, "inbox")])
def test_the_story_outlives_a_power_cut_in_the_middle_of_a_commit(stage, victim, kind):
    playing.play(stage, "referrals", Fault(victim, kind, "during"), vfs="power", seed=1)
