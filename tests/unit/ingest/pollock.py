"""The 2,290 pollutions of the Pollock benchmark over a table of our own, and how it scores what was read.

After Vitagliano et al., "Pollock: A Data Loading Benchmark", PVLDB 16(8), 2023. A file's score is its success
and the precision, recall and F1 of header, records and cells: ten points at most. The simple score is the
mean of the files; the weighted one counts a kind as often as the authors met it in open data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pollution import HEADER, sound_rows

Rows = list[list[str]]
COUNT = 83
# How often the survey met each kind; those of the rows are spread over their files.
WEIGHTS = {
    "source": 1, "no payload": 15, "no trailing newline": 184, "double trailing newline": 5, "no header": 470,
    "two header rows": 47, "three header rows": 47, "preamble": 282, "second table, as wide": 188 / 3,
    "second table, wider": 188 / 3, "second table, narrower": 188 / 3, "header only": 3, "one row": 4,
    "CR": 7, "LF": 1691, "tab": 4, "semicolon": 834, "space": 4, "comma and space": 101, "single quotes": 11,
    "backslash": 1, "no escape": 7, "a delimiter less": 247.13, "a delimiter more": 278.02, "a quote more": 7,
    "a row with spaces": 12,
}  # fmt: skip


_IN_ROWS = ("a delimiter less", "a delimiter more", "a quote more", "a row with spaces")
IN_HEADER = ", in the header"


@dataclass(frozen=True)
class Pollution:
    """A polluted file, and the header and records that a reader should find in it."""

    kind: str
    text: str
    header: list[str]
    records: Rows


def source_rows() -> Rows:
    """A table as Pollock's: dates, amounts with a sign, words with quotes and commas, an empty column."""
    names = ('All-Weather Table, Round 48"', "Men's Vest", 'Boxer, 5" Inseam', "Kids' Hat", "Leather Sofa")
    rows = sound_rows(COUNT)
    for number, row in enumerate(rows):
        row[4] = f"${row[4]}"
        row[5] = names[number % len(names)]
        row[6] = f"Made for {row[6]}, wear it {number} times: it stays as it is."
        row[8] = ""
    return rows


def weight(kind: str) -> float:
    """Of all files of a kind."""
    if kind.endswith(IN_HEADER):
        return WEIGHTS[kind.removesuffix(IN_HEADER)] / (COUNT + 1)
    return WEIGHTS[kind] * (COUNT / (COUNT + 1) if kind in _IN_ROWS else 1)


def _row(cells: Sequence[str], delimiter: str = ",", quote: str = '"', escape: str | None = None) -> str:
    escape = quote if escape is None else escape
    return delimiter.join(f"{quote}{cell.replace(quote, escape + quote)}{quote}" for cell in cells)


def _text(rows: Sequence[Sequence[str]], end: str = "\r\n", delimiter: str = ",", quote: str = '"') -> str:
    return "".join(_row(row, delimiter, quote) + end for row in rows)


def pollutions(every: int = 1) -> Iterator[Pollution]:
    """All of them; of those that change one row, the rows in steps of `every`."""
    rows = source_rows()
    yield from _of_files(rows)
    yield from _of_rows(rows, every)


