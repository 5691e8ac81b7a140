"""Cosignatures of checkpoints by a witness (C2SP tlog-cosignature, `cosignature/v1`, Ed25519).

A witness signs a state of the log only when it continues the last one that it signed: a log that is rolled
back or forked finds no second witness signature. It says when it signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rtv_core.errors import IntegrityError, InvalidInput
from rtv_core.evidence.merkle import verify_consistency
from rtv_core.evidence.notes import Checkpoint, SealKey, VerifierKey, open_checkpoint, parse_checkpoint
from rtv_core.exports.whole import written_whole

_KIND = b"\x04"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Cosignature:
    """One witness's word on a checkpoint."""

    witness_key: str
    line: str
    cosigned_at: datetime


def witness_key_text(key: SealKey) -> str:
    """The witness's verifier key, to be handed to the hub and to whoever is to trust it."""
    return _key_text(VerifierKey(key.name, key.public_bytes))


def parse_witness_key(text: str) -> VerifierKey:
    """Read a witness's verifier key; `InvalidInput` when it is none."""
    name, _, rest = text.strip().partition("+")
    raw = _decoded(rest.partition("+")[2])
    key = VerifierKey(name, raw[1:])
    if raw[:1] != _KIND or len(raw) != 33 or _key_text(key) != text.strip():
        raise InvalidInput(
            "This is no verifier key of a witness",
            remedy="Use the line that `rtv evidence witness --print-key` prints.",
            code="WITNESS_KEY_INVALID",
        )
    return key


def cosign(note: str, key: SealKey, now: datetime) -> str:
    """The line that a witness adds to a checkpoint's note."""
    seconds = int(now.timestamp())
    signature = key.private.sign(_message(note, seconds))
    blob = _key_id(VerifierKey(key.name, key.public_bytes)) + seconds.to_bytes(8, "big") + signature
    return f"{_DASH}{key.name} {base64.b64encode(blob).decode()}"


def read_cosignature(note: str, line: str, key: VerifierKey) -> Cosignature | None:
    """What a line of a note says, when it is of this witness and holds; None otherwise."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    blob = _decoded(encoded)
    if not line.startswith(_DASH) or name != key.name or len(blob) != 76 or blob[:4] != _key_id(key):
        return None
    seconds = int.from_bytes(blob[4:12], "big")
    try:
        Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(blob[12:], _message(note, seconds))
    except InvalidSignature:
        return None
    return Cosignature(_key_text(key), line, datetime.fromtimestamp(seconds, UTC))


def signature_lines(note: str) -> list[str]:
    """The signature lines of a note."""
    return note.rpartition("\n\n")[2].splitlines()


def next_size_seen(state: Path) -> int:
    """The size of the log that a witness signed last; 0 before the first."""
    seen = _seen(state)
    return seen.tree_size if seen else 0


def witness_checkpoint(
    note: str, proof: Sequence[bytes], *, hub: VerifierKey, key: SealKey, state: Path, now: datetime
) -> str:
    """Cosign a checkpoint that continues the last one seen; returns the line, and remembers the checkpoint.

    Raises `IntegrityError` when the hub did not sign it, or the log was rolled back or forked.
    """
    checkpoint = open_checkpoint(note, hub)
    seen = _seen(state)
    if seen is not None:
        _refuse_other_history(seen, checkpoint, proof)
    line = cosign(note, key, now)
    state.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(state) as part:
        part.write_text(json.dumps({"note": note}), encoding="utf-8")
    return line


def _refuse_other_history(seen: Checkpoint, found: Checkpoint, proof: Sequence[bytes]) -> None:
    if found.tree_size < seen.tree_size:
        raise _contradiction(
            f"The log was rolled back: it had {seen.tree_size} entries and now has {found.tree_size}",
            "CHECKPOINT_ROLLED_BACK",
        )
    if not verify_consistency(seen.tree_size, found.tree_size, seen.root, found.root, proof):
        raise _contradiction(
            f"The log of {found.tree_size} entries does not continue the one of {seen.tree_size} seen before",
            "CHECKPOINT_FORKED",
        )


def _contradiction(fact: str, code: str) -> IntegrityError:
    return IntegrityError(
        fact,
        remedy="Keep both checkpoints: together they prove it. Do not cosign; ask the hub's owner.",
        code=code,
    )


def _seen(state: Path) -> Checkpoint | None:
    if not state.exists():
        return None
    try:
        return parse_checkpoint(json.loads(state.read_text(encoding="utf-8"))["note"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"{state} does not say what this witness signed last",
            remedy="Restore it from its backup; a witness that forgets can be led to sign a fork.",
            code="WITNESS_STATE_UNREADABLE",
        ) from error


def _message(note: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{note.rpartition(chr(10) * 2)[0]}\n".encode()


def _key_id(key: VerifierKey) -> bytes:
    return hashlib.sha256(key.name.encode() + b"\n" + _KIND + key.public_bytes).digest()[:4]


def _key_text(key: VerifierKey) -> str:
    return f"{key.name}+{_key_id(key).hex()}+{base64.b64encode(_KIND + key.public_bytes).decode()}"


def _decoded(encoded: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""
    return raw if base64.b64encode(raw).decode() == encoded else b""
