"""The seal: an append-only Merkle log of evidence entries in the warehouse, with signed checkpoints.

Writers take one lock, so that two of them never fork the log. An entry is sealed as its canonical
JSON: the leaf is the hash over exactly those bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rtv_core.errors import ConfigurationError, IntegrityError, NotFound
from rtv_core.evidence import merkle
from rtv_core.evidence.merkle import verify_consistency, verify_inclusion
from rtv_core.evidence.notes import (
    Checkpoint,
    SealKey,
    VerifierKey,
    checkpoint_text,
    open_checkpoint,
    parse_checkpoint,
    parse_public_key,
    public_key_text,
    sign_note,
)
from rtv_core.warehouse import evidence_store
from rtv_core.warehouse.connection import Connection, connect

__all__ = [
    "Checkpoint",
    "SealKey",
    "SealedEntry",
    "VerifierKey",
    "append_entry",
    "canonical_json",
    "consistency_proof",
    "ensure_seal_key",
    "inclusion_proof",
    "latest_checkpoint",
    "make_checkpoint",
    "open_checkpoint",
    "parse_checkpoint",
    "parse_public_key",
    "public_key_text",
    "seal_entries",
    "seal_entry",
    "sealed_entry",
    "verify_consistency",
    "verify_inclusion",
]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """One entry of the log: `canonical` is what the leaf hash is over."""

    leaf_index: int
    leaf_hash: bytes
    canonical: bytes
    sealed_at: datetime

    @property
    def entry(self) -> dict[str, Any]:
        """The entry as it was sealed."""
        found: dict[str, Any] = json.loads(self.canonical)
        return found


def canonical_json(entry: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """One way to write an entry: sorted keys, no spaces, UTF-8; NaN and infinity are refused."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def ensure_seal_key(path: Path, name: str) -> SealKey:
    """The key at `path` (PEM, readable by its owner only), made when it is not there."""
    if not path.exists():
        _create_key(path)
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            f"The seal key at {path} cannot be read",
            remedy="Restore the key from its backup; a new key starts a new log.",
            code="SEAL_KEY_UNREADABLE",
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigurationError(
            f"The key at {path} is not an Ed25519 key",
            remedy="Point RTV_SEAL__KEY_FILE at an Ed25519 private key in PEM.",
            code="SEAL_KEY_KIND",
        )
    return SealKey(name, private)


def seal_entry(dsn: str, key: SealKey, entry: Mapping[str, Any], now: datetime) -> int:
    """Append one entry and return its place in the log; the entry names its `tenant_code`."""
    return seal_entries(dsn, key, [entry], now)[0]


def seal_entries(dsn: str, key: SealKey, entries: Sequence[Mapping[str, Any]], now: datetime) -> list[int]:
    """Append entries in their order, all or none, and return their places in the log."""
    with connect(dsn, application_name="rtv-seal") as connection:
        return [append_entry(connection, key, entry, now) for entry in entries]


def append_entry(connection: Connection, key: SealKey, entry: Mapping[str, Any], now: datetime) -> int:
    """Append one entry within the caller's transaction, which holds the log until it ends."""
    canonical = canonical_json(entry)
    evidence_store.lock_log(connection)
    _refuse_other_key(connection, key)
    leaf_index = evidence_store.tree_size(connection)
    nodes = merkle.completed_nodes(leaf_index)
    lefts = evidence_store.read_nodes(connection, [(level, index - 1) for level, index in nodes[:-1]])
    hashes = [merkle.leaf_hash(canonical)]
    for left in lefts:
        hashes.append(merkle.node_hash(left, hashes[-1]))
    evidence_store.append_leaf(
        connection,
        leaf_index=leaf_index,
        tenant_code=str(entry["tenant_code"]),
        canonical=canonical.decode("utf-8"),
        nodes=list(zip(nodes, hashes, strict=True)),
        sealed_at=now,
    )
    return leaf_index


