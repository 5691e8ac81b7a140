"""Recognises Increff's return orders, as its API takes them and as its upload sheet is described.

Of the upload sheet no public file exists: its columns are those of the description. Types: RTO, CR, MRTO.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Table
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Target, first_filled

NAME = "increff"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}
_LINES = ("orderItems", "items", "returnOrderItems")

RETURNS = Report(
    "return orders of Increff",
    {
        "return_no": ("returnordercode", "return_order_code", "return_order_id", "channel_return_id"),
        "forward_no": ("forwardordercode", "forward_order_code", "channel_order_id", "order_code"),
        "kind": ("ordertype", "return_type", "order_type"),
        "platform": ("channelname", "channel_name", "channel", "marketplace"),
        "location": ("locationcode", "location_code", "fulfilment_location"),
        "created_at": ("ordertime", "order_time", "return_order_date", "return_date", "created_at"),
        "courier": ("transporter", "transporter_name", "courier"),
        "awb": ("awbnumber", "awb_number", "awb_no", "return_awb"),
        "item": ("itemcode", "item_code", "channel_sub_order_id", "sub_order_id"),
        "sku": ("channelskuid", "channelskucode", "channel_sku_id", "channel_sku_code"),
        "client_sku": ("clientskuid", "clientskucode", "client_sku_id", "client_sku_code", "sku_code"),
        "quantity": ("quantity", "qty", "return_qty"),
        "reason": ("reason", "return_reason"),
    },
    (
        Target(
            "rtv_manifests",
            {
                "platform_code": "platform",
                "rtv_no": "return_no",
                "created_at": "created_at",
                "destination_node": "location",
                "transporter_code": "courier",
                "awb_no": "awb",
                "platform_sku": first_filled("sku", "client_sku"),
                "qty": lambda row: row.get("quantity") or "1",
                "reason_code": first_filled("reason", "kind"),
            },
            line_named_by=("item", "sku", "client_sku"),
            documents_are_whole=False,
            unknowable=UNKNOWABLE["rtv_manifests"],
            findings=("an item without a quantity is one unit",),
        ),
    ),
    optional=frozenset(
        {
            "forward_no",
            "kind",
            "platform",
            "location",
            "courier",
            "awb",
            "item",
            "quantity",
            "reason",
            "sku",
            "client_sku",
        }
    ),
    one_of=frozenset({"sku", "client_sku"}),
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """Return orders of Increff; none when the document is another's."""
    return recognise_documents(NAME, (RETURNS,), file_name, table, _LINES)
