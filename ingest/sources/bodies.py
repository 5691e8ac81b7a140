"""JSON documents (an object, a list of objects) as tables: an object is a row, its parts stay JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.jsonl import findings_of_encoding, text_of
from ingest.readers.sniff import sniff_encoding
from ingest.readers.table import BATCH_ROWS, Batch, BrokenRow, Document, Table
from ingest.sources.wrapped import document_of, wrapped_in
from rtv_core.errors import InvalidInput

MAX_JSON_BYTES = 64 * 1024**2
Body = dict[str, Any]
# How deep a list may stand to be the rows of its document: deeper ones belong to what encloses them.
_WRAPPERS = 3
_FIRST_LINE = 64 * 1024


def _refuse_constant(name: str) -> str:
    raise ValueError(f"{name} is no JSON number")


# Numbers stay text: a rounded float would lose what the sender wrote.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)


def read_json(path: Path) -> Document | None:
    """A file that is one JSON document over several lines, or a list; None when it is none (JSON Lines).

    Raises `InvalidInput` for a document that is too large to be read at once.
    """
    encoding = sniff_encoding(path)
    with path.open("r", encoding=encoding, errors="replace") as stream:
        head = stream.read(_FIRST_LINE).lstrip("\ufeff \r\n\t")
    is_one_line = _is_object(head.partition("\n")[0])
    if not head.startswith(("{", "[")) or (is_one_line and head.partition("\n")[2].strip()):
        return None
    if path.stat().st_size > MAX_JSON_BYTES:
        _refuse_if_no_lines(head)
        return None
    try:
        found = _DECODER.decode(path.read_bytes().decode(encoding).lstrip("\ufeff").strip())
    except (ValueError, RecursionError):
        return None
    bodies = found if isinstance(found, list) else [found]
    wrapped = wrapped_in(found, _WRAPPERS) if isinstance(found, dict) else None
    if is_one_line and (wrapped is None or len(wrapped.lists) != 1):
        return None
    header = tuple(dict.fromkeys(name for body in bodies if isinstance(body, dict) for name in body))
    if not header:
        raise InvalidInput("The JSON holds no objects", remedy="Send the file again.", code="FILE_EMPTY")
    table = Table(None, header, None, lambda: batches_of(bodies))
    whole = Document("json", {"encoding": encoding}, (table,), findings_of_encoding(path, encoding))
    is_wrapped = wrapped is not None and len(wrapped.lists) == 1
    return document_of(whole, wrapped, batches_of) if wrapped and is_wrapped else whole


def _is_object(line: str) -> bool:
    """Whether a line is a whole object: then the file is read as JSON Lines."""
    try:
        return isinstance(_DECODER.decode(line.strip()), dict)
    except (ValueError, RecursionError):
        return False


def _refuse_if_no_lines(head: str) -> None:
    """A list, or an object that starts with a bare bracket, is no JSON Lines."""
    if head[1:2] in "\r\n{ " or head.startswith("["):
        raise InvalidInput(
            f"The JSON document is larger than {MAX_JSON_BYTES // 1024**2} MB",
            remedy="Send it in parts, or as JSON Lines: one object a line.",
            code="JSON_TOO_LARGE",
        )


def batches_of(bodies: list[Any]) -> Iterator[Batch]:
    """Objects as rows, numbered by their place in the list."""
    for start in range(0, len(bodies), BATCH_ROWS):
        yield _batch(start + 1, bodies[start : start + BATCH_ROWS])


def _batch(first_no: int, bodies: list[Any]) -> Batch:
    sound: list[tuple[int, Body]] = []
    broken: list[BrokenRow] = []
    for row_no, body in enumerate(bodies, start=first_no):
        if isinstance(body, dict) and _is_text(body):
            sound.append((row_no, body))
        else:
            broken.append(_broken(row_no, body))
    header = tuple(dict.fromkeys(name for _, body in sound for name in body))
    columns = [[text_of(body.get(name)) for _, body in sound] for name in header]
    return Batch(header, [row_no for row_no, _ in sound], columns, broken)


def _is_text(body: Any) -> bool:
    """Half a surrogate pair is JSON, but no text that can be stored."""
    try:
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        return False
    return True


def _broken(row_no: int, body: Any) -> BrokenRow:
    remedy = "Write a list of JSON objects, and send the row again."
    content: dict[str, object] = {"text": json.dumps(body)[:10_000]}
    if isinstance(body, dict):
        fact = f"Element {row_no} of the list holds half a character"
        return BrokenRow(row_no, "JSON_INVALID", fact, remedy, content)
    fact = f"Element {row_no} of the list is no JSON object"
    return BrokenRow(row_no, "JSON_NOT_OBJECT", fact, remedy, content)


def bodies_of(batch: Batch) -> Iterator[tuple[int, Body]]:
    """The objects of a batch with their row numbers; parts that were kept as JSON text are read again."""
    for place, row_no in enumerate(batch.row_nos):
        yield (
            row_no,
            {
                name: parsed(values[place])
                for name, values in zip(batch.header, batch.columns, strict=True)
                if values[place] is not None
            },
        )


def parsed(cell: str | None) -> Any:
    """A cell's object or list; any other cell as it is."""
    if cell is None or cell[:1] not in ("{", "["):
        return cell
    try:
        return _DECODER.decode(cell)
    except (ValueError, RecursionError):
        return cell


def part(body: Any, *path: str) -> Any:
    """What lies under a path of names; None where it breaks off."""
    for name in path:
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    return body


def text(body: Any, *path: str) -> str | None:
    """The plain text under a path; None when it is blank, missing, or no plain value."""
    found = part(body, *path)
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float):
        return str(found)
    return found.strip() or None if isinstance(found, str) else None


def objects(found: Any) -> list[Body]:
    """The objects of a list; one object stands for a list of one."""
    if isinstance(found, dict):
        return [found]
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def entries(found: Any) -> list[Body]:
    """Each entry of a list as an object, also one that is none: its row is then refused, not lost."""
    listed = found if isinstance(found, list) else [found]
    return [
        entry if isinstance(entry, dict) else {"value": text_of(entry)}
        for entry in listed
        if entry is not None
    ]
