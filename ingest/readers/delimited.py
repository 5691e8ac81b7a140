"""Reads delimited text (CSV, TSV and kin), told nothing: dialect, header, what stands around the table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from ingest.readers import fitting
from ingest.readers.dialects import Dialect, line_ends, sniff_dialect
from ingest.readers.layout import Placed, find_tables
from ingest.readers.mixed import MAX_NAMED, MIXED, foreign_lines, said_of_mixed
from ingest.readers.sniff import sniff_encoding
from ingest.readers.streamed import batch_of_records, is_header_again, reader_of, streamed_batches
from ingest.readers.table import (
    BATCH_ROWS,
    Batch,
    Document,
    Finding,
    Table,
    unique_header,
)
from ingest.readers.tokens import MAX_CELL_CHARACTERS, split_line, split_records
from rtv_core.errors import InvalidInput

# A text of up to so many bytes and lines is laid out as a whole; of a longer one the head tells, and its rows
# are streamed.
WHOLE_BYTES = 4 << 20
WHOLE_LINES = 100_000
HEAD_CHARACTERS = 256 * 1024
_LOOKED_THROUGH_BYTES = 1 << 20
_LETTERS = re.compile(rb"[^\W_]+")
_LINE_END = re.compile(r"\r\n|\r|\n")


def read_delimited(path: Path) -> Document:
    """Understand a delimited file; its rows are read when its table is."""
    encoding = sniff_encoding(path)
    is_whole = path.stat().st_size <= WHOLE_BYTES and _line_count(path) <= WHOLE_LINES
    text = _text(path, encoding, None if is_whole else HEAD_CHARACTERS)
    dialect = sniff_dialect(text)
    if not is_whole:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    records = _split(text, dialect)
    placed = find_tables(records)
    if not placed:
        raise InvalidInput(
            "The file holds no rows",
            remedy="Send the file again; it may have been cut off.",
            code="FILE_EMPTY",
        )
    if is_whole:
        tables = tuple(_whole_table(records, one, dialect, len(placed), n) for n, one in enumerate(placed, 1))
    else:
        tables = (_streamed_table(path, encoding, dialect, records, placed[0]),)
    described = {
        "encoding": encoding,
        "delimiter": dialect.delimiter,
        "quote": dialect.quote or "none",
        "escape": dialect.escape or ("doubled quote" if dialect.quote else "none"),
        "line end": line_ends(text, dialect) or "none",
    }
    findings = _findings(encoding, records, placed)
    if encoding == MIXED:
        lines = foreign_lines(path)
        said = said_of_mixed(_rows_of(lines, text, dialect)) if is_whole else said_of_mixed(lines, "line")
        findings = (Finding("ENCODINGS_MIXED", said), *findings)
    if is_whole:
        left_out = [*_headers_again(records, placed, tables), *_mended(records, placed, tables)]
    else:
        left_out = _lines_again(path, encoding, tables[0])
    return Document("csv", described, tables, (*findings, *left_out))


def _line_count(path: Path) -> int:
    data = path.read_bytes()
    return max(data.count(b"\n"), data.count(b"\r"))


def _text(path: Path, encoding: str, most: int | None) -> str:
    try:
        with path.open("r", encoding=encoding, newline="") as stream:
            return stream.read() if most is None else stream.read(most)
    except UnicodeError as error:
        raise InvalidInput(
            f"The text is no sound {encoding}: {error}",
            remedy="Save the file as UTF-8 and send it again.",
            code="ENCODING_INVALID",
        ) from error


def _findings(
    encoding: str, records: Sequence[Sequence[str]], placed: Sequence[Placed]
) -> tuple[Finding, ...]:
    found = []
    if encoding not in ("utf-8", MIXED):
        found.append(Finding("ENCODING_RECOGNISED", f"The file is written in {encoding}"))
    for one in placed:
        for code, where, places in (("ABOVE", "above", one.above), ("BELOW", "below", one.below)):
            if places:
                said = "; ".join(" ".join(filter(None, records[place]))[:80] for place in places[:3])
                rows = ", ".join(str(place + 1) for place in places[:5])
                found.append(
                    Finding(f"LINES_{code}_TABLE", f"Left out {where} the table, row {rows}: {said}")
                )
        if not one.header:
            found.append(Finding("HEADER_ABSENT", "No row names the columns: they are called by their place"))
    return tuple(found)


def _headers_again(
    records: Sequence[Sequence[str]], placed: Sequence[Placed], tables: Sequence[Table]
) -> list[Finding]:
    """The rows that repeat the header of their table."""
    again = [
        place + 1
        for one, table in zip(placed, tables, strict=True)
        for place in one.rows
        if one.header and records[place] and is_header_again(records[place], table.header)
    ]
    return _said("HEADER_REPEATED", "Left out as the header again: row", again)


def _mended(
    records: Sequence[Sequence[str]], placed: Sequence[Placed], tables: Sequence[Table]
) -> list[Finding]:
    """The rows that a blank cell too many was left out of."""
    mended: list[int] = []
    for one, table in zip(placed, tables, strict=True):
        width = len(table.header)
        long = [place for place in one.rows if len(records[place]) == width + 1 and any(records[place])]
        kinds = fitting.kinds_of((records[place] for place in one.rows), width) if long else []
        mended += [
            place + 1 for place in long if fitting.without_a_blank(records[place], kinds, width) is not None
        ]
    return _said("ROWS_MENDED", "Left out a blank cell too many: row", mended)


def _lines_again(path: Path, encoding: str, table: Table) -> list[Finding]:
    """The lines of a streamed file that repeat its header: told without splitting all others."""
    if table.header_row_no is None or not table.header or encoding.startswith(("utf-16", "utf-32")):
        return []
    first = table.header[0].encode(encoding)
    names = _LETTERS.findall(",".join(table.header).encode(encoding))
    again, number = [], 0
    with path.open("rb") as stream:
        while block := stream.read(_LOOKED_THROUGH_BYTES) + stream.readline():
            for place, line in enumerate(block.split(b"\n") if first in block else (), start=1):
                if first in line[: len(first) + 4] and _LETTERS.findall(line) == names:
                    again.append(number + place)
            number += block.count(b"\n")
    return _said("HEADER_REPEATED", "Left out as the header again: line", again[1:])


def _said(code: str, fact: str, numbers: list[int]) -> list[Finding]:
    if not numbers:
        return []
    named = ", ".join(map(str, numbers[:MAX_NAMED]))
    more = f" and {len(numbers) - MAX_NAMED} more" if len(numbers) > MAX_NAMED else ""
    return [Finding(code, f"{fact} {named}{more}")]


def _rows_of(lines: list[int], text: str, dialect: Dialect) -> list[int]:
    """The rows that hold these lines of the file: a cell may hold line breaks."""
    wanted, rows, last = iter([*lines, 0]), [], 0
    line = next(wanted)
    for row_no, record in enumerate(split_records(text, dialect), start=1):
        last += 1 + len(_LINE_END.findall(record.text))
        if 0 < line <= last:
            rows.append(row_no)
        while 0 < line <= last:
            line = next(wanted)
    return rows


def _is_tidy(text: str, dialect: Dialect) -> bool:
    """Whether the standard library's reader splits it as we would: no quote within words, none left open."""
    if len(dialect.delimiter) != 1 or dialect.escape:
        return False
    if dialect.quote is None or dialect.quote not in text:
        return True
    edges = re.escape(dialect.delimiter + "\r\n" + dialect.quote)
    stray = re.search(f"[^{edges}]{dialect.quote}|{dialect.quote}[^{edges}]", _without_edges(text, dialect))
    return stray is None and text.count(dialect.quote) % 2 == 0


