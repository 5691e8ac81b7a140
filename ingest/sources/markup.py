"""XML documents as tables of one object: elements by name, repeated ones as lists, attributes beside them.

Document types and entities are refused before anything is parsed: an honest payload has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ingest.readers.jsonl import text_of
from ingest.readers.sniff import encoding_of_head
from ingest.readers.table import Batch, Document, Table
from ingest.sources.bodies import Body, batches_of
from ingest.sources.wrapped import Wrapped, document_of, wrapped_in
from rtv_core.errors import InvalidInput

MAX_XML_BYTES = 64 * 1024**2
MAX_DEPTH = 60
# References to control characters, which no XML may hold; Tally writes them before "Not Applicable".
_NO_CHARACTER = re.compile(rb"&#(?:[0-8]|1[124-9]|2\d|3[01]|x0?[0-8BbCcEeFf]|x1[0-9A-Fa-f]);")
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_REMEDY = "Export it again, as plain XML without a document type."


def read_xml(path: Path) -> Document:
    """Understand an XML file. Raises `InvalidInput` when it is none, too large, too deep or has entities."""
    if path.stat().st_size > MAX_XML_BYTES:
        raise InvalidInput(
            f"The XML document is larger than {MAX_XML_BYTES // 1024**2} MB",
            remedy="Send it in parts.",
            code="XML_TOO_LARGE",
        )
    body = _Builder().built(_NO_CHARACTER.sub(b"", _as_declared(path.read_bytes())))
    header = tuple(body)
    whole = Document("xml", {"root": header[0]}, (Table(None, header, None, lambda: _batches(header, body)),))
    found = _rows_within(body)
    return document_of(whole, found, batches_of) if found.lists else whole


def _rows_within(body: Body) -> Wrapped:
    """The elements that are repeated; where none is, the one that all others enclose is a row."""
    found = wrapped_in(body, MAX_DEPTH)
    found.lists = [(path, [_row(path[-1], entry) for entry in rows]) for path, rows in found.lists]
    if not found.lists:
        path: tuple[str, ...] = ()
        inner: Any = body
        while isinstance(inner, dict) and len(inner) == 1:
            ((name, inner),) = inner.items()
            path = (*path, name)
        if isinstance(inner, dict) and inner:
            return Wrapped([(path, [inner])])
        if isinstance(inner, list):
            return Wrapped([(path, [_row(path[-1], entry) for entry in inner])])
    return found


def _row(name: str, entry: Any) -> Body:
    """An element as a row: of one that holds text alone, its name is the column."""
    return entry if isinstance(entry, dict) else {name: entry}


def _as_declared(data: bytes) -> bytes:
    """The bytes as the parser expects them: Tally writes UTF-16, or Windows-1252 without saying so."""
    try:
        encoding = encoding_of_head(data[:4096])
        if encoding is not None and encoding != "utf-8-sig":
            return _DECLARATION.sub("", data.decode(encoding)).encode()
        if b"encoding=" not in data[:200]:
            data.decode("utf-8")
    except UnicodeDecodeError:
        return _DECLARATION.sub("", data.decode("cp1252", errors="replace")).encode()
    return data


def _batches(header: tuple[str, ...], body: Body) -> Iterator[Batch]:
    yield Batch(header, [1], [[text_of(body[name])] for name in header])


class _Builder:
    """Builds nested objects from the events of the parser, with bounds on depth."""

    def __init__(self) -> None:
        self._root: Body = {}
        self._open: list[tuple[str, Body, list[str]]] = []

    def built(self, data: bytes) -> Body:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise InvalidInput(
                f"The XML cannot be read: {error}", remedy=_REMEDY, code="XML_INVALID"
            ) from error
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise InvalidInput(
                f"The XML is nested deeper than {MAX_DEPTH} elements", remedy=_REMEDY, code="XML_INVALID"
            )
        named = {_local(key): value for key, value in attributes.items()}
        self._open.append((_local(name), named, []))

    def _text(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)

    def _end(self, _: str) -> None:
        name, found, texts = self._open.pop()
        plain = "".join(texts).strip()
        value: Any = found
        if not found:
            value = plain or None
        elif plain:
            found["#text"] = plain
        _put(self._open[-1][1] if self._open else self._root, name, value)


def _put(parent: Body, name: str, value: Any) -> None:
    """Keep a child; a second one of the same name makes a list."""
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse_doctype(*_: object) -> None:
    raise InvalidInput("The XML declares a document type", remedy=_REMEDY, code="XML_INVALID")
