"""Recognises noon's returns to vendor by the file's name and the roles of its columns.

No public file exists. The five kinds are Stock, Non-Delivered, Customer-initiated, Problem-Solve and Expired.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Table
from ingest.sources.amounts import day
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Target, first_filled

NAME = "noon"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}

RETURNS = Report(
    "returns to vendor of noon",
    {
        "rtv_no": ("rtv_no", "rtv_nr", "rtv_number", "rtv_id", "rtv"),
        "kind": ("rtv_type", "type", "return_type"),
        "created_at": ("rtv_date", "created_at", "created_date", "creation_date", "date"),
        "site": ("warehouse", "warehouse_code", "fc", "from_warehouse"),
        "sku": ("partner_sku", "psku", "psku_code", "seller_sku", "sku"),
        "noon_sku": ("noon_sku", "zsku", "zsku_code"),
        "barcode": ("barcode", "gtin", "ean"),
        "quantity": ("qty", "quantity", "units", "rtv_qty"),
        "cost": ("unit_cost", "unit_price", "cost"),
        "awb": ("awb", "awb_no", "awb_nr", "tracking_number"),
        "courier": ("courier", "carrier", "shipper"),
        "batch": ("batch", "batch_no", "lot"),
        "expiry": ("expiry", "expiry_date"),
        "currency": ("currency", "currency_code"),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "rtv_no",
                "created_at": day("created_at"),
                "origin_node": "site",
                "transporter_code": "courier",
                "awb_no": "awb",
                "platform_sku": first_filled("sku", "noon_sku", "barcode"),
                "gtin": "barcode",
                "qty": "quantity",
                "unit_value": "cost",
                "batch_no": "batch",
                "expiry_on": "expiry",
                "reason_code": "kind",
                "currency_code": "currency",
            },
            line_named_by=("sku", "noon_sku", "barcode", "batch"),
            unknowable=UNKNOWABLE["rtv_manifests"],
        ),
    ),
    optional=frozenset(
        {
            "kind",
            "site",
            "sku",
            "noon_sku",
            "barcode",
            "cost",
            "awb",
            "courier",
            "batch",
            "expiry",
            "currency",
        }
    ),
    one_of=frozenset({"sku", "noon_sku", "barcode"}),
    named=("noon",),
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """Returns to vendor of noon; none when the name or the columns are another's."""
    return recognise_documents(NAME, (RETURNS,), file_name, table)
