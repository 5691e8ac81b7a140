"""Stock in Amazon's warehouses: customer returns, and the ledger in detail and by day."""

from __future__ import annotations

from decimal import Decimal

from ingest.sources.amazon.values import NAME, number
from ingest.sources.reports import Report, Row, Target, constant, first_filled

_MOVES = (
    "receipts",
    "customer_shipments",
    "customer_returns",
    "vendor_returns",
    "transfers",
    "found",
    "lost",
    "damaged",
    "disposed",
    "other_events",
    "unknown_events",
)


def _balance_kind(row: Row) -> str:
    """Whether a day's movements explain its balance."""
    moved = sum((number(row, role) for role in _MOVES), Decimal(0))
    return "balance" if number(row, "starting") + moved == number(row, "ending") else "balance_unexplained"


CUSTOMER_RETURNS = Report(
    "FBA customer returns report",
    {
        "returned_at": ("return_date",),
        "order_id": ("order_id",),
        "sku": ("sku",),
        "asin": ("asin",),
        "fnsku": ("fnsku",),
        "quantity": ("quantity",),
        "node": ("fulfillment_center_id",),
        "disposition": ("detailed_disposition",),
        "reason": ("reason",),
        "status": ("status",),
        "license_plate": ("license_plate_number",),
    },
    (
        Target(
            "stock_movements",
            {
                "source_code": constant(NAME),
                "moved_at": "returned_at",
                "node_code": "node",
                "platform_sku": "sku",
                "qty": "quantity",
                "movement_kind": constant("customer_return"),
                "disposition": "disposition",
                "reference_no": first_filled("license_plate", "order_id"),
            },
        ),
    ),
    optional=frozenset({"asin", "fnsku", "reason", "status", "license_plate"}),
)

LEDGER_DETAIL = Report(
    "inventory ledger, detail view",
    {
        "moved_at": ("date", "date_and_time"),
        "fnsku": ("fnsku",),
        "asin": ("asin",),
        "sku": ("msku",),
        "event": ("eventtype", "event_type"),
        "reference": ("referenceid", "reference_id"),
        "quantity": ("quantity",),
        "node": ("fulfillmentcenter", "fulfillment_center"),
        "disposition": ("disposition",),
        "reason": ("reason",),
        "country": ("country",),
    },
    (
        Target(
            "stock_movements",
            {
                "source_code": constant(NAME),
                "moved_at": "moved_at",
                "node_code": "node",
                "platform_sku": "sku",
                "qty": "quantity",
                "movement_kind": "event",
                "disposition": "disposition",
                "reference_no": "reference",
            },
            findings=("equal rows are both kept: two movements can be the same",),
        ),
    ),
    optional=frozenset({"asin", "reason", "country", "reference"}),
)

LEDGER_SUMMARY = Report(
    "inventory ledger, summary view",
    {
        "day": ("date",),
        "sku": ("msku",),
        "fnsku": ("fnsku",),
        "disposition": ("disposition",),
        "starting": ("startingwarehousebalance", "starting_warehouse_balance"),
        "ending": ("endingwarehousebalance", "ending_warehouse_balance"),
        "receipts": ("receipts",),
        "customer_shipments": ("customershipments", "customer_shipments"),
        "customer_returns": ("customerreturns", "customer_returns"),
        "vendor_returns": ("vendorreturns", "vendor_returns"),
        "transfers": ("warehousetransferin_out", "warehouse_transfer_in_out"),
        "found": ("found",),
        "lost": ("lost",),
        "damaged": ("damaged",),
        "disposed": ("disposed",),
        "other_events": ("otherevents", "other_events"),
        "unknown_events": ("unknownevents", "unknown_events"),
        "node": ("location",),
    },
    (
        Target(
            "stock_movements",
            {
                "source_code": constant(NAME),
                "moved_at": "day",
                "node_code": "node",
                "platform_sku": "sku",
                "qty": "ending",
                "movement_kind": _balance_kind,
                "disposition": "disposition",
            },
            findings=("a row is the balance of a day; one that its movements do not explain is marked",),
        ),
    ),
    optional=frozenset({"fnsku", "unknown_events"}),
)
