"""A Python party, written from protocol/SPEC.md alone, passes documents on to real services, and is passed some."""

import os

import pytest

import peer
import stage as stages
from circle import Circle
from stage import SCHOOL, SOCIAL, take_message
from test_circle_documents import raw
from test_circle_peer import COURT, NGO, STRANGER, living, opened, same, told, town  # noqa: F401  (the fixture)

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service", "saikne")


def pdf(size):
    return b"%PDF-1.7\n" + os.urandom(size - 9)


def documents(town, who, case):
    answer = town.desks[who.code].ask("GET", f"/v1/tasks/{case.hex()}")
    assert answer.code == 200, answer
    return answer.json["attachments"]


def look(town, who, document):
    return raw(town, who, "GET", f"/v1/attachments/{document['attachment']}")


class Story:
    """The court's case with the school, and its report with documents; the social service comes later."""

    def __init__(self, town, listed=None, **fields):
        """LISTED in the report's header, where that lies."""
        (self.shared,) = opened(town, with_=[SCHOOL])
        self.town, shared = town, self.shared
        values = {name: [doc.described for doc in docs] for name, docs in fields.items()}
        if listed is None:
            listed = [doc for docs in fields.values() for doc in docs]
        made, self.receipt, self.sealed = shared.act("case_report", documents=listed, explanation="Pielikumā.", **values)
        said = told(shared.living, self.receipt)[SCHOOL.code]
        assert said in (None, "bad_content")
        _, added, _ = shared.act("case_add", parties=[SOCIAL.code])
        assert set(told(shared.living, added, 2).values()) == {None}
        assert told(shared.living, shared.pass_on(*shared.opening, SOCIAL.code, ["identity"])) == {SOCIAL.code: None}

    def passed(self, categories, documents, whole=None, content=None):
        """What the social service says of the report, passed on with DOCUMENTS in the header."""
        shared = self.shared
        shown = shared.proven(self.receipt, content or self.sealed.content, ["act", *categories],
                              categories if whole is None else whole)
        shared.bring(documents)
        receipt = shared.living.submit(shared.seal_pass(shown, SOCIAL.code, documents=documents))
        return told(shared.living, receipt)[SOCIAL.code]

    def there(self):
        return documents(self.town, SOCIAL, self.shared.id)

    def opened(self):
        return [look(self.town, SOCIAL, one) for one in self.there()]


def test_a_document_is_passed_on_under_the_roots_that_were_signed_first(town):  # noqa: F811
    texts = [pdf(2 * peer.CHUNK + 300), pdf(900)]
    both = [peer.Document(text, name=f"{i}.pdf") for i, text in enumerate(texts)]
    story = Story(town, files_behaviour=both)
    assert story.passed(["behaviour", "proceedings"], both) is None
    assert story.opened() == texts
    same(town, story.shared)


def test_a_category_comes_without_documents_first_and_with_them_later(town):  # noqa: F811
    one, other = peer.Document(pdf(5000)), peer.Document(pdf(600))
    story = Story(town, files_behaviour=[one], files_proceedings=[other])
    assert story.passed(["behaviour", "proceedings"], [], whole=[]) is None
    assert story.there() == []
    assert story.passed(["behaviour", "proceedings"], [other], whole=["proceedings"]) is None
    assert len(story.there()) == 1
    assert story.passed(["behaviour"], [one]) is None
    assert sorted(len(text) for text in story.opened()) == [600, 5000]
    assert story.passed(["behaviour", "proceedings"], [one, other]) is None  # what is there does not come again
    assert len(story.there()) == 2
    same(town, story.shared)


def test_what_the_header_of_the_pass_lists_is_what_the_entry_shows(town):  # noqa: F811
    one, other = peer.Document(pdf(5000)), peer.Document(pdf(600))
    story = Story(town, files_behaviour=[one], files_proceedings=[other])
    both = ["behaviour", "proceedings"]
    stranger = peer.Document(pdf(700))
    for listed in ([], [one], [other, one], [one, other, stranger], [one, stranger]):
        assert story.passed(both, listed) == "bad_content", listed
    assert story.passed(both, [one, other], whole=["behaviour"]) == "bad_content"
    assert story.passed(["behaviour"], [one, other]) == "bad_content"
    assert story.there() == []
    assert story.passed(both, [one, other]) is None
    assert len(story.there()) == 2
    same(town, story.shared)


def test_categories_outside_of_ground_and_profile_bring_no_document(town):  # noqa: F811
    behaviour = peer.Document(pdf(900))
    story = Story(town, files_behaviour=[behaviour])
    story.shared.ground = {**story.shared.ground, "ground_categories": ["proceedings"]}
    assert story.passed(["behaviour"], [behaviour]) == "outside_ground"
    story.shared.ground = {**story.shared.ground, "ground_categories": ["behaviour", "health"]}
    assert story.passed(["behaviour", "health"], [behaviour]) == "outside_profile"
    assert story.there() == []
    assert story.passed(["behaviour"], [behaviour]) is None
    assert len(story.there()) == 1


@pytest.mark.parametrize("listed", [
    lambda one, other, stranger: [one], lambda one, other, stranger: [one, stranger],
    lambda one, other, stranger: [other, one], lambda one, other, stranger: []])
def test_what_the_entrys_own_header_does_not_list_so_is_not_taken(town, listed):  # noqa: F811
    one, other, stranger = (peer.Document(pdf(size)) for size in (5000, 600, 700))
    story, both = Story(town, listed(one, other, stranger), files_behaviour=[one], files_proceedings=[other]), [
        "behaviour", "proceedings"]
    assert story.passed(both, [one, other]) == "bad_content"
    assert story.there() == []
    assert story.passed(both, [], whole=[]) is None  # the rest is what was signed
    assert story.there() == []


# ---- What who left wrote -----------------------------------------------------------------------

def test_what_who_left_wrote_a_member_passes_on_and_nobody_else(town):  # noqa: F811
    shared, theirs = opened(town, NGO, with_=[SCHOOL])
    text = pdf(peer.CHUNK + 40)
    doc = peer.Document(text)
    _, receipt, sealed = theirs.act("case_report", documents=[doc], explanation="Pielikumā.", files_proceedings=[doc.described])
    shared.take(take_message(shared.living, receipt.index))
    assert told(theirs.living, receipt, 2) == {COURT: None, SCHOOL.code: None}
    _, added, _ = shared.act("case_add", parties=[SOCIAL.code])
    theirs.take(take_message(theirs.living, added.index))
    assert told(shared.living, added, 3)[SOCIAL.code] is None
    assert told(shared.living, shared.pass_on(*shared.opening, SOCIAL.code, ["identity"])) == {SOCIAL.code: None}
    raw = shared.proven(receipt, sealed.content, ["act", "proceedings"], ["proceedings"])

    def passes(by):
        by.bring([doc])
        sent = by.living.submit(by.seal_pass(raw, SOCIAL.code, documents=[doc]))
        return told(by.living, sent)[SOCIAL.code]
    assert passes(shared) == "not_permitted"  # its author is a member, and does so itself
    _, left, _ = theirs.act("case_leave", leave_reason="task_done")
    shared.take(take_message(shared.living, left.index))
    stranger = Circle(living(town, STRANGER), shared.token)
    assert passes(stranger) == "not_permitted"
    assert passes(shared) is None
    assert [look(town, SOCIAL, one) for one in documents(town, SOCIAL, shared.id)] == [text]
    same(town, shared, SCHOOL, SOCIAL)
