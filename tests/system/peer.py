"""tests/system/peer.py: the protocol's formats a second time, written from protocol/SPEC.md alone.

It shares no code with the programs: even the lists of fields, types, codes and commands are read
out of that document. What holds here holds for a stranger who has nothing else.
"""

import datetime
import hashlib
import os
import re
import struct
from pathlib import Path

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.encoding import RawEncoder

ROOT = Path(__file__).resolve().parents[2]
SPEC = (ROOT / "protocol" / "SPEC.md").read_text(encoding="utf-8")
ZERO = bytes(32)


class Refused(Exception):
    """A refusal by its name in section 9.3."""

    def __init__(self, code, why=""):
        super().__init__(f"{code}: {why}")
        self.code = code


def need(condition, code, why=""):
    if not condition:
        raise Refused(code, why)


# ---- the document's own tables ---------------------------------------------------------------
def table(name):
    """The rows of a generated table, each a list of its cells without their marks."""
    block = re.search(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", SPEC, re.S).group(1)
    rows = [line for line in block.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


def numbers(name):
    return {row[1]: int(row[0]) for row in table(name)}


def listed(cell):
    return [word.strip() for word in cell.split(",") if word.strip()]


class Field:
    def __init__(self, row):
        self.number, self.name, self.category, self.kind = int(row[0]), row[1], row[2], row[3]
        self.limit = (1 << 64) - 1 if row[4] == "2^64-1" else int(row[4] or 0)


FIELDS = {row[1]: Field(row) for row in table("fields")}
CATEGORIES = sorted(numbers("categories"), key=numbers("categories").get)
TYPES = {row[1]: int(row[0]) for row in table("messages")}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
TYPE_FIELDS = {row[1]: [(FIELDS[f.strip("*")], f.startswith("**")) for f in listed(row[2])]
               for row in table("messages")}
POLICY = [(row[0], set(listed(row[1])), set(listed(row[2])), row[3] == "yes", set(listed(row[4])))
          for row in table("policy")]
PROFILES = {(row[0], row[1]): set(listed(row[2])) for row in table("profiles")}
COMMANDS, LEAVES = numbers("commands"), numbers("leaves")
EVIDENCE, STATEMENTS = numbers("evidence"), numbers("statements")
COMMAND_NAMES = {number: name for name, number in COMMANDS.items()}
CODES = {row[1]: int(row[0]) for row in table("refusals")}
CODE_NAMES = {number: name for name, number in CODES.items()}
BASES = {"none": 0, "consent": 1, "law": 2, "reply": 3}
BASIS_NAMES = {number: name for name, number in BASES.items()}
PURPOSES = {"signing": 1, "sealing": 2, "transport": 3}
ROLES = {"root": 1, "registrar": 2, "party": 3, "new": 4}


def profile(purpose, kind, group):
    """What a recipient may have: the purpose goes before any, the exact kind before its group."""
    for key in ((purpose, kind), (purpose, group), ("*", kind), ("*", group)):
        if key in PROFILES:
            return PROFILES[key] | {"ground"}  # whoever is shown content is shown what it rests on
    return {"act"}


# ---- encoding (section 2) --------------------------------------------------------------------
def encode(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return encode_uint(value)
    if isinstance(value, str):
        raw = value.encode()
        return sized(raw, len(raw), 0xA0, 31, (0xD9, 0xDA, 0xDB))
    if isinstance(value, (bytes, bytearray)):
        return sized(bytes(value), len(value), 0, -1, (0xC4, 0xC5, 0xC6))
    body = b"".join(encode(item) for item in value)
    return sized(body, len(value), 0x90, 15, (None, 0xDC, 0xDD))


def encode_uint(value):
    if value < 0x80:
        return bytes([value])
    for code, size in ((0xCC, 1), (0xCD, 2), (0xCE, 4), (0xCF, 8)):
        if value < 1 << (8 * size):
            return bytes([code]) + value.to_bytes(size, "big")
    raise ValueError("above 64 bits")


def sized(body, count, short, short_max, codes):
    if count <= short_max:
        return bytes([short | count]) + body
    for code, size in zip(codes, (1, 2, 4)):
        if code is not None and count < 1 << (8 * size):
            return bytes([code]) + count.to_bytes(size, "big") + body
    raise ValueError("too long")


class Decoder:
    DEPTH, VALUES = 8, 65536

    def __init__(self, data):
        self.data, self.at, self.values = bytes(data), 0, 0

    def take(self, size):
        need(size <= len(self.data) - self.at, "malformed", "it ends early")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size, least):
        value = int.from_bytes(self.take(size), "big")
        need(value >= least, "not_canonical", "a longer form than needed")
        return value

    def value(self, depth=0):
        self.values += 1
        need(self.values <= self.VALUES, "too_large", "too many values")
        code = self.take(1)[0]
        if code < 0x80:
            return code
        if code in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[code]
        if 0xCC <= code <= 0xCF:
            size = 1 << (code - 0xCC)
            return self.number(size, 0x80 if size == 1 else 1 << (4 * size))
        if 0xA0 <= code <= 0xBF:
            return self.text(code & 31)
        if 0xD9 <= code <= 0xDB:
            return self.text(self.number(1 << (code - 0xD9), (32, 1 << 8, 1 << 16)[code - 0xD9]))
        if 0xC4 <= code <= 0xC6:
            return self.take(self.number(1 << (code - 0xC4), (0, 1 << 8, 1 << 16)[code - 0xC4]))
        if 0x90 <= code <= 0x9F:
            return self.array(code & 15, depth)
        if 0xDC <= code <= 0xDD:
            return self.array(self.number(2 << (code - 0xDC), (16, 1 << 16)[code - 0xDC]), depth)
        raise Refused("malformed", f"0x{code:02x} begins no value")

    def text(self, size):
        try:
            text = self.take(size).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("not_canonical", "not UTF-8") from None
        bad = any((ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F for c in text)
        need(not bad, "not_canonical", "a control character")
        return text

    def array(self, count, depth):
        need(depth < self.DEPTH, "too_large", "too deep")
        need(count <= len(self.data) - self.at, "malformed", "more items than bytes")
        return [self.value(depth + 1) for _ in range(count)]


def decode(data):
    decoder = Decoder(data)
    value = decoder.value()
    need(decoder.at == len(decoder.data), "malformed", "bytes after the value")
    return value


def shaped(value, *kinds):
    """An array with items of just these types: a field is told by its place."""
    need(isinstance(value, list) and len(value) == len(kinds), "malformed", "not that array")
    for item, kind in zip(value, kinds):
        kind = kind if isinstance(kind, tuple) else (kind,)
        need(kind == (object,) or type(item) in kind, "malformed", f"{type(item)} for {kind}")
    return value


# ---- hashes, signatures, trees (section 3) ---------------------------------------------------
def h256(tag, *parts):
    return hashlib.blake2b(b"saikne-v1-" + tag + b"\0" + b"".join(parts), digest_size=32).digest()


def k256(key, tag, *parts):
    return hashlib.blake2b(b"saikne-v1-" + tag + b"\0" + b"".join(parts), digest_size=32, key=key).digest()


def h512(key, tag, *parts):
    return blake2b(b"saikne-v1-" + tag + b"\0" + b"".join(parts), digest_size=64, key=key,
                   encoder=RawEncoder)


class SigningKey:
    def __init__(self, seed=None):
        self.public, self.secret = sodium.crypto_sign_seed_keypair(seed or os.urandom(32))

    def sign(self, tag, message):
        return self.sign_bytes(b"saikne-v1-" + tag + b"\0" + message)

    def sign_bytes(self, message):
        return sodium.crypto_sign(message, self.secret)[:64]


class BoxKey:
    def __init__(self, secret=None):
        self.secret = secret or os.urandom(32)
        self.public = sodium.crypto_scalarmult_base(self.secret)


def verify(public, tag, message, signature):
    try:
        sodium.crypto_sign_open(signature + b"saikne-v1-" + tag + b"\0" + message, public)
        return True
    except (CryptoError, ValueError):
        return False


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size):
    """The largest power of two below SIZE."""
    return 1 << ((size - 1).bit_length() - 1)


def tree_root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = split(len(hashes))
    return node_hash(tree_root(hashes[:half]), tree_root(hashes[half:]))


def tree_path(index, hashes):
    if len(hashes) <= 1:
        return []
    half = split(len(hashes))
    if index < half:
        return tree_path(index, hashes[:half]) + [tree_root(hashes[half:])]
    return tree_path(index - half, hashes[half:]) + [tree_root(hashes[:half])]


def path_root(leaf, index, size, path):
    """The root that PATH leads to; None when it is not of the length that index and size give."""
    need(0 <= index < size, "bad_proof", "the index lies outside the tree")
    if size == 1:
        need(not path, "bad_proof", "the path is too long")
        return leaf
    need(path, "bad_proof", "the path is too short")
    half = split(size)
    if index < half:
        return node_hash(path_root(leaf, index, half, path[:-1]), path[-1])
    return node_hash(path[-1], path_root(leaf, index - half, size - half, path[:-1]))


def consistent(old_size, old_root, new_size, new_root, path):
    """RFC 9162, section 2.1.4.2."""
    if old_size > new_size:
        return False
    if old_size in (0, new_size):
        return not path and (old_size == 0 or old_root == new_root)
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = hashes[0]
    for item in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(item, first), node_hash(item, second)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, item)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root


# ---- batch signatures (section 3) ------------------------------------------------------------
def u32(value):
    return struct.pack(">I", value)


def sign_batch(key, digests):
    """The batch signature array of each digest."""
    hashes = [leaf_hash(digest) for digest in digests]
    signature = key.sign(b"batch", u32(len(digests)) + tree_root(hashes))
    return [[i, len(digests), tree_path(i, hashes), signature] for i in range(len(digests))]


def check_batch(public, digest, batch):
    index, size, path, signature = shaped(batch, int, int, list, bytes)
    need(0 < size <= 1024 and index < size and len(signature) == 64, "malformed")
    need(all(isinstance(p, bytes) and len(p) == 32 for p in path), "malformed")
    try:
        root = path_root(leaf_hash(digest), index, size, path)
    except Refused:
        raise Refused("bad_signature", "the path's length") from None
    need(verify(public, b"batch", u32(size) + root, signature), "bad_signature")


# ---- content (section 4.2) -------------------------------------------------------------------
def check_field(field, value):
    """Whether VALUE is of the field's kind; Refused bad_content otherwise."""
    def is_code(text, limit):
        return isinstance(text, str) and re.fullmatch(r"[a-z0-9_+-]+", text) and len(text) <= limit
    good = {
        "id": lambda v: isinstance(v, bytes) and len(v) == 16,
        "uint": lambda v: type(v) is int and v <= field.limit,
        "code": lambda v: is_code(v, field.limit),
        "codes": lambda v: isinstance(v, list) and 1 <= len(v) <= field.limit and all(is_code(c, 48) for c in v),
        "date": is_date,
        "text": lambda v: isinstance(v, str) and 1 <= len(v.encode()) <= field.limit,
        "hash": lambda v: isinstance(v, bytes) and len(v) == 32,
        "proven": lambda v: isinstance(v, bytes) and 1 <= len(v) <= field.limit,
        "files": lambda v: isinstance(v, list) and 1 <= len(v) <= field.limit and all(is_file(f) for f in v),
        "minutes": lambda v: isinstance(v, list) and 1 <= len(v) <= field.limit and all(is_minutes(m) for m in v)
        and all(before[0] < after[0] for before, after in zip(v, v[1:])),
    }[field.kind](value)
    need(good, "bad_content", field.name)


def is_minutes(value):
    return (isinstance(value, list) and len(value) == 3 and all(isinstance(part, bytes) for part in value)
            and [len(part) for part in value] == [16, 16, 32])


def is_date(value):
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) and datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


