"""Receive files into the inbox, one by one or from a drop folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ingest.inbox import MAX_FILE_BYTES, ReceivedFile, keep
from rtv_core.identity import Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import connect


def receive_file(
    dsn: str,
    store: ObjectStore,
    path_or_stream: Path | BinaryIO,
    *,
    file_name: str,
    way_in: str,
    actor: Actor,
    now: datetime,
    max_bytes: int = MAX_FILE_BYTES,
) -> ReceivedFile:
    """Keep one file's bytes; the same bytes again are a no-op that says so. The tenant is the actor's."""
    with connect(dsn, application_name="rtv-receive") as connection:
        return keep(
            connection,
            store,
            path_or_stream,
            file_name=file_name,
            way_in=way_in,
            actor=actor,
            now=now,
            max_bytes=max_bytes,
        )
