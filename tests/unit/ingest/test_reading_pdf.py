"""Tables of a PDF are read as they were printed; a PDF without them says why, and is never taken for CSV."""

from __future__ import annotations

import zlib
from pathlib import Path
from random import Random

import pytest
import typst
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest.opening import open_file
from ingest.readers import pdf
from ingest.readers.table import Document
from rtv_core.errors import InvalidInput

HEADER = ["sku", "title", "qty", "value"]
ROWS = [
    [f"SKU-{n:03d}", ("Shirt, blue", "Serum 30 ml", "Towel")[n % 3], str(n + 1), f"{n * 11}.50"]
    for n in range(30)
]
# Rules around all cells, none at all, only between rows, filled rows, and a line below the names.
DRESSES = (
    "",
    "stroke: none,",
    "stroke: (x: none, y: 0.5pt),",
    "stroke: none, fill: (_, y) => if calc.odd(y) { silver },",
    "stroke: (_, y) => if y == 0 { (bottom: 1pt) },",
    "stroke: none, align: (x, _) => if x > 1 { right } else { left },",
)


def _table(rows: list[list[str]], dress: str = "", header: list[str] | None = None) -> str:
    names = header or HEADER
    cells = "".join(f"[{cell}]," for row in rows for cell in row)
    named = "".join(f"[{name}]," for name in names)
    return f"#table(columns: {len(rows[0])}, {dress} table.header({named}), {cells})\n"


def _pdf(path: Path, body: str, height: str = "300pt") -> Document:
    page = f"#set page(width: 420pt, height: {height}, footer: [Acme Ltd., printed on 1 March])\n"
    path.write_bytes(typst.compile((page + body).encode()))
    return open_file(path, path.name)


def _rows(document: Document, table: int = 0) -> list[list[str | None]]:
    return [
        list(row) for batch in document.tables[table].batches() for row in zip(*batch.columns, strict=True)
    ]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("count", [2, 30])
def test_a_table_is_read_over_its_pages_without_what_stands_around(
    tmp_path: Path, dress: str, count: int
) -> None:
    table = _table(ROWS[:count], dress)
    text = f"= Return note 4711\nFrom Acme to the warehouse, as agreed.\n{table}\nThank you.\n"
    document = _pdf(tmp_path / "note.pdf", text)
    assert [table.header for table in document.tables] == [tuple(HEADER)]
    assert _rows(document) == ROWS[:count]
    said = {finding.code: finding.fact for finding in document.findings}
    assert said["LINES_AROUND_TABLE"] == (
        "Left out around the tables: Return note 4711; From Acme to the warehouse, as agreed.; "
        + (
            "Thank you.; Acme Ltd., printed on 1 March"
            if count == 2
            else "Acme Ltd., printed on 1 March; Thank you."
        )
    )
    assert ("HEADER_REPEATED" in said) == (count == 30)
    assert document.dialect["pages"] == ("1" if count == 2 else "3")


@pytest.mark.parametrize("dress", DRESSES[:2])
def test_two_rows_of_names_are_joined_and_left_out_where_they_stand_again(tmp_path: Path, dress: str) -> None:
    groups = "".join(f"[{group}]," for group in ("Article", "Article", "Units", "Money"))
    text = _table(ROWS, dress).replace("table.header(", f"table.header({groups}")
    document = _pdf(tmp_path / "note.pdf", text)
    assert document.tables[0].header == ("Article sku", "Article title", "Units qty", "Money value")
    assert _rows(document) == ROWS


def test_a_text_that_speaks_of_pdf_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("code,note\n1,begins with %PDF-1.7\n2,b\n", encoding="utf-8")
    assert open_file(path, path.name).format_name == "csv"


@pytest.mark.parametrize("dress", DRESSES[:2])
def test_a_table_whose_names_are_not_repeated_goes_on(tmp_path: Path, dress: str) -> None:
    text = _table(ROWS, dress).replace("table.header(", "table.header(repeat: false, ")
    assert _rows(_pdf(tmp_path / "note.pdf", text)) == ROWS


def test_several_tables_are_told_apart_also_at_the_start_of_a_page(tmp_path: Path) -> None:
    other = [["AWB-1", "12", "x"], ["AWB-2", "13", "y"], ["AWB-3", "14", "z"]]
    names = ["awb", "cartons", "note"]
    text = _table(ROWS[:4]) + "Shipped as:\n" + _table(other, DRESSES[1], names) + "#pagebreak()\n"
    document = _pdf(tmp_path / "note.pdf", text + _table(ROWS[4:8], "", ["code", "name", "pieces", "worth"]))
    assert [(table.sheet_name, table.header) for table in document.tables] == [
        ("table 1", tuple(HEADER)),
        ("table 2", tuple(names)),
        ("table 3", ("code", "name", "pieces", "worth")),
    ]
    assert [_rows(document, number) for number in range(3)] == [ROWS[:4], other, ROWS[4:8]]
    assert "Table 3 stands on page 2" in [finding.fact for finding in document.findings]


