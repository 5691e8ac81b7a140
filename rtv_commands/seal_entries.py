"""Seals what is not sealed yet, the ends of the audit trail too, and signs the log as it stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rtv_core.evidence.seal import (
    append_entry,
    ensure_seal_key,
    make_checkpoint,
    public_key_text,
)
from rtv_core.evidence.sealed_heads import seal_heads
from rtv_core.evidence.stamping import ensure_stamp
from rtv_core.settings import Settings
from rtv_core.warehouse import footage_store
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
    ensure_stamp(dsn, settings.seal_key_file, checkpoint.note, now)
    return SealSummary(
        checkpoint.tree_size, checkpoint.root.hex(), len(films), checkpoint.note, public_key_text(key)
    )


def verifier_key(settings: Settings) -> str:
    """The hub's public key as a line, to be handed over once by another way."""
    return public_key_text(ensure_seal_key(settings.seal_key_file, settings.seal.origin))


def film_entry(film: dict[str, Any]) -> dict[str, Any]:
    """What the seal log holds of a film: its hash and the root over its samples."""
    times = {name: value.isoformat() for name, value in film.items() if isinstance(value, datetime)}
    return {"kind": "film", **film, **times}
