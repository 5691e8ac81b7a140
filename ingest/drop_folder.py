"""Looks at a drop folder: which files may be taken, and which are refused and why."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

DEFAULT_TENANT = "default"
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


def is_tenant_code(name: str) -> bool:
    """Whether a folder of that name is a tenant's."""
    return _TENANT.fullmatch(name) is not None


def is_unfinished(name: str) -> bool:
    """Whether a name says that the file is still being written."""
    return name.lower().endswith(_UNFINISHED)


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A regular file that waits in the drop folder, as it looked at one moment."""

    path: Path
    tenant_code: str
    size_bytes: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in the drop folder that is never taken, and why."""

    path: Path
    reason: str


def look(folder: Path) -> tuple[list[DroppedFile], list[Refusal]]:
    """What waits: `<folder>/<tenant>/<file>`, and files of tenant `default` in the folder itself."""
    waiting: list[DroppedFile] = []
    refused: list[Refusal] = []
    for entry in _entries(folder):
        if entry.is_dir() and not entry.is_symlink():
            if not is_tenant_code(entry.name):
                refused.append(Refusal(entry, "the folder's name is no tenant code"))
                continue
            for inner in _entries(entry):
                _judge(inner, entry.name, waiting, refused)
        else:
            _judge(entry, DEFAULT_TENANT, waiting, refused)
    return waiting, refused


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _judge(path: Path, tenant: str, waiting: list[DroppedFile], refused: list[Refusal]) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if is_unfinished(path.name):
        return
    if not stat.S_ISREG(found.st_mode):
        refused.append(Refusal(path, f"it is {_kind(found.st_mode)}, not a file"))
    elif not os.access(path, os.R_OK):
        refused.append(Refusal(path, "it may not be read"))
    else:
        waiting.append(DroppedFile(path, tenant, found.st_size, found.st_mtime_ns, found.st_ino))


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe"}
    return kinds.get(stat.S_IFMT(mode), "a device or socket")


@contextmanager
def opened(file: DroppedFile) -> Iterator[BinaryIO | None]:
    """The file's bytes, never through a link; None when another file stands there now."""
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        yield None
        return
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(stream.fileno())
        is_same = stat.S_ISREG(found.st_mode) and found.st_ino == file.inode
        yield stream if is_same else None


def remove_if_unchanged(file: DroppedFile) -> bool:
    """Remove a taken file, unless it changed while it was taken; then it stays and is taken again."""
    try:
        found = file.path.lstat()
        same = (found.st_size, found.st_mtime_ns, found.st_ino) == (
            file.size_bytes,
            file.modified_ns,
            file.inode,
        )
        if same:
            file.path.unlink()
    except FileNotFoundError:
        return False
    return same
