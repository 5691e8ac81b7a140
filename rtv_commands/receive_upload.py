"""Receives a film or picture in pieces and keeps it in the object store once its SHA-256 is right.

How much has come is read from the partial file itself, never from a counter: after any kill the offset is
what the disk holds. One writer at a time holds the file's lock. Completion happens once.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from rtv_core.errors import ConflictError, IntegrityError, InvalidInput, NotFound, TransientError
from rtv_core.identity import Actor, Role
from rtv_core.objects import ObjectStore, content_key
from rtv_core.objects.folder import sha256_of
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.connection import connect, make_durable

MEDIA_SUFFIXES = {
    "video/webm": ".webm",
    "video/mp4": ".mp4",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/octet-stream": ".bin",
}
# First bytes a film or picture must have; a file that lies about its kind is refused.
_MAGIC = {
    ".webm": (0, b"\x1a\x45\xdf\xa3"),
    ".mp4": (4, b"ftyp"),
    ".jpg": (0, b"\xff\xd8\xff"),
    ".png": (0, b"\x89PNG"),
    ".webp": (8, b"WEBP"),
}


class UploadBusy(TransientError):
    """Another request is writing this upload."""

    code = "UPLOAD_BUSY"


@dataclass(frozen=True, slots=True)
class UploadState:
    """One upload as it stands now."""

    upload_id: str
    size_bytes: int
    offset_bytes: int
    expires_at: datetime
    sha256: str | None
    uri: str | None
    metadata: str | None

    @property
    def is_complete(self) -> bool:
        """The bytes are in the object store."""
        return self.sha256 is not None


@dataclass(frozen=True, slots=True)
class UploadDesk:
    """Where uploads of one API process land."""

    dsn: str
    store: ObjectStore
    folder: Path
    max_bytes: int
    days: int

    def start(
        self,
        *,
        size_bytes: int,
        file_name: str,
        media_type: str,
        sha256: str | None,
        capture_id: str | None,
        metadata: str | None,
        actor: Actor,
        now: datetime,
    ) -> UploadState:
        """Begin an upload of a known size; `metadata` is what the sender wants to hear again."""
        actor.require(Role.OPERATOR, Role.BAY_LEAD, Role.MACHINE)
        if media_type not in MEDIA_SUFFIXES:
            raise InvalidInput(
                f"Files of type {media_type!r} are not taken",
                remedy=f"Send one of {', '.join(MEDIA_SUFFIXES)}.",
                code="UPLOAD_TYPE_UNKNOWN",
            )
        if sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise InvalidInput(
                "The sha256 in Upload-Metadata is not 64 lower-case hex digits",
                remedy="Send the SHA-256 of the whole file, or none.",
                code="SHA256_INVALID",
            )
        if size_bytes > self.max_bytes:
            raise InvalidInput(
                f"{size_bytes} bytes are more than the {self.max_bytes} taken",
                remedy="Split the film, or raise RTV_API__MAX_UPLOAD_BYTES.",
                code="UPLOAD_TOO_LARGE",
            )
        upload_id = secrets.token_hex(16)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._part(upload_id).touch(mode=0o600)
        with connect(self.dsn, application_name="rtv-upload") as connection:
            bay_store.add_upload(
                connection,
                upload_id=upload_id,
                tenant_code=actor.tenant_code,
                file_name=file_name[:200],
                media_type=media_type,
                capture_id=capture_id,
                size_bytes=size_bytes,
                sha256_expected=sha256,
                upload_metadata=metadata,
                created_by=actor.name,
                expires_at=now + timedelta(days=self.days),
            )
        return self.state(upload_id, actor=actor, now=now)

    def state(self, upload_id: str, *, actor: Actor, now: datetime) -> UploadState:
        """How much has come. A file that is whole but was not kept yet (the server died) is kept now."""
        state = self.state_while_writing(upload_id, actor=actor, now=now)
        if not state.is_complete and state.offset_bytes == state.size_bytes:
            with self.writing(upload_id):
                return self.finish(upload_id, actor=actor, now=now)
        return state

    def state_while_writing(self, upload_id: str, *, actor: Actor, now: datetime) -> UploadState:
        """How much has come, and nothing more; the caller may hold the lock."""
        row = self._row(upload_id, actor, now)
        return self._as_state(row, self._offset(row))

    @contextmanager
    def writing(self, upload_id: str) -> Iterator[BinaryIO]:
        """The partial file, opened for appending by this request alone; `UploadBusy` when another has it."""
        try:
            opened = self._part(upload_id).open("r+b")
        except FileNotFoundError:
            raise _gone() from None
        with opened as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy(
                    "Another request is writing this upload",
                    remedy="Ask for its offset in a second and go on there.",
                ) from None
            stream.seek(0, os.SEEK_END)
            try:
                yield stream
            finally:
                stream.flush()
                os.fsync(stream.fileno())

    def begin_append(self, upload_id: str, *, offset: int, actor: Actor, now: datetime) -> int:
        """How many bytes may still come when the sender is at the right offset; `ConflictError` else."""
        row = self._row(upload_id, actor, now)
        have = self._offset(row)
        if offset != have:
            raise _wrong_offset(have, offset)
        return int(row["size_bytes"]) - have

    def finish(self, upload_id: str, *, actor: Actor, now: datetime) -> UploadState:
        """Keep a whole file in the object store under its hash; the caller holds the lock."""
        row = self._row(upload_id, actor, now)
        offset = self._offset(row)
        if row["completed_at"] is not None or offset < row["size_bytes"]:
            return self._as_state(row, offset)
        part = self._part(upload_id)
        digest = sha256_of(part)
        suffix = MEDIA_SUFFIXES[row["media_type"]]
        if row["sha256_expected"] not in {None, digest}:
            self._refuse(upload_id, "UPLOAD_HASH_MISMATCH")
            raise IntegrityError(
                f"The bytes that came hash to {digest}, not to {row['sha256_expected']}",
                remedy="Send the file again from its first byte, as a new upload.",
                code="UPLOAD_HASH_MISMATCH",
            )
        if not _looks_like(part, suffix):
            self._refuse(upload_id, "UPLOAD_KIND_WRONG")
            raise InvalidInput(
                f"The file is no {row['media_type']}",
                remedy="Send a film or picture of the type it is announced as.",
                code="UPLOAD_KIND_WRONG",
            )
        key = content_key(f"captures/{row['tenant_code']}", digest, suffix)
        self.store.put_file(key, part, sha256=digest)
        with connect(self.dsn, application_name="rtv-upload") as connection:
            make_durable(connection)
            bay_store.complete_upload(connection, upload_id=upload_id, sha256=digest, object_key=key, now=now)
        part.unlink(missing_ok=True)
        return self._as_state(self._row(upload_id, actor, now), row["size_bytes"])

    def done(self, upload_id: str, *, offset: int, actor: Actor, now: datetime) -> UploadState | None:
        """The state of a complete upload for who would go on at `offset`; None while it is open."""
        row = self._row(upload_id, actor, now)
        if row["completed_at"] is None:
            return None
        if offset != row["size_bytes"]:
            raise _wrong_offset(row["size_bytes"], offset)
        return self._as_state(row, offset)

    def drop(self, upload_id: str, *, actor: Actor, now: datetime) -> None:
        """Give an upload up: its address is gone. Bytes that are complete stay, they are evidence."""
        row = self._row(upload_id, actor, now)
        if row["completed_at"] is not None:
            with connect(self.dsn, application_name="rtv-upload") as connection:
                bay_store.terminate_upload(connection, upload_id, now)
            return
        with self.writing(upload_id):
            self.forget(upload_id)

    def forget(self, upload_id: str) -> None:
        """Throw away what came of an upload that is not complete; the caller holds it alone."""
        self._part(upload_id).unlink(missing_ok=True)
        with connect(self.dsn, application_name="rtv-upload") as connection:
            bay_store.drop_upload(connection, upload_id)

    def _refuse(self, upload_id: str, code: str) -> None:
        with connect(self.dsn, application_name="rtv-upload") as connection:
            bay_store.refuse_upload(connection, upload_id, code)
        self._part(upload_id).unlink(missing_ok=True)

    def _row(self, upload_id: str, actor: Actor, now: datetime) -> dict[str, Any]:
        with connect(self.dsn, application_name="rtv-upload") as connection:
            row = bay_store.upload(connection, actor.tenant_code, upload_id)
        if row is None:
            raise _gone()
        if row["terminated_at"] is not None:
            raise NotFound(
                "The upload was given up", remedy="Begin a new one with POST /v1/uploads.", code="UPLOAD_GONE"
            )
        if row["completed_at"] is None:
            is_lost = row["refused_code"] is None and not self._part(upload_id).exists()
            if row["refused_code"] is not None or is_lost or row["expires_at"] < now:
                raise NotFound(
                    f"The upload is gone ({row['refused_code'] or 'UPLOAD_EXPIRED'})",
                    remedy="Begin a new one with POST /v1/uploads and send the file from its first byte.",
                    code="UPLOAD_GONE",
                )
        return row

    def _offset(self, row: dict[str, Any]) -> int:
        if row["completed_at"] is not None:
            return int(row["size_bytes"])
        return self._part(row["upload_id"]).stat().st_size

    def _part(self, upload_id: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", upload_id):
            raise _gone()
        return self.folder / f"{upload_id}.part"

    def _as_state(self, row: dict[str, Any], offset: int) -> UploadState:
        uri = self.store.uri(row["object_key"]) if row["completed_at"] is not None else None
        sha256 = row["sha256"] if row["completed_at"] is not None else None
        return UploadState(
            row["upload_id"],
            row["size_bytes"],
            offset,
            row["expires_at"],
            sha256,
            uri,
            row["upload_metadata"],
        )


def _gone() -> NotFound:
    return NotFound(
        "There is no such upload", remedy="Begin a new one with POST /v1/uploads.", code="UPLOAD_NOT_FOUND"
    )


def _wrong_offset(have: int, offset: int) -> ConflictError:
    return ConflictError(
        f"The upload stands at byte {have}, not {offset}",
        remedy="Ask with HEAD and go on from the Upload-Offset it answers.",
        code="UPLOAD_OFFSET_WRONG",
        offset_bytes=have,
    )


def _looks_like(path: Path, suffix: str) -> bool:
    if suffix not in _MAGIC:
        return True
    start, magic = _MAGIC[suffix]
    with path.open("rb") as stream:
        return stream.read(64)[start : start + len(magic)] == magic
