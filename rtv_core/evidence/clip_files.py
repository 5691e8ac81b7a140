"""Clip files on the disk: a disk that is full is a clear error, and what was begun is not left behind."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rtv_core.errors import ResourceExhausted

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Write a clip at `path` in the block; half a clip does not stay when the block fails.

    Raises `ResourceExhausted` (`CLIP_WRITE_FAILED`) when the disk is full; the same cut then succeeds later.
    """
    try:
        yield
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno not in _FULL:
            raise
        raise ResourceExhausted(
            f"The clip {path.name} cannot be written: {error.strerror}",
            remedy="Free disk space in the folder and in the system's temporary folder, then cut again.",
            code="CLIP_WRITE_FAILED",
        ) from error


def move_whole(source: Path, target: Path) -> None:
    """Move a clip to its place, whole or not at all, across file systems too; raises as `writing`."""
    part = target.with_name(f".part-{target.name}")
    with writing(part):
        shutil.move(source, part)
        part.replace(target)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