# ---- attachments (section 4.7) ---------------------------------------------------------------
CHUNK, CHUNK_OVERHEAD = 262144, 17


def is_file(value):
    try:
        root, size, key, header, kind, name = shaped(value, bytes, int, bytes, bytes, str, str)
    except Refused:
        return False
    return (len(root) == 32 and size > CHUNK_OVERHEAD and len(key) == 32 and len(header) == 24
            and re.fullmatch(r"[a-z0-9]{1,16}", kind) and 1 <= len(name.encode()) <= 160
            and not re.search(r"^[. ]|[/\\\n\t\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]| $", name))


class Document:
    """A document sealed in chunks; `cited` stands in headers, `described` in a field."""

    def __init__(self, plain, kind="pdf", name="a.pdf"):
        self.key, state = os.urandom(32), sodium.crypto_secretstream_xchacha20poly1305_state()
        self.header = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, self.key)
        pieces = [plain[at:at + CHUNK] for at in range(0, len(plain), CHUNK)]
        last = len(pieces) - 1
        self.chunks = [sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, None, 3 if i == last else 0)
                       for i, piece in enumerate(pieces)]
        self.kind, self.name = kind, name
        self.rehash()

    def rehash(self):
        self.leaves = [leaf_hash(h256(b"chunk", chunk)) for chunk in self.chunks]
        self.root, self.size = tree_root(self.leaves), sum(map(len, self.chunks))

    @property
    def cited(self):
        return [self.root, self.size]

    @property
    def described(self):
        return [self.root, self.size, self.key, self.header, self.kind, self.name]

    def chunk(self, i, **other):
        """The body of a CHUNK."""
        place = {"root": self.root, "size": self.size, "chunk": i, "path": tree_path(i, self.leaves),
                 "sealed": self.chunks[i], **other}
        return list(place.values())


