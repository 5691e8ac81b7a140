"""How a delimited text is written, told from how evenly it splits and what its cells look like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import product

from ingest.readers.tokens import split_records

DELIMITERS = (",", "\t", ";", "|", ":", "^", "~", "||", ", ", "; ", " ")
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_RECORDS = 200
_LOOKED_AT_OF_A_CELL = 300
_KNOWN_CELL = re.compile(
    r"""
    \s*(?:
        |[-+]?[\d.,'\s]*\d[\d.,'\s]*\s*%?                                   # a number, however grouped
        |(?:[A-Z]{3}|[$€£¥₹]|Rs\.?)\s*[-+]?[\d.,]+                          # an amount
        |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T\s].*)?                        # a date, with a time or without
        |\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:[aApP]\.?[mM]\.?)?       # a time
        |[\w.+-]+@[\w-]+\.[\w.-]+                                           # an address of mail
        |(?:https?|ftp|s3)://\S+                                            # an address of the web
        |[\w./()&'%+\#!?*°-]+(?:\s[\w./()&'%+\#!?*°:,-]+)*                  # words and codes
    )\s*\Z
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is written. A quote within quotes is doubled, or escaped if there is an escape."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None


def sniff_dialect(text: str) -> Dialect:
    """The dialect by which the head of a text falls into the most even records of the most likely cells."""
    head = text[:_SAMPLE_CHARACTERS]
    if len(text) > _SAMPLE_CHARACTERS:
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    best, best_score = Dialect(","), 0.0
    for dialect in _candidates(head):
        score = _score(head, dialect)
        if score > best_score + 1e-9:
            best, best_score = dialect, score
    return best


def line_ends(text: str, dialect: Dialect) -> str:
    """How the records of a text's head end, by name, the most frequent first; empty when none does."""
    names = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
    counted: Counter[str] = Counter()
    place = 0
    for record in split_records(text[:_SAMPLE_CHARACTERS], dialect):
        place += len(record.text)
        end = "\r\n" if text.startswith("\r\n", place) else text[place : place + 1]
        place += len(end)
        if end in names:
            counted[names[end]] += 1
    return ", ".join(name for name, _ in counted.most_common())


def _candidates(head: str) -> list[Dialect]:
    delimiters = [delimiter for delimiter in DELIMITERS if delimiter in head] or [","]
    if "||" in delimiters and head.count("|") == 2 * head.count("||"):
        delimiters.remove("|")
    quotes = [quote for quote in ('"', "'") if _opens_cells(head, quote)]
    found = [Dialect(delimiter, quote) for delimiter, quote in product(delimiters, quotes or ['"'])]
    if "'" in quotes and '"' not in quotes:
        found = [Dialect(delimiter) for delimiter in delimiters] + found
    if re.search(r"\\[\"']", head):
        found += [Dialect(one.delimiter, one.quote, "\\") for one in found if one.quote]
    return found


def _opens_cells(head: str, quote: str) -> bool:
    """Whether the quote stands at the start of a line or behind what may be a delimiter, and is closed."""
    return bool(re.search(rf"(?:^|[^\w\s{quote}]\s?|\t){quote}[^{quote}]*{quote}", head, re.MULTILINE))


def _score(head: str, dialect: Dialect) -> float:
    records = [record.cells for record in split_records(head, dialect, most=_SAMPLE_RECORDS)]
    records = [cells for cells in records if any(cell.strip() for cell in cells)]
    if not records:
        return 0.0
    widths = Counter(map(len, records))
    # A space and a colon stand in plain words and times as well: they have to split everything.
    is_doubtful = dialect.delimiter in (" ", ":")
    if is_doubtful and widths.most_common(1)[0][0] < 3:
        return 0.0
    evenness = sum(count * (count / len(records)) * (width - 1) / width for width, count in widths.items())
    cells = [cell for record in records for cell in record]
    known = sum(_looks_known(cell, dialect) for cell in cells) / len(cells)
    doubt = 0.5 if is_doubtful else 1.0
    # A delimiter with a space behind it is preferred where all are written so.
    taste = 1.001 if len(dialect.delimiter) > 1 else 1.0
    return evenness / len(records) * known * known * doubt * taste


def _looks_known(cell: str, dialect: Dialect) -> bool:
    if dialect.quote and dialect.quote in cell:
        # Where quotes are escaped, a lone one is a letter, as the inch of 5".
        if (cell.count(dialect.quote) % 2 and not dialect.escape) or f"\\{dialect.quote}" in cell:
            return False
        cell = cell.replace(dialect.quote, "'")
    if len(dialect.delimiter) == 1 and dialect.delimiter != " " and cell.startswith(" "):
        return False
    return bool(_KNOWN_CELL.match(cell[:_LOOKED_AT_OF_A_CELL]))
