"""Documents that wrap their rows in other elements or objects are read as those rows."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("wrapper", "rows", "beside"),
    [
        ({"records": ROWS}, "records", None),
        ({"total": 2, "records": ROWS, "next": None}, "records", "total 2"),
        ({"ok": True, "data": {"page": 1, "items": ROWS}}, "data.items", "ok true; data.page 1"),
        ({"data": {"result": {"items": ROWS}}}, "data.result.items", None),
    ],
)
def test_a_list_that_a_json_object_wraps_is_its_rows(
    tmp_path: Path, indent: int | None, wrapper: dict[str, object], rows: str, beside: str | None
) -> None:
    document = _opened(tmp_path / "a.json", json.dumps(wrapper, indent=indent))
    assert (_rows(document), document.dialect["rows"]) == (ROWS, rows)
    said = [finding.fact for finding in document.findings[1:]]
    assert said == ([f"Beside the rows stand {beside}"] if beside else [])


@pytest.mark.parametrize("text", ['{"a": 1}', '{"a": [1, 2]}', '{"a": [{"b": 1}], "c": [{"d": 1}]}'])
def test_a_json_object_without_one_list_of_objects_is_one_row(tmp_path: Path, text: str) -> None:
    assert len(_rows(_opened(tmp_path / "a.json", text))) == 1


def test_an_element_of_a_wrapped_list_that_is_no_object_is_refused_by_itself(tmp_path: Path) -> None:
    document = _opened(tmp_path / "a.json", '{"records": [{"a": 1}, 7]}')
    (batch,) = document.tables[0].batches()
    assert [(row.row_no, row.code) for row in batch.broken] == [(2, "JSON_NOT_OBJECT")]
