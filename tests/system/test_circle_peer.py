"""A Python party, written from protocol/SPEC.md alone, shares a history with two real services."""

import datetime
import os

import pytest

import api
import circle
import network
import peer
import stage as stages
from circle import Act, Circle
from stage import SCHOOL, SOCIAL, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service", "saikne")

COURT, NGO, STRANGER = "far-court", "hearsay", "mallory"
SERVICES = [SCHOOL, SOCIAL]
OPEN = {"urgency": "normal", "purpose": "family_assessment", "concern": ["unexcused_absence"],
        "municipality": "Ventspils", "age_band": "11-14", "child_name": "Izdomāts Bērns", "health": "Vesels.",
        "absence_lessons": 34, "family": "Dzīvo pie vecmāmiņas."}
SOON = (datetime.date.today() + datetime.timedelta(days=6)).isoformat()
DUE = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()


@pytest.fixture(scope="module")
def town():
    with stages.Stage(SERVICES) as stage:
        stage.start()
        stage.enter(network.AUDITOR)
        stage.admit("orphans_court", COURT)
        stage.admit("ngo", NGO)
        stage.admit("municipal_police", STRANGER)
        stage.desks = {who.code: api.Desk(stage.desk(who.code)) for who in SERVICES}
        yield stage
        for living in stage.peers.values():
            living.close()
        for desk in stage.desks.values():
            desk.close()
        for process in stage.processes.values():
            assert process.stop() == 0, process.tail()
        assert not stage.unsound()


def living(town, code):
    one = town.peers[code]
    one = one if one.is_connected() else one.connect()
    one.sync()
    return one


def evidence(one, about, count=1):
    """By whom, and what each says of it: 0, or why not."""
    said = {}
    while len(said) < count:
        one.credit(1)
        got = one.receive()
        assert got is not None, "no evidence came"
        if hasattr(got, "said"):
            one.take(got)
            if got.said["index"] == about:
                said[got.said["recipient"]] = peer.CODE_NAMES[got.said["reason"]] if got.said["reason"] else None
    return said


def told(one, receipt, count=1):
    return evidence(one, receipt.index, count)


