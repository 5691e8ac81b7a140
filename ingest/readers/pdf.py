"""Reads the tables of a PDF: ruled or not, over several pages, with whatever text stands around them."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from ingest.readers.delimited import header_of
from ingest.readers.layout import Placed, find_tables, is_numberish
from ingest.readers.pdf_layout import Grid, PageLayout, is_same_table, layout_of
from ingest.readers.table import BATCH_ROWS, Batch, BrokenRow, Cell, Document, Finding, Table, batch_of
from rtv_core.errors import InvalidInput

# A page takes a tenth of a second to one second, and its words are held in memory: 200 pages of a report of
# 50 lines each are read within a minute. What is longer is a register that its system exports as CSV too.
MAX_PAGES = 200
MAX_BYTES_AROUND_STREAMS = 1536 * 1024
MAX_BYTES = 64 * 1024**2
# A page of a printed report holds 10,000 signs at most; of drawings far more, and finding rules is quadratic.
MAX_PAGE_OBJECTS = 60_000
# What a page is drawn by: a printed one takes some hundred kilobytes, a packed bomb gigabytes of parsing.
MAX_PAGE_BYTES = 16 * 1024**2
MAX_NAMED = 12
# What damaged bytes make pdfplumber and pdfminer raise.
_UNREADABLE = (
    PdfminerException, MalformedPDFException, PSException, ValueError, KeyError, TypeError, IndexError,
    AttributeError, AssertionError, RecursionError, OSError, EOFError, zlib.error, struct.error,
    NotImplementedError,
)  # fmt: skip
_AS_TABLE = "Better send what it was printed from: CSV, a workbook, JSON or XML."


def read_pdf(path: Path) -> Document:
    """The tables of a PDF.

    Raises `InvalidInput` when it is too long, encrypted, damaged, scanned, or holds no table.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(
            f"The PDF is larger than {MAX_BYTES // 1024**2} MB", remedy=_AS_TABLE, code="PDF_TOO_LARGE"
        )
    if _bytes_around_streams(path) > MAX_BYTES_AROUND_STREAMS:
        raise InvalidInput(
            f"The PDF holds more than {MAX_BYTES_AROUND_STREAMS // 1024} kB that belong to no page",
            remedy=_AS_TABLE,
            code="PDF_TOO_LARGE",
        )
    # Damaged files make pdfminer warn of each object: what matters is said by our own errors.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        pages = _pages(path)
    except _UNREADABLE as error:
        raise _unreadable(error) from error
    return _document(pages)


def _bytes_around_streams(path: Path) -> int:
    """What is parsed sign by sign, whatever the pages hold: a printed PDF has little of it."""
    data = path.read_bytes()
    around, place = len(data), 0
    while (start := data.find(b"stream", place)) >= 0 and (end := data.find(b"endstream", start)) >= 0:
        around, place = around - (end - start), end + len(b"endstream")
    return around


def _pages(path: Path) -> list[PageLayout]:
    with pdfplumber.open(path) as pdf:
        if len(pdf.pages) > MAX_PAGES:
            raise InvalidInput(
                f"The PDF has {len(pdf.pages)} pages, {MAX_PAGES} is the most",
                remedy=f"Split it. {_AS_TABLE}",
                code="PDF_TOO_LONG",
            )
        if not pdf.pages:
            raise InvalidInput("The PDF has no pages", remedy="Send the file again.", code="FILE_EMPTY")
        return [_laid_out(page, number) for number, page in enumerate(pdf.pages, start=1)]


def _laid_out(page: Page, number: int) -> PageLayout:
    if _unpacks_to_too_much(page):
        raise InvalidInput(
            f"Page {number} of the PDF unpacks to more than {MAX_PAGE_BYTES // 1024**2} MB",
            remedy=_AS_TABLE,
            code="PDF_TOO_LARGE",
        )
    count = sum(map(len, page.objects.values()))
    if count > MAX_PAGE_OBJECTS:
        raise InvalidInput(
            f"Page {number} of the PDF holds {count} signs and lines, {MAX_PAGE_OBJECTS} is the most",
            remedy=_AS_TABLE,
            code="PDF_TOO_LARGE",
        )
    found = layout_of(page, number)
    page.close()
    return found


def _unpacks_to_too_much(page: Page) -> bool:
    """Whether the instructions that draw a page are too many, told before they are unpacked as a whole."""
    left = MAX_PAGE_BYTES
    for content in page.page_obj.contents:
        packed = getattr(resolve1(content), "rawdata", None) or b""
        unpacker = zlib.decompressobj()
        try:
            left -= len(unpacker.decompress(packed, left + 1))
        except zlib.error:  # Not packed, or packed otherwise: then its own size is what counts.
            left -= len(packed)
        if left < 0:
            return True
    return False


def _unreadable(error: Exception) -> InvalidInput:
    causes = (error, error.__cause__, error.__context__, *error.args)
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return InvalidInput(
            "The PDF is encrypted with a password", remedy="Send it without a password.", code="PDF_ENCRYPTED"
        )
    said = str(error) or type(error).__name__
    return InvalidInput(
        f"The PDF cannot be read: {said}",
        remedy=f"Make the PDF again; it may have been cut off. {_AS_TABLE}",
        code="FILE_UNREADABLE",
    )


