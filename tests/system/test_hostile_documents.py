"""A member whose documents lie, against a real service: answered with the reason, nothing kept."""

import os
import sqlite3

import pytest

import network
import peer
import stage as stages
from stage import SCHOOL, offer, take_evidence

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-social-service", "saikne")
REAL = network.Party("social-real", "social_service", "Sociālais dienests")


@pytest.fixture(scope="module")
def stage():
    with stages.played([SCHOOL]) as running:
        running.enrol(REAL)
        running.publish(running.folder / REAL.code / "admission")
        running.configure(REAL)
        conf = running.folder / REAL.code / "service.conf"
        conf.write_text(conf.read_text() + "\n[attachments]\nlargest_mib = 2\nall_mib = 3\n")
        running.service(REAL).start()
        running.wait(lambda: running.ask(REAL.code, "status")["connected"], "the service to connect")
        yield running


@pytest.fixture
def school(stage):
    living = stage.peers[SCHOOL.code]
    if not living.is_connected():
        living.connect()

    def sealable():
        living.sync()
        return living.directory.members[REAL.code].keys["sealing"]
    stage.wait(sealable, "its sealing epoch")
    return living


def submit(school, doc, values=None):
    for i in range(len(doc.chunks)):
        assert school.link.ask("chunk", doc.chunk(i))[0] == "chunk_have"
    values = dict(offer(), files_attendance=[doc.described], **values or {})
    return values["task"], school.submit(school.seal(
        "referral_offer", values, [(REAL.code, "law", os.urandom(16))], attachments=[doc.cited]))


def pdf(size):
    return b"%PDF-1.7\n" + os.urandom(size - 9)


def wrong_key():
    doc = peer.Document(pdf(peer.CHUNK + 50))
    doc.key = os.urandom(32)
    return doc


def wrong_header():
    doc = peer.Document(pdf(50))
    doc.header = os.urandom(24)
    return doc


def cut():
    """The stream goes on, as the last chunk tells; its root is of what is there."""
    doc = peer.Document(pdf(3 * peer.CHUNK))
    del doc.chunks[-1]
    doc.rehash()
    return doc


def swapped():
    doc = peer.Document(pdf(3 * peer.CHUNK + 5))
    doc.chunks[0], doc.chunks[1] = doc.chunks[1], doc.chunks[0]
    doc.rehash()
    return doc


@pytest.mark.parametrize("make, reason", [
    (wrong_key, "bad_attachment"), (wrong_header, "bad_attachment"), (cut, "bad_attachment"),
    (swapped, "bad_attachment"),
    (lambda: peer.Document(b"MZ\x90\0" + os.urandom(5000)), "file_type"),
    (lambda: peer.Document(b"PK\x03\x04" + os.urandom(5000), "asice", "lieta.edoc"), "file_type"),
    (lambda: peer.Document(b"Labdien!\n" * 40000 + b"\0\1\2", "text", "a.txt"), "file_type"),
    (lambda: peer.Document(pdf(2 * 1024 * 1024 + 1)), "attachment_too_large")])
def test_a_document_that_lies_is_unreadable_with_its_reason_and_nothing_stays(stage, school, make, reason):
    task, receipt = submit(school, make())
    said = take_evidence(school, receipt.index, "unreadable").said
    assert peer.CODE_NAMES[said["reason"]] == reason
    assert task.hex() not in [item["task"] for item in stage.ask(REAL.code, "inbox")["items"]]
    database = sqlite3.connect(f"file:{stage.folder / REAL.code / 'service.db'}?mode=ro", uri=True)
    assert database.execute("SELECT (SELECT count(*) FROM attachments), (SELECT count(*) FROM arriving)").fetchone() == (0, 0)
    database.close()
    stage.wait(lambda: not list((stage.folder / REAL.code).glob("*-files/*")), "its chunks gone", 5)


def test_an_honest_document_still_arrives_after_them(stage, school):
    task, receipt = submit(school, peer.Document(pdf(1024 * 1024), "text", "meli.txt"))
    take_evidence(school, receipt.index)
    [document] = stage.ask(REAL.code, "attachments", task.hex())
    assert document["type"] == "pdf", "what it is, not what its sender says"


def test_one_for_which_there_is_no_room_in_all_is_told_so(stage, school):
    for i in range(3):
        task, receipt = submit(school, peer.Document(pdf(1024 * 1024 - i)))
        if i < 2:
            take_evidence(school, receipt.index)
    said = take_evidence(school, receipt.index, "unreadable").said
    assert peer.CODE_NAMES[said["reason"]] == "attachments_full"
