"""Removes evidence whose retention has ended and that no open claim needs, and uploads nobody finished."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rtv_core.errors import NotPermitted
from rtv_core.identity import Actor
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import retention_store
from rtv_core.warehouse.connection import Connection, connect

# A partial file without a row may be one that is just being begun; after a day it is not.
STRAY_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RetentionSummary:
    """What one run did."""

    clips_removed: int
    clips_locked: int
    uploads_removed: int
    uploads_in_use: int
    presentations_removed: int = 0
    presentations_locked: int = 0

    def counts(self) -> dict[str, int]:
        """The figures as a dict."""
        return asdict(self)


def retain_media(
    dsn: str, store: ObjectStore, *, upload_folder: Path, retention_days: int, actor: Actor, now: datetime
) -> RetentionSummary:
    """Remove each expired clip's object and write who removed it; what the store still locks stays.

    A clip on a claim that is not closed is never touched. The seal log keeps its entry, so that it
    can still be shown that the clip existed. Uploads that were not finished in time go with their bytes.
    """
    # Each removal is a transaction of its own: a store that fails half-way undoes none of the record before.
    with connect(dsn, autocommit=True, application_name="rtv-retain") as connection:
        before = now - timedelta(days=retention_days)
        clips = _remove_clips(connection, store, before, actor, now)
        shown = _remove_presentations(connection, store, before, actor, now)
        uploads = _remove_uploads(connection, upload_folder, actor, now)
        _remove_strays(connection, upload_folder, now)
    return RetentionSummary(*clips, *uploads, *shown)


def _remove_clips(
    connection: Connection, store: ObjectStore, cut_before: datetime, actor: Actor, now: datetime
) -> tuple[int, int]:
    removed = locked = 0
    for clip in retention_store.expired_clips(connection, cut_before):
        try:
            store.delete(clip["object_key"])
        except NotPermitted:
            locked += 1
            continue
        with connection.transaction():
            retention_store.record_removal(connection, clip, actor, now)
        removed += 1
    return removed, locked


def _remove_presentations(
    connection: Connection, store: ObjectStore, made_before: datetime, actor: Actor, now: datetime
) -> tuple[int, int]:
    """What shows a clip stays as long as the clip does; one that is locked in part is tried again."""
    removed = locked = 0
    for made in retention_store.expired_presentations(connection, made_before):
        try:
            for key in made["object_keys"]:
                if store.head(key) is not None:
                    store.delete(key)
        except NotPermitted:
            locked += 1
            continue
        with connection.transaction():
            retention_store.record_presentation_removal(connection, made, actor, now)
        removed += 1
    return removed, locked


def _remove_uploads(connection: Connection, folder: Path, actor: Actor, now: datetime) -> tuple[int, int]:
    removed = in_use = 0
    for upload in retention_store.expired_uploads(connection, now):
        part = folder / f"{upload['upload_id']}.part"
        with _held(part) as is_held:
            if not is_held:
                in_use += 1
                continue
            with connection.transaction():
                removed += retention_store.forget_upload(connection, upload, actor, now)
            part.unlink(missing_ok=True)
    return removed, in_use


def _remove_strays(connection: Connection, folder: Path, now: datetime) -> None:
    """Partial files that a kill left beside a finished upload, or without any."""
    parts = {part.stem: part for part in folder.glob("*.part")}
    running = retention_store.running_uploads(connection, list(parts))
    for upload_id in parts.keys() - running:
        part = parts[upload_id]
        with _held(part) as is_held:
            if is_held and part.exists() and _modified_at(part) < now - STRAY_AFTER:
                part.unlink(missing_ok=True)


@contextmanager
def _held(part: Path) -> Iterator[bool]:
    """Whether nobody writes the partial file while the block runs; one that is gone is written by nobody."""
    try:
        stream = part.open("r+b")
    except FileNotFoundError:
        yield True
        return
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _modified_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