def _document(pages: list[PageLayout]) -> Document:
    if not any(page.has_text for page in pages):
        raise _without_text(pages)
    findings: list[Finding] = []
    parts = _joined([grid for page in pages for grid in page.grids], findings)
    tables = [
        table for number, part in enumerate(parts, 1) for table in _tables(part, number, len(parts), findings)
    ]
    if not tables:
        raise InvalidInput("The PDF holds text, but no table", remedy=_AS_TABLE, code="PDF_TABLE_MISSING")
    blank = [str(number) for number, page in enumerate(pages, start=1) if not page.has_text]
    if blank:
        said = f"Page {', '.join(blank[:MAX_NAMED])} holds no text (blank, or a picture) and is not read"
        findings.append(Finding("PAGES_WITHOUT_TEXT", said))
    around = list(dict.fromkeys(line[:80] for page in pages for line in page.around))
    if around:
        more = f"; and {len(around) - MAX_NAMED} more" if len(around) > MAX_NAMED else ""
        said = f"Left out around the tables: {'; '.join(around[:MAX_NAMED])}{more}"
        findings.append(Finding("LINES_AROUND_TABLE", said))
    return Document("pdf", {"pages": str(len(pages))}, tuple(tables), tuple(findings))


def _without_text(pages: list[PageLayout]) -> InvalidInput:
    if any(page.has_picture for page in pages):
        fact = "The PDF holds pictures of its pages and no text: it was scanned"
        return InvalidInput(fact, remedy=_AS_TABLE, code="PDF_SCANNED")
    fact = "The PDF holds neither text nor pictures: it is blank, drawn, or damaged"
    return InvalidInput(fact, remedy=f"Make the PDF again. {_AS_TABLE}", code="PDF_WITHOUT_TEXT")


def _joined(grids: list[Grid], findings: list[Finding]) -> list[list[Grid]]:
    """The parts of each table: one that begins a page goes on with the table that ended the page before."""
    found: list[list[Grid]] = []
    repeated: list[int] = []
    for number, grid in enumerate(grids):
        last = found[-1] if found else None
        is_first = number == 0 or grids[number - 1].page_no < grid.page_no
        if (
            last is None
            or not is_first
            or last[-1].page_no != grid.page_no - 1
            or not is_same_table(last[-1], grid)
        ):
            found.append([grid])
        elif again := _names_again(grid, last[0]):
            repeated.append(grid.page_no)
            last.append(Grid(grid.page_no, grid.top, grid.columns, grid.rows[again:]))
        elif _is_another_header(grid, last[0]):
            found.append([grid])
        else:
            last.append(grid)
    if repeated:
        named = ", ".join(map(str, repeated[:MAX_NAMED]))
        findings.append(
            Finding("HEADER_REPEATED", f"Left out as the header again: the first row of page {named}")
        )
    return found


def _names_again(grid: Grid, table: Grid) -> int:
    """How many rows at the start of a part are those at the start of its table: names, not numbers."""
    count = 0
    for mine, yours in zip(grid.rows, table.rows, strict=False):
        if mine != yours or (count and any(map(is_numberish, mine))):
            break
        count += 1
    return count


def _is_another_header(grid: Grid, table: Grid) -> bool:
    """Whether a part begins with names of its own: words over numbers, where the table has numbers."""
    numeric = [
        column
        for column in range(len(grid.columns))
        if all(
            is_numberish(row[column])
            for rows in (grid.rows[1:], table.rows[1:])
            for row in rows
            if row[column]
        )
        and any(row[column] for row in table.rows[1:])
    ]
    return (
        bool(numeric)
        and not any(is_numberish(grid.rows[0][column]) for column in numeric)
        and all(grid.rows[0])
    )


def _tables(part: list[Grid], number: int, count: int, findings: list[Finding]) -> Iterator[Table]:
    records = [row for grid in part for row in grid.rows]
    placed = find_tables(records)
    pages = sorted({grid.page_no for grid in part})
    name = f"table {number}"
    where = f"page {pages[0]}" if len(pages) == 1 else f"pages {pages[0]} to {pages[-1]}"
    findings.append(Finding("TABLE_FOUND", f"{name.capitalize()} stands on {where}"))
    for place, one in enumerate(placed, start=1):
        left = [" ".join(filter(None, records[row])) for row in (*one.above, *one.below)]
        if left:
            said = f"Left out around {name}: {'; '.join(line[:80] for line in left[:MAX_NAMED])}"
            findings.append(Finding("LINES_AROUND_TABLE", said))
        if not one.header:
            said = f"No row names the columns of {name}: they are called by their place"
            findings.append(Finding("HEADER_ABSENT", said))
        header = header_of(records, one)
        title = (name if len(placed) == 1 else f"{name}.{place}") if count > 1 or len(placed) > 1 else None
        header_row_no = one.header[0] + 1 if one.header else None
        yield Table(title, header, header_row_no, partial(_batches, records, one, header))


def _batches(records: list[list[str]], placed: Placed, header: tuple[str, ...]) -> Iterator[Batch]:
    width = len(header)
    rows: list[tuple[int, list[Cell]]] = []
    broken: list[BrokenRow] = []
    for place in placed.rows:
        cells = records[place]
        if any(cells[width:]):
            fact = f"The row has cells beyond the {width} columns of the header"
            remedy = "Give every column a heading."
            broken.append(BrokenRow(place + 1, "ROW_LONG", fact, remedy, {"cells": list(cells)}))
        elif any(cells):
            rows.append((place + 1, [*cells[:width]]))
        if len(rows) + len(broken) >= BATCH_ROWS:
            yield batch_of(header, rows, broken)
            rows, broken = [], []
    if rows or broken:
        yield batch_of(header, rows, broken)
