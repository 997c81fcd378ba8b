"""Whatever ends the broker's worker, the supervisor has it back at once and nothing is lost.

A member that picks the routing id which libzmq would give next can abort the worker; a signal does
the same to it. What is promised: back within a second, nothing lost, everyone goes on.
"""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

import network
import party
import peer
import stage as stages
from stage import SCHOOL, SOCIAL, offer, take_evidence, take_message

pytestmark = stages.programs("saikne-broker", "saikne-admin")


@pytest.fixture(scope="module")
def stage():
    with stages.played([SCHOOL, SOCIAL], supervise=True) as running:
        yield running


@pytest.fixture
def school(stage):
    return stage.peers[SCHOOL.code]


@pytest.fixture
def social(stage):
    return stage.peers[SOCIAL.code]


def worker(stage):
    """The worker's process id; None while there is none."""
    parent = stage.processes["broker"].child.pid
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(found[0]) if found else None


def said(stage):
    return (stage.folder / "broker.log").read_text(errors="replace")


def end_worker(stage, how=signal.SIGABRT):
    """Ends the worker and waits until its successor is ready; the seconds between."""
    reports, begun, old = said(stage).count("ready: the log has"), time.monotonic(), worker(stage)
    os.kill(old, how)
    stage.wait(lambda: said(stage).count("ready: the log has") > reports, "the worker to be back")
    assert worker(stage) != old
    return time.monotonic() - begun


def come_back(stage):
    for living in stage.peers.values():
        living.connect()


def sealed(living, recipient):
    living.sync()
    return living.seal("referral_offer", offer(), [(recipient.code, "law", os.urandom(16))])


def test_it_is_back_within_a_second(stage, school, social):
    stage.exchange(school, social)
    # A build with sanitizers on a busy machine: the bound is generous, the promise is one second.
    assert end_worker(stage) < 5
    assert "the worker was ended by signal 6; starting it again" in said(stage)
    come_back(stage)
    stage.exchange(school, social)


def test_its_last_word_names_who_came_last(stage, school):
    school.connect()
    end_worker(stage)
    last = re.findall(r"aborted; admitted last: (.*)", said(stage))[-1]
    assert school.code in last.split()
    come_back(stage)


@pytest.mark.parametrize("how", [signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV], ids=lambda how: how.name)
def test_what_was_accepted_is_there(stage, school, social, how):
    if how == signal.SIGSEGV and is_sanitized(stage):
        pytest.skip("a sanitizer takes this signal for a finding")
    message = sealed(school, social)
    receipt = school.submit(message)
    end_worker(stage, how)
    come_back(stage)
    assert school.link.ask("submit", message.body()) == ("accepted", list(receipt))
    got = take_message(social, receipt.index)
    recorded = social.attest(got)
    end_worker(stage, how)
    come_back(stage)
    assert social.link.ask("attest", social.evidence(got)) == ("recorded", [got.index, 1, recorded])
    assert take_evidence(school, receipt.index).index == recorded


def is_sanitized(stage):
    return b"__asan_init" in (stage.bin / "saikne-broker").read_bytes()


def test_what_was_under_way_is_accepted_once(stage, school, social):
    messages = [sealed(school, social) for _ in range(60)]
    for number, message in enumerate(messages):
        school.link.send(peer.make_frame("submit", 1000 + number, message.body()))
    first = school.link.receive()
    end_worker(stage)
    answered = [first]
    while (got := school.link.receive(timeout=0)) is not None:
        answered.append(got)
    come_back(stage)
    receipts = [party.Receipt(*school.ask("submit", m.body(), "accepted")) for m in messages]
    for receipt, message in zip(receipts, messages):
        school.check_receipt(receipt, message)
    for command, request, body in answered:
        if command == "accepted":
            assert body == list(receipts[request - 1000])
    assert len({r.index for r in receipts}) == len(messages)
    accepted = [leaf[2] for leaf in stage.leaves(0) if leaf[0] == peer.LEAVES["accepted"]]
    assert all(accepted.count(m.header) == 1 for m in messages)
    for receipt in receipts:
        social.attest(take_message(social, receipt.index))
    for receipt in receipts:
        take_evidence(school, receipt.index)


def test_again_and_again(stage, school, social):
    for _ in range(4):
        assert end_worker(stage) < 6
    come_back(stage)
    stage.exchange(school, social)


def test_told_to_end_it_ends_with_its_worker(stage, school, social):
    process, pid = stage.processes["broker"], worker(stage)
    assert process.stop() == 0
    assert not Path(f"/proc/{pid}").exists()
    process.start()
    come_back(stage)
    stage.exchange(school, social)


def test_the_worker_does_not_outlive_its_supervisor(stage, school, social):
    process, pid = stage.processes["broker"], worker(stage)
    assert process.stop(signal.SIGKILL) == -signal.SIGKILL
    stage.wait(lambda: not Path(f"/proc/{pid}/fd").exists() or is_dead(pid), "the worker to end")
    process.start()
    come_back(stage)
    stage.exchange(school, social)


def is_dead(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_what_an_operator_must_mend_is_not_tried_again(stage):
    conf = stage.folder / "wrong.conf"
    conf.write_text((stage.folder / "broker.conf").read_text() + "typo = 1\n")
    done = subprocess.run([stage.bin / "saikne-broker", conf, "--supervise"], capture_output=True, text=True,
                          timeout=20)
    assert done.returncode not in (0, -signal.SIGABRT) and "typo" in done.stderr
    assert "starting it again" not in done.stderr


@stages.programs("saikne-social-service", "saikne-school", "saikne")
def test_services_go_on_by_themselves(stage, school):
    service = network.Party("social-real", "social_service", "Sociālais dienests")
    stage.enrol(service)
    stage.publish(stage.folder / service.code / "admission")
    stage.configure(service)
    stage.service(service).start()
    stage.wait(lambda: stage.ask(service.code, "status")["connected"], "the service to connect")

    def sealable():
        school.sync()
        return school.directory.members[service.code].keys["sealing"]
    stage.wait(sealable, "its sealing epoch")
    receipt = school.submit(school.seal("referral_offer", offer(), [(service.code, "law", os.urandom(16))]))
    end_worker(stage)
    come_back(stage)
    assert take_evidence(school, receipt.index).said["recipient"] == service.code
    stage.wait(lambda: stage.ask(service.code, "inbox")["items"], "the offer in the inbox")
