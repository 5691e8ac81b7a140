"""Files of scans with any columns: known by what they name, read by code or by words, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.opening import open_file
from ingest.recognition import recognise
from rtv_core.errors import InvalidInput
from tests.unit.ingest.sources.reported import reported, written

HEADER = "Docket No|Scan Date|Scan Time|Status|Location|Transporter|No of Boxes|POD Remarks|Received By"
ROWS = (
    "SX1|05/11/2026|10:30|Out for delivery|Bhiwandi|Safexpress|6||",
    "SX1|05/11/2026|16:10|Delivered short by 1 box|Bhiwandi|Safexpress|5|1 box short|ANIL",
    "SX1|06/11/2026|09:00|Zzz|Bhiwandi|Safexpress|||",
)


def test_a_file_of_scans_is_read_by_its_words(tmp_path: Path) -> None:
    path = written(tmp_path / "tracking.csv", HEADER, *ROWS, separator=",")
    told, refused = reported(path)
    assert refused == []
    first, second, third = told["transporter_events"]
    assert (first["status"], first["event_at"], first["cartons"]) == (
        "out_for_delivery",
        "2026-11-05T10:30:00",
        "6",
    )
    assert (second["status"], second["remark"], second["signed_by"]) == (
        "partially_delivered",
        "1 box short",
        "ANIL",
    )
    assert (third["status"], third["raw_text"]) == ("unknown", "Zzz")
    part = recognise(path.name, open_file(path, path.name)).parts[0]
    assert any("Safexpress Zzz (1)" in finding for finding in part.recognition.findings)


def test_a_code_of_a_known_carrier_is_read_by_its_table_and_never_by_the_words_beside_it(
    tmp_path: Path,
) -> None:
    header = "AWB|Courier|Status Code|Status|Timestamp|Scan Type"
    rows = (
        "1|Ecom Express|321|delivered|2026-11-05 10:00:00|",
        "2|Delhivery|RD-PD7|Pending|2026-11-05 10:00:00|RT",
        "3|Ecom Express|987654|Delivered|2026-11-05 10:00:00|",
        "4|Someone|X1|Delivered|2026-11-05 10:00:00|",
        "5|Hermes|600|x|2026-11-05 10:00:00|",
    )
    told, refused = reported(written(tmp_path / "scans.csv", header, *rows, separator=","))
    assert refused == []
    assert [(event["awb_no"], event["status"]) for event in told["transporter_events"]] == [
        ("1", "on_hold"),
        ("2", "refused"),
        ("3", "unknown"),
        ("4", "delivered"),
        ("5", "delayed"),
    ]


def test_scans_without_a_carrier_are_of_the_tenants_carrier_or_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path / "s.csv", "LR No|Event Time|Event", "L1|2026-11-05 10:00:00|Delivered", separator=","
    )
    assert reported(path)[1] == ["transporter_code: REQUIRED_MISSING"]
    told, refused = reported(path, transporter_code="VRL", leg="rtv")
    assert refused == []
    assert (told["transporter_events"][0]["transporter_code"], told["transporter_events"][0]["leg"]) == (
        "VRL",
        "rtv",
    )


@pytest.mark.parametrize(
    "header",
    ["AWB Number|Status|Timestamp|SKU|Qty", "AWB Number|Status|Colour", "Status|Timestamp|Location"],
)
def test_other_files_that_name_a_waybill_are_no_scans(tmp_path: Path, header: str) -> None:
    path = written(tmp_path / "x.csv", header, "1|2|3|4|5", separator=",")
    with pytest.raises(InvalidInput):
        recognise(path.name, open_file(path, path.name), source_name="tracking")
