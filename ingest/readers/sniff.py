"""Finds a text file's encoding and delimiter from its first bytes."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 256 * 1024
DELIMITERS = (",", "\t", ";", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text file is written."""

    encoding: str
    delimiter: str
    quote: str = '"'


def sniff_encoding(path: Path) -> str:
    """UTF-8 or UTF-16 or UTF-32 by mark or pattern; else UTF-8 if all bytes are, else Windows-1252."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    wide = _utf16_without_mark(head)
    if wide:
        return wide
    return "utf-8" if _is_utf8(path) else "cp1252"


def _utf16_without_mark(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 4:
        return None
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


def sniff_dialect(path: Path) -> Dialect:
    """The dialect whose delimiter splits the first records most evenly into most cells."""
    encoding = sniff_encoding(path)
    with path.open("r", encoding=encoding, errors="replace", newline="") as stream:
        head = stream.read(HEAD_BYTES)
    best = max(DELIMITERS, key=lambda delimiter: _evenness(head, delimiter))
    return Dialect(encoding, best)


def _evenness(head: str, delimiter: str) -> tuple[float, int]:
    lines = head.splitlines(keepends=True)
    widths: list[int] = []
    try:
        widths.extend(len(record) for record in csv.reader(lines[:200], delimiter=delimiter) if record)
    except csv.Error:
        return (0.0, 0)
    if not widths or max(widths) < 2:
        return (0.0, 0)
    common = max(set(widths), key=widths.count)
    return (widths.count(common) / len(widths) * (common > 1) * (1 - 1 / common), common)
