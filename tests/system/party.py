"""tests/system/party.py: a party that lives: link, directory, receipts, messages, evidence.

Built on peer.py, so on protocol/SPEC.md alone; it trusts nothing that it has not checked.
"""

import base64
import collections
import configparser
import csv
import hashlib
import itertools
import os
import time

import zmq
from zmq.utils import z85

import peer
from peer import Refused, need

FOREVER = 1 << 64
DAY = 24 * 3600 * 1000
TOLERANCE = 5 * 60 * 1000
FRAME_MAX = 1572864
GROUPS = {row["code"]: row["service"] for row in csv.DictReader(
    open(peer.ROOT / "protocol" / "lists" / "institution-kinds.csv", encoding="utf-8"))}


def now_ms():
    return int(time.time() * 1000)


# ---- what a party pins (network.conf) and its key files ----------------------------------------
class Pinned:
    def __init__(self, path):
        conf = configparser.ConfigParser()
        conf.read(path, encoding="utf-8")
        told = conf["network"]
        self.id, self.endpoint = told["id"], told["broker"]
        self.root, self.broker_key = bytes.fromhex(told["root"]), bytes.fromhex(told["broker_key"])
        self.log = told["log"]
        self.log_name, _, key = self.log.split("+", 2)
        self.log_key = base64.b64decode(key)[1:]


def read_key(path, purpose):
    mark, found, digits = path.read_text().split()
    assert (mark, found) == ("saikne-key-v1", purpose), path
    return bytes.fromhex(digits)


# ---- checkpoints (section 6.2) -----------------------------------------------------------------
class Checkpoint:
    """A signed note that the log's key signed."""

    def __init__(self, note, pinned):
        self.note = note
        text, _, signatures = note.decode("utf-8").rpartition("\n\n")
        text += "\n"
        key_id = hashlib.sha256(pinned.log_name.encode() + b"\n\x01" + pinned.log_key).digest()[:4]
        good = False
        for line in signatures.splitlines():
            dash, name, raw = line.split(" ")
            raw = base64.b64decode(raw, validate=True)
            if (dash, name, raw[:4]) == ("\u2014", pinned.log_name, key_id):
                try:
                    peer.sodium.crypto_sign_open(raw[4:] + text.encode(), pinned.log_key)
                    good = True
                except peer.CryptoError:
                    raise Refused("bad_checkpoint", "the signature") from None
        need(good, "bad_checkpoint", "not signed by the log")
        origin, size, root = text.splitlines()[:3]
        need(origin == pinned.log_name, "bad_checkpoint", "the origin")
        self.size, self.root = int(size), base64.b64decode(root)


# ---- directory (section 7) ---------------------------------------------------------------------
class Key:
    def __init__(self, raw, since, not_before=0, not_after=FOREVER):
        self.raw, self.since, self.until = raw, since, FOREVER
        self.not_before, self.not_after = not_before, not_after

    def in_force(self, index):
        return self.since < index < self.until


class Member:
    def __init__(self, code, kind, index):
        self.code, self.kind, self.admitted = code, kind, index
        self.group = GROUPS.get(kind, kind)
        self.keys = {"signing": [], "sealing": [], "transport": []}
        self.suspensions = []

    def active(self, index):
        return index > self.admitted and not any(a <= index <= b for a, b in self.suspensions)

    def add(self, purpose, key):
        self.keys[purpose].append(key)

    def epoch(self, purpose, number):
        keys = self.keys[purpose]
        return keys[number - 1] if 1 <= number <= len(keys) else None


