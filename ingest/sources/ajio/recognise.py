"""Recognises AJIO's report of B2B returns: 51 columns, of which the returns themselves are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from ingest.readers.table import Cell, Table
from ingest.sources.base import Recognition
from ingest.sources.reports import Report, Row, Target, find_report, first_filled, parts_of

NAME = "ajio"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}
_WRITTEN = "%a %b %d %H:%M:%S IST %Y"


def _clean(text: str) -> Cell:
    """AJIO writes `nan` for nothing, and times as `Thu Nov 05 09:30:00 IST 2026`."""
    if text.lower() in {"nan", "null", "none"}:
        return None
    if " IST " in text:
        try:
            return datetime.strptime(text, _WRITTEN).isoformat() + "+05:30"  # noqa: DTZ007
        except ValueError:
            return text
    return text


def _each(row: Row) -> Cell:
    """A unit's value: the return's value over its units, where both are numbers that divide."""
    try:
        value, count = Decimal(row.get("value") or ""), Decimal(row.get("quantity") or "")
        return format((value / count).quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
    except ArithmeticError:
        return None


RETURNS = Report(
    "B2B returns report of AJIO",
    {
        "return_no": ("return_order_number", "return_order_no"),
        "jiocode": ("jiocode", "jio_code"),
        "seller_sku": ("seller_sku",),
        "ean": ("ean",),
        "created_at": ("return_created_date",),
        "quantity": ("return_qty", "return_quantity"),
        "shipment_id": ("return_shipment_id",),
        "carrier": ("return_carrier_name",),
        "awb": ("return_awb_no", "return_awb_number"),
        "delivered_at": ("return_delivered_date",),
        "challan_no": ("delivery_challan_no", "delivery_challan_number"),
        "value": ("return_value",),
        "disposition": ("disposition",),
        "reason": ("qc_reason_coding",),
        "return_reason": ("cust_return_reason",),
        "node": ("dc_code",),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "return_no",
                "created_at": "created_at",
                "origin_node": "node",
                "transporter_code": "carrier",
                "awb_no": "awb",
                "platform_sku": first_filled("jiocode", "seller_sku"),
                "gtin": "ean",
                "qty": "quantity",
                "unit_value": _each,
                "reason_code": first_filled("reason", "return_reason"),
            },
            line_named_by=("shipment_id", "jiocode", "seller_sku", "ean"),
            documents_are_whole=False,
            unknowable=UNKNOWABLE["rtv_manifests"],
            findings=("a unit's value is the return's value over its units",),
        ),
    ),
    optional=frozenset(
        {
            "seller_sku",
            "ean",
            "shipment_id",
            "delivered_at",
            "challan_no",
            "disposition",
            "reason",
            "return_reason",
        }
    ),
    clean=_clean,
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A report of AJIO's returns; none when the columns are another's."""
    found = find_report((RETURNS,), file_name, table)
    return parts_of(NAME, *found, table) if found else []
