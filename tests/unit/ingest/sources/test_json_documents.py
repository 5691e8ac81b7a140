"""JSON over several lines is one document; JSON Lines stay lines; nothing is lost in either."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from intake_samples import record

from ingest import opening
from ingest.opening import open_file
from ingest.recognition import recognise
from ingest.sources import bodies
from ingest.sources.bodies import bodies_of
from rtv_core.errors import InvalidInput


def _format(path: Path, text: str, encoding: str = "utf-8") -> str:
    path.write_bytes(text.encode(encoding))
    return open_file(path, path.name).format_name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_object_over_several_lines_is_one_row(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    assert _format(path, json.dumps({"a": {"b": [1.10]}, "c": None}, indent=2), encoding) == "json"
    (batch,) = open_file(path, path.name).tables[0].batches()
    assert list(bodies_of(batch)) == [(1, {"a": {"b": ["1.1"]}})]


def test_numbers_keep_the_digits_that_were_sent(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"awb": 12345678901234567890, "value": 1.10}\n]', encoding="utf-8")
    (batch,) = open_file(path, path.name).tables[0].batches()
    assert dict(zip(batch.header, batch.columns, strict=True)) == {
        "awb": ["12345678901234567890"],
        "value": ["1.10"],
    }


def test_lines_of_objects_stay_lines_even_where_one_is_broken(tmp_path: Path) -> None:
    assert _format(tmp_path / "a.jsonl", '{"a": 1}\n{"a": 2}\n') == "jsonl"
    assert _format(tmp_path / "b.jsonl", '{"a": 1\n{"a": 2}\n') == "jsonl"
    assert _format(tmp_path / "c.csv", "[a],b\n1,2\n") not in ("json", "jsonl")


def test_a_list_of_records_of_a_contract_is_taken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([record("gate_receipts")] * 2, indent=1), encoding="utf-8")
    (part,) = recognise(path.name, open_file(path, path.name)).parts
    assert part.recognition.contract_name == "gate_receipts"
    assert sum(batch.row_count for batch in part.table.batches()) == 2


def test_a_document_too_large_to_read_at_once_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MAX_JSON_BYTES", 10)
    path = tmp_path / "a.json"
    path.write_text('[\n {"a": "a long text"}\n]', encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        open_file(path, path.name)
    assert caught.value.code == "JSON_TOO_LARGE"


@pytest.mark.parametrize("text", ["[]", "[1, 2]", "[[]]"])
def test_a_list_without_objects_holds_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        opening.open_file(path, path.name)
    assert caught.value.code == "FILE_EMPTY"


def test_nesting_without_end_is_refused_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" * 200_000, encoding="utf-8")
    with contextlib.suppress(InvalidInput):
        open_file(path, path.name)