def history(town, who, shared, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = town.desks[who.code].ask("GET", f"/v1/circles/{shared.id.hex()}/history?limit=500{more}")
    assert answer.code == 200, answer
    return answer.json


def same(town, shared, *services):
    """All have what the Python party computes: entries, what is void, and the digest."""
    count, value = shared.state()
    voids = [v for v, a in zip(shared.fold.void, sorted(shared.acts)) if shared.acts[a] in shared.fold.counted]
    for who in services or SERVICES:
        town.wait(lambda who=who: history(town, who, shared)["digest"] == value.hex(), f"one history at {who.code}")
        seen = history(town, who, shared)
        assert seen["count"] == count and not seen["gap"]
        assert [e["void"] for e in seen["items"]] == voids
        assert [(e["index"], e["author"], e["type"]) for e in seen["items"]] == [
            (a.index, a.author, a.kind) for a in shared.fold.counted]
    return value.hex()


def opened(town, *others, with_=(SCHOOL, SOCIAL)):
    """A circle that the court opens with the services and OTHERS, Python parties; theirs of it."""
    shared = Circle(living(town, COURT))
    codes = [p.code for p in with_] + list(others)
    _, receipt, sealed = shared.act("case_open", parties=codes, **OPEN)
    theirs = []
    for code in others:
        theirs.append(Circle(living(town, code), shared.token))
        theirs[-1].take(take_message(town.peers[code], receipt.index))
    assert set(told(shared.living, receipt, len(codes)).values()) == {None}
    shared.opening = receipt, sealed
    return (shared, *theirs)


def test_worked_digests_of_the_document_are_what_this_computes():
    entries = []
    for index, root, value in peer.table("history"):
        entries.append((int(index), bytes.fromhex(root.split("`")[1]) * 32))
        assert circle.digest(entries)[1].hex() == value


def test_worked_names_of_the_document_are_what_this_computes():
    names = [row[1].strip("`") for row in peer.table("names")]
    token = bytes.fromhex("11" * 16)
    assert names == [circle.circle_id(token).hex(), circle.task_id(token, bytes.fromhex("22" * 8)).hex()]


def test_a_case_opened_here_is_one_history_there(town):
    (shared,) = opened(town)
    same(town, shared)
    _, receipt, _ = shared.act("case_report", explanation="Tiesa lūdz atzinumu.", childs_view="Gribu mājās.")
    assert set(told(shared.living, receipt, 2).values()) == {None}
    value = same(town, shared)
    seen = history(town, SCHOOL, shared, **{"with": value})
    assert seen["with"] == {"known": True, "index": receipt.index, "count": 2}
    assert [(m["party"], m["state"]) for m in seen["members"]] == [(COURT, "agrees"), (SOCIAL.code, "silent")]


def test_who_joins_late_gets_what_is_passed_on(town):
    (shared,) = opened(town, with_=[SCHOOL])
    _, told_all, report = shared.act("case_report", explanation="Tiesa lūdz atzinumu.", health="Vesels.")
    told(shared.living, told_all)
    _, receipt, _ = shared.act("case_add", parties=[SOCIAL.code])
    assert set(told(shared.living, receipt, 2).values()) == {None}
    profile = peer.profile("family_assessment", "social_service", "social_service")
    for which in (shared.opening, (told_all, report)):
        assert told(shared.living, shared.pass_on(*which, SOCIAL.code, profile & set(stages.COVERED))) == {
            SOCIAL.code: None}
    same(town, shared)
    fields = {f["name"] for f in town.ask(SOCIAL.code, "show", shared.id.hex())["fields"]}
    assert "family" in fields and "health" not in fields


def test_what_is_passed_on_as_acts_alone_completes_the_history(town):
    (shared,) = opened(town, with_=[SCHOOL])
    shared.act("case_add", parties=[SOCIAL.code])
    assert told(shared.living, shared.pass_on(*shared.opening, SOCIAL.code, [])) == {SOCIAL.code: None}
    same(town, shared)
    assert "child_name" not in {f["name"] for f in town.ask(SOCIAL.code, "show", shared.id.hex())["fields"]}


def test_an_ask_is_taken_from_members_alone(town):
    (shared,) = opened(town)
    assert told(shared.living, shared.ask(SCHOOL.code)) == {SCHOOL.code: None}
    assert told(shared.living, shared.ask(SCHOOL.code, case=os.urandom(16))) == {SCHOOL.code: "not_a_member"}
    foreign = Circle(living(town, STRANGER), shared.token)
    assert told(foreign.living, foreign.ask(SCHOOL.code)) == {SCHOOL.code: "not_a_member"}


# ---- Who lies --------------------------------------------------------------------------------

def test_another_token_is_no_act_of_the_circle(town):
    (shared,) = opened(town)
    _, sealed = shared.seal("case_report", case=os.urandom(16), explanation="Cits žetons.")
    assert set(told(shared.living, shared.living.submit(sealed), 2).values()) == {"bad_content"}
    same(town, shared)


def test_who_is_no_member_says_nothing(town):
    (shared,) = opened(town)
    foreign = Circle(living(town, STRANGER), shared.token)
    foreign.acts = dict(shared.acts)
    _, sealed = foreign.seal("case_report", to=[SCHOOL.code, SOCIAL.code], explanation="Es arī gribu.")
    assert set(told(foreign.living, foreign.living.submit(sealed), 2).values()) == {"not_a_member"}
    same(town, shared)


def test_another_digest_is_a_gap_until_its_author_says_the_same(town):
    (shared,) = opened(town)
    shared.act("case_report", head={"history": os.urandom(32), "history_count": 9}, explanation="Deviņi.")
    town.wait(lambda: history(town, SCHOOL, shared)["gap"], "the gap")
    seen = history(town, SCHOOL, shared)
    assert [m["state"] for m in seen["members"] if m["party"] == COURT] == ["has_more"] and seen["next_ask"]
    shared.act("case_report", explanation="Tomēr tā pati.")
    same(town, shared)


def passed(shared, raw, to=SCHOOL.code, **how):
    return told(shared.living, shared.living.submit(shared.seal_pass(raw, to, **how)))[to]


def test_nobody_passes_on_what_another_wrote(town):
    shared, theirs = opened(town, NGO)
    made, receipt, sealed = theirs.act("case_report", explanation="Biedrība palīdz.")
    shared.take(take_message(shared.living, receipt.index))
    raw = theirs.proven(receipt, sealed.content, ["act"])
    assert passed(shared, raw, acts=True) == "not_permitted"
    assert passed(theirs, raw, acts=True) is None  # its author may, however often
    same(town, shared)


def test_a_pass_proves_what_it_shows(town):
    (shared,) = opened(town)
    receipt, sealed = shared.opening
    whole = shared.proven(receipt, sealed.content, ["act", "health"])
    assert passed(shared, whole, acts=True) == "outside_ground"
    assert passed(shared, whole) == "outside_profile"
    shared.ground["ground_categories"] = ["identity"]
    assert passed(shared, shared.proven(receipt, sealed.content, ["act", "attendance"])) == "outside_ground"
    parts = peer.decode(shared.proven(receipt, sealed.content, ["act"]))
    assert passed(shared, peer.encode([parts[0] + 1, *parts[1:]]), acts=True) == "bad_proof"
    other = peer.Content("case_open", {**OPEN, "task": shared.id, "parties": ["police"]})
    assert passed(shared, peer.encode([*parts[:4], other.passed({"act"})]), acts=True) == "bad_content"
    assert passed(shared, peer.encode(parts), acts=True, case=os.urandom(16)) == "not_a_member"
    same(town, shared)


def test_of_two_offers_of_the_lead_the_first_in_the_log_stands(town):
    shared, theirs = opened(town, NGO)
    first, one, _ = shared.act("lead_offer", party=SCHOOL.code, due=DUE)
    second, other, _ = shared.act("lead_offer", party=NGO, due=DUE)
    for receipt in (one, other):
        theirs.take(take_message(theirs.living, receipt.index))
    _, receipt, _ = theirs.act("lead_accept", task=second.values["task"])
    shared.take(take_message(shared.living, receipt.index))
    assert shared.fold.lead == COURT and shared.fold.void[-2:] == [True, True]
    same(town, shared)


def test_a_revocation_and_an_acceptance_cross_and_the_log_decides(town):
    shared, theirs = opened(town, NGO)
    offer, receipt, _ = shared.act("lead_offer", party=NGO, due=DUE)
    theirs.take(take_message(theirs.living, receipt.index))
    revoked, gone, _ = shared.act("lead_revoke", task=offer.values["task"])
    _, accepted, _ = theirs.act("lead_accept", task=offer.values["task"])  # it has not heard yet
    shared.take(take_message(shared.living, accepted.index))
    assert shared.fold.lead == COURT and shared.fold.offer is None and shared.fold.void[-1]
    same(town, shared)


def test_of_a_claim_an_offer_and_another_claim_that_cross_the_first_in_the_log_stands(town):
    shared, theirs = opened(town, NGO)
    short = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()
    far = (datetime.date.today() + datetime.timedelta(days=40)).isoformat()

    def says(who, other, kind, **said):
        act, receipt, _ = who.act(kind, **said)
        other.take(take_message(other.living, receipt.index))
        return act

    says(theirs, shared, "lead_claim", claim_reason="no_answer", due=short)
    says(theirs, shared, "lead_claim", claim_reason="no_answer", due=far)
    says(shared, theirs, "lead_claim", claim_reason="no_answer", due=SOON)
    assert shared.fold.offer is None and shared.fold.void[-3:] == [True] * 3
    claim = says(theirs, shared, "lead_claim", claim_reason="suspended", due=SOON)
    says(shared, theirs, "lead_offer", party=SCHOOL.code, due=SOON)
    says(theirs, shared, "lead_claim", claim_reason="suspended", due=SOON)
    says(theirs, shared, "lead_accept", task=claim.values["task"])
    assert shared.fold.offer.to == NGO and shared.fold.void[-4:] == [False, True, True, True]
    same(town, shared)
    says(shared, theirs, "lead_revoke", task=claim.values["task"])
    assert shared.fold.offer is None and shared.fold.lead == COURT
    claim = says(theirs, shared, "lead_claim", claim_reason="dissolved", due=SOON)
    says(shared, theirs, "case_close", outcome="goal_reached")
    says(shared, theirs, "case_reopen", reopen_reason="new_facts")
    says(shared, theirs, "lead_revoke", task=claim.values["task"])
    assert shared.fold.offer is None and shared.fold.void[-4:] == [False, False, False, True]
    same(town, shared)


def test_a_report_is_taken_back_by_its_author_alone(town):
    shared, theirs = opened(town, NGO)
    reports = [shared.act("case_report", explanation=words)[1] for words in ("Kļūdaini.", "Pareizi.")]
    for receipt in reports:
        theirs.take(take_message(theirs.living, receipt.index))
    _, receipt, _ = theirs.act("case_mistake", mistaken=reports[1].id, error_reason="wrong_child")
    shared.take(take_message(shared.living, receipt.index))
    shared.act("case_mistake", mistaken=reports[0].id, error_reason="wrong_child")
    assert shared.fold.void == [False, True, False, True, False]
    same(town, shared)


def test_who_was_removed_meanwhile_is_heard_no_more(town):
    shared, theirs = opened(town, NGO)
    _, gone, _ = shared.act("case_remove", party=NGO, leave_reason="no_longer_needed")
    _, late, _ = theirs.act("case_report", explanation="Vēl viens vārds.")
    message = take_message(shared.living, late.index)
    shared.take(message)
    assert len(shared.fold.counted) == 2 and not shared.fold.is_member(NGO)
    same(town, shared)


# ---- Who wants to keep another out -----------------------------------------------------------

def joins(town, shared, liar, which):
    """SOCIAL is added, whatever the LIAR said to it before, and has all that it needs."""
    _, receipt, _ = shared.act("case_add", parties=[SOCIAL.code])
    liar.take(take_message(liar.living, receipt.index))
    assert told(shared.living, receipt, 3)[SOCIAL.code] is None
    for entry in (shared.opening, *which):
        assert told(shared.living, shared.pass_on(*entry, SOCIAL.code, ["identity"])) == {SOCIAL.code: None}
    seen = town.ask(SOCIAL.code, "show", shared.id.hex())
    assert (seen["sort"], seen["state"], seen["peer"]) == ("case", "open", COURT)
    assert history(town, SOCIAL, shared)["digest"] == shared.state()[1].hex()


def lie(liar, kind, **said):
    """An act of the LIAR to SOCIAL alone, which is not in the circle yet."""
    values, sealed = liar.seal(kind, to=[SOCIAL.code], **said)
    receipt = liar.living.submit(sealed)
    made = Act(receipt.index, liar.living.code, kind, values, sealed.content.root())
    return made, told(liar.living, receipt)[SOCIAL.code]


def test_an_act_of_another_sort_of_circle_keeps_nobody_out(town):
    shared, liar = opened(town, NGO, with_=[SCHOOL])
    assert lie(liar, "conference_cancel", cancel_reason="no_longer_needed")[1] is None
    assert lie(liar, "matter_drop", cancel_reason="no_longer_needed")[1] is None
    joins(town, shared, liar, [])


def test_a_false_opening_of_the_same_circle_gives_way_to_the_first_in_the_log(town):
    shared, liar = opened(town, NGO, with_=[SCHOOL])
    head = {"applied": 0, "history_count": 0, "history": peer.ZERO}
    made, why = lie(liar, "case_open", head=head, parties=[SOCIAL.code], **OPEN)
    assert why is None
    shared.acts[made.index] = made  # whom it was kept from lacks it, and it is void
    assert town.ask(SOCIAL.code, "show", shared.id.hex())["peer"] == NGO
    joins(town, shared, liar, [])
    assert town.ask(SOCIAL.code, "show", shared.id.hex())["purpose"] == "family_assessment"


def test_a_task_named_before_its_opening_came_keeps_that_out_of_nothing(town):
    shared, liar = opened(town, NGO, with_=[SCHOOL])
    made, receipt, sealed = shared.act("action_assign", party=SCHOOL.code, urgency="normal", due=DUE,
                                       explanation="Zvana ģimenei.")
    liar.take(take_message(liar.living, receipt.index))
    task = made.values["task"]
    assert lie(liar, "lead_reject", task=task, transfer_reason="no_capacity")[1] is None
    joins(town, shared, liar, [(receipt, sealed)])
    assert town.ask(SOCIAL.code, "show", task.hex())["sort"] == "action"


def test_names_of_a_circle_are_taken_by_nothing_else(town):
    shared, liar = opened(town, NGO, with_=[SCHOOL])
    other = Circle(liar.living)
    assert lie(other, "case_open", task=shared.id, parties=[SOCIAL.code], **OPEN)[1] == "bad_content"
    of_two = {"task": shared.id, "applied": 0, "since": 0, "history_count": 0, "history": peer.ZERO}
    sealed = liar.living.seal("history_ask", of_two, [(SOCIAL.code, "none", None)], case=os.urandom(16))
    assert told(liar.living, liar.living.submit(sealed)) == {SOCIAL.code: "bad_content"}
    joins(town, shared, liar, [])


def test_who_is_not_in_a_case_puts_nothing_in_the_file_of_its_child(town):
    shared, theirs = opened(town, NGO, with_=[SCHOOL])
    sitting = Circle(living(town, STRANGER))
    sitting.act("conference_propose", parties=[SCHOOL.code], group="team", purpose="family_assessment",
                municipality="Ventspils", quorum=1)
    put, _, _ = sitting.act("matter_put", other_task=shared.id, convening="beyond_one", age_band="11-14",
                            purpose="family_assessment", municipality="Ventspils", child_name="Izdomāts Bērns",
                            question="Vai ir kas jauns?")
    town.wait(lambda: town.desks[SCHOOL.code].ask("GET", f"/v1/tasks/{put.values['task'].hex()}").code == 200, "it")
    case = town.ask(SCHOOL.code, "show", shared.id.hex())["case"]
    assert town.ask(SCHOOL.code, "show", put.values["task"].hex())["case"] != case
    own = Circle(shared.living)
    own.act("conference_propose", parties=[SCHOOL.code], group="team", purpose="family_assessment",
            municipality="Ventspils", quorum=1)
    put, _, _ = own.act("matter_put", other_task=shared.id, convening="beyond_one", age_band="11-14",
                        purpose="family_assessment", municipality="Ventspils", child_name="Izdomāts Bērns",
                        question="Ko darām tālāk?")
    town.wait(lambda: town.desks[SCHOOL.code].ask("GET", f"/v1/tasks/{put.values['task'].hex()}").code == 200, "it")
    assert town.ask(SCHOOL.code, "show", put.values["task"].hex())["case"] == case
