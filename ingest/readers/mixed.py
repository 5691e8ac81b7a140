"""Texts put together of UTF-8 and Windows-1252: each line is read as what it is.

The codec of this module is known to Python by its name, so whatever opens a text can read one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MIXED = "utf-8-or-cp1252"
MAX_NAMED = 20
_BLOCK_BYTES = 1 << 20
# A line longer than this is decided on by its parts: it is held in memory until its end is found.
_MAX_LINE_BYTES = 16 << 20
# What UTF-8 writes for the letters of Latin, Greek, Cyrillic, Hebrew and Arabic, and for all beyond. Other
# pairs of bytes may as well be two signs of Windows-1252, as the last two of "Spa\xdf\xab".
_WRITTEN_AS_UTF8 = re.compile(
    rb"\xc8[\x98-\x9b]|[\xc3-\xc5\xce-\xda][\x80-\xbf]|\xc2[\xa0-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def has_utf8_lines(path: Path) -> bool:
    """Whether some line of a text that is not all UTF-8 was surely written as UTF-8."""
    return any(not line.isascii() and _is_utf8(line) for line in _lines(path))


def foreign_lines(path: Path) -> list[int]:
    """The numbers, from 1, of the lines that are no UTF-8."""
    return [number for number, line in enumerate(_lines(path), start=1) if not _is_utf8(line)]


def said_of_mixed(numbers: list[int], unit: str = "row") -> str:
    """What a person is told of rows (or lines) that were written in Windows-1252."""
    named = ", ".join(map(str, numbers[:MAX_NAMED]))
    more = f" and {len(numbers) - MAX_NAMED} more" if len(numbers) > MAX_NAMED else ""
    return f"The file mixes two encodings: {unit} {named}{more} read as Windows-1252, all others as UTF-8"


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            lines, rest = _cut(rest + block)
            yield from lines
    yield from rest.splitlines(keepends=True)


def _cut(data: bytes) -> tuple[list[bytes], bytes]:
    """The lines that surely are whole, and the rest: a CR at the end may be half of a CRLF."""
    lines = data.splitlines(keepends=True)
    if not lines or len(lines[-1]) > _MAX_LINE_BYTES:
        return lines, b""
    return lines[:-1], lines[-1]


def _is_utf8(line: bytes) -> bool:
    """Whether the line can be UTF-8, and is not by chance alone."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return line.isascii() or bool(_WRITTEN_AS_UTF8.search(line))


def _decoded_line(line: bytes, errors: str) -> str:
    return line.decode("utf-8") if _is_utf8(line) else line.decode("cp1252", errors)


class _Decoder(codecs.BufferedIncrementalDecoder):
    """Decodes line by line; a mark at the start is left out."""

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self._has_begun = False

    def _buffer_decode(self, data: Any, errors: str, final: bool) -> tuple[str, int]:
        lines, rest = (data.splitlines(keepends=True), b"") if final else _cut(data)
        found = "".join(_decoded_line(line, errors) for line in lines)
        if found and not self._has_begun:
            self._has_begun = True
            found = found.removeprefix("\ufeff")
        return found, len(data) - len(rest)

    def reset(self) -> None:
        super().reset()
        self._has_begun = False


def _decode(data: Any, errors: str = "strict") -> tuple[str, int]:
    text = "".join(_decoded_line(line, errors) for line in bytes(data).splitlines(keepends=True))
    return text.removeprefix("\ufeff"), len(data)


def _codec(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != MIXED:
        return None
    return codecs.CodecInfo(
        name=MIXED, encode=codecs.utf_8_encode, decode=_decode, incrementaldecoder=_Decoder,
        incrementalencoder=codecs.getincrementalencoder("utf-8"),
    )  # fmt: skip


codecs.register(_codec)