def make_checkpoint(dsn: str, key: SealKey, now: datetime) -> Checkpoint:
    """Sign the log as it stands; a size that was signed before gives the checkpoint of then."""
    with connect(dsn, application_name="rtv-seal") as connection:
        evidence_store.lock_log(connection)
        _refuse_other_key(connection, key)
        size = evidence_store.tree_size(connection)
        last = evidence_store.latest_note(connection)
        if last is not None and parse_checkpoint(last).tree_size == size:
            return parse_checkpoint(last)
        root = _range_hash(connection, 0, size)
        note = sign_note(key, checkpoint_text(key.name, size, root))
        evidence_store.add_checkpoint(connection, tree_size=size, root_hash=root, note=note, made_at=now)
        return Checkpoint(note, key.name, size, root)


def latest_checkpoint(dsn: str) -> Checkpoint | None:
    """The newest checkpoint, or None before the first."""
    with connect(dsn, application_name="rtv-seal") as connection:
        note = evidence_store.latest_note(connection)
    return parse_checkpoint(note) if note is not None else None


def sealed_entry(dsn: str, leaf_index: int) -> SealedEntry:
    """One entry of the log; `NotFound` when the log is shorter."""
    with connect(dsn, application_name="rtv-seal") as connection:
        row = evidence_store.read_leaf(connection, leaf_index)
    if row is None:
        raise NotFound(
            f"The log has no entry {leaf_index}",
            remedy="Look the entry up again.",
            code="SEAL_ENTRY_NOT_FOUND",
        )
    canonical = str(row["canonical"]).encode("utf-8")
    return SealedEntry(leaf_index, bytes.fromhex(row["leaf_hash"]), canonical, row["sealed_at"])


def inclusion_proof(dsn: str, leaf_index: int, tree_size: int) -> tuple[bytes, ...]:
    """The proof that an entry stands in the log of that size; see `verify_inclusion`."""
    return _proof(dsn, tree_size, lambda: merkle.inclusion_ranges(leaf_index, tree_size))


def consistency_proof(dsn: str, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The proof that the log of the old size is the beginning of the new; see `verify_consistency`."""
    return _proof(dsn, new_size, lambda: merkle.consistency_ranges(old_size, new_size))


def _proof(dsn: str, tree_size: int, ranges: Callable[[], list[merkle.Range]]) -> tuple[bytes, ...]:
    with connect(dsn, application_name="rtv-seal") as connection:
        size = evidence_store.tree_size(connection)
        try:
            wanted = ranges() if tree_size <= size else None
        except ValueError:
            wanted = None
        if wanted is None:
            raise NotFound(
                f"The log holds {size} entries; no such proof for a tree of {tree_size}",
                remedy="Ask for an entry of the log and a size up to its present one.",
                code="SEAL_PROOF_OUT_OF_RANGE",
            )
        return tuple(_range_hash(connection, start, end) for start, end in wanted)


def _range_hash(connection: Connection, start: int, end: int) -> bytes:
    hashes = evidence_store.read_nodes(connection, merkle.covering_nodes(start, end))
    return merkle.fold(hashes) if hashes else merkle.EMPTY_ROOT


def _refuse_other_key(connection: Connection, key: SealKey) -> None:
    """A log that another key signed is not continued: readers who trust that key would see a fork."""
    note = evidence_store.latest_note(connection)
    if note is None:
        return
    try:
        open_checkpoint(note, VerifierKey(key.name, key.public_bytes))
    except IntegrityError as error:
        raise IntegrityError(
            "The log in this warehouse was signed by another key",
            remedy="Restore the key file that belongs to this warehouse; it is not replaced in silence.",
            code="SEAL_KEY_CHANGED",
        ) from error


def _create_key(path: Path) -> None:
    """Write a new key whole or not at all; of two writers the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".seal-")
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(pem)
            sink.flush()
            os.fsync(sink.fileno())
        scratch.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(scratch)
    finally:
        scratch.unlink()
