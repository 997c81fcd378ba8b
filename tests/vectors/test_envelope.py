"""The worked envelope holds under a second reading of the specification, without Saikne's code."""
import hashlib
import json
import pathlib

import msgpack
from nacl import bindings
from nacl.signing import VerifyKey

VECTOR = json.loads((pathlib.Path(__file__).resolve().parent / "envelope.json").read_text())


def raw(obj, name):
    return bytes.fromhex(obj[name])


def blake(tag, *parts, key=b"", size=32):
    return hashlib.blake2b(
        b"saikne-v1-" + tag + b"\0" + b"".join(parts), key=key, digest_size=size).digest()


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def tree(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree(hashes[:split]) + tree(hashes[split:])).digest()


def unpack(data):
    value = msgpack.unpackb(data)
    assert msgpack.packb(value) == data
    return value


HEADER, PARTS, (INDEX, SIZE, PATH, SIGNATURE) = unpack(raw(VECTOR, "frame"))
H = blake(b"header", HEADER)
FIELDS, SEEDS = VECTOR["fields"], VECTOR["seeds"]


def salt_of(bare_seed, number):
    return blake(b"salt", number.to_bytes(2, "big"), key=bare_seed)


def field_leaf(number, salt, value):
    return leaf(salt + number.to_bytes(2, "big") + value)


def test_the_header_says_what_is_in_it():
    header = unpack(HEADER)
    assert H == raw(VECTOR, "header_hash")
    assert header[:3] == [1, 1, "example"] and header[4] == "social-service-1"
    assert header[3][:6] == header[11].to_bytes(6, "big")
    assert [recipient[2] for recipient in header[6]] == [3, 2]
    assert header[9] == raw(VECTOR, "content_root")
    assert header[12] > header[11]


def test_seeds_lead_to_the_salts():
    bare = {s["category"]: blake(b"seed", key=raw(s, "seed")) for s in SEEDS}
    assert [bare[s["category"]] for s in SEEDS] == [raw(s, "bare_seed") for s in SEEDS]
    for f in FIELDS:
        assert salt_of(bare[f["category"]], f["number"]) == raw(f, "salt")


def test_fields_lead_to_the_content_root():
    leaves = [field_leaf(f["number"], raw(f, "salt"), raw(f, "value")) for f in FIELDS]
    assert leaves == [raw(f, "leaf") for f in FIELDS]
    assert tree(leaves) == raw(VECTOR, "content_root")


def test_each_part_opens_to_its_fields():
    for i, (stanza, commit, payload) in enumerate(PARTS):
        part = VECTOR["parts"][i]
        plain = bindings.crypto_box_seal_open(
            stanza, raw(part, "box_public"), raw(part, "box_secret"))
        chain = blake(b"chain", bytes(32), raw(part, "chain_digest"))
        assert plain[32:] == (1).to_bytes(8, "big") + raw(part, "chain_id") + chain
        keys = blake(b"cek", H, i.to_bytes(4, "big"), key=plain[:32], size=64)
        assert keys[32:] == commit
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            payload, H, bytes(24), keys[:32])
        assert len(padded) % 256 == 0
        shown = unpack(padded.rstrip(b"\0")[:-1])
        assert padded[len(msgpack.packb(shown))] == 0x80
        seeds, entries = shown
        assert len(seeds) == len(SEEDS) and len(entries) == len(FIELDS)
        assert [s for s in seeds if s] == [raw(s, "seed") for s in SEEDS if i == 0 or s["category"] == "act"]
        bare = {s["category"]: blake(b"seed", key=seed) for s, seed in zip(SEEDS, seeds) if seed}
        hashes = [field_leaf(f["number"], salt_of(bare[f["category"]], f["number"]), entry or b"")
                  if f["category"] in bare else entry for entry, f in zip(entries, FIELDS)]
        assert tree(hashes) == raw(VECTOR, "content_root")
        assert [entry is None for entry in entries] == [not f["value"] for f in FIELDS]


def test_the_digest_covers_every_part_and_is_signed():
    hashes = [blake(b"part", s, c, blake(b"payload", p)) for s, c, p in PARTS]
    digest = blake(b"message", H, len(PARTS).to_bytes(4, "big"), *hashes)
    assert digest == raw(VECTOR, "digest")
    assert (INDEX, SIZE, len(PATH)) == (0, 2, 1)
    root = hashlib.sha256(b"\1" + leaf(digest) + PATH[0]).digest()
    assert leaf(raw(VECTOR["batch"], "other_digest")) == PATH[0]
    signed = b"saikne-v1-batch\0" + SIZE.to_bytes(4, "big") + root
    VerifyKey(raw(VECTOR["batch"], "signing_public")).verify(signed, SIGNATURE)