def open_document(described, chunks):
    root, size, key, header, _, _ = described
    need(sum(map(len, chunks)) == size, "bad_attachment", "the size")
    need(tree_root([leaf_hash(h256(b"chunk", chunk)) for chunk in chunks]) == root, "bad_attachment", "the root")
    state, plain = sodium.crypto_secretstream_xchacha20poly1305_state(), b""
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    for i, chunk in enumerate(chunks):
        piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk)
        need((tag == 3) == (i == len(chunks) - 1), "bad_attachment", "the end")
        plain += piece
    return plain


class Content:
    """The values of a message in the order of its type, and the seeds of its categories."""

    def __init__(self, kind, values, seeds=None):
        self.kind, self.fields = kind, [field for field, _ in TYPE_FIELDS[kind]]
        self.raw = [encode(values[f.name]) if f.name in values else b"" for f in self.fields]
        self.seeds = seeds or {category: os.urandom(32) for category in type_categories(kind)}

    def leaf_hashes(self):
        bare = {category: bare_seed(seed) for category, seed in self.seeds.items()}
        return [salted(f, self.seeds[f.category] if f.kind == "files" else bare[f.category], raw)
                for f, raw in zip(self.fields, self.raw)]

    def root(self):
        return tree_root(self.leaf_hashes())

    def shown(self, categories, bare=()):
        """What who may have CATEGORIES is shown, of those in BARE without documents: two arrays."""
        seeds = [None if c not in categories else bare_seed(self.seeds[c]) if c in bare else self.seeds[c]
                 for c in type_categories(self.kind)]
        return [seeds, [hidden if f.category not in categories or (f.category in bare and f.kind == "files") else raw or None
                        for f, raw, hidden in zip(self.fields, self.raw, self.leaf_hashes())]]

    def part(self, categories):
        return encode(self.shown(categories))

    def passed(self, categories, whole=()):
        """As in what is passed on (section 4.8): with documents in WHOLE alone."""
        bare = [c for c in type_categories(self.kind) if c in categories and c not in whole]
        return encode([sum(1 << CATEGORIES.index(c) for c in bare), *self.shown(categories, bare)])


