"""Signed notes and checkpoints in the formats of C2SP (signed-note, tlog-checkpoint), with Ed25519."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rtv_core.errors import IntegrityError, InvalidInput

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class SealKey:
    """The hub's private signing key under the name of its log."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.private.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name."""

    name: str
    public_bytes: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes that name the key in a note."""
        return key_hash(self.name, self.public_bytes)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log at one size, as a signed note."""

    note: str
    origin: str
    tree_size: int
    root: bytes


def key_hash(name: str, public_bytes: bytes) -> bytes:
    """The first four bytes of SHA-256 over name, newline, algorithm and key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_bytes).digest()[:4]


def public_key_text(key: SealKey) -> str:
    """The verifier key `<name>+<hash>+<base64>`, to be handed over once by another way."""
    encoded = base64.b64encode(_ED25519 + key.public_bytes).decode()
    return f"{key.name}+{key_hash(key.name, key.public_bytes).hex()}+{encoded}"


def parse_public_key(text: str) -> VerifierKey:
    """Read a verifier key; `InvalidInput` when it is none or its hash does not fit."""
    name, _, rest = text.strip().partition("+")
    stated, _, encoded = rest.partition("+")
    try:
        raw = _decoded(encoded)
    except binascii.Error:
        raw = b""
    if raw[:1] != _ED25519 or len(raw) != 33 or key_hash(name, raw[1:]).hex() != stated:
        raise InvalidInput(
            "This is no verifier key of a hub",
            remedy="Use the line `<name>+<hash>+<key>` as `rtv evidence seal --key` prints it.",
            code="SEAL_KEY_TEXT_INVALID",
        )
    return VerifierKey(name, raw[1:])


def sign_note(key: SealKey, text: str) -> str:
    """The note over `text` (which ends in a newline), with one signature."""
    blob = key_hash(key.name, key.public_bytes) + key.private.sign(text.encode())
    return f"{text}\n{_DASH}{key.name} {base64.b64encode(blob).decode()}\n"


def open_note(note: str, key: VerifierKey) -> str:
    """The signed text of a note; `IntegrityError` unless `key` signed it."""
    text, separator, signatures = note.rpartition("\n\n")
    for line in signatures.removesuffix("\n").split("\n") if separator and note.endswith("\n") else []:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if line.startswith(_DASH) and name == key.name and _is_signed(key, f"{text}\n", encoded):
            return f"{text}\n"
    raise IntegrityError(
        f"The note carries no valid signature of {key.name}",
        remedy="Ask the hub's owner for its verifier key; if the key is right, the note was changed.",
        code="NOTE_SIGNATURE_INVALID",
    )


def checkpoint_text(origin: str, tree_size: int, root: bytes) -> str:
    """The body of a checkpoint."""
    return f"{origin}\n{tree_size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(note: str) -> Checkpoint:
    """Read a checkpoint without judging its signatures."""
    lines = note.partition("\n\n")[0].split("\n")
    try:
        origin, size, encoded = lines[:3]
        root = _decoded(encoded)
        is_right = bool(origin) and len(root) == 32 and size.isdecimal() and str(int(size)) == size
    except (ValueError, binascii.Error):
        is_right = False
    if not is_right:
        raise InvalidInput(
            "This is no checkpoint of a log",
            remedy="Use the note as the hub wrote it.",
            code="CHECKPOINT_INVALID",
        )
    return Checkpoint(note, origin, int(size), root)


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint that `key` signed and that is of the key's own log; `IntegrityError` otherwise."""
    open_note(note, key)
    checkpoint = parse_checkpoint(note)
    if checkpoint.origin != key.name:
        raise IntegrityError(
            f"The checkpoint is of the log {checkpoint.origin}, the key of {key.name}",
            remedy="Use the key of that log.",
            code="CHECKPOINT_ORIGIN_DIFFERS",
        )
    return checkpoint


def _decoded(encoded: str) -> bytes:
    """Base64 in its one canonical form; others would let a note be changed without notice."""
    raw = base64.b64decode(encoded, validate=True)
    if base64.b64encode(raw).decode() != encoded:
        raise binascii.Error("not canonical")
    return raw


def _is_signed(key: VerifierKey, text: str, encoded: str) -> bool:
    try:
        blob = _decoded(encoded)
        Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(blob[4:], text.encode())
    except (binascii.Error, InvalidSignature):
        return False
    return blob[:4] == key.key_hash