def _of_files(rows: Rows) -> Iterator[Pollution]:
    table = [HEADER, *rows]
    text = _text(table)
    yield Pollution("source", text, HEADER, rows)
    yield Pollution("no payload", "", [], [])
    yield Pollution("no trailing newline", text[:-2], HEADER, rows)
    yield Pollution("double trailing newline", text + "\r\n", HEADER, rows)
    yield Pollution("no header", _text(rows), [], rows)
    for name, count in (("two", 2), ("three", 3)):
        joined = [" ".join([cell] * count) for cell in HEADER]
        yield Pollution(f"{name} header rows", _text([HEADER] * count + rows), joined, rows)
    preamble = _text([["PREAMBLE", *[""] * 8], [""] * 9])
    yield Pollution("preamble", preamble + text, HEADER, rows)
    # The second table stands right below the first; what it holds counts as records, its names too.
    for name, second in (
        ("as wide", table[:COUNT]),
        ("wider", [[*row, f"{row[8]}+"] for row in [[*HEADER[:8], "More"], *rows[: COUNT - 1]]]),
        ("narrower", [row[:8] for row in table[:COUNT]]),
    ):
        yield Pollution(f"second table, {name}", text + _text(second), HEADER, [*rows, *second])
    yield Pollution("header only", _text([HEADER]), HEADER, [])
    yield Pollution("one row", _text(table[:2]), HEADER, rows[:1])
    for name, end in (("CR", "\r"), ("LF", "\n")):
        yield Pollution(name, _text(table, end), HEADER, rows)
    for name, mark in (("tab", "\t"), ("semicolon", ";"), ("space", " "), ("comma and space", ", ")):
        yield Pollution(name, _text(table, delimiter=mark), HEADER, rows)
    yield Pollution("single quotes", _text(table, quote="'"), HEADER, rows)
    for name, escape in (("backslash", "\\"), ("no escape", "")):
        yield Pollution(name, "".join(_row(row, escape=escape) + "\r\n" for row in table), HEADER, rows)


def _of_rows(rows: Rows, every: int) -> Iterator[Pollution]:
    table = [HEADER, *rows]
    lines = [_row(row) for row in table]
    for number in (0, *range(1, len(table), every)):
        cells = [f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in table[number]]

        def polluted(kind: str, line: str, row: list[str], number: int = number) -> Pollution:
            text = "\r\n".join([*lines[:number], line, *lines[number + 1 :], ""])
            truth = [*table[:number], row, *table[number + 1 :]]
            return Pollution(kind if number else kind + IN_HEADER, text, truth[0], truth[1:])

        for column in range(len(HEADER)):
            more = [*cells[:column], "", *cells[column:]]
            yield polluted("a delimiter more", ",".join(more), table[number])
            if column:
                less = [*cells[: column - 1], cells[column - 1] + cells[column], *cells[column + 1 :]]
                yield polluted("a delimiter less", ",".join(less), table[number])
            quoted = [*cells[:column], '"' + cells[column], *cells[column + 1 :]]
            value = [*table[number][:column], '"' + table[number][column], *table[number][column + 1 :]]
            yield polluted("a quote more", ",".join(quoted), value)
        yield polluted("a row with spaces", " ".join(cells), table[number])


Measures = tuple[float, ...]


def measures(file: Pollution, header: list[str], records: Rows) -> Measures:
    """Success, and precision, recall and F1 of header, records and cells, each as a multiset."""
    cells = [cell for row in file.records for cell in row]
    return (
        1.0,
        *_shared(file.header, header),
        *_shared(list(map(tuple, file.records)), list(map(tuple, records))),
        *_shared(cells, [cell for row in records for cell in row]),
    )


def _shared(wanted: Sequence[object], found: Sequence[object]) -> Measures:
    if not wanted:
        return (1.0, 1.0, 1.0)
    same = (Counter(wanted) & Counter(found)).total()
    if not same:
        return (0.0, 0.0, 0.0)
    precision, recall = same / len(found), same / len(wanted)
    return precision, recall, 2 * precision * recall / (precision + recall)


@dataclass
class Scores:
    """The measures of all files by kind."""

    by_kind: dict[str, list[Measures]]

    @property
    def weighted(self) -> float:
        """Of ten points, kinds counted by their weight."""
        return sum(weight(kind) * self.of(kind) for kind in self.by_kind) / sum(map(weight, self.by_kind))

    def simple(self, sizes: dict[str, int]) -> float:
        """Of ten points, every file counted once."""
        return sum(sizes[kind] * self.of(kind) for kind in self.by_kind) / sum(sizes.values())

    def of(self, kind: str) -> float:
        """The points of a kind."""
        return sum(map(sum, self.by_kind[kind])) / len(self.by_kind[kind])

    def mean(self, kind: str) -> list[float]:
        """The mean of each measure of a kind."""
        return [sum(column) / len(column) for column in zip(*self.by_kind[kind], strict=True)]
