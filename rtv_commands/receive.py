"""Receive files into the inbox, one by one or from a drop folder."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ingest.drop_folder import DroppedFile, Refusal, look, opened, remove_if_unchanged
from ingest.inbox import MAX_FILE_BYTES, ReceivedFile, keep
from rtv_core.errors import InvalidInput
from rtv_core.identity import Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class DropSummary:
    """What one look at a drop folder did; files still being written are neither received nor refused."""

    received: tuple[ReceivedFile, ...]
    refused: tuple[Refusal, ...]
    still_growing: tuple[Path, ...]


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
    """Keep one file's bytes; the same bytes again are a no-op that says so. The tenant is the actor's.

    Raises `InvalidInput` for a name that is none, or for more than `max_bytes`.
    """
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


def receive_drop_folder(
    dsn: str,
    store: ObjectStore,
    folder: Path,
    *,
    actor: Actor,
    now: datetime,
    max_bytes: int = MAX_FILE_BYTES,
    settle_seconds: float = 1.0,
) -> DropSummary:
    """Take every whole file of `<folder>/<tenant>/`; each leaves the folder only after the inbox has it.

    A file is whole when neither size nor time of change moved for `settle_seconds`. The tenant is the
    subfolder's name, whoever the actor is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole, growing, refused = _look_until_settled(folder, settle_seconds)
    received: list[ReceivedFile] = []
    for file in whole:
        try:
            kept = _take(dsn, store, file, actor, now, max_bytes=max_bytes)
        except InvalidInput as error:
            refused.append(Refusal(file.path, error.fact))
            continue
        if kept:
            received.append(kept)
    return DropSummary(tuple(received), tuple(refused), tuple(file.path for file in growing))


def _look_until_settled(
    folder: Path, settle_seconds: float
) -> tuple[list[DroppedFile], list[DroppedFile], list[Refusal]]:
    before, refused = look(folder)
    if not before:
        return [], [], refused
    # Only files touched just now need a second look.
    if time.time() - max(file.modified_ns for file in before) / 1e9 < settle_seconds:
        time.sleep(settle_seconds)
        after, refused = look(folder)
        seen = set(before)
        return [file for file in after if file in seen], [file for file in after if file not in seen], refused
    return before, [], refused


def _take(
    dsn: str, store: ObjectStore, file: DroppedFile, actor: Actor, now: datetime, *, max_bytes: int
) -> ReceivedFile | None:
    with opened(file) as stream:
        if stream is None:
            return None
        kept = receive_file(
            dsn,
            store,
            stream,
            file_name=file.path.name,
            way_in="drop",
            actor=replace(actor, tenant_code=file.tenant_code),
            now=now,
            max_bytes=max_bytes,
        )
    remove_if_unchanged(file)
    return kept
