"""Finds a text file's encoding from its bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

from ingest.readers.mixed import MIXED, has_utf8_lines

HEAD_BYTES = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def sniff_encoding(path: Path) -> str:
    """UTF-8 or UTF-16 or UTF-32 by mark or pattern; else UTF-8, Windows-1252, or line by line one of them."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    told = encoding_of_head(head)
    if told not in (None, "utf-8-sig"):
        return told or ""
    if _is_utf8(path):
        return told or "utf-8"
    return MIXED if told or has_utf8_lines(path) else "cp1252"


def encoding_of_head(head: bytes) -> str | None:
    """The encoding that a mark or the places of zero bytes tell; None when they tell none."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return _wide_without_mark(head)


def _wide_without_mark(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 4:
        return None
    # Of four bytes UTF-32 never uses the highest, and the next one only for rare signs; UTF-16 uses both.
    quarter = len(sample) // 4
    for name, highest, next_one in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
        zeros = sample[highest::4].count(0), sample[next_one::4].count(0)
        if quarter > 1 and zeros[0] >= quarter and zeros[1] > 0.9 * quarter:
            return name
    half = len(sample) // 2
    if sample[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * half:
        return "utf-16-be"
    return None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while block := stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