def type_categories(kind):
    """Of its fields, by their numbers."""
    return [c for c in CATEGORIES if c in {field.category for field, _ in TYPE_FIELDS[kind]}]


def bare_seed(seed):
    return k256(seed, b"seed")


def salted(field, key, raw):
    number = struct.pack(">H", field.number)
    return leaf_hash(k256(key, b"salt", number) + number + raw)


def read_shown(kind, shown, content_root, passed=False):
    """The values shown, by the names of their fields; PASSED: in what is passed on (section 4.8)."""
    values, hashes, fields, categories = {}, [], TYPE_FIELDS[kind], type_categories(kind)
    bits, seeds, items = shaped(decode(shown), int, list, list) if passed else (0, *shaped(decode(shown), list, list))
    bare = {category for number, category in enumerate(CATEGORIES) if bits >> number & 1}
    need(0 <= bits < 1 << len(CATEGORIES), "bad_content", "a category")
    need(len(seeds) == len(categories) and len(items) == len(fields), "bad_content")
    need(all(seed is None or isinstance(seed, bytes) and len(seed) == 32 for seed in seeds), "bad_content", "a seed")
    seeds = {category: seed for category, seed in zip(categories, seeds) if seed is not None}
    need(bare <= set(seeds), "bad_content", "a bare seed that is not there")
    for (field, required), item in zip(fields, items):
        if field.category not in seeds or (field.category in bare and field.kind == "files"):
            need(isinstance(item, bytes) and len(item) == 32, "bad_content", field.name)
            need(field.category != "act" or not required, "bad_content", field.name)
            hashes.append(item)
            continue
        need(item is None or isinstance(item, bytes) and item, "bad_content", field.name)
        need(item or not required, "bad_content", field.name)
        seed = seeds[field.category]
        of_seed = field.category in bare or field.kind == "files"
        hashes.append(salted(field, seed if of_seed else bare_seed(seed), item or b""))
        if item:
            values[field.name] = decode(item)
            check_field(field, values[field.name])
    need(tree_root(hashes) == content_root, "bad_content", "the content root")
    return values