class Directory:
    """The fold of the statements, each checked before it counts."""

    def __init__(self, pinned):
        self.pinned, self.members = pinned, {}
        self.length, self.chain, self.used = 0, peer.ZERO, set()

    def signer(self, role, statement):
        if role == peer.ROLES["root"]:
            return self.pinned.root
        if role == peer.ROLES["registrar"]:
            return self.members["registrar"].keys["signing"][-1].raw
        name, fields = statement
        if name == "admit":
            return fields[4]
        if role == peer.ROLES["new"]:
            return fields[2]
        return self.members[fields[0]].epoch("signing", fields[-1]).raw

    def apply(self, index, raw, signatures):
        number, network, _, *fields = peer.decode(raw)
        need(network == self.pinned.id, "wrong_network")
        name = {n: k for k, n in peer.STATEMENTS.items()}[number]
        need((name == "network") == (index == 0), "bad_statement", "NETWORK stands at index 0 alone")
        need(signatures, "bad_signature")
        for role, signature in signatures:
            key = self.signer(role, (name, fields))
            need(peer.verify(key, b"statement", raw, signature), "bad_signature", name)
        getattr(self, "on_" + name)(index, *fields)
        self.length += 1
        self.chain = peer.h256(b"directory", self.chain, raw)

    def fresh(self, *keys):
        need(not self.used.intersection(keys) and len(set(keys)) == len(keys), "bad_statement", "key used")
        self.used.update(keys)

    def on_network(self, _, root, log_name, log_key, broker):
        pinned = self.pinned
        need((root, log_name, log_key, broker) ==
             (pinned.root, pinned.log_name, pinned.log_key, pinned.broker_key), "bad_statement", "not pinned")
        self.fresh(root, log_key, broker)

    def on_registrar(self, index, signing, transport, not_before, not_after):
        self.fresh(signing, transport)
        need(not_before < not_after <= not_before + 90 * DAY, "bad_statement", "the registrar's time")
        member = self.members.setdefault("registrar", Member("registrar", "registrar", index))
        for purpose, raw in (("signing", signing), ("transport", transport)):
            for key in member.keys[purpose]:
                key.until = min(key.until, index)
            member.add(purpose, Key(raw, index, not_before, not_after))

    def on_admit(self, index, code, kind, _name, _municipality, signing, transport):
        self.fresh(signing, transport)
        need(code not in self.members, "bad_statement", "admitted before")
        member = self.members[code] = Member(code, kind, index)
        member.add("signing", Key(signing, index))
        member.add("transport", Key(transport, index))

    def on_suspend(self, index, code, _reason):
        self.members[code].suspensions.append((index, FOREVER))

    def on_lift(self, index, code):
        first, _ = self.members[code].suspensions.pop()
        self.members[code].suspensions.append((first, index))

    def on_sealing_epoch(self, index, code, epoch, raw, not_before, not_after, _signer):
        self.fresh(raw)
        keys = self.members[code].keys["sealing"]
        need(epoch == len(keys) + 1, "bad_statement", "epochs go up by one")
        need(not_before < not_after <= not_before + 30 * DAY + TOLERANCE, "bad_statement", "its time")
        self.members[code].add("sealing", Key(raw, index, not_before, not_after))

    def replace(self, index, code, purpose, raw):
        self.fresh(raw)
        keys = self.members[code].keys[purpose]
        if len(keys) > 1:
            keys[-2].until = min(keys[-2].until, index)
        self.members[code].add(purpose, Key(raw, index))

    def on_signing_key(self, index, code, epoch, raw, _signer):
        need(epoch == len(self.members[code].keys["signing"]) + 1, "bad_statement", "epochs")
        self.replace(index, code, "signing", raw)

    def on_transport_key(self, index, code, raw, _signer):
        self.replace(index, code, "transport", raw)

    def on_revoke(self, index, code, purpose, epoch, _since, _reason, _signer):
        name = {n: k for k, n in peer.PURPOSES.items()}[purpose]
        self.members[code].epoch(name, epoch).until = index

    def on_head(self, _, length, chain):
        need((length, chain) == (self.length, self.chain), "bad_statement", "not the present directory")

    # ---- policy (section 8) --------------------------------------------------------------------
    def permits(self, kind, sender, recipient, basis):
        rows = [r for r in peer.POLICY if r[0] == kind and sender.group in r[1] and recipient.group in r[2]
                and (r[3] or sender.kind != recipient.kind)]
        need(rows, "not_permitted")
        need(any(peer.BASIS_NAMES[basis] in row[4] for row in rows), "no_basis")

    def check(self, header, index):
        """Everything about a header that the directory decides; the sender's signing key."""
        need(header.network == self.pinned.id, "wrong_network")
        kind = peer.TYPE_NAMES.get(header.type)
        need(kind, "unknown_type")
        sender = self.members.get(header.sender)
        need(sender, "unknown_party")
        need(sender.active(index), "suspended")
        key = sender.epoch("signing", header.signing_epoch)
        need(key, "unknown_key")
        need(key.in_force(index), "key_revoked")
        for code, epoch, basis, _ in header.recipients:
            recipient = self.members.get(code)
            need(recipient, "unknown_party")
            need(recipient.active(index), "suspended")
            self.permits(kind, sender, recipient, basis)
            sealing = recipient.epoch("sealing", epoch)
            need(sealing and sealing.in_force(index), "unknown_epoch")
            need(header.expires <= sealing.not_after, "bad_expiry")
        return key.raw


