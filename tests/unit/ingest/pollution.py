"""Makes polluted files with their truth: one sound table, written wrong in one way at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEADER = ["DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "Description", "URL", "Comments"]
_NAMES = ("Shirt, blue", "Serum 30ml", "Towel; large", 'Say "hi" mug')


@dataclass(frozen=True)
class Polluted:
    """A file, and the header and rows that are in it. No header: none is written."""

    kind: str
    content: bytes
    header: list[str]
    rows: list[list[str]]


def sound_rows(count: int = 84) -> list[list[str]]:
    """The rows of the sound table."""
    return [
        [
            f"{n % 28 + 1:02d}/03/2026", f"{n % 24:02d}:{n * 7 % 60:02d}:00", str(n * 3 + 1), f"SKU-{n:04d}",
            f"{n * 11}.{n % 100:02d}", ("Apparel", "Beauty", "Home")[n % 3], _NAMES[n % 4],
            f"https://shop.example.com/p/{n}?a=1&b=2", ("", "ok", "needs check")[n % 3],
        ]
        for n in range(count)
    ]  # fmt: skip


def write(
    rows: list[list[str]],
    *,
    delimiter: str = ",",
    quote: str = '"',
    end: str = "\r\n",
    escape: str | None = None,
    is_all_quoted: bool = False,
) -> str:
    """Rows as delimited text."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            is_quoted = is_all_quoted or any(mark in cell for mark in (delimiter, quote, "\n", ",", ";"))
            inner = cell.replace(quote, escape + quote if escape else quote * 2)
            cells.append(f"{quote}{inner}{quote}" if is_quoted else cell)
        lines.append(delimiter.join(cells))
    return end.join(lines) + end


def polluted_files() -> Iterator[Polluted]:
    """Every kind of pollution, each file with its truth."""
    rows = sound_rows()
    yield from _dialects(rows)
    yield from _surroundings(rows)
    yield from _single_rows(rows)


def _file(kind: str, text: str, rows: list[list[str]], header: list[str] | None = None) -> Polluted:
    return Polluted(kind, text.encode(), HEADER if header is None else header, rows)


def _dialects(rows: list[list[str]]) -> Iterator[Polluted]:
    table = [HEADER, *rows]
    yield _file("sound", write(table), rows)
    for delimiter in (";", "\t", "|", " ", ":", ", ", "||", "^", "~"):
        text = write(table, delimiter=delimiter, is_all_quoted=delimiter in (" ", ":"))
        yield _file(f"delimiter {delimiter!r}", text, rows)
    plain = [[cell.replace("'", "") for cell in row] for row in table]
    yield _file("single quotes", write(plain, quote="'", is_all_quoted=True), rows)
    yield _file("all quoted", write(table, is_all_quoted=True), rows)
    yield _file("backslash before quotes", write(table, escape="\\", is_all_quoted=True), rows)
    inches = [[*row[:8], f'{n}" wide'] if n % 7 == 0 else row for n, row in enumerate(rows)]
    text = write([HEADER, *inches], escape="\\", is_all_quoted=True)
    yield _file("backslash before one quote of a cell", text, inches)
    paths = [[*row[:8], f"C:\\dir {n}\\"] if n % 7 == 0 else row for n, row in enumerate(inches)]
    doubled = [[cell.replace("\\", "\\\\") for cell in row] for row in paths]
    text = write([HEADER, *doubled], escape="\\", is_all_quoted=True)
    yield _file("backslash before backslashes", text, paths)
    yield _file("lines end in LF", write(table, end="\n"), rows)
    yield _file("lines end in CR", write(table, end="\r"), rows)
    yield _file("the last line has no end", write(table)[:-2], rows)
    yield _file("byte order mark", "\ufeff" + write(table), rows)
    yield Polluted("UTF-16", write(table).encode("utf-16"), HEADER, rows)
    accented = [[cell.replace("blue", "bleu é") for cell in row] for row in rows]
    yield Polluted("Windows-1252", write([HEADER, *accented]).encode("cp1252"), HEADER, accented)


def _surroundings(rows: list[list[str]]) -> Iterator[Polluted]:
    table, blank = [HEADER, *rows], "," * 8 + "\r\n"
    yield _file("no header", write(rows), rows, [])
    yield _file("header only", write([HEADER]), [])
    yield _file("one row", write([HEADER, rows[0]]), rows[:1])
    lone = [[f"row {number}"] for number in range(20)]
    yield _file("one column", "Name\r\n" + write(lone), lone, ["Name"])
    yield _file("title above", "Sales report\r\nGenerated on 01/03/2026\r\n\r\n" + write(table), rows)
    yield _file("padded title above", f"Sales report{blank}{blank}{write(table)}", rows)
    yield _file("note below", write(table) + "\r\nNote: figures are provisional\r\n", rows)
    yield _file("padded total below", f"{write(table)}Total{blank}", rows)
    yield _file("total below", write(table) + "Total,,3000,,5000.00,,,,\r\n", rows)
    yield _file("header again", write(table[:40]) + write([HEADER, *rows[39:]]), rows)
    yield _file("empty lines", write(table).replace("\r\n", "\r\n\r\n", 30), rows)
    yield _file("a delimiter at each end", write([[*row, ""] for row in table]), rows)
    groups = ["Order", "Order", "Item", "Item", "Item", "Item", "Item", "Item", "Note"]
    joined = [f"{group} {name}" for group, name in zip(groups, HEADER, strict=True)]
    yield _file("two header rows", write([groups, *table]), rows, joined)
    nameless = [*HEADER[:3], "", "", *HEADER[5:]]
    yield _file(
        "names missing", write([nameless, *rows]), rows, [*HEADER[:3], "column 4", "column 5", *HEADER[5:]]
    )


def _single_rows(rows: list[list[str]]) -> Iterator[Polluted]:
    text = write([HEADER, *rows])
    lines = text.split("\r\n")
    yield _file("quotes not doubled", text.replace('""hi""', '"hi"'), rows)
    broken = [[*row[:8], "line one\nline two"] if n % 9 == 0 else row for n, row in enumerate(rows)]
    yield _file("line breaks in cells", write([HEADER, *broken]), broken)
    open_quote = [[cell.replace("SKU-0020", '"SKU-0020') for cell in row] for row in rows]
    yield _file("a quote never closed", text.replace("SKU-0020", '"SKU-0020'), open_quote)
    for number in (0, 1, 2, 9, 40, 83):
        row, above, below = rows[number], lines[: number + 1], lines[number + 2 :]

        def with_line(line: str, above: list[str] = above, below: list[str] = below) -> str:
            return "\r\n".join([*above, line, *below])

        for delimiter in (";", "\t", "|"):
            own = write([row], delimiter=delimiter).strip("\r\n")
            yield _file(f"row {number} with {delimiter!r}", with_line(own), rows)
        if any("," in cell for cell in row):
            yield _file(f"row {number} in '", with_line(write([row], quote="'").strip("\r\n")), rows)
        short = [*rows[:number], [*row[:6], "", "", ""], *rows[number + 1 :]]
        yield _file(f"row {number} is short", with_line(write([row[:6]]).strip("\r\n")), short)
        long = [*rows[:number], [*row, "extra"], *rows[number + 1 :]]
        yield _file(f"row {number} is long", with_line(write([[*row, "extra"]]).strip("\r\n")), long)
