"""tests/system/stage.py: a real network whose parties are the tests' own, with their keys in hand.

The authority and the broker are the programs; every institution is a party.Party.
"""

import contextlib
import itertools
import os

import pytest

import network
import party
import peer

SCHOOL = network.Party("school-2", "school", "Ventspils 2. vidusskola")
SOCIAL = network.Party("social-service", "social_service", "Sociālais dienests")
POLICE = network.Party("municipal-police", "municipal_police", "Pašvaldības policija")


def programs(*names):
    """Marks a module that needs these programs built."""
    folder = network.Network(folder="/nowhere").bin
    missing = [name for name in names if not (folder / name).exists()]
    return pytest.mark.skipif(bool(missing), reason=f"not built: {', '.join(missing)}")


# All that a ground may cover; acts and the ground itself go without being named.
COVERED = ["identity", "contact", "education", "attendance", "behaviour", "family", "economic", "health", "offence",
           "custody", "proceedings"]


def grounded(code):
    """What a message by law says of its ground."""
    return {"ground": code, "record": os.urandom(16), "ground_categories": COVERED, "provision": "Izdomāta norma",
            "necessity": "Bez palīdzības viņš neatsāks mācības.", "family_told": "told"}


def offer(**fields):
    """The content of an offer; the child is invented."""
    values = {"task": peer.new_task(), "applied": 0, "urgency": "urgent", "purpose": "return_to_school",
              "concern": ["unexcused_absence"], "municipality": "Ventspils", "age_band": "11-14",
              **grounded("absence_reporting"), "child_name": "Izdomāts Bērns", "absence_lessons": 34,
              "family": "Dzīvo pie vecmāmiņas.", "offence": "Nekas nav zināms.",
              "childs_view": "Gribu atgriezties klasē."}
    values.update(fields)
    return values


class Stage(network.Network):
    """A network of Python parties; `people` are network.Party, `peers` their living halves."""

    def __init__(self, people):
        super().__init__(parties=people)
        self.peers, self.strangers = {}, itertools.count(1)

    def raise_curtain(self, supervise=False):
        self.init()
        self.broker(*(["--supervise"] if supervise else [])).start()
        people = [*self.parties, network.AUDITOR]
        for person in people:
            self.enrol(person)
        self.publish(*[self.folder / p.code / "admission" for p in people])
        self.admin("head", "--as", self.registrar_keys, "--network", self.network_conf)
        for person in people:
            self.enter(person)
        return self

    @property
    def pinned(self):
        return party.Pinned(self.network_conf)

    @property
    def root(self):
        return peer.SigningKey(party.read_key(self.authority / "root" / "root.key", "root"))

    @property
    def registrar(self):
        return peer.SigningKey(party.read_key(self.registrar_keys / "signing.key", "registrar"))

    def living(self, code):
        keys = self.folder / code / "keys"
        return party.Party(
            code, self.pinned, peer.SigningKey(party.read_key(keys / "signing-1.key", "signing")),
            peer.BoxKey(party.read_key(keys / "transport.key", "transport")))

    def enter(self, person):
        """Connects a party that saikne-admin admitted, and publishes its first sealing epoch."""
        living = self.peers[person.code] = self.living(person.code).connect()
        if person.kind != "auditor":
            living.publish_epoch()
        return living

    def admit(self, kind, code=None):
        """One more party, admitted by the root's own hand; connected, with a sealing epoch."""
        code = code or f"{kind.replace('_', '-')}-x{next(self.strangers)}"
        living = party.Party(code, self.pinned, peer.SigningKey(), peer.BoxKey())
        raw = living.statement("admit", code, kind, code, "", living.signing.public, living.transport.public)
        self.state(raw, root=self.root, party=living.signing)
        self.peers[code] = living.connect()
        living.publish_epoch()
        return living

    def state(self, raw, **keys):
        """Hands a statement over by the auditor's connection: whose it is says its signature."""
        return self.auditor.state(raw, peer.sign_statement(raw, **keys))

    @property
    def auditor(self):
        return self.peers[network.AUDITOR.code]

    # ---- what the log says -----------------------------------------------------------------
    def log_size(self):
        (note,) = self.auditor.ask("checkpoint", [], "checkpoint_page")
        return self.auditor.meet(note).size

    def leaves(self, start, end=None):
        """Leaves of the log from START on, decoded; the auditor may read them all."""
        end, found = end or self.log_size(), []
        while start < end:
            first, rows = self.auditor.ask("entries", [start, min(256, end - start)], "entries_page")
            assert first == start and rows
            for (leaf,) in rows:
                found.append(peer.decode(leaf))
            start += len(rows)
        return found

    def names(self, start):
        kinds = {number: name for name, number in peer.LEAVES.items()}
        return [kinds[leaf[0]] for leaf in self.leaves(start)]

    # ---- an exchange that must work --------------------------------------------------------
    def exchange(self, sender, recipient):
        """An offer, its delivery and its evidence, all of it checked by both."""
        sender.sync()
        sealed = sender.seal("referral_offer", offer(), [(recipient.code, "law", os.urandom(16))])
        receipt = sender.submit(sealed)
        message = take_message(recipient, receipt.index)
        assert message.values["child_name"] == "Izdomāts Bērns"
        recorded = recipient.attest(message)
        evidence = take_evidence(sender, receipt.index)
        assert evidence.index == recorded
        return sealed, receipt, message

    def close(self):
        for living in self.peers.values():
            living.close()
        super().close()


def take_message(recipient, index, timeout=10):
    """The message at INDEX from the mailbox."""
    while True:
        recipient.credit(1)
        got = recipient.receive(timeout)
        assert got is not None, "nothing was delivered"
        if isinstance(got, party.Message) and got.index == index:
            return got


def take_evidence(sender, about, kind="delivered", timeout=10):
    """The evidence of KIND about the message at ABOUT; it leaves the mailbox."""
    while True:
        sender.credit(1)
        got = sender.receive(timeout)
        assert got is not None, "no evidence came"
        if isinstance(got, party.Evidence):
            sender.take(got)
            if got.said["index"] == about and got.said["kind"] == peer.EVIDENCE[kind]:
                return got


@contextlib.contextmanager
def played(people, supervise=False):
    """The network of a test module; in the end no sanitizer may have spoken."""
    with Stage(people) as stage:
        yield stage.raise_curtain(supervise)
        for living in stage.peers.values():
            living.close()
        for process in stage.processes.values():
            status = process.stop()
            assert status == 0, f"{process.name} ended with {status}:\n{process.tail()}"
        assert not stage.unsound()
