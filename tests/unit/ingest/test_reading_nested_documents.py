"""Documents that wrap their rows in other elements or objects are read as those rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.opening import open_file
from ingest.readers.table import Document


def _opened(path: Path, text: str) -> Document:
    path.write_text(text, encoding="utf-8")
    return open_file(path, path.name)


def _rows(document: Document, table: int = 0) -> list[dict[str, str | None]]:
    return [
        dict(zip(batch.header, row, strict=True))
        for batch in document.tables[table].batches()
        for row in zip(*batch.columns, strict=True)
    ]


ROWS = [{"id": "1", "a": "x", "b": "2"}, {"id": "2", "a": "y", "b": None}]
INNER = '<r id="1"><a>x</a><b>2</b></r><r id="2"><a>y</a></r>'


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"<rs>{INNER}</rs>", "rs.r"),
        (f'<?xml version="1.0"?><e><body><rs n="2">{INNER}</rs><at>now</at></body></e>', "e.body.rs.r"),
        (
            f'<e xmlns:s="urn:x"><s:rs>{INNER.replace("<r ", "<s:r ").replace("</r>", "</s:r>")}</s:rs></e>',
            "e.rs.r",
        ),
    ],
)
def test_a_repeated_element_of_xml_is_a_row(tmp_path: Path, text: str, rows: str) -> None:
    document = _opened(tmp_path / "a.xml", text)
    assert (_rows(document), document.dialect["rows"]) == (ROWS, rows)
    assert document.findings[0].fact == f"The rows are those of {rows}"
    if "at>" in text:
        assert document.findings[1].fact == "Beside the rows stand e.body.rs.n 2; e.body.at now"


def test_xml_of_one_element_of_plain_texts_and_of_several_lists(tmp_path: Path) -> None:
    assert _rows(_opened(tmp_path / "a.xml", "<rs><r><a>x</a><b>2</b></r></rs>")) == [{"a": "x", "b": "2"}]
    assert _rows(_opened(tmp_path / "b.xml", "<rs><r>x</r><r>y</r><r/></rs>")) == [
        {"r": "x"}, {"r": "y"}, {"r": None},
    ]  # fmt: skip
    document = _opened(tmp_path / "c.xml", f"<e><rs>{INNER}</rs><q><s k='1'/><s k='2'/></q></e>")
    assert [table.sheet_name for table in document.tables] == ["r", "s"]
    assert (_rows(document), _rows(document, 1)) == (ROWS, [{"k": "1"}, {"k": "2"}])
