"""Recognises Flipkart's returns by their columns, in the answer of v2/returns and in the Returns workbook.

A return is an RTV of its own number; its tracking number is the AWB. Cancelled returns bring no goods.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Cell, Table
from ingest.sources.amounts import day, each
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Row, Target, first_filled

NAME = "flipkart"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}
_PREFIXES = ("OI:", "SKU:")
_LINES = ("returnItems", "returns")


def _clean(text: str) -> Cell:
    """Flipkart quotes a cell twice and writes OI: before an order item, SKU: before a SKU."""
    plain = text.strip().strip("\"'").strip()
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix)
    return None if plain.lower() in {"", "na", "n/a", "null", "none", "-"} else plain


def _is_cancelled(row: Row) -> bool:
    return "cancel" in (row.get("status") or "").lower()


RETURNS = Report(
    "returns of Flipkart",
    {
        "return_id": ("returnid", "return_id"),
        "order_item_id": ("orderitemid", "order_item_id"),
        "order_id": ("orderid", "order_id"),
        "sku": ("sku", "seller_sku", "sku_id"),
        "fsn": ("fsn",),
        "quantity": ("quantity", "qty"),
        "tracking_id": ("trackingid", "tracking_id", "return_tracking_id"),
        "courier": ("couriername", "courier_name", "vendor_name", "logistics_partner"),
        "approved_at": ("approvedon", "return_approval_date", "return_requested_date", "approved_on"),
        "created_at": ("createddate", "created_date", "return_created_date"),
        "reason": ("reason", "return_reason"),
        "sub_reason": ("subreason", "return_sub_reason"),
        "kind": ("type", "return_type", "source"),
        "status": ("status", "return_status"),
        "location": ("locationid", "location_id", "location_name"),
        "value": ("total_price", "price"),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "return_id",
                "created_at": lambda row: day("approved_at")(row) or day("created_at")(row),
                "transporter_code": "courier",
                "awb_no": "tracking_id",
                "line_no": first_filled("order_item_id", "return_id"),
                "platform_sku": first_filled("sku", "fsn", "order_item_id"),
                "qty": "quantity",
                "unit_value": each("value", "quantity"),
                "reason_code": first_filled("sub_reason", "reason", "kind"),
            },
            documents_are_whole=False,
            unknowable=UNKNOWABLE["rtv_manifests"],
            findings=("the seller API names no SKU: the order item stands in its place until it is listed",),
        ),
    ),
    optional=frozenset(
        {
            "order_id",
            "sku",
            "fsn",
            "courier",
            "approved_at",
            "created_at",
            "sub_reason",
            "kind",
            "status",
            "location",
            "value",
        }
    ),
    passes_over=_is_cancelled,
    passed_over="cancelled returns",
    clean=_clean,
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """Returns of Flipkart; none when the columns are another's."""
    return recognise_documents(NAME, (RETURNS,), file_name, table, _LINES)
