"""Looks into ZIP archives, workbooks among them, whose directory may be broken or may lie."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path

# What an honest file unpacks to at most, and how many times its own size.
MAX_UNPACKED_BYTES = 512 * 1024**2
MAX_RATIO = 200
# What reading a broken or odd archive ends in.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def entries_of(path: Path) -> list[zipfile.ZipInfo]:
    """What an archive lists, but for folders and what has no name. Raises one of `BROKEN`."""
    with zipfile.ZipFile(path) as archive:
        return [entry for entry in archive.infolist() if entry.filename and not entry.is_dir()]
