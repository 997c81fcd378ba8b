"""The second implementation against the worked bytes: the document is enough to make the same."""

import json

import pytest

import peer

VECTORS = json.loads((peer.ROOT / "tests" / "vectors" / "envelope.json").read_text(encoding="utf-8"))


def unhex(name, inside=VECTORS):
    return bytes.fromhex(inside[name])


def content():
    fields = VECTORS["fields"]
    values = {f["name"]: peer.decode(bytes.fromhex(f["value"])) for f in fields if f["value"]}
    kind = peer.TYPE_NAMES[peer.Header(unhex("header")).type]
    assert [f["name"] for f in fields] == [f.name for f, _ in peer.TYPE_FIELDS[kind]]
    return kind, peer.Content(kind, values, {s["category"]: unhex("seed", s) for s in VECTORS["seeds"]})


def test_content_root_comes_from_seeds_and_values():
    _, made = content()
    assert [h.hex() for h in made.leaf_hashes()] == [f["leaf"] for f in VECTORS["fields"]]
    assert made.root() == unhex("content_root")


def test_header_encodes_to_the_same_bytes():
    raw = unhex("header")
    assert peer.encode(peer.decode(raw)) == raw
    assert peer.header_hash(raw) == unhex("header_hash")
    assert peer.Header(raw).content_root == unhex("content_root")


@pytest.mark.parametrize("position", range(len(VECTORS["parts"])))
def test_part_opens_to_what_the_recipient_may_have(position):
    part = VECTORS["parts"][position]
    sealed = [unhex(name, part) for name in ("stanza", "commit", "payload")]
    box = peer.BoxKey(unhex("box_secret", part))
    assert box.public == unhex("box_public", part)
    shown, chain = peer.open_part(unhex("header"), position, sealed, box)
    assert shown == unhex("shown", part) and peer.pad(shown) == unhex("padded", part)
    assert chain == (1, unhex("chain_id", part),
                     peer.chain_next((0, b"", peer.ZERO), b"", unhex("chain_digest", part))[2])
    kind, made = content()
    values = peer.read_shown(kind, shown, unhex("content_root"))
    seen = {field.category for field in made.fields if field.name in values}
    assert made.part(seen) == shown
    assert peer.part_hash(sealed) == unhex("part_hash", part)


@pytest.mark.parametrize("position", range(len(VECTORS["parts"])))
def test_part_seals_to_the_same_payload(position):
    part = VECTORS["parts"][position]
    stanza, commit, payload = peer.seal_part(
        unhex("header"), position, unhex("box_public", part), unhex("shown", part), cek=unhex("cek", part))
    assert len(stanza) == 136 and commit == unhex("commit", part) and payload == unhex("payload", part)


def test_part_of_another_position_does_not_open():
    part = VECTORS["parts"][0]
    sealed = [unhex(name, part) for name in ("stanza", "commit", "payload")]
    with pytest.raises(peer.Refused, match="cannot_open"):
        peer.open_part(unhex("header"), 1, sealed, peer.BoxKey(unhex("box_secret", part)))


def test_one_signature_serves_the_batch():
    batch, digest = VECTORS["batch"], unhex("digest")
    assert peer.message_digest(unhex("header"), [unhex("part_hash", p) for p in VECTORS["parts"]]) == digest
    key = peer.SigningKey(unhex("signing_seed", batch))
    assert key.public == unhex("signing_public", batch)
    mine = peer.sign_batch(key, [digest, unhex("other_digest", batch)])[batch["index"]]
    assert mine == [batch["index"], batch["size"], [unhex("path", batch)], unhex("signature", batch)]
    peer.check_batch(key.public, digest, mine)
    with pytest.raises(peer.Refused, match="bad_signature"):
        peer.check_batch(key.public, unhex("other_digest", batch), mine)


def test_message_is_the_array_of_header_parts_and_signature():
    header, parts, batch = peer.decode(unhex("frame"))
    assert header == unhex("header")
    assert parts == [[unhex(n, p) for n in ("stanza", "commit", "payload")] for p in VECTORS["parts"]]
    peer.check_batch(unhex("signing_public", VECTORS["batch"]), unhex("digest"), batch)


@pytest.mark.parametrize("raw, code", [
    ("cc7f", "not_canonical"), ("cd00ff", "not_canonical"), ("a5616263", "malformed"),
    ("d903616263", "not_canonical"), ("a180", "not_canonical"), ("a100", "not_canonical"),
    ("a2c280", "not_canonical"), ("dc000100", "not_canonical"), ("dd0fffffff", "malformed"),
    ("80", "malformed"), ("ff", "malformed"), ("ca00000000", "malformed"), ("c70000", "malformed"),
    ("0000", "malformed"), ("", "malformed"), ("91" * 9 + "00", "too_large"), ("c1", "malformed"),
])
def test_only_the_canonical_form_is_taken(raw, code):
    with pytest.raises(peer.Refused) as refused:
        peer.decode(bytes.fromhex(raw))
    assert refused.value.code == code


def test_a_tree_is_consistent_with_all_it_grew_from():
    hashes = [peer.leaf_hash(bytes([i])) for i in range(9)]
    assert peer.path_root(hashes[4], 4, 9, peer.tree_path(4, hashes)) == peer.tree_root(hashes)
    grown = [peer.tree_root(hashes[:4]), peer.tree_root(hashes[:8]), peer.tree_root(hashes)]
    right = peer.tree_root(hashes[4:8])
    assert peer.consistent(4, grown[0], 8, grown[1], [right])
    assert peer.consistent(4, grown[0], 9, grown[2], [right, hashes[8]])
    assert not peer.consistent(4, grown[0], 9, grown[2], [hashes[8], right])
    assert not peer.consistent(4, grown[0], 9, grown[1], [right, hashes[8]])
