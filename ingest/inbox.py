"""The inbox: a file's bytes are kept, content-addressed, before anything judges them."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO, BinaryIO

from rtv_core.errors import InvalidInput
from rtv_core.identity import Actor
from rtv_core.objects.base import ObjectStore, content_key
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.inbox_store import find_file, insert_file, insert_repeat, reopen_file

AREA = "inbox"
MAX_FILE_BYTES = 2 * 1024**3
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file in the inbox. `is_repeat`: the same bytes were there already and nothing was done."""

    file_id: int
    file_name: str
    sha256: str
    size_bytes: int
    is_repeat: bool

    @property
    def outcome(self) -> str:
        """What happened, in a few words."""
        return "the same bytes are here already" if self.is_repeat else "received"


def keep(
    connection: Connection,
    store: ObjectStore,
    source: Path | BinaryIO,
    *,
    file_name: str,
    way_in: str,
    actor: Actor,
    now: datetime,
    max_bytes: int = MAX_FILE_BYTES,
) -> ReceivedFile:
    """Keep a file's bytes and remember the file. The caller's transaction makes the record durable."""
    name = plain_name(file_name)
    with tempfile.NamedTemporaryFile(prefix="rtv-in-") as scratch:
        sha256, size = _take(source, scratch, name, max_bytes)
        key = content_key(AREA, sha256)
        store.put_file(key, Path(scratch.name), sha256=sha256)
    file_id = insert_file(
        connection,
        tenant_code=actor.tenant_code,
        sha256=sha256,
        file_name=name,
        size_bytes=size,
        object_key=key,
        way_in=way_in,
        received_at=now,
        received_by=actor.name,
    )
    if file_id is not None:
        return ReceivedFile(file_id, name, sha256, size, is_repeat=False)
    again = ReceivedFile(0, name, sha256, size, is_repeat=True)
    return _repeat(connection, again, way_in=way_in, actor=actor, now=now)


def keep_payload(
    connection: Connection,
    store: ObjectStore,
    body: bytes,
    *,
    name: str,
    way_in: str,
    actor: Actor,
    now: datetime,
) -> ReceivedFile:
    """Keep a message that came without a file name: it is called by its sender and its bytes."""
    first = body.lstrip()[:1]
    suffix = "xml" if first == b"<" else "json" if first in (b"{", b"[") else "txt"
    file_name = f"{name}_{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"
    return keep(connection, store, io.BytesIO(body), file_name=file_name, way_in=way_in, actor=actor, now=now)


def _repeat(
    connection: Connection, again: ReceivedFile, *, way_in: str, actor: Actor, now: datetime
) -> ReceivedFile:
    known = find_file(connection, actor.tenant_code, again.sha256)
    assert known is not None
    file_id = int(known["file_id"])
    insert_repeat(
        connection, file_id, again.file_name, way_in=way_in, received_at=now, received_by=actor.name
    )
    # Unreadable under its old name, it may be recognised under the new one.
    is_renamed = known["file_status"] == "quarantined" and known["file_name"] != again.file_name
    if is_renamed:
        reopen_file(connection, file_id, again.file_name)
    return replace(again, file_id=file_id, is_repeat=not is_renamed)


def plain_name(file_name: str) -> str:
    """The last part of a name without control characters, at most 200 characters."""
    last = PurePath(file_name.replace("\\", "/")).name
    clean = "".join(letter if letter.isprintable() else "_" for letter in last).strip()[-200:]
    if not clean or clean in (".", ".."):
        raise InvalidInput(
            f"{file_name[:200]!r} is no file name", remedy="Give the file a name.", code="FILE_NAME_INVALID"
        )
    return clean


def _take(source: Path | BinaryIO, scratch: IO[bytes], name: str, max_bytes: int) -> tuple[str, int]:
    """Copy the bytes aside while hashing them, so that what is hashed is what is kept."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return _take(stream, scratch, name, max_bytes)
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > max_bytes:
            raise InvalidInput(
                f"{name} is larger than {max_bytes} bytes",
                remedy="Split the file, or raise RTV_INTAKE__MAX_FILE_BYTES.",
                code="FILE_TOO_LARGE",
            )
        digest.update(block)
        scratch.write(block)
    scratch.flush()
    return digest.hexdigest(), size


def fetch(store: ObjectStore, object_key: str, target: Path) -> None:
    """Copy a kept file out for reading."""
    with store.open(object_key) as stream, target.open("wb") as sink:
        shutil.copyfileobj(stream, sink, _BLOCK)