def hides_documents(kind, shown):
    """Whether in what is passed on a field that could have some is shown as its leaf hash."""
    bits, seeds, _ = decode(shown)
    whole = {c for c, seed in zip(type_categories(kind), seeds) if seed and not bits >> CATEGORIES.index(c) & 1}
    return any(f.kind == "files" and f.category not in whole for f, _ in TYPE_FIELDS[kind])


# ---- header, parts, digest (sections 4.1, 4.3) -----------------------------------------------
def new_id(created):
    return struct.pack(">Q", created)[2:] + os.urandom(10)


def new_task():
    """The name of something between two: its first bit is clear."""
    first, *others = os.urandom(16)
    return bytes([first & 0x7f, *others])


def header_hash(header):
    return h256(b"header", header)


def pad(shown):
    return shown + b"\x80" + bytes(-(len(shown) + 1) % 256)


def unpad(padded):
    need(len(padded) > 0 and len(padded) % 256 == 0, "bad_content", "the padding")
    body = padded.rstrip(b"\0")
    need(body.endswith(b"\x80") and len(padded) - len(body) < 256, "bad_content", "the padding")
    return body[:-1]


def seal_part(header, position, public, shown, chain=(0, bytes(16), ZERO), cek=None):
    """[stanza, commit, payload] for the recipient at POSITION."""
    count, last, digest = chain
    cek = cek or os.urandom(32)
    h = header_hash(header)
    derived = h512(cek, b"cek", h, u32(position))
    stanza = sodium.crypto_box_seal(cek + struct.pack(">Q", count) + last + digest, public)
    payload = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(pad(shown), h, bytes(24), derived[:32])
    return [stanza, derived[32:], payload]


