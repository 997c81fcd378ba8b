"""What a member may do with chunks of attachments: nothing lies, nothing leaks, nothing is stored for it."""

import os

import pytest

import peer
import stage as stages
from party import refusal
from stage import POLICE, SCHOOL, SOCIAL, offer, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin")


@pytest.fixture(scope="module")
def stage():
    with stages.played([SCHOOL, SOCIAL, POLICE]) as running:
        yield running


@pytest.fixture
def school(stage):
    return connected(stage.peers[SCHOOL.code])


@pytest.fixture
def social(stage):
    return connected(stage.peers[SOCIAL.code])


@pytest.fixture
def police(stage):
    return connected(stage.peers[POLICE.code])


def connected(living):
    return living if living.is_connected() else living.connect()


def document(chunks=3):
    return peer.Document(b"%PDF-1.7\n" + os.urandom((chunks - 1) * peer.CHUNK + 100))


def ask(living, command, body):
    return living.link.ask(command, body)


def have(living, doc):
    name, body, *_ = ask(living, "chunk_have", [doc.root, doc.size, 0])
    assert name == "chunk_have" and body[:2] == doc.cited
    return body[2]


def bring(living, doc):
    for i in range(len(doc.chunks)):
        name, body, *_ = ask(living, "chunk", doc.chunk(i))
        assert (name, body[2]) == ("chunk_have", i + 1)


def send(sender, recipient, doc):
    sender.sync()
    values = dict(offer(), files_attendance=[doc.described])
    sealed = sender.seal("referral_offer", values, [(recipient.code, "law", os.urandom(16))],
                         attachments=[doc.cited])
    return sender.submit(sealed)


@pytest.mark.parametrize("change", [
    lambda d: d.chunk(1),                                            # not the first
    lambda d: d.chunk(0, sealed=d.chunks[1]),                        # swapped
    lambda d: d.chunk(0, sealed=d.chunks[0][:-1]),                   # cut
    lambda d: d.chunk(0, sealed=d.chunks[0] + b"x"),                 # oversized
    lambda d: d.chunk(0, sealed=bytes([d.chunks[0][0] ^ 1]) + d.chunks[0][1:]),
    lambda d: d.chunk(0, path=peer.tree_path(1, d.leaves)),
    lambda d: d.chunk(0, path=[]),
    lambda d: d.chunk(0, root=bytes(32)),
    lambda d: d.chunk(0, chunk=4095),
])
def test_a_chunk_that_does_not_belong_there_is_refused(stage, school, change):
    doc = document()
    assert refusal(ask(school, "chunk", change(doc))) in ("bad_chunk", "malformed")
    assert have(school, doc) == 0


def test_chunks_come_in_order_and_doubles_change_nothing(school):
    doc = document()
    for i, held in ((0, 1), (0, 1), (1, 2), (0, 2), (1, 2)):
        assert ask(school, "chunk", doc.chunk(i))[1][2] == held
    assert ask(school, "chunk", doc.chunk(2))[1][2] == 3
    assert have(school, doc) == 3


def test_a_lie_about_the_size_is_found_by_the_last_chunk(school):
    doc = document()
    for i in range(2):
        assert ask(school, "chunk", doc.chunk(i, size=doc.size - 1))[1][2] == i + 1
    assert refusal(ask(school, "chunk", doc.chunk(2, size=doc.size - 1))) == "bad_chunk"
    assert refusal(ask(school, "chunk", doc.chunk(2, size=doc.size - 1, sealed=doc.chunks[2][:-1]))) == "bad_chunk"


def test_a_message_without_its_chunks_is_refused_and_told_which(school, social):
    doc = document()
    ask(school, "chunk", doc.chunk(0))
    school.sync()
    sealed = school.seal("referral_offer", dict(offer(), files_attendance=[doc.described]),
                         [(social.code, "law", os.urandom(16))], attachments=[doc.cited])
    answer = school.link.ask("submit", sealed.body())
    assert refusal(answer) == "chunks_missing"
    assert answer[1][3] == "attachment 0: 1 of 3 chunks are held"


def test_an_attachment_of_a_type_without_a_place_for_it_is_not_permitted(school, social):
    doc = document(1)
    bring(school, doc)
    school.sync()
    sealed = school.seal("referral_cancel", {"task": peer.new_task(), "applied": 0, "cancel_reason": "no_longer_needed"},
                         [(social.code, "law", os.urandom(16))], attachments=[doc.cited])
    assert refusal(school.link.ask("submit", sealed.body())) == "not_permitted"


def test_only_the_recipient_gets_chunks_and_nobody_learns_of_others(school, social, police):
    doc = document()
    bring(school, doc)
    receipt = send(school, social, doc)
    assert have(police, doc) == 0
    for living in (police, school):
        assert refusal(ask(living, "chunk_get", [receipt.index, 0, 0])) == "not_yours"
    assert refusal(ask(police, "chunk_get", [receipt.index + 1000, 0, 0])) == "not_yours"
    got = [ask(social, "chunk_get", [receipt.index, 0, i])[1] for i in range(3)]
    assert [g[4] for g in got] == doc.chunks
    assert peer.open_document(doc.described, [g[4] for g in got]).startswith(b"%PDF-1.7")
    assert refusal(ask(social, "chunk_get", [receipt.index, 1, 0])) == "bad_chunk"
    assert refusal(ask(social, "chunk_get", [receipt.index, 0, 3])) == "bad_chunk"


def test_one_larger_than_the_limit_is_refused_by_its_first_chunk(school):
    doc = document(2)
    size = 900 * (peer.CHUNK + peer.CHUNK_OVERHEAD)
    assert refusal(ask(school, "chunk", doc.chunk(0, size=size))) == "attachment_too_large"
    size = 5000 * (peer.CHUNK + peer.CHUNK_OVERHEAD)
    assert refusal(ask(school, "chunk", doc.chunk(0, size=size))) == "attachment_too_large"


def test_a_flood_of_chunks_holds_nobody_else_up(stage, school, social, police):
    doc = document(1)
    for _ in range(100):
        police.link.send(peer.make_frame("chunk", 0, doc.chunk(0, sealed=os.urandom(len(doc.chunks[0])))))
    stage.exchange(school, social)
