"""What every object store offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One stored object."""

    key: str
    size_bytes: int
    sha256: str | None
    retain_until: datetime | None = None
    is_held: bool = False


class ObjectStore(Protocol):
    """Bytes under keys. Keys are relative, `/`-separated, without `..`."""

    def uri(self, key: str) -> str:
        """The address of a key (`file://…` or `s3://bucket/…`)."""

    def put_file(
        self, key: str, path: Path, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        """Store a file. An object already there with the same hash is left as it is.

        Raises `IntegrityError` when the bytes do not hash to `sha256`, `ConflictError` when other
        bytes stand under the key.
        """

    def put_bytes(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectInfo:
        """Store bytes, as `put_file`."""

    def get_bytes(self, key: str) -> bytes:
        """All bytes of an object; `NotFound` when it is not there."""

    def open(self, key: str) -> BinaryIO:
        """A stream over an object; `NotFound` when it is not there."""

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Bytes `start` to `end` inclusive."""

    def download(self, key: str, path: Path) -> None:
        """Write an object to a local file, whole or not at all."""

    def head(self, key: str) -> ObjectInfo | None:
        """What is known of an object; None when it is not there."""

    def list(self, prefix: str) -> list[ObjectInfo]:
        """The objects whose key starts with `prefix`, by key."""

    def delete(self, key: str) -> None:
        """Remove an object; `NotPermitted` while it is retained or held."""

    def hold(self, key: str) -> None:
        """Keep an object until it is let go, whatever its retention; `NotPermitted` when the store cannot."""

    def let_go(self, key: str) -> None:
        """End the hold of an object; its retention stays."""


def content_key(area: str, sha256: str, suffix: str = "") -> str:
    """The content address of bytes within an area, for example `inbox/ab/abcd….csv`."""
    return f"{area}/{sha256[:2]}/{sha256}{suffix}"
