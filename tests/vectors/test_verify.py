"""The verifier accepts what a log signed, and nothing near it."""
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SEEDS = HERE.parent / "fuzz" / "seeds"
sys.path.insert(0, str(HERE))
import verify  # noqa: E402

KEY = verify.parse_key((SEEDS / "note" / "key").read_text())
CHECKPOINTS = ["checkpoint-empty", "checkpoint-witness"]
PROOFS = ["single", "ragged", "large"]

# The example of c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
    "OBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def flipped(text: bytes):
    for at in range(len(text)):
        for bit in range(8):
            yield text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1:]


def test_the_published_example_opens():
    key = verify.parse_key(EXAMPLE_KEY)
    assert verify.open_note(EXAMPLE_NOTE.encode(), key) == "This is an example message.\n"


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_a_checkpoint_holds(name):
    verify.open_checkpoint((SEEDS / "note" / name).read_bytes(), KEY)


def test_a_checkpoint_with_any_bit_flipped_is_refused():
    for text in flipped((SEEDS / "note" / "checkpoint-empty").read_bytes()):
        with pytest.raises(verify.Refused):
            verify.open_checkpoint(text, KEY)


@pytest.mark.parametrize("name", PROOFS)
def test_a_proof_holds_and_with_any_bit_flipped_is_refused(name):
    proof = (SEEDS / "tlogproof" / name).read_bytes()
    verify.check_proof(proof, KEY)
    for text in flipped(proof):
        with pytest.raises(verify.Refused):
            verify.check_proof(text, KEY)


def test_a_proof_without_its_entry_is_refused():
    with pytest.raises(verify.Refused):
        verify.check_proof((SEEDS / "tlogproof" / "without-leaf").read_bytes(), KEY)


def test_the_command_tells_by_its_exit_status():
    def run(*args):
        command = [sys.executable, str(HERE / "verify.py"), *args]
        return subprocess.run(command, capture_output=True, check=False).returncode

    vkey = (SEEDS / "note" / "key").read_text()
    proof = str(SEEDS / "tlogproof" / "ragged")
    assert run("checkpoint", vkey, str(SEEDS / "note" / "checkpoint-empty")) == 0
    assert run("proof", vkey, proof) == 0
    assert run("proof", EXAMPLE_KEY, proof) == 1
    assert run("proof", "not a key", proof) == 1
    assert run("checkpoint", vkey, proof) == 1
    assert run("proof", vkey, proof + ".missing") == 1
    assert run("proof") == 2
