"""A witness signs what continues the last it signed, and nothing that contradicts it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rtv_core.errors import IntegrityError, InvalidInput
from rtv_core.evidence import merkle
from rtv_core.evidence.cosign import (
    cosign,
    parse_witness_key,
    read_cosignature,
    witness_checkpoint,
    witness_key_text,
)
from rtv_core.evidence.notes import VerifierKey, checkpoint_text, public_key_text, sign_note
from tests.fixtures.bundles import HUB, STRANGER, WITNESS

_NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
_HUB = VerifierKey(HUB.name, HUB.public_bytes)
_WITNESS = VerifierKey(WITNESS.name, WITNESS.public_bytes)
_LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(8)]


def _note(leaves: list[bytes], key: object = HUB) -> str:
    return sign_note(key, checkpoint_text(HUB.name, len(leaves), merkle.root_of(leaves)))  # type: ignore[arg-type]


def _proof(leaves: list[bytes], old: int) -> list[bytes]:
    return [merkle.root_of(leaves[start:end]) for start, end in merkle.consistency_ranges(old, len(leaves))]


def _witness(note: str, proof: list[bytes], state: Path) -> str:
    return witness_checkpoint(note, proof, hub=_HUB, key=WITNESS, state=state, now=_NOW)


def test_a_cosignature_says_who_when_and_over_what() -> None:
    note = _note(_LEAVES[:3])
    line = cosign(note, WITNESS, _NOW)
    found = read_cosignature(note, line, _WITNESS)
    assert found is not None
    assert (found.cosigned_at, found.witness_key) == (_NOW, witness_key_text(WITNESS))
    assert parse_witness_key(witness_key_text(WITNESS)) == _WITNESS
    # The message of C2SP: a header, the time, and the checkpoint without its signatures.
    blob = base64.b64decode(line.rpartition(" ")[2])
    message = f"cosignature/v1\ntime {int(_NOW.timestamp())}\n{note.partition(chr(10) * 2)[0]}\n"
    WITNESS.private.public_key().verify(blob[12:], message.encode())


def test_no_other_note_time_key_or_spelling_holds() -> None:
    note = _note(_LEAVES[:3])
    line = cosign(note, WITNESS, _NOW)
    blob = bytearray(base64.b64decode(line.rpartition(" ")[2]))
    blob[11] ^= 1
    later = f"{line.rpartition(' ')[0]} {base64.b64encode(bytes(blob)).decode()}"
    other = VerifierKey(WITNESS.name, STRANGER.public_bytes)
    assert read_cosignature(_note(_LEAVES[:4]), line, _WITNESS) is None
    assert read_cosignature(note, later, _WITNESS) is None
    assert read_cosignature(note, line, other) is None
    assert read_cosignature(note, line + "=", _WITNESS) is None
    for text in (public_key_text(HUB), witness_key_text(WITNESS)[:-2], "x+y", ""):
        with pytest.raises(InvalidInput):
            parse_witness_key(text)


def test_a_log_that_grows_is_cosigned_again_and_again(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "seen.json"
    before = 0
    for size in (1, 3, 3, 8):
        note = _note(_LEAVES[:size])
        proof = _proof(_LEAVES[:size], before) if before else []
        assert read_cosignature(note, _witness(note, proof, state), _WITNESS) is not None
        before = size


@pytest.mark.parametrize(
    ("forged", "code"),
    [
        (_LEAVES[:3], "CHECKPOINT_ROLLED_BACK"),
        ([*_LEAVES[:4], _LEAVES[0]], "CHECKPOINT_FORKED"),
        ([*_LEAVES[:4], _LEAVES[0], *_LEAVES[5:]], "CHECKPOINT_FORKED"),
    ],
)
def test_a_log_rolled_back_or_forked_is_not_cosigned(forged: list[bytes], code: str, tmp_path: Path) -> None:
    state = tmp_path / "seen.json"
    _witness(_note(_LEAVES[:5]), [], state)
    kept = state.read_bytes()
    proof = _proof(forged, 5) if len(forged) > 5 else []
    with pytest.raises(IntegrityError) as caught:
        _witness(_note(forged), proof, state)
    assert caught.value.code == code
    assert state.read_bytes() == kept


def test_a_checkpoint_of_a_stranger_or_a_lost_memory_is_not_cosigned(tmp_path: Path) -> None:
    state = tmp_path / "seen.json"
    with pytest.raises(IntegrityError):
        _witness(_note(_LEAVES[:3], STRANGER), [], state)
    assert not state.exists()
    state.write_text("nothing")
    with pytest.raises(InvalidInput) as caught:
        _witness(_note(_LEAVES[:3]), [], state)
    assert caught.value.code == "WITNESS_STATE_UNREADABLE"