def _without_edges(text: str, dialect: Dialect) -> str:
    """The text without the quotes that open and close cells as they should."""
    quote, edge = dialect.quote or "", re.escape(dialect.delimiter) + r"\r\n"
    return re.sub(
        rf"(?:(?<=[{edge}])|\A){quote}(?:[^{quote}]|{quote}{quote})*{quote}(?=[{edge}]|\Z)", "", text
    )


def _split(text: str, dialect: Dialect) -> list[list[str]]:
    if not _is_tidy(text, dialect):
        return _split_patiently(text, dialect)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        return list(reader_of(io.StringIO(text, newline=""), dialect))
    except csv.Error:
        return _split_patiently(text, dialect)


def _split_patiently(text: str, dialect: Dialect) -> list[list[str]]:
    """The records; one of quoted cells between spaces, a single cell to the dialect, is split there."""
    records = list(split_records(text, dialect))
    width = Counter(len(record.cells) for record in records).most_common(1)[0][0]
    spaced = Dialect(" ", dialect.quote, dialect.escape)
    return [
        cells
        if len(record.cells) < width > 2
        and _between_quotes(dialect) in record.text
        and len(cells := split_line(record.text, spaced)) == width
        else record.cells
        for record in records
    ]


def _between_quotes(dialect: Dialect) -> str:
    return f"{dialect.quote} {dialect.quote}" if dialect.quote and dialect.delimiter != " " else "\0"


def header_of(records: Sequence[Sequence[str]], placed: Placed) -> tuple[str, ...]:
    """Names of the columns; rows of names are joined, columns beyond them are called by their place."""
    body = [records[place] for place in placed.rows if any(records[place])]
    width = Counter(map(len, body)).most_common(1)[0][0] if body else 0
    if not placed.header:
        return tuple(f"column {place}" for place in range(1, width + 1))
    names = [list(records[place]) for place in placed.header]
    longest = max(map(len, names))
    joined = [
        " ".join(filter(None, (row[column].strip() for row in names if column < len(row))))
        for column in range(longest)
    ]
    header = unique_header(fitting.names(joined, width))
    is_nameless = len(body) > 1 and sum(any(cell.strip() for cell in row[len(header) :]) for row in body) > (
        0.9 * len(body)
    )
    if is_nameless and width > len(header):
        header += tuple(f"column {place}" for place in range(len(header) + 1, width + 1))
    return header


def _whole_table(
    records: list[list[str]], placed: Placed, dialect: Dialect, tables: int, number: int
) -> Table:
    header = header_of(records, placed)
    name = f"table {number}" if tables > 1 else None
    header_row_no = placed.header[0] + 1 if placed.header else None
    rows = [(place + 1, records[place]) for place in placed.rows]
    return Table(name, header, header_row_no, partial(_whole_batches, rows, header, dialect))


def _whole_batches(
    rows: list[tuple[int, list[str]]], header: tuple[str, ...], dialect: Dialect
) -> Iterator[Batch]:
    kinds = fitting.kinds_of((cells for _, cells in rows), len(header))
    for start in range(0, len(rows), BATCH_ROWS):
        chunk = rows[start : start + BATCH_ROWS]
        batch = batch_of_records(header, [cells for _, cells in chunk], chunk[0][0], dialect, kinds)
        if batch.row_count:
            yield batch


def _streamed_table(
    path: Path, encoding: str, dialect: Dialect, records: list[list[str]], placed: Placed
) -> Table:
    header = header_of(records, placed)
    skipped = placed.header[-1] + 1 if placed.header else placed.rows.start
    header_row_no = placed.header[0] + 1 if placed.header else None
    return Table(
        None, header, header_row_no, partial(streamed_batches, path, encoding, dialect, header, skipped)
    )
