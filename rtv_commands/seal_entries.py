"""Seals what is not sealed yet, the ends of the audit trail too, and signs the log as it stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rtv_core.evidence.seal import (
    Checkpoint,
    append_entry,
    ensure_seal_key,
    make_checkpoint,
    public_key_text,
)
from rtv_core.evidence.sealed_heads import seal_heads
from rtv_core.evidence.timestamp import LOCAL_AUTHORITY, ensure_local_authority
from rtv_core.settings import Settings
from rtv_core.warehouse import evidence_store, footage_store
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class SealSummary:
    """The checkpoint that was signed, and how many films were sealed before it."""

    tree_size: int
    root_hash: str
    films_sealed: int
    note: str
    public_key: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def seal_checkpoint(dsn: str, settings: Settings, *, now: datetime) -> SealSummary:
    """Seal new films and the audit trail's new heads, sign a checkpoint over the whole log, timestamp it."""
    key = ensure_seal_key(settings.seal_key_file, settings.seal.origin)
    with connect(dsn, application_name="rtv-seal") as connection:
        films = footage_store.unsealed_segments(connection)
        for film in films:
            segment_id = film.pop("segment_id")
            leaf_index = append_entry(connection, key, film_entry(film), now)
            footage_store.mark_sealed(connection, segment_id, leaf_index)
        seal_heads(connection, key, now)
    checkpoint = make_checkpoint(dsn, key, now)
    _timestamp(dsn, settings, checkpoint, now)
    return SealSummary(
        checkpoint.tree_size, checkpoint.root.hex(), len(films), checkpoint.note, public_key_text(key)
    )


def _timestamp(dsn: str, settings: Settings, checkpoint: Checkpoint, now: datetime) -> None:
    """The first stamp of a checkpoint stays; later calls leave it."""
    with connect(dsn, application_name="rtv-seal") as connection:
        if evidence_store.has_timestamp(connection, checkpoint.tree_size):
            return
        authority = ensure_local_authority(settings.seal_key_file.with_name("timestamp.pem"), now)
        token = authority.stamp(checkpoint.note.encode("utf-8"), now)
        evidence_store.add_timestamp(
            connection, tree_size=checkpoint.tree_size, token=token, authority=LOCAL_AUTHORITY
        )


def verifier_key(settings: Settings) -> str:
    """The hub's public key as a line, to be handed over once by another way."""
    return public_key_text(ensure_seal_key(settings.seal_key_file, settings.seal.origin))


def film_entry(film: dict[str, Any]) -> dict[str, Any]:
    """What the seal log holds of a film: its hash and the root over its samples."""
    times = {name: value.isoformat() for name, value in film.items() if isinstance(value, datetime)}
    return {"kind": "film", **film, **times}
