"""Splits the plain stretches of a long UTF-8 file by columns, and record by record where a quote stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv as pa_csv

from ingest.readers.dialects import Dialect
from ingest.readers.table import BATCH_ROWS
from rtv_core.errors import InvalidInput

# About as many rows as a batch of records holds.
_BLOCK_BYTES = 4 << 20
_MAX_LINE_BYTES = 64 << 20
_ALONE = re.compile(r"(?<=\r)(?!\n)")
Records = list[list[str]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some records in a row: as columns where they are plain, else each by itself."""

    row_count: int
    columns: list[pa.Array] | None
    records: Records


class _Place:
    """Where in the file the next record begins."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.stream = stream
        self.at = 3 if encoding == "utf-8-sig" else 0

    def lines(self) -> Iterator[str]:
        self.stream.seek(self.at)
        while line := self.stream.readline(_MAX_LINE_BYTES):
            if len(line) == _MAX_LINE_BYTES:
                raise InvalidInput(
                    f"A line is longer than {_MAX_LINE_BYTES} bytes",
                    remedy="Look for the line end that is missing; save the file as CSV again.",
                    code="CSV_INVALID",
                )
            for piece in filter(None, _ALONE.split(line.decode("utf-8"))):
                self.at += len(piece.encode("utf-8"))
                yield piece


def stretches(path: Path, encoding: str, dialect: Dialect, width: int, skipped: int) -> Iterator[Stretch]:
    """The records behind the first `skipped`, from the start of the file. Raises `csv.Error`, `UnicodeError`.

    What is split as columns is what the careful reader would split the same way: no quote, no blank line.
    """
    with path.open("rb") as stream:
        place = _Place(stream, encoding)
        head = _records(place, dialect, skipped)
        if skipped:
            yield Stretch(len(head), None, [])
        while True:
            if columns := _plain(place, dialect, width):
                yield Stretch(len(columns[0]), columns, [])
            elif records := _records(place, dialect, BATCH_ROWS):
                yield Stretch(len(records), None, records)
            else:
                return


def _records(place: _Place, dialect: Dialect, most: int) -> Records:
    """The next records, one by one: the reader asks for no line before it has ended the last record."""
    reader = csv.reader(
        place.lines(),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    return list(islice(reader, most))


def _plain(place: _Place, dialect: Dialect, width: int) -> list[pa.Array] | None:
    """The next block as columns of text, if all of it is plain; the place then lies behind it."""
    place.stream.seek(place.at)
    block = place.stream.read(_BLOCK_BYTES)
    block += place.stream.readline(_MAX_LINE_BYTES)
    if not block or not _is_plain(block, dialect):
        return None
    names = [str(number) for number in range(width)]
    try:
        table = pa_csv.read_csv(
            io.BytesIO(block),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        # A row of another width: the careful reader says which.
        return None
    place.at += len(block)
    return [column.combine_chunks() for column in table.columns]


def _is_plain(block: bytes, dialect: Dialect) -> bool:
    return not (
        (dialect.quote is not None and dialect.quote.encode() in block)
        or b"\x00" in block
        or block.startswith((b"\n", b"\r"))
        or b"\n\n" in block
        or b"\n\r" in block
        or block.count(b"\r") != block.count(b"\r\n")
    )
