"""Opens any supported file: what it is is told by its bytes first, its name second."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from ingest.readers.delimited import read_delimited
from ingest.readers.edi.read import is_edi, read_edi
from ingest.readers.jsonl import read_jsonl
from ingest.readers.sniff import sniff_encoding
from ingest.readers.table import Document
from rtv_core.errors import InvalidInput

_TEXT_CONTROLS = frozenset(b"\t\n\r\f\v")
_REMEDY = "Send CSV, a workbook (XLSX, XLS, XLSB, ODS), JSON, XML, Parquet, PDF, X12 or EDIFACT."
# Mailers may write some lines before it.
_PDF = re.compile(rb"(?:\A|[\r\n])%PDF-\d")


def open_document(path: Path, file_name: str) -> Document:
    """Understand a file. Raises `InvalidInput` when it cannot be read at all."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\x00 \r\n\t"):
        raise InvalidInput("The file is empty", remedy="Send the file again.", code="FILE_EMPTY")
    if head.startswith(b"PAR1"):
        from ingest.readers.parquet import read_parquet

        return read_parquet(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        from ingest.readers.workbook import read_workbook

        return read_workbook(path)
    if _PDF.search(head, 0, 1024):
        from ingest.readers.pdf import read_pdf

        return read_pdf(path)
    if _is_binary(head, path):
        suffix = PurePath(file_name).suffix
        raise InvalidInput(
            f"The bytes are of no known format (name ends in {suffix or 'nothing'})",
            remedy=_REMEDY,
            code="FORMAT_UNKNOWN",
        )
    if is_edi(path):
        return read_edi(path)
    return read_jsonl(path) if _is_jsonl(path) else read_delimited(path)


def _is_binary(head: bytes, path: Path) -> bool:
    """Many control bytes, some of them where a table has its names; in a row they are a matter of the row."""
    if sniff_encoding(path).startswith(("utf-16", "utf-32")):
        return False
    names = head[: max(head.find(b"\n"), 64)]
    return _controls(names) > 0 and _controls(head) > 0.05 * len(head)


def _controls(text: bytes) -> int:
    return sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in text)


def _is_jsonl(path: Path) -> bool:
    with path.open("r", encoding=sniff_encoding(path), errors="replace") as stream:
        return stream.read(4096).lstrip("\ufeff \r\n\t").startswith("{")