def open_part(header, position, part, box):
    """SHOWN and what came before (count, last id, chain)."""
    stanza, commit, payload = part
    try:
        plain = sodium.crypto_box_seal_open(stanza, box.public, box.secret)
        need(len(plain) == 88, "cannot_open", "the stanza")
        h = header_hash(header)
        derived = h512(plain[:32], b"cek", h, u32(position))
        need(sodium.sodium_memcmp(derived[32:], commit), "cannot_open", "the commit")
        padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(payload, h, bytes(24), derived[:32])
    except (CryptoError, ValueError, TypeError) as error:
        raise Refused("cannot_open", str(error)) from None
    return unpad(padded), (struct.unpack(">Q", plain[32:40])[0], plain[40:56], plain[56:])


def part_hash(part):
    stanza, commit, payload = part
    return h256(b"part", stanza, commit, h256(b"payload", payload))


def message_digest(header, part_hashes):
    return h256(b"message", header_hash(header), u32(len(part_hashes)), *part_hashes)


def chain_next(chain, message_id, digest):
    count, _, so_far = chain
    return count + 1, message_id, h256(b"chain", so_far, digest)


class Header:
    """A decoded header; the bytes stay what they were."""

    def __init__(self, raw):
        self.raw = raw
        (self.version, self.suite, self.network, self.id, self.sender, self.signing_epoch, recipients,
         self.type, self.case, self.content_root, self.attachments, self.created, self.expires) = shaped(
             decode(raw), int, int, str, bytes, str, int, list, int, bytes, bytes, list, int, int)
        need(len(self.id) == 16 and len(self.case) == 16 and len(self.content_root) == 32, "malformed")
        need(1 <= len(recipients) <= 16 and len(self.attachments) <= 16, "malformed")
        self.recipients = [shaped(r, str, int, int, object) for r in recipients]
        need(self.id[:6] == struct.pack(">Q", self.created)[2:], "malformed", "the id's time")

    def position(self, code):
        return [r[0] for r in self.recipients].index(code)


# ---- evidence (section 5) --------------------------------------------------------------------
EVIDENCE_PARTS = ("network", "kind", "index", "sender", "id", "digest", "recipient", "epoch", "time",
                  "reason", "role", "staff")


def make_evidence(**parts):
    return encode([1, *(parts[name] for name in EVIDENCE_PARTS)])


def read_evidence(raw):
    items = shaped(decode(raw), int, str, int, int, str, bytes, bytes, str, int, int, int, str,
                   (bytes, type(None)))
    need(items[0] == 1, "bad_version")
    return dict(zip(EVIDENCE_PARTS, items[1:]))


def evidence_digest(raw):
    return h256(b"evidence", raw)


# ---- statements (section 7) ------------------------------------------------------------------
def make_statement(name, network, time, *further):
    return encode([STATEMENTS[name], network, time, *further])


def sign_statement(raw, **keys):
    """[[role, signature], ...] by the keys named root, registrar, party, new."""
    return [[ROLES[role], key.sign(b"statement", raw)] for role, key in
            sorted(keys.items(), key=lambda item: ROLES[item[0]])]


def fingerprint(raw):
    words = struct.unpack(">8I", h256(b"fingerprint", raw))
    return " ".join(f"{word % 100000:05d}" for word in words)


# ---- frames (section 9.2) --------------------------------------------------------------------
def make_frame(command, request, body):
    return b"SK\x01" + bytes([COMMANDS[command]]) + u32(request) + encode(body)


def read_frame(frame):
    need(len(frame) >= 9 and frame[:2] == b"SK", "malformed")
    need(frame[2] == 1, "bad_version")
    name = COMMAND_NAMES.get(frame[3])
    need(name, "unknown_command")
    body = decode(frame[8:])
    need(isinstance(body, list), "malformed")
    return name, struct.unpack(">I", frame[4:8])[0], body