# ---- link (section 9) --------------------------------------------------------------------------
class Link:
    """A DEALER under CURVE. What nobody asked for waits in `unasked`."""

    def __init__(self, pinned, box):
        self.monitor = None
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDTIMEO, 5000)
        self.socket.setsockopt(zmq.MAXMSGSIZE, FRAME_MAX + 1024)  # longer under CURVE
        self.socket.setsockopt(zmq.RECONNECT_IVL, -1)  # a connection that is cut stays cut
        self.socket.routing_id = b"\x01" + os.urandom(15)
        self.socket.curve_serverkey = z85.encode(pinned.broker_key)
        self.socket.curve_publickey = z85.encode(box.public)
        self.socket.curve_secretkey = z85.encode(box.secret)
        self.monitor = self.socket.get_monitor_socket()
        self.socket.connect(pinned.endpoint)
        self.requests, self.unasked, self.is_cut = itertools.count(1), collections.deque(), False

    def close(self):
        if self.monitor is not None:
            self.socket.disable_monitor()
            self.monitor = None
        self.socket.close()

    def event(self, wanted, timeout=10):
        """Whether one of the socket events WANTED came in time."""
        end = time.monotonic() + timeout
        while self.monitor.poll(max(0, int((end - time.monotonic()) * 1000))):
            number = int.from_bytes(self.monitor.recv_multipart()[0][:2], "little")
            self.is_cut = self.is_cut or number == zmq.EVENT_DISCONNECTED
            if number & wanted:
                return True
        return False

    def send(self, *frames):
        self.socket.send_multipart(frames)

    def receive(self, timeout=10):
        """(command, request, body), or None when nothing came in time."""
        if not self.socket.poll(timeout * 1000):
            return None
        frames = self.socket.recv_multipart()
        need(len(frames) == 1, "malformed", "the broker sent a multipart message")
        return peer.read_frame(frames[0])

    def answer(self, request, timeout=10):
        end = time.monotonic() + timeout
        while True:
            got = self.receive(max(0, end - time.monotonic()))
            if got is None:
                raise TimeoutError("the broker did not answer")
            if got[1] == request and got[0] not in ("deliver", "news"):
                return got[0], got[2]
            self.unasked.append(got)

    def ask(self, command, body):
        request = next(self.requests)
        self.send(peer.make_frame(command, request, body))
        return self.answer(request)

    def next(self, command, timeout=10):
        """The next unasked frame of COMMAND; None when there was none in time."""
        end = time.monotonic() + timeout
        while True:
            for got in self.unasked:
                if got[0] == command:
                    self.unasked.remove(got)
                    return got[2]
            got = self.receive(max(0, end - time.monotonic()))
            if got is None:
                return None
            self.unasked.append(got)


