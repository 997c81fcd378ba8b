"""tests/system/circle.py: what several institutions share, a second time, from section 11.6 of protocol/SPEC.md alone."""

import dataclasses
import datetime
import os
import struct
import zoneinfo

import peer
import stage as stages

OPENINGS = ("case_open", "conference_propose")
LEAVES = ("case_leave", "case_hand_over")
FRAME = ("case_open", "case_add", "case_remove", "case_leave", "case_hand_over", "case_report", "case_close",
         "case_reopen", "case_link", "case_mistake")
FRAMES = (*FRAME, "conference_propose", "conference_convene", "conference_accept", "conference_decline",
          "conference_delegate", "conference_held", "conference_inquorate", "conference_cancel",
          "conference_sign")
STARTS = (*OPENINGS, "lead_offer", "lead_claim", "action_assign", "matter_put")
LAST = 1 << 64
HOUR_MS = 3600 * 1000


def sort_of(kind):
    return kind.split("_")[0]


def circle_id(token):
    first, *others = peer.h256(b"circle", token)[:16]
    return bytes([first | 0x80, *others])


def task_id(token, chance=None):
    first, *others = chance or os.urandom(8)
    chance = bytes([first | 0x80, *others])
    return chance + peer.h256(b"circle-task", token, chance)[:8]


def has_id(token, kind, task):
    return task == circle_id(token) if kind in FRAMES else task == task_id(token, task[:8])


def digest(entries):
    """(count, digest) of a history: (log index, content root) of its entries in the log's order."""
    value, count = peer.ZERO, 0
    for index, root in entries:
        value, count = peer.h256(b"history", value, struct.pack(">Q", index), root), count + 1
    return count, value


