"""The timestamp of a checkpoint: asked for once, then kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rtv_core.evidence.bundle import Timestamp
from rtv_core.evidence.notes import parse_checkpoint
from rtv_core.evidence.timestamp import LOCAL_AUTHORITY, ensure_local_authority
from rtv_core.warehouse import evidence_store
from rtv_core.warehouse.connection import connect


def ensure_stamp(dsn: str, seal_key_file: Path, note: str, now: datetime) -> Timestamp:
    """The first timestamp of a checkpoint, made now when there is none."""
    size = parse_checkpoint(note).tree_size
    with connect(dsn, application_name="rtv-seal") as connection:
        kept = evidence_store.read_timestamp(connection, size)
        if kept is not None:
            return Timestamp(*kept)
        authority = ensure_local_authority(seal_key_file.with_name("timestamp.pem"), now)
        token = authority.stamp(note.encode(), now)
        evidence_store.add_timestamp(connection, tree_size=size, token=token, authority=LOCAL_AUTHORITY)
        kept = evidence_store.read_timestamp(connection, size)
    # A checkpoint that the warehouse does not hold has no row to keep the stamp in.
    return Timestamp(*kept) if kept is not None else Timestamp(token, LOCAL_AUTHORITY)
