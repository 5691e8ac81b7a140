"""Reads JSON Lines as a stream of batches. Numbers keep their text, nested values stay JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from ingest.readers.mixed import MIXED, foreign_lines, said_of_mixed
from ingest.readers.sniff import sniff_encoding
from ingest.readers.table import BATCH_ROWS, Batch, BrokenRow, Cell, Document, Finding, Table
from rtv_core.errors import InvalidInput

MAX_LINE_CHARACTERS = 16 * 1024**2
SAMPLE_RECORDS = 200
_REMEDY = "Write one JSON object a line, and send the row again."


def _refuse_constant(name: str) -> str:
    raise ValueError(f"{name} is no JSON number")


# Numbers stay text: a rounded float would lose what the sender wrote.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)


def read_jsonl(path: Path) -> Document:
    """Understand a JSON Lines file; its rows are read when its table is."""
    encoding = sniff_encoding(path)
    header = _sampled_header(path, encoding)
    table = Table(None, header, None, lambda: _batches(path, encoding))
    return Document("jsonl", {"encoding": encoding}, (table,), findings_of_encoding(path, encoding))


def findings_of_encoding(path: Path, encoding: str) -> tuple[Finding, ...]:
    """The lines of a JSON text that were written in another encoding than the rest."""
    if encoding != MIXED:
        return ()
    return (Finding("ENCODINGS_MIXED", said_of_mixed(foreign_lines(path), "line")),)


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    try:
        with path.open("r", encoding=encoding, newline="\n") as stream:
            row_no = 0
            while line := stream.readline(MAX_LINE_CHARACTERS):
                row_no += 1
                if len(line) == MAX_LINE_CHARACTERS and not line.endswith("\n"):
                    raise InvalidInput(
                        f"Line {row_no} is longer than {MAX_LINE_CHARACTERS} characters",
                        remedy="Write one JSON object a line.",
                        code="LINE_TOO_LONG",
                    )
                if line.strip():
                    yield row_no, line
    except UnicodeError as error:
        raise InvalidInput(
            f"The text is no sound {encoding}: {error}",
            remedy="Save the file as UTF-8 and send it again.",
            code="ENCODING_INVALID",
        ) from error


def _decoded(row_no: int, line: str) -> dict[str, Any] | BrokenRow:
    try:
        value = _DECODER.decode(line.strip())
        if "\\u" in line:
            # Half a surrogate pair is JSON, but no text that can be stored.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        return BrokenRow(
            row_no, "JSON_INVALID", f"The line is no JSON: {error}", _REMEDY, {"text": line[:10_000]}
        )
    if not isinstance(value, dict):
        return BrokenRow(
            row_no, "JSON_NOT_OBJECT", "The line is no JSON object", _REMEDY, {"text": line[:10_000]}
        )
    return value


def _sampled_header(path: Path, encoding: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    seen = 0
    for row_no, line in _lines(path, encoding):
        record = _decoded(row_no, line)
        if isinstance(record, dict):
            names.update(dict.fromkeys(record))
            seen += 1
        if seen >= SAMPLE_RECORDS:
            break
    if not names:
        raise InvalidInput(
            "The file holds no JSON objects", remedy="Write one JSON object a line.", code="FILE_EMPTY"
        )
    return tuple(names)


def text_of(value: Any) -> Cell:
    """A JSON value as cell text: lists of plain values joined by `|`, nested ones as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and value and all(isinstance(item, str) and "|" not in item for item in value):
        return "|".join(value)
    return orjson.dumps(value).decode()


def _batches(path: Path, encoding: str) -> Iterator[Batch]:
    records: list[tuple[int, dict[str, Any]]] = []
    broken: list[BrokenRow] = []
    for row_no, line in _lines(path, encoding):
        record = _decoded(row_no, line)
        if isinstance(record, dict):
            records.append((row_no, record))
        else:
            broken.append(record)
        if len(records) + len(broken) >= BATCH_ROWS:
            yield _batch(records, broken)
            records, broken = [], []
    if records or broken:
        yield _batch(records, broken)


def _batch(records: list[tuple[int, dict[str, Any]]], broken: list[BrokenRow]) -> Batch:
    names: dict[str, None] = {}
    for _, record in records:
        names.update(dict.fromkeys(record))
    columns: list[list[Cell]] = [[text_of(record.get(name)) for _, record in records] for name in names]
    return Batch(tuple(names), [row_no for row_no, _ in records], columns, broken)