def refusal(answer):
    """The name of the code of a REFUSED answer."""
    command, body = answer
    assert command == "refused", answer
    code, message_id, recipient, detail = body
    assert isinstance(detail, str) and len(detail.encode()) <= 200
    assert message_id is None or len(message_id) == 16
    assert recipient is None or isinstance(recipient, int)
    return peer.CODE_NAMES[code]


# ---- messages ----------------------------------------------------------------------------------
class Sealed:
    """A message sealed once: header bytes, parts, and its batch signature when it has one."""

    def __init__(self, header, parts, batch=None):
        self.header, self.parts, self.batch = header, parts, batch
        self.digest = peer.message_digest(header, [peer.part_hash(p) for p in parts])
        self.id = peer.Header(header).id if batch is None else None

    def body(self):
        return [self.header, self.parts, self.batch]


Receipt = collections.namedtuple("Receipt", "id index leaf path note")
Message = collections.namedtuple("Message", "index header position values digest chain time", defaults=[0])
Evidence = collections.namedtuple("Evidence", "index said")


def proof_file(receipt):
    """The receipt as a C2SP tlog-proof."""
    lines = ["c2sp.org/tlog-proof@v1", "extra " + base64.b64encode(receipt.leaf).decode(),
             f"index {receipt.index}", *(base64.b64encode(p).decode() for p in receipt.path)]
    return ("\n".join(lines) + "\n\n").encode() + receipt.note