@pytest.mark.parametrize(
    "dress", [*DRESSES[:2], *(f"stroke: none, align: {at}," for at in ("horizon", "bottom"))]
)
def test_cells_of_several_lines_and_blank_ones_stay_where_they_are(tmp_path: Path, dress: str) -> None:
    long = "A very long title that does not fit on one line of its column"
    rows = [
        ["A", long, "1", "5.00"],
        ["B", "", "2", ""],
        ["C", "Towel", "", "7.00"],
        ["D", long, "4", "8.00"],
    ]
    text = _table(rows, dress).replace("columns: 4", "columns: (50pt, 120pt, 50pt, 80pt)")
    found = _rows(_pdf(tmp_path / "note.pdf", text))
    assert found == rows


def test_a_total_below_is_left_out_and_named(tmp_path: Path) -> None:
    total = ["", "Total", "", "110.00"]
    document = _pdf(tmp_path / "note.pdf", _table([*ROWS[:5], total]))
    assert _rows(document) == ROWS[:5]
    assert "Left out around table 1: Total 110.00" in [finding.fact for finding in document.findings]


def test_what_is_no_pdf_with_a_table_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(path: Path) -> str:
        with pytest.raises(InvalidInput) as caught:
            open_file(path, path.name)
        assert caught.value.fact
        assert caught.value.remedy
        return caught.value.code

    path = tmp_path / "a.pdf"
    Image.new("RGB", (600, 800), "white").save(path)
    assert code(path) == "PDF_SCANNED"
    path.write_bytes(typst.compile(b"#rect()"))
    assert code(path) == "PDF_WITHOUT_TEXT"
    canvas = Canvas(str(path), encrypt="secret")
    canvas.drawString(100, 700, "sku title qty")
    canvas.save()
    assert code(path) == "PDF_ENCRYPTED"
    prose = "#set page(columns: 2)\n#lorem(400)\n"
    path.write_bytes(typst.compile(prose.encode()))
    assert code(path) == "PDF_TABLE_MISSING"
    whole = typst.compile(_table(ROWS).encode())
    for damaged in (b"%PDF-1.7\n1,2,3\n4,5,6\n", whole[:600], whole[:40] + bytes(300) + b"%%EOF"):
        path.write_bytes(damaged)
        assert code(path) == "FILE_UNREADABLE"
    path.write_bytes(typst.compile(b"a #pagebreak() b #pagebreak() c"))
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    assert code(path) == "PDF_TOO_LONG"
    monkeypatch.setattr(pdf, "MAX_PAGE_OBJECTS", 50)
    path.write_bytes(whole)
    assert code(path) == "PDF_TOO_LARGE"


def test_damaged_bytes_are_read_or_refused_by_name(tmp_path: Path) -> None:
    whole = typst.compile(_table(ROWS).encode())
    random = Random(7)
    path = tmp_path / "a.pdf"
    for attempt in range(60):
        damaged = bytearray(whole)
        for _ in range(random.randint(1, 30)):
            damaged[random.randrange(16, len(damaged))] = random.randrange(256)
        path.write_bytes(damaged[: random.randrange(20, len(damaged))] if attempt % 3 == 0 else damaged)
        try:
            found = open_file(path, path.name).format_name
        except InvalidInput as error:
            found = error.code
        assert found in {"pdf", "FILE_UNREADABLE", "FILE_EMPTY", "PDF_WITHOUT_TEXT", "PDF_TABLE_MISSING"}
    path.write_bytes(whole.replace(b"/MediaBox[0 0 5", b"/MediaBox[0 0 /"))
    with pytest.raises(InvalidInput) as caught:
        open_file(path, path.name)
    assert caught.value.code == "FILE_UNREADABLE"


def test_a_page_that_unpacks_to_far_more_is_refused_before_it_is_drawn(tmp_path: Path) -> None:
    packed = zlib.compress(b"0 0 m 1 1 l S\n" * 8_000_000, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += (
        b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            body.index(b"\n4 0 obj") + len(objects[3]) + 17,
        )
    )
    path = tmp_path / "bomb.pdf"
    path.write_bytes(body)
    with pytest.raises(InvalidInput) as caught:
        open_file(path, path.name)
    assert (caught.value.code, "unpacks" in caught.value.fact) == ("PDF_TOO_LARGE", True)


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    document = _pdf(
        tmp_path / "note.pdf", _table(ROWS[:3]) + "#set page(footer: none)\n#pagebreak(weak: true)\n#rect()"
    )
    assert any("Page 2 holds no text" in finding.fact for finding in document.findings)
