"""Removal orders and their shipments: an order of removal is an RTV, its tracking numbers are AWBs."""

from __future__ import annotations

from decimal import Decimal

from ingest.readers.table import Cell
from ingest.sources.amazon.values import NAME, NO_VALUE, UNSTATED, is_number, number
from ingest.sources.reports import Report, Row, Target, constant, first_filled

# What was shipped stands over what was ordered.
_SHIPPED_OVER_ORDERED = "2"
_LINE = ("tracking_number", "sku", "fnsku", "disposition", "shipped_at")


def _is_return(row: Row) -> bool:
    return (row.get("order_type") or "Return").strip().lower() == "return"


def _ordered_back(row: Row) -> Cell:
    """What of a removal order comes back: requested, less cancelled, less disposed of."""
    requested = row.get("requested_quantity")
    if not is_number(requested):
        return requested
    gone = number(row, "cancelled_quantity") + number(row, "disposed_quantity")
    return format(number(row, "requested_quantity") - gone, "f")


def _comes_back(row: Row) -> bool:
    back = _ordered_back(row)
    return _is_return(row) and (not is_number(back) or Decimal(back or 0) > 0)


def _gone(row: Row) -> Cell:
    return format(-(number(row, "disposed_quantity") + number(row, "shipped_quantity")), "f")


SHIPMENTS = Report(
    "removal shipment detail report",
    {
        "requested_at": ("request_date",),
        "order_id": ("order_id",),
        "shipped_at": ("shipment_date", "removal_date"),
        "sku": ("sku", "msku", "merchant_sku"),
        "fnsku": ("fnsku",),
        "disposition": ("disposition",),
        "shipped_quantity": ("shipped_quantity", "quantity_shipped"),
        "carrier": ("carrier",),
        "tracking_number": ("tracking_number",),
        "order_type": ("removal_order_type", "order_type"),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "order_id",
                "revision_no": constant(_SHIPPED_OVER_ORDERED),
                "created_at": "requested_at",
                "transporter_code": "carrier",
                "awb_no": "tracking_number",
                "platform_sku": "sku",
                "qty": "shipped_quantity",
                "reason_code": "disposition",
            },
            wants=_is_return,
            line_named_by=_LINE,
            documents_are_whole=False,
            unknowable=UNSTATED,
            findings=(NO_VALUE,),
        ),
        Target(
            "stock_movements",
            {
                "source_code": constant(NAME),
                "moved_at": "shipped_at",
                "platform_sku": "sku",
                "qty": lambda row: format(-number(row, "shipped_quantity"), "f"),
                "movement_kind": "order_type",
                "disposition": "disposition",
                "reference_no": "order_id",
            },
        ),
    ),
    optional=frozenset({"order_type", "disposition"}),
)

ORDERS = Report(
    "removal order detail report",
    {
        "requested_at": ("request_date",),
        "order_id": ("order_id",),
        "order_type": ("order_type",),
        "order_status": ("order_status",),
        "updated_at": ("last_updated_date",),
        "sku": ("sku", "msku", "merchant_sku"),
        "fnsku": ("fnsku",),
        "disposition": ("disposition",),
        "requested_quantity": ("requested_quantity",),
        "cancelled_quantity": ("cancelled_quantity",),
        "disposed_quantity": ("disposed_quantity",),
        "shipped_quantity": ("shipped_quantity",),
        "in_process_quantity": ("in_process_quantity",),
        "removal_fee": ("removal_fee",),
        "currency": ("currency",),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "order_id",
                "created_at": "requested_at",
                "platform_sku": "sku",
                "qty": _ordered_back,
                "reason_code": "disposition",
            },
            wants=_comes_back,
            line_named_by=("sku", "fnsku", "disposition"),
            documents_are_whole=False,
            unknowable=UNSTATED,
            findings=(NO_VALUE, "quantities are requested less cancelled less disposed of"),
        ),
        Target(
            "stock_movements",
            {
                "source_code": constant(NAME),
                "moved_at": first_filled("updated_at", "requested_at"),
                "platform_sku": "sku",
                "qty": _gone,
                "movement_kind": "order_type",
                "disposition": "disposition",
                "reference_no": "order_id",
            },
        ),
    ),
    optional=frozenset({"updated_at", "removal_fee", "currency", "in_process_quantity", "disposition"}),
)
