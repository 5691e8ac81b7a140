"""The object store in a local folder. Retention is kept beside each object and honoured by this class."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from rtv_core.errors import (
    ConflictError,
    IntegrityError,
    InvalidInput,
    NotFound,
    NotPermitted,
    ResourceExhausted,
)
from rtv_core.objects.base import ObjectInfo

_RETAIN_SUFFIX = ".retain"
_HOLD_SUFFIX = ".hold"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class FolderStore:
    """Objects as files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        parts = PurePosixPath(key)
        if parts.is_absolute() or ".." in parts.parts or not parts.parts or "\x00" in key:
            raise InvalidInput(
                f"{key!r} is no object key",
                remedy="Use a relative key without '..'.",
                code="OBJECT_KEY_INVALID",
            )
        return self.folder.joinpath(*parts.parts)

    def uri(self, key: str) -> str:
        """The file's address."""
        return self._path(key).as_uri()

    def put_file(
        self, key: str, path: Path, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        """Copy a file in, whole or not at all; see `ObjectStore.put_file`."""
        target = self._path(key)
        if target.exists():
            return self._confirm(key, target, sha256)
        made = [folder for folder in target.parents if not folder.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as sink, path.open("rb") as source:
                shutil.copyfileobj(source, sink, 1 << 20)
                sink.flush()
                os.fsync(sink.fileno())
            if sha256_of(part) != sha256:
                raise IntegrityError(
                    f"{path.name} does not hash to {sha256}",
                    remedy="Send the file again; it changed on the way.",
                    code="OBJECT_HASH_MISMATCH",
                )
            if retain_until is not None:
                # Before the object: whoever finds it must not be able to remove it.
                self._retain(target, retain_until)
                part.chmod(0o444)
            part.rename(target)
            # A name is on disk only when its folder is: kept bytes outlive a power cut.
            for folder in {target.parent, *(new.parent for new in made)}:
                _sync_folder(folder)
        except OSError as error:
            raise ResourceExhausted(
                f"The store cannot take {path.name}: {error.strerror}",
                remedy="Free disk space or move the store; the same call then succeeds.",
                code="STORE_WRITE_FAILED",
            ) from error
        finally:
            part.unlink(missing_ok=True)
        return ObjectInfo(key, target.stat().st_size, sha256, retain_until)

    def put_bytes(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectInfo:
        """Store bytes, as `put_file`."""
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".in-") as scratch:
            scratch.write(data)
            scratch.flush()
            digest = hashlib.sha256(data).hexdigest()
            return self.put_file(key, Path(scratch.name), sha256=digest, retain_until=retain_until)

    def get_bytes(self, key: str) -> bytes:
        """All bytes of an object."""
        with self.open(key) as stream:
            return stream.read()

    def open(self, key: str) -> BinaryIO:
        """A stream over an object."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as error:
            raise NotFound(
                f"No object {key}",
                remedy="Check the key; the store may have been moved.",
                code="OBJECT_NOT_FOUND",
            ) from error

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Bytes `start` to `end` inclusive."""
        with self.open(key) as stream:
            stream.seek(start)
            return stream.read(end - start + 1)

    def download(self, key: str, path: Path) -> None:
        """Copy an object out, whole or not at all."""
        part = path.with_name(f".part-{path.name}")
        with self.open(key) as source, part.open("wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        part.rename(path)

    def head(self, key: str) -> ObjectInfo | None:
        """What is known of an object."""
        path = self._path(key)
        if not path.is_file():
            return None
        return ObjectInfo(
            key, path.stat().st_size, None, self._retained_until(path), _beside(path, _HOLD_SUFFIX).exists()
        )

    def list(self, prefix: str) -> list[ObjectInfo]:
        """The objects whose key starts with `prefix`."""
        keys = sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
            and not path.name.startswith(".")
            and path.suffix not in (_RETAIN_SUFFIX, _HOLD_SUFFIX)
        )
        found = [self.head(key) for key in keys if key.startswith(prefix)]
        return [info for info in found if info is not None]

    def delete(self, key: str) -> None:
        """Remove an object unless it is retained."""
        path = self._path(key)
        until = self._retained_until(path)
        if until is not None and until > datetime.now(UTC):
            raise NotPermitted(
                f"{key} is retained until {until.isoformat()}",
                remedy="Wait until retention ends.",
                code="OBJECT_RETAINED",
            )
        if _beside(path, _HOLD_SUFFIX).exists():
            raise NotPermitted(
                f"{key} is held for a claim",
                remedy="Close the claim; its evidence is then let go.",
                code="OBJECT_HELD",
            )
        path.unlink(missing_ok=True)
        _beside(path, _RETAIN_SUFFIX).unlink(missing_ok=True)

    def hold(self, key: str) -> None:
        """Keep an object until it is let go."""
        path = self._path(key)
        if not path.is_file():
            raise NotFound(f"No object {key}", remedy="Check the key.", code="OBJECT_NOT_FOUND")
        _beside(path, _HOLD_SUFFIX).touch()

    def let_go(self, key: str) -> None:
        """End the hold of an object."""
        _beside(self._path(key), _HOLD_SUFFIX).unlink(missing_ok=True)

    def _confirm(self, key: str, target: Path, sha256: str) -> ObjectInfo:
        if sha256_of(target) != sha256:
            raise ConflictError(
                f"Other bytes stand under {key}", remedy="Use another key.", code="OBJECT_EXISTS_DIFFERENT"
            )
        return ObjectInfo(key, target.stat().st_size, sha256, self._retained_until(target))

    def _retain(self, target: Path, until: datetime) -> None:
        beside = _beside(target, _RETAIN_SUFFIX)
        # Whole or not at all: who looks meanwhile must not find an empty one.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=".retain-", delete=False
        ) as part:
            part.write(until.isoformat())
        Path(part.name).chmod(0o444)
        Path(part.name).replace(beside)

    def _retained_until(self, target: Path) -> datetime | None:
        beside = _beside(target, _RETAIN_SUFFIX)
        return datetime.fromisoformat(beside.read_text(encoding="utf-8")) if beside.exists() else None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
