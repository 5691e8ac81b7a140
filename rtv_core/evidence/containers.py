"""What kind of film a file is, from its own bytes: the demuxer is forced, never guessed.

A text file named `.mp4` can be a playlist that opens other files; a demuxer chosen here cannot.
"""

from __future__ import annotations

import os
from pathlib import Path

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


def is_box_cut_off(path: Path) -> bool:
    """Whether the last box of an MP4 says it is longer than the file."""
    size = path.stat().st_size
    at = 0
    with path.open("rb") as stream:
        while at + 8 <= size:
            stream.seek(at)
            head = stream.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            elif length == 0:
                return False
            if length < 8:
                return True
            at += length
    return at > size or size - at > 0


def local_path(uri: str) -> Path:
    """The file a `file://` address or plain path names."""
    if uri.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        return Path(unquote(urlsplit(uri).path))
    return Path(os.fspath(uri))
