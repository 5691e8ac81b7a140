"""What kind of film a file is, from its own bytes: the demuxer is forced, never guessed.

A text file named `.mp4` can be a playlist that opens other files; a demuxer chosen here cannot.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from rtv_core.errors import InvalidInput

_TS_PACKET = 188


def container_of(path: Path) -> str:
    """The demuxer of a film: `mov`, `matroska`, `avi` or `mpegts`; `InvalidInput` for anything else."""
    with path.open("rb") as stream:
        head = stream.read(4 * _TS_PACKET)
    if head[4:8] in (b"ftyp", b"moov", b"styp", b"moof", b"mdat", b"free", b"wide", b"skip"):
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head and all(head[place : place + 1] == b"\x47" for place in range(0, len(head), _TS_PACKET)):
        return "mpegts"
    raise InvalidInput(
        f"{path.name} is no film of a kind that is known" if head else f"{path.name} is empty",
        remedy="Record as MP4, MKV, WebM, AVI or MPEG-TS; an unfinished film is read once it is whole.",
        code="FOOTAGE_FORMAT_UNKNOWN",
    )


def is_cut_off(path: Path, container: str) -> bool:
    """Whether a film says it is longer than its file; one written live does not say."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        if container == "mov":
            return _last_box_end(stream, size) != size
        head = stream.read(64)
    if container == "avi":
        return int.from_bytes(head[4:8], "little") + 8 > size
    if container == "mpegts":
        return size % _TS_PACKET != 0
    return _segment_end(head) > size


def _last_box_end(stream: BinaryIO, size: int) -> int:
    at = 0
    while at < size:
        stream.seek(at)
        head = stream.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            return size
        if length < 8:
            return -1
        at += length
    return at


def _segment_end(head: bytes) -> int:
    """Where the segment of a Matroska file ends by its own word; 0 when it does not say."""
    header_size, at = _vint(head, 4)
    at += header_size
    if head[at : at + 4] != b"\x18\x53\x80\x67":
        return 0
    segment_size, start = _vint(head, at + 4)
    return start + segment_size if segment_size >= 0 else 0


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """A number of Matroska and where it ends; -1 for a size left unknown."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length() if first else 9
    raw = int.from_bytes(data[at : at + length], "big")
    value = raw & ((1 << 7 * length) - 1)
    return (-1 if value == (1 << 7 * length) - 1 else value), at + length


def local_path(uri: str) -> Path:
    """The file a `file://` address or plain path names."""
    if uri.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        return Path(unquote(urlsplit(uri).path))
    return Path(os.fspath(uri))