class Party:
    """One party with its keys, what it trusts of the log, and its session."""

    def __init__(self, code, pinned, signing, transport):
        self.code, self.pinned, self.signing, self.transport = code, pinned, signing, transport
        self.epochs = []
        self.signing_epoch = 1
        self.directory = Directory(pinned)
        self.trusted = None
        self.link = None
        self.chains = {}
        self.purposes = {}

    # ---- session ---------------------------------------------------------------------------
    def size(self):
        return self.trusted.size if self.trusted else 0

    def hello(self):
        return self.link.ask("hello", [self.pinned.id, self.code, "peer 1", self.directory.length, self.size()])

    def connect(self):
        self.close()
        self.link = Link(self.pinned, self.transport)
        command, body = self.hello()
        need(command == "welcome", command, str(body))
        network, _, length, note, path, frame_max, credit_max = peer.shaped(
            body, str, int, int, bytes, list, int, int)
        need((network, frame_max, credit_max) == (self.pinned.id, FRAME_MAX, 256), "malformed")
        self.trust(Checkpoint(note, self.pinned), path)
        self.fold(length)
        return self

    def close(self):
        if self.link is not None:
            self.link.close()
            self.link = None

    def is_connected(self):
        """Whether the session of before still answers."""
        if self.link is None or self.link.event(zmq.EVENT_DISCONNECTED, timeout=0) or self.link.is_cut:
            return False
        try:
            return self.link.ask("ping", [])[0] == "pong"
        except TimeoutError:
            return False

    def ask(self, command, body, expected):
        got, answer = self.link.ask(command, body)
        if got == "refused":
            raise Refused(peer.CODE_NAMES[answer[0]], answer[3])
        need(got == expected, "malformed", got)
        return answer

    # ---- the log ---------------------------------------------------------------------------
    def trust(self, checkpoint, path):
        old_size, old_root = self.size(), self.trusted.root if self.trusted else b""
        need(peer.consistent(old_size, old_root, checkpoint.size, checkpoint.root, path), "forked_log")
        self.trusted = checkpoint

    def meet(self, note):
        """A checkpoint beside a proof: trusted only when it is the known tree or grew from it."""
        checkpoint = Checkpoint(note, self.pinned)
        if self.trusted and checkpoint.size == self.size():
            need(checkpoint.root == self.trusted.root, "forked_log")
        elif checkpoint.size > self.size():
            _, _, path = self.ask("consistency", [self.size(), checkpoint.size], "consistency_page")
            self.trust(checkpoint, path)
        else:
            _, _, path = self.ask("consistency", [checkpoint.size, self.size()], "consistency_page")
            need(peer.consistent(checkpoint.size, checkpoint.root, self.size(), self.trusted.root, path),
                 "forked_log")
        return checkpoint

    def prove(self, index, leaf, path, note):
        checkpoint = self.meet(note)
        need(peer.path_root(peer.leaf_hash(leaf), index, checkpoint.size, path) == checkpoint.root, "bad_proof")

    def sync(self):
        """Folds the statements that NEWS told of: it came before the answer to any later PING."""
        self.ask("ping", [], "pong")
        news = [got for got in self.link.unasked if got[0] == "news"]
        for got in news:
            self.link.unasked.remove(got)
        self.fold(max((got[2][0] for got in news), default=0))

    def fold(self, length):
        """Fetches the directory until it is of LENGTH statements."""
        while self.directory.length < length:
            body = self.ask("directory", [self.directory.length], "directory_page")
            start, there, note, rows = peer.shaped(body, int, int, bytes, list)
            need(start == self.directory.length and there >= length and rows, "malformed", "the page")
            for index, leaf, path in rows:
                self.prove(index, leaf, path, note)
                kind, _, raw, signatures = peer.decode(leaf)
                need(kind == peer.LEAVES["statement"], "malformed", "a leaf that is no statement")
                self.directory.apply(index, raw, signatures)

    # ---- statements ------------------------------------------------------------------------
    def state(self, raw, signatures):
        (index,) = self.ask("state", [raw, signatures], "stated")
        return index

    def statement(self, name, *further, time_ms=None):
        return peer.make_statement(name, self.pinned.id, time_ms or now_ms(), *further)

    def publish_epoch(self, days=30, key=None):
        box = key or peer.BoxKey()
        start = now_ms()
        raw = self.statement("sealing_epoch", self.code, len(self.epochs) + 1, box.public, start,
                             start + days * DAY, self.signing_epoch)
        self.state(raw, peer.sign_statement(raw, party=self.signing))
        self.epochs.append(box)
        self.sync()

    # ---- sending ---------------------------------------------------------------------------
    def seal(self, kind, values, to, sign=True, batch_with=(), **header):
        """TO: [(code, basis name, reference)]; header fields may be given to lie in them."""
        created = header.get("created", now_ms())
        members = [self.directory.members.get(code) for code, _, _ in to]
        epochs = [header.get("sealing_epoch", len(m.keys["sealing"]) if m else 1) for m in members]
        content = peer.Content(kind, values)
        # What opens a task names its purpose, which holds for all that follows.
        purpose = self.purposes.setdefault(values.get("task"), values.get("purpose", ""))
        raw = peer.encode([
            header.get("version", 1), header.get("suite", 1), header.get("network", self.pinned.id),
            header.get("id", peer.new_id(created)), header.get("sender", self.code),
            header.get("signing_epoch", self.signing_epoch),
            header.get("recipients", [[code, epoch, peer.BASES[basis], reference]
                                      for (code, basis, reference), epoch in zip(to, epochs)]),
            header.get("type", peer.TYPES[kind]), header.get("case", os.urandom(16)), content.root(), header.get("attachments", []),
            created, header.get("expires", created + DAY)])
        parts = []
        for i, (code, _, _) in enumerate(to):
            key = members[i].epoch("sealing", epochs[i]) if members[i] else None
            allowed = peer.profile(purpose, members[i].kind, members[i].group) if members[i] else {"act"}
            if kind == "referral_offer" and values.get("urgency") == "normal" and not header.get("at_once"):
                allowed = {"act"}  # the rest waits for the review (section 11)
            shown = content.part(allowed)
            parts.append(peer.seal_part(raw, i, key.raw if key else peer.BoxKey().public, shown,
                                        self.chains.get(code, (0, bytes(16), peer.ZERO))))
        digest = peer.message_digest(raw, [peer.part_hash(p) for p in parts])
        batch = peer.sign_batch(self.signing, [digest, *batch_with])[0] if sign else None
        sealed = Sealed(raw, parts, batch)
        sealed.id, sealed.content = peer.decode(raw)[3], content
        return sealed

    def submit(self, sealed):
        receipt = Receipt(*self.ask("submit", sealed.body(), "accepted"))
        self.check_receipt(receipt, sealed)
        for code, *_ in peer.Header(sealed.header).recipients:
            chain = self.chains.get(code, (0, bytes(16), peer.ZERO))
            self.chains[code] = peer.chain_next(chain, sealed.id, sealed.digest)
        return receipt

    def check_receipt(self, receipt, sealed):
        need(receipt.id == sealed.id, "bad_proof", "another message's receipt")
        kind, _, header, hashes, batch = peer.decode(receipt.leaf)
        need(kind == peer.LEAVES["accepted"] and header == sealed.header, "bad_proof", "another leaf")
        need(hashes == [peer.part_hash(p) for p in sealed.parts] and batch == sealed.batch, "bad_proof")
        self.prove(receipt.index, receipt.leaf, receipt.path, receipt.note)

    # ---- receiving -------------------------------------------------------------------------
    def credit(self, count):
        self.link.send(peer.make_frame("credit", next(self.link.requests), [count]))

    def receive(self, timeout=10):
        """The next entry of the mailbox, all of it checked: Message or Evidence."""
        body = self.link.next("deliver", timeout)
        if body is None:
            return None
        index, leaf, path, note, position, part = peer.shaped(
            body, int, bytes, list, bytes, (int, type(None)), (list, type(None)))
        self.prove(index, leaf, path, note)
        items = peer.decode(leaf)
        if position is None:
            return Evidence(index, self.check_evidence(index, items))
        need(items[0] == peer.LEAVES["accepted"], "malformed", "a part with another leaf")
        return self.open(index, items, position, part)

    def open(self, index, items, position, part):
        _, _, raw, hashes, batch = items
        header = peer.Header(raw)
        self.sync()
        key = self.directory.check(header, index)
        digest = peer.message_digest(raw, hashes)
        peer.check_batch(key, digest, batch)
        need(peer.part_hash(part) == hashes[position], "cannot_open", "not the part that was accepted")
        need(header.recipients[position][0] == self.code, "cannot_open", "another's part")
        box = self.epochs[header.recipients[position][1] - 1]
        shown, chain = peer.open_part(raw, position, part, box)
        values = peer.read_shown(peer.TYPE_NAMES[header.type], shown, header.content_root)
        return Message(index, header, position, values, digest, chain, items[1])

    def check_evidence(self, index, items):
        self.sync()
        said = peer.read_evidence(items[2])
        if items[0] == peer.LEAVES["evidence"]:
            key = self.directory.members[said["recipient"]].epoch("signing", said["epoch"])
            need(key.in_force(index), "key_revoked")
            peer.check_batch(key.raw, peer.evidence_digest(items[2]), items[3])
        else:
            need(items[0] == peer.LEAVES["broker_evidence"], "malformed")
            need(said["kind"] in (peer.EVIDENCE["expired"], peer.EVIDENCE["undeliverable"]), "malformed")
        need(self.code in (said["sender"], said["recipient"]), "not_yours")
        return said

    def evidence(self, message, name="delivered", /, **other):
        """The ATTEST body about MESSAGE."""
        parts = dict(network=self.pinned.id, kind=peer.EVIDENCE[name], index=message.index,
                     sender=message.header.sender, id=message.header.id, digest=message.digest,
                     recipient=self.code, epoch=self.signing_epoch, time=now_ms(), reason=0, role="",
                     staff=None)
        raw = peer.make_evidence(**{**parts, **other})
        return [raw, peer.sign_batch(self.signing, [peer.evidence_digest(raw)])[0]]

    def attest(self, message, kind="delivered", **other):
        body = self.ask("attest", self.evidence(message, kind, **other), "recorded")
        need(body[:2] == [message.index, peer.EVIDENCE[kind]], "malformed")
        return body[2]

    def take(self, evidence):
        self.link.send(peer.make_frame("taken", next(self.link.requests), [evidence.index]))
