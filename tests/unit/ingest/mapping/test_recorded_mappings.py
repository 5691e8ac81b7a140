"""A recorded mapping is meant by the file's name, fits by its columns, and names what differs."""

from __future__ import annotations

import pytest

from ingest.mapping.patterns import pattern_of, require_narrow
from ingest.mapping.recorded import COUNTED, RecordedMapping, drift, fingerprint
from ingest.readers.table import Batch, Document, Table
from ingest.recognition import recognise
from ingest.sources.mapped.map import mapper
from ingest.sources.mapped.recognise import MappedFiles, recognition
from rtv_core.errors import InvalidInput

HEADER = ("Return No", "SKU", "Units", "Note")
COLUMNS = {"rtv_no": "Return No", "platform_sku": "SKU", "qty": "Units", "line_no": COUNTED}


def _mapping(name: str = "blinkit", pattern: str = "blinkit_*.csv") -> RecordedMapping:
    return RecordedMapping(1, name, "rtv_manifests", pattern, HEADER, COLUMNS, {"platform_code": "BLINKIT"})


def _table(*header: str) -> Table:
    return Table(None, header, 1, lambda: iter(()))


def _caught(table: Table, *mappings: RecordedMapping) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        MappedFiles(mappings).recognise("blinkit_2.csv", table)
    return caught.value


@pytest.mark.parametrize(
    ("file_name", "pattern"),
    [
        ("blinkit_2026-11-01.csv", "blinkit*.csv"),
        ("Zepto RTV (3).xlsx", "Zepto RTV*.xlsx"),
        ("RTN-20261101-0007_final.csv", "RTN*final*.csv"),
        ("dmart.csv", "dmart*.csv"),
    ],
)
def test_a_pattern_leaves_open_what_changes_from_file_to_file(file_name: str, pattern: str) -> None:
    assert pattern_of(file_name) == pattern
    require_narrow(pattern)


@pytest.mark.parametrize("pattern", ["*", "*.csv", "*x.csv", "rtv_manifests*", "r*2026*.csv", "[a-z]*.csv"])
def test_a_pattern_that_catches_other_files_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        require_narrow(pattern)
    assert caught.value.code == "PATTERN_TOO_WIDE"


def test_order_case_and_punctuation_of_columns_do_not_count() -> None:
    table = _table("units", "SKU ", "Note", "return_no")
    ((_, found),) = MappedFiles([_mapping()]).recognise("Blinkit_9.CSV", table)
    assert found is not None
    assert found.columns == {"units": "qty", "SKU ": "platform_sku", "return_no": "rtv_no"}
    assert fingerprint(["मात्रा", "B"]) != fingerprint(["संख्या", "B"])


def test_columns_alike_but_for_dress_are_told_apart_as_recorded() -> None:
    mapping = RecordedMapping(1, "m", "debit_notes", "m*", ("GST", "GST %"), {"tax_amount": "GST"}, {})
    assert mapping.fields_by_column(["GST %", "GST"]) == {"GST": "tax_amount"}
    assert not mapping.fits_header(["gst", "gst %"])


def test_a_file_of_another_name_is_not_meant() -> None:
    assert MappedFiles([_mapping()]).recognise("zepto_1.csv", _table(*HEADER)) == []


def test_drift_is_named_column_by_column_with_what_may_have_become_of_it() -> None:
    error = _caught(_table("Return No", "SKU", "Quantity", "Remark"), _mapping())
    assert error.code == "MAPPING_DRIFT"
    assert error.facts["gone"] == {"Units": "qty", "Note": None}
    assert error.facts["new"] == ["Quantity", "Remark"]
    for told in (
        "Units (qty) is gone",
        "Note (not mapped) is gone",
        "Quantity is new",
        "Quantity may now be qty",
    ):
        assert told in error.fact
    assert "rtv map" in error.remedy
    assert "--save blinkit" in error.remedy


def test_an_added_column_is_drift_too() -> None:
    assert drift(_mapping(), [*HEADER, "MRP"]).new == ("MRP",)
    assert _caught(_table(*HEADER, "MRP"), _mapping()).facts["gone"] == {}


def test_of_several_sheets_the_one_that_was_meant_is_refused_not_the_cover() -> None:
    sheets = Document("xlsx", {}, (_table("Zepto", "Report", "x", "y"), _table(*HEADER, "MRP")))
    with pytest.raises(InvalidInput) as caught:
        recognise("blinkit_2.csv", sheets, mappings=[_mapping()])
    assert (caught.value.code, caught.value.facts["new"]) == ("MAPPING_DRIFT", ["MRP"])
    whole = Document("xlsx", {}, (*sheets.tables, _table(*HEADER)))
    assert recognise("blinkit_2.csv", whole, mappings=[_mapping()]).parts[0].table is whole.tables[2]


def test_several_mappings_of_a_name_are_told_apart_by_columns_or_refused() -> None:
    other = RecordedMapping(2, "b", "rtv_manifests", "blinkit_*", ("A", "B"), {"rtv_no": "A"}, {})
    ((_, found),) = MappedFiles([_mapping(), other]).recognise("blinkit_2.csv", _table("B", "A"))
    assert found is not None
    assert found.mapping_id == 2
    assert _caught(_table(*HEADER), _mapping(), _mapping("again")).code == "MAPPING_AMBIGUOUS"


def test_lines_are_counted_within_their_document_across_batches() -> None:
    to_contract = mapper(recognition(_mapping(), HEADER), {})
    cells: list[list[str | None]] = [["R1", "R1", "R2"], ["A", "B", "A"], ["1", "2", "3"], [None, None, "x"]]
    first = to_contract(Batch(HEADER, [2, 3, 4], cells))
    second = to_contract(Batch(HEADER, [5, 6, 7], cells))
    assert (first.columns["line_no"], second.columns["line_no"]) == (["1", "2", "1"], ["3", "4", "2"])
    assert first.columns["platform_code"] == ["BLINKIT"] * 3
    assert first.extra == {"Note": [None, None, "x"]}
