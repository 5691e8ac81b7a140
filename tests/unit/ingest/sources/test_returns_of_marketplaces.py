"""Returns of Flipkart, Meesho, Increff, noon and Vendor Central become lines of manifests, in every dress."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.opening import open_file
from ingest.recognition import recognise
from tests.unit.ingest.sources.reported import reported, written

FLIPKART_ITEM = {
    "orderItemId": "OI:330000000000000001",
    "locationId": "LOC1",
    "orderId": "OD330000000000000001",
    "quantity": 2,
    "courierName": "Ekart Logistics",
    "returnId": "12300000001",
    "status": "start",
    "type": "customer_return",
    "reason": "QUALITY_ISSUE",
    "subReason": "DAMAGED_PRODUCT",
    "trackingId": "FMPP0001",
    "shipmentStatus": "delivered",
    "shipmentId": "S-1",
    "comments": "box torn",
    "approvedOn": "2026-11-05T10:00:00.000+05:30",
    "expectedDate": "2026-11-12",
    "serviceProfile": "FBF_LITE",
}
FLIPKART_SHEET = (
    "Return ID", "Order Item ID", "Order ID", "Return Type", "SKU", "FSN", "Product", "Quantity",
    "Total Price", "Return Reason", "Return Sub-reason", "Comments", "Tracking ID", "Return Status",
    "Return Approval Date", "Completed Date", "Location Name", "Replacement Order Item ID",
    "Primary PV Output", "Detailed PV Output",
)  # fmt: skip


def _source(path: Path) -> str:
    return recognise(path.name, open_file(path, path.name)).source_name


def _json(path: Path, body: Any) -> Path:
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return path


def _workbook(path: Path, *rows: tuple[Any, ...]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Returns")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return path


def test_the_answer_of_flipkarts_api_is_a_return_each(tmp_path: Path) -> None:
    cancelled = {**FLIPKART_ITEM, "returnId": "9", "status": "cancelled"}
    body = {"returnItems": [FLIPKART_ITEM, cancelled], "hasMore": True, "nextUrl": "/v2/returns?next=2"}
    path = _json(tmp_path / "returns.json", body)
    told, refused = reported(path)
    assert (_source(path), refused) == ("flipkart", [])
    (line,) = told["rtv_manifests"]
    assert line == {
        "platform_code": "FLIPKART", "rtv_no": "12300000001", "ownership_model": "own_stock",
        "created_at": "2026-11-05T10:00:00.000+05:30", "origin_node": "FLIPKART-FC",
        "destination_node": "HUB",
        "transporter_code": "Ekart Logistics", "awb_no": "FMPP0001", "line_no": "330000000000000001",
        "platform_sku": "330000000000000001", "qty": "2", "reason_code": "DAMAGED_PRODUCT",
    }  # fmt: skip


def test_the_returns_workbook_of_flipkart_stands_under_a_title_with_its_quirks(tmp_path: Path) -> None:
    row = (
        "12300000001", "OI:330000000000000001", "OD1", "customer_return", '"""SKU:CREAM-50"""', "FSN1",
        "Cream", 2, 1180, "QUALITY_ISSUE", "DAMAGED_PRODUCT", "-", "FMPP0001", "delivered",
        "Nov 05, 2026 10:00:00", "", "LOC1", "", "PASS", "OK",
    )  # fmt: skip
    told, refused = reported(_workbook(tmp_path / "r.xlsx", ("Returns report",), FLIPKART_SHEET, row))
    assert refused == []
    (line,) = told["rtv_manifests"]
    assert (line["platform_sku"], line["line_no"], line["unit_value"]) == (
        "CREAM-50",
        "330000000000000001",
        "590.00",
    )
    assert line["created_at"] == "2026-11-05T10:00:00"


def test_a_bad_row_of_flipkarts_workbook_is_refused_alone(tmp_path: Path) -> None:
    good = [
        "1",
        "OI:1",
        "O",
        "x",
        "A",
        "F",
        "p",
        1,
        100,
        "r",
        "s",
        "",
        "T",
        "delivered",
        "Nov 05, 2026 10:00:00",
    ]
    bad = [*good[:7], "two", *good[8:]]
    path = _workbook(
        tmp_path / "r.xlsx", ("Returns",), FLIPKART_SHEET, tuple(good), tuple(bad), tuple([""] * 25 + ["x"])
    )
    told, refused = reported(path)
    assert len(told["rtv_manifests"]) == 1
    assert refused == ["None: ROW_LONG", "qty: INTEGER_INVALID"]


def test_meeshos_report_is_a_return_a_suborder(tmp_path: Path) -> None:
    header = (
        "S No|Product Name|SKU|Variation|Qty|Category|Order Number|Suborder Number|Order Date|Dispatch Date|"
        "Return Created Date|Type of Return|Courier Partner|AWB Number|Status|Attempt|Detailed Return Reason"
    )
    row = (
        "1|Saree|SAR-1|Free Size|1|Sarees|100|100_1|2026-10-01|2026-10-03|2026-10-12|Courier Return (RTO)|"
        "Xpressbees|XB1|In Transit|1|Customer refused"
    )
    path = written(tmp_path / "meesho.csv", header, row, separator=",")
    told, refused = reported(path)
    assert (_source(path), refused) == ("meesho", [])
    (line,) = told["rtv_manifests"]
    assert (line["rtv_no"], line["awb_no"], line["line_no"], line["reason_code"]) == (
        "100_1",
        "XB1",
        "SAR-1/Free Size",
        "Customer refused",
    )


def test_increffs_return_order_is_read_item_by_item(tmp_path: Path) -> None:
    items = [
        {"itemCode": "I1", "channelSkuId": "A", "reason": "Damaged"},
        {"itemCode": "I2", "channelSkuId": "A"},
    ]
    body = {
        "forwardOrderCode": "F1", "returnOrderCode": "R1", "locationCode": "WH1", "orderType": "CR",
        "orderTime": "2026-11-05T10:00:00+05:30", "awbNumber": "AWB1", "transporter": "Delhivery",
        "orderItems": items,
    }  # fmt: skip
    path = _json(tmp_path / "increff.json", body)
    told, refused = reported(path)
    assert (_source(path), refused) == ("increff", [])
    assert [(line["line_no"], line["qty"], line["reason_code"]) for line in told["rtv_manifests"]] == [
        ("I1/A/-", "1", "Damaged"),
        ("I2/A/-", "1", "CR"),
    ]
    assert told["rtv_manifests"][0]["destination_node"] == "WH1"


def test_noons_returns_need_its_name_on_the_file(tmp_path: Path) -> None:
    header, row = (
        "RTV Nr|RTV Type|Created Date|Warehouse|Partner SKU|Qty|Unit Cost|Currency",
        ("RTV1|Problem-Solve|2026-11-05|DXB1|P-1|3|10.50|AED"),
    )
    told, refused = reported(written(tmp_path / "noon_rtv.csv", header, row, separator=","))
    assert refused == []
    (line,) = told["rtv_manifests"]
    assert (line["platform_code"], line["reason_code"], line["currency_code"]) == (
        "NOON",
        "Problem-Solve",
        "AED",
    )


@pytest.mark.parametrize(("article", "sku"), [("ASIN", "B0X"), ("Note", "R-1")])
def test_the_returns_list_of_vendor_central_counts_what_is_approved(
    tmp_path: Path, article: str, sku: str
) -> None:
    header = (
        "Request ID|Vendor code|Condition|Requested quantity|Approved quantity|Requested refund|"
        f"Approved refund|Next automated action|Warehouse|Authorization ID|Request date|{article}"
    )
    rows = ("R-1|V1|Damaged|10|8|1000.00|720.00|Ship|BLR7|AUTH1|2026-11-05|B0X",
            "R-2|V1|Damaged|4|0|400.00|0|Dispose|BLR7|AUTH2|2026-11-05|B0Y")  # fmt: skip
    told, refused = reported(written(tmp_path / "returns.csv", header, *rows, separator=","))
    assert refused == []
    (line,) = told["rtv_manifests"]
    assert (line["rtv_no"], line["qty"], line["unit_value"], line["platform_sku"]) == (
        "AUTH1",
        "8",
        "90.00",
        sku,
    )
    assert (line["platform_code"], line["origin_node"], line["reason_code"]) == ("AMAZON", "BLR7", "Damaged")
