#!/usr/bin/python3
"""Verifies checkpoints and offline proofs of a log, from the public documents alone:
c2sp.org/signed-note, tlog-checkpoint, tlog-proof and RFC 6962. Shares no code with Saikne.

    verify.py checkpoint VKEY FILE
    verify.py proof VKEY FILE

VKEY is the log's verifier key, "name+hhhhhhhh+base64". Exit status: 0 it holds, 1 it does not,
2 a wrong command.
"""
import base64
import hashlib
import re
import sys
from typing import List, NamedTuple, Tuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
MAX_SIGNATURES = 32
MAX_PATH = 64


class Refused(Exception):
    """Why a note, checkpoint or proof does not hold."""


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes


class Checkpoint(NamedTuple):
    size: int
    root: bytes


class Proof(NamedTuple):
    extra: bytes
    index: int
    path: List[bytes]
    note: bytes


def decode(text: str) -> bytes:
    """Base64 in its one canonical form: Python's own decoder is laxer."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise Refused(f"not base64: {error}") from None
    if base64.b64encode(raw).decode("ascii") != text:
        raise Refused("base64 that is not canonical")
    return raw


def decode_hash(text: str) -> bytes:
    raw = decode(text)
    if len(raw) != 32:
        raise Refused("a hash that is not of 32 bytes")
    return raw


def number(text: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,19}", text, re.ASCII) or int(text) >= 1 << 64:
        raise Refused(f"not a number below 2^64: {text!r}")
    return int(text)


def is_name(name: str) -> bool:
    return name != "" and "+" not in name and not any(c.isspace() for c in name)


def parse_key(vkey: str) -> Key:
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not is_name(parts[0]):
        raise Refused("not a verifier key")
    name, key_id, raw = parts[0], parts[1], decode(parts[2])
    if len(raw) != 33 or raw[:1] != ED25519:
        raise Refused("not an Ed25519 verifier key")
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if key_id != expected.hex():
        raise Refused("the key's id is not that of its name and bytes")
    return Key(name, expected, raw[1:])


def signature_lines(text: str) -> List[Tuple[str, bytes]]:
    if not text.endswith("\n"):
        raise Refused("the note has no signature lines")
    lines = text[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise Refused("too many signatures")
    found = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not is_name(parts[1]):
            raise Refused("a line that is no signature line")
        raw = decode(parts[2])
        if len(raw) < 5:
            raise Refused("a signature too short to be one")
        found.append((parts[1], raw))
    return found


def open_note(note: bytes, key: Key) -> str:
    """The text of a note that KEY signed."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the note is not UTF-8") from None
    if any(ord(c) < 0x20 and c != "\n" for c in whole):
        raise Refused("the note holds control characters")
    before, blank, signatures = whole.rpartition("\n\n")
    if not blank:
        raise Refused("the note has no blank line")
    text, verified = before + "\n", False
    for name, raw in signature_lines(signatures):
        if (name, raw[:4]) != (key.name, key.id):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
        except InvalidSignature:
            raise Refused("the log's signature does not fit") from None
        verified = True
    if not verified:
        raise Refused("the log's key did not sign the note")
    return text


def open_checkpoint(note: bytes, key: Key) -> Checkpoint:
    lines = open_note(note, key)[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise Refused("a checkpoint has three lines or more, none empty")
    if lines[0] != key.name:
        raise Refused("the origin is not the key's name")
    return Checkpoint(number(lines[1]), decode_hash(lines[2]))


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_path(leaf: bytes, index: int, size: int, path: List[bytes]) -> bytes:
    """RFC 6962, section 2.1.1, backwards: the last hash is the sibling below the root."""
    if size == 1:
        if path:
            raise Refused("the path is too long")
        return leaf
    if not path:
        raise Refused("the path is too short")
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        return node_hash(root_from_path(leaf, index, half, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(leaf, index - half, size - half, path[:-1]))


def parse_proof(text: bytes) -> Proof:
    head, blank, note = text.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused("not a proof") from None
    if not blank or not note or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Refused("not a proof")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode(lines.pop(0)[len("extra "):])
        if not extra:
            raise Refused("an extra line without data")
    if not lines or not lines[0].startswith("index "):
        raise Refused("no index line")
    index = number(lines.pop(0)[len("index "):])
    if len(lines) > MAX_PATH:
        raise Refused("too many hashes")
    return Proof(extra, index, [decode_hash(line) for line in lines], note)


def check_proof(text: bytes, key: Key) -> Tuple[Proof, Checkpoint]:
    """The entry in `extra` stands at the index in a tree whose root the log signed."""
    proof = parse_proof(text)
    if not proof.extra:
        raise Refused("the proof does not carry its entry")
    checkpoint = open_checkpoint(proof.note, key)
    if proof.index >= checkpoint.size:
        raise Refused("the index lies outside the tree")
    leaf = leaf_hash(proof.extra)
    if root_from_path(leaf, proof.index, checkpoint.size, proof.path) != checkpoint.root:
        raise Refused("the path does not lead to the signed root")
    return proof, checkpoint


def main(args: List[str]) -> int:
    if len(args) != 3 or args[0] not in ("checkpoint", "proof"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(args[2], "rb") as file:
            content = file.read()
        key = parse_key(args[1])
        if args[0] == "checkpoint":
            checkpoint = open_checkpoint(content, key)
            print(f"good: {key.name}, size {checkpoint.size}, root {checkpoint.root.hex()}")
        else:
            proof, checkpoint = check_proof(content, key)
            print(f"good: {key.name}, entry {proof.index} of {checkpoint.size}, "
                  f"{len(proof.extra)} bytes")
    except (OSError, Refused) as error:
        print(f"refused: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
