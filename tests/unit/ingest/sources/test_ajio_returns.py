"""AJIO's report of B2B returns: fifty-one columns, `nan` for nothing, times as no one else writes them."""

from __future__ import annotations

from pathlib import Path

from tests.unit.ingest.sources.reported import reported, written

COLUMNS = (
    "RETURN ORDER NUMBER|JIOCODE|SELLER SKU|EAN|HSN|RETURN STATUS|RETURN CREATED DATE|RETURN QTY|"
    "RETURN SHIPMENT ID|"
    "RETURN CARRIER NAME|RETURN AWB NO|3PL DELIVERY STATUS|RETURN DELIVERED DATE|DELIVERY CHALLAN NO|"
    "DELIVERY CHALLAN DATE|DELIVERY CHALLAN POSTING STATUS|RETURN VALUE|QC COMPLETION DATE|DISPOSITION|"
    "QC REASON CODING|RETURN TYPE|RET DOC NO|CUST RETURN REASON|CREDIT NOTE NUMBER|DC CODE|BRAND"
)
ROW = (
    "RET-1|440001|S-1|8901234500019|3304|Delivered|Thu Nov 05 09:30:00 IST 2026|4|SH-1|Delhivery|"
    "DL123|Delivered|"
    "Mon Nov 09 10:00:00 IST 2026|nan|nan|nan|1180.00|nan|Good|nan|RTV|nan|Size issue|nan|S7XQ|ROSE"
)


def test_a_return_becomes_the_lines_of_a_manifest(tmp_path: Path) -> None:
    told, refused = reported(written(tmp_path / "b2b.csv", COLUMNS, ROW, ROW, separator=","))
    assert refused == []
    first, second = told["rtv_manifests"]
    assert first == {
        "platform_code": "AJIO", "rtv_no": "RET-1", "created_at": "2026-11-05T09:30:00+05:30",
        "origin_node": "S7XQ", "destination_node": "HUB", "ownership_model": "outright",
        "transporter_code": "Delhivery", "awb_no": "DL123",
        "line_no": "SH-1/440001/S-1/8901234500019", "platform_sku": "440001", "gtin": "8901234500019",
        "qty": "4",
        "unit_value": "295.00", "reason_code": "Size issue",
    }  # fmt: skip
    assert second["line_no"] == "SH-1/440001/S-1/8901234500019/2"


def test_a_time_that_is_none_is_refused_in_its_row(tmp_path: Path) -> None:
    _, refused = reported(
        written(tmp_path / "b2b.csv", COLUMNS, ROW.replace("Nov 05", "Foo 05"), separator=",")
    )
    assert refused == ["created_at: TIMESTAMP_INVALID"]