def day_end(text):
    """The last millisecond of a day in Riga."""
    after = datetime.datetime.fromisoformat(text) + datetime.timedelta(days=1)
    return int(after.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Riga")).timestamp() * 1000) - 1


@dataclasses.dataclass
class Act:
    index: int
    author: str
    kind: str
    values: dict
    root: bytes
    message: bytes = b""
    time: int = 0


@dataclasses.dataclass
class Transfer:
    """An offer of the lead, or a claim: its task, whom it lets lead, and the end of its day."""

    task: bytes
    to: str
    due: int
    made: int
    claimed: bool = False

    def stands(self, time):
        return time <= self.due + (14 * 24 * HOUR_MS if self.claimed else 0)

    def keeps(self, time):
        return self.stands(time) and (self.claimed or time <= self.made + 31 * 24 * HOUR_MS)


class Fold:
    """Who is a member and who leads, from acts in the log's order."""

    def __init__(self, acts):
        self.terms, self.lead, self.open, self.offer, self.void, self.counted = [], None, False, None, [], []
        self.sorts, self.sitting, self.taken = {}, False, []
        for act in sorted(acts, key=lambda a: a.index):
            before, stray = self.is_member(act.author, act.index), self.is_stray(act)
            follows = not stray and self.step(act)
            self.void.append(not follows)
            self.taken.append(act)
            if stray:
                continue
            if follows and act.kind in STARTS:
                self.sorts.setdefault(act.values["task"], sort_of(act.kind))
            if before or self.is_member(act.author, act.index):
                self.counted.append(act)

    def is_stray(self, act):
        sort = sort_of(act.kind)
        if not self.lead:
            return False
        return (sort != "action" and (sort in ("conference", "matter")) != self.sitting
                or self.sorts.get(act.values["task"], sort) != sort)

    def is_member(self, code, index=LAST):
        return any(who == code and since <= index < until for who, since, until in self.terms)

    def members(self):
        return [who for who, _, until in self.terms if until > LAST]

    def join(self, code, index):
        self.terms.append([code, index, LAST + 1])

    def end(self, code, index):
        for term in self.terms:
            if term[0] == code and term[2] > LAST:
                term[2] = index
        if self.offer and self.offer.claimed and self.offer.to == code:
            self.offer = None

    def step(self, act):
        said, by, at = act.values, act.author, act.index
        if act.kind in OPENINGS:
            if self.lead:
                return False
            self.lead, self.open, self.sitting = by, True, act.kind == "conference_propose"
            for code in dict.fromkeys([by, *said["parties"]]):
                self.join(code, at)
            return True
        if not self.lead or not self.is_member(by, at):
            return False
        if not self.open:
            self.open = act.kind == "case_reopen" and by == self.lead
            return self.open
        rule = getattr(self, "on_" + act.kind, None)
        return rule(act, said, by, at) if rule else act.kind != "case_reopen"

    def on_case_add(self, act, said, by, at):
        new = [code for code in dict.fromkeys(said["parties"]) if not self.is_member(code, at)]
        if by != self.lead or not new or len(self.members()) + len(new) > 17:
            return False
        for code in new:
            self.join(code, at)
        return True

    def on_case_remove(self, act, said, by, at):
        if by != self.lead or said["party"] == by or not self.is_member(said["party"], at):
            return False
        self.end(said["party"], at)
        return True

    def on_case_leave(self, act, said, by, at):
        if by == self.lead:
            return False
        self.end(by, at)
        return True

    def on_case_hand_over(self, act, said, by, at):
        if by == self.lead or said["party"] == by:
            return False
        self.end(by, at)
        if not self.is_member(said["party"], at):
            self.join(said["party"], at)
        return True

    def on_lead_offer(self, act, said, by, at):
        stands = said["task"] in self.sorts or self.offer and self.offer.stands(act.time)
        if by != self.lead or said["party"] == by or not self.is_member(said["party"], at) or stands:
            return False
        self.offer = Transfer(said["task"], said["party"], day_end(said["due"]), act.time)
        return True

    def on_lead_claim(self, act, said, by, at):
        stands = self.offer and self.offer.keeps(act.time) and self.is_member(self.offer.to, at)
        due, stands = day_end(said["due"]), stands or said["task"] in self.sorts
        if self.sitting or by == self.lead or stands or not 72 * HOUR_MS <= due - act.time <= 31 * 24 * HOUR_MS:
            return False
        self.offer = Transfer(said["task"], by, due, act.time, claimed=True)
        return True

    def on_lead_accept(self, act, said, by, at):
        offer = self.offer
        if not offer or (offer.task, offer.to) != (said["task"], by) or not offer.stands(act.time):
            return False
        if offer.claimed and act.time <= offer.due:
            return False
        self.lead, self.offer = by, None
        return True

    def on_lead_reject(self, act, said, by, at):
        good = self.offer is not None and (self.offer.task, self.offer.to) == (said["task"], by)
        self.offer = None if good else self.offer
        return good

    def on_lead_revoke(self, act, said, by, at):
        good = (by == self.lead and self.offer is not None and self.offer.task == said["task"]
                and not (self.offer.claimed and act.time > self.offer.due))
        self.offer = None if good else self.offer
        return good

    def on_action_assign(self, act, said, by, at):
        return by == self.lead and self.is_member(said["party"], at)

    def on_case_mistake(self, act, said, by, at):
        for i, one in enumerate(self.taken):
            if one.message == said["mistaken"]:
                good = (one.author, one.kind, one.values["task"]) == (by, "case_report", said["task"])
                self.void[i] = self.void[i] or good
                return good
        return False

    def on_case_close(self, act, said, by, at):
        if by != self.lead:
            return False
        self.open = False
        self.offer = None if self.offer and self.offer.claimed else self.offer
        return True


class Circle:
    """A circle as one Python party has it. `refs`: its references, one for each member."""

    def __init__(self, living, token=None, purpose="family_assessment"):
        self.living, self.purpose, self.acts, self.refs, self.documents = living, purpose, {}, {}, {}
        self.token = token or os.urandom(16)
        self.id = circle_id(self.token)
        self.ground = stages.grounded("legal_duty")

    @property
    def fold(self):
        return Fold(self.acts.values())

    def state(self, upto=LAST):
        return digest([(a.index, a.root) for a in self.fold.counted if a.index <= upto])

    def head(self, **other):
        counted = self.fold.counted
        applied = counted[-1].index if counted else 0
        count, value = self.state(applied)
        return {"applied": applied, "history_count": count, "history": value, **other}

    def grounds(self, kind):
        """What a type with content tells, and the class it goes with."""
        content = any(f.category != "act" for f, _ in peer.TYPE_FIELDS[kind])
        return (self.ground, "law") if content else ({}, "none")

    def to(self, codes, basis):
        return [(c, basis, self.refs.setdefault(c, os.urandom(16)) if basis == "law" else None) for c in codes]

    def seal(self, kind, to=None, head=None, case=None, documents=(), **said):
        """An act of ours, its header with DOCUMENTS; HEAD and CASE may lie."""
        told, basis = self.grounds(kind)
        task = said.pop("task", self.id if kind in FRAMES else task_id(self.token))
        values = {"task": task, **self.head(**(head or {})), **told, **said}
        others = to or [c for c in self.fold.members() if c != self.living.code]
        others += [c for c in said.get("parties", []) if c not in others and kind in (*OPENINGS, "case_add")]
        self.living.sync()
        self.living.purposes[task] = self.purpose
        return values, self.living.seal(kind, values, self.to(others, basis), case=case or self.token,
                                        attachments=[doc.cited for doc in documents])

    def act(self, kind, **how):
        """Sent, and in our history. Gives the act, its receipt and what was sealed."""
        self.bring(how.get("documents", ()))
        values, sealed = self.seal(kind, **how)
        receipt = self.living.submit(sealed)
        made = Act(receipt.index, self.living.code, kind, values, sealed.content.root(), receipt.id,
                   peer.decode(receipt.leaf)[1])
        self.acts[made.index] = made
        return made, receipt, sealed

    def take(self, message):
        """An act of another that came: in our history, and delivered."""
        kind = peer.TYPE_NAMES[message.header.type]
        peer.need(message.header.case == self.token and has_id(self.token, kind, message.values["task"]), "bad_content")
        made = Act(message.index, message.header.sender, kind, message.values, message.header.content_root,
                   message.header.id, message.time)
        self.acts[made.index] = made
        self.living.attest(message)
        return made

    # ---- documents (section 4.7) -----------------------------------------------------------
    def bring(self, documents):
        """To the broker, as far as it has not got them."""
        for doc in documents:
            _, _, held = self.living.ask("chunk_have", [*doc.cited, 0], "chunk_have")
            for i in range(held, len(doc.chunks)):
                self.living.ask("chunk", doc.chunk(i), "chunk_have")

    def fetch(self, message, described):
        """A document that MESSAGE brings, opened: its chunks as its header lists them."""
        at = [root for root, _ in message.header.attachments].index(described[0])
        count = -(-described[1] // (peer.CHUNK + peer.CHUNK_OVERHEAD))
        got = [self.living.ask("chunk_get", [message.index, at, i], "chunk") for i in range(count)]
        return peer.open_document(described, [chunk[4] for chunk in got])

    # ---- passing on ------------------------------------------------------------------------
    def proven(self, receipt, content, categories, whole=()):
        """With documents in WHOLE alone."""
        return peer.encode([receipt.index, receipt.leaf, list(receipt.path), receipt.note,
                            content.passed(set(categories), set(whole))])

    def seal_pass(self, raw, to, acts=False, case=None, documents=(), **other):
        values = {"task": peer.new_task(), "applied": 0}
        values |= {"passed_acts": raw} if acts else {"purpose": self.purpose, **self.ground, "passed": raw}
        values |= other
        kind = "history_pass_acts" if acts else "history_pass"
        self.living.sync()
        return self.living.seal(kind, values, self.to([to], "none" if acts else "law"), case=case or self.token,
                                attachments=[doc.cited for doc in documents])

    def pass_on(self, receipt, sealed, to, categories, documents=()):
        """What TO may have of an act of ours that it did not get; with DOCUMENTS, all that they are of CATEGORIES."""
        content = [c for c in categories if c not in ("act", "ground")]
        raw = self.proven(receipt, sealed.content, ["act", *content], content if documents else ())
        self.bring(documents)
        return self.living.submit(self.seal_pass(raw, to, acts=not content, documents=documents))

    def open_pass(self, message):
        """What another passes on to us, held against section 4.8; in our history then, its documents opened."""
        raw = message.values.get("passed") or message.values["passed_acts"]
        index, leaf, path, note, shown = peer.shaped(peer.decode(raw), int, bytes, list, bytes, bytes)
        peer.need(index < message.index, "bad_proof")
        self.living.prove(index, leaf, path, note)
        kind, time, header_raw, hashes, batch = peer.decode(leaf)
        peer.need(kind == peer.LEAVES["accepted"], "bad_proof")
        header = peer.Header(header_raw)
        left = header.sender not in self.fold.members() or peer.TYPE_NAMES[header.type] in LEAVES
        member = not self.fold.lead or message.header.sender in self.fold.members()
        peer.need(header.sender == message.header.sender or ("passed_acts" in message.values or member)
                  and header.sender != self.living.code and left, "not_permitted")
        peer.need(header.case == self.token == message.header.case, "bad_content")
        peer.check_batch(self.living.directory.check(header, index), peer.message_digest(header_raw, hashes), batch)
        name = peer.TYPE_NAMES[header.type]
        values = peer.read_shown(name, shown, header.content_root, passed=True)
        covered = {"act", *message.values.get("ground_categories", [])}
        seen = {f.category for f, _ in peer.TYPE_FIELDS[name] if f.name in values}
        described = [doc for f, _ in peer.TYPE_FIELDS[name] if f.kind == "files" for doc in values.get(f.name, [])]
        cited = [[root, size] for root, size, *_ in described]
        places = [header.attachments.index(one) if one in header.attachments else -1 for one in cited]
        hidden = peer.hides_documents(name, shown)
        peer.need(-1 not in places and places == sorted(set(places)), "bad_content", "the entry's header")
        peer.need(hidden or cited == header.attachments, "bad_content", "one that nothing shows")
        peer.need(cited == message.header.attachments, "bad_content", "the header of the pass")
        peer.need(seen <= covered, "outside_ground")
        self.documents[index] = [self.fetch(message, one) for one in described]
        self.acts[index] = Act(index, header.sender, name, values, header.content_root, header.id, time)
        self.living.attest(message)
        return self.acts[index]

    def ask(self, to, since=0, case=None):
        self.living.sync()
        has = [(a.index, a.root) for a in self.fold.counted if a.index > since and a.author == to]
        count, value = digest(has)
        values = {"task": peer.new_task(), "applied": 0, "since": since, "history_count": count, "history": value}
        return self.living.submit(
            self.living.seal("history_ask", values, [(to, "none", None)], case=case or self.token))
