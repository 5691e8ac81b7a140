"""Vendor Central's list of returns: what Amazon wants to send back to a vendor, request by request.

No public file exists: the columns are those that guides describe. The list names no article unless it is
exported with one; then the request stands in its place until somebody lists it.
"""

from __future__ import annotations

from ingest.readers.table import Cell
from ingest.sources.amazon.values import NO_VALUE, UNSTATED
from ingest.sources.amounts import each, number, plain_number
from ingest.sources.reports import Report, Row, Target, first_filled


def _quantity(row: Row) -> Cell:
    """Approved units, else those that were asked for."""
    return number("approved_quantity" if row.get("approved_quantity") else "requested_quantity")(row)


def _value(row: Row) -> Cell:
    return each("approved_refund", "approved_quantity")(row) or each(
        "requested_refund", "requested_quantity"
    )(row)


def _is_refused(row: Row) -> bool:
    """Approved for no unit at all."""
    return plain_number(row.get("approved_quantity")) == 0


VENDOR_RETURNS = Report(
    "returns list of Vendor Central",
    {
        "request_id": ("request_id", "return_request_id", "shipment_request_id"),
        "vendor": ("vendor_code",),
        "condition": ("condition", "item_condition"),
        "requested_quantity": ("requested_quantity",),
        "approved_quantity": ("approved_quantity",),
        "requested_refund": ("requested_refund",),
        "approved_refund": ("approved_refund",),
        "action": ("next_automated_action",),
        "warehouse": ("warehouse",),
        "authorization": ("authorization_id", "authorisation_id"),
        "requested_at": ("request_date", "requested_on", "created_date", "date_requested"),
        "asin": ("asin",),
        "sku": ("vendor_sku", "sku", "model_number"),
        "upc": ("upc", "ean", "external_id"),
        "tracking": ("tracking", "tracking_id", "tracking_number"),
        "carrier": ("carrier", "carrier_name"),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": first_filled("authorization", "request_id"),
                "created_at": "requested_at",
                "origin_node": "warehouse",
                "transporter_code": "carrier",
                "awb_no": "tracking",
                "platform_sku": first_filled("asin", "sku", "upc", "request_id"),
                "gtin": "upc",
                "qty": _quantity,
                "unit_value": _value,
                "reason_code": "condition",
            },
            line_named_by=("request_id", "asin", "sku", "condition"),
            documents_are_whole=False,
            unknowable=UNSTATED,
            findings=(
                "approved quantities and refunds count, else those asked for",
                "without an article the request stands in its place until it is listed",
                NO_VALUE,
            ),
        ),
    ),
    optional=frozenset(
        {
            "approved_quantity",
            "requested_refund",
            "approved_refund",
            "action",
            "authorization",
            "requested_at",
            "asin",
            "sku",
            "upc",
            "tracking",
            "carrier",
            "condition",
        }
    ),
    passes_over=_is_refused,
    passed_over="requests approved for no unit",
)
