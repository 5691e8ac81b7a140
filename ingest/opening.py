"""Opens any file that is taken in: JSON and XML documents here, every other format by the readers."""

from __future__ import annotations

from pathlib import Path

from ingest.archives import is_archive_of_files, read_archive
from ingest.readers.open import open_document
from ingest.readers.table import Document
from ingest.sources.bodies import read_json
from ingest.sources.markup import read_xml

_MARKS = b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t"


def open_file(path: Path, file_name: str) -> Document:
    """Understand a file. Raises `InvalidInput` when it cannot be read at all."""
    with path.open("rb") as stream:
        head = stream.read(256).lstrip(_MARKS).replace(b"\x00", b"")
    if head.startswith(b"PK") and is_archive_of_files(path):
        return read_archive(path, open_file)
    if (head[:1] == b"<" and head[1:2].isalpha()) or head.startswith(b"<?xml"):
        return read_xml(path)
    found = read_json(path) if head[:1] in (b"{", b"[") else None
    return found or open_document(path, file_name)
