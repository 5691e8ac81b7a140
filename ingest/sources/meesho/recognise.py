"""Recognises Meesho's returns report: sixteen columns, one row a suborder that comes back."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Table
from ingest.sources.amounts import day
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Target, first_filled

NAME = "meesho"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}

RETURNS = Report(
    "returns report of Meesho",
    {
        "suborder": ("suborder_number", "sub_order_no", "sub_order_number", "suborder_no"),
        "order": ("order_number", "order_no"),
        "sku": ("sku",),
        "variation": ("variation",),
        "quantity": ("qty", "quantity"),
        "created_at": ("return_created_date", "return_created_on"),
        "dispatched_at": ("dispatch_date",),
        "kind": ("type_of_return",),
        "sub_kind": ("sub_type",),
        "courier": ("courier_partner",),
        "awb": ("awb_number", "awb_no", "awb"),
        "status": ("status",),
        "attempt": ("attempt",),
        "reason": ("return_reason",),
        "detailed_reason": ("detailed_return_reason",),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "suborder",
                "created_at": day("created_at"),
                "transporter_code": "courier",
                "awb_no": "awb",
                "platform_sku": "sku",
                "qty": lambda row: row.get("quantity") or "1",
                "reason_code": first_filled("detailed_reason", "reason", "kind"),
            },
            line_named_by=("sku", "variation"),
            documents_are_whole=False,
            unknowable=UNKNOWABLE["rtv_manifests"],
            findings=("a row without a quantity is one unit",),
        ),
    ),
    optional=frozenset(
        {"order", "variation", "quantity", "dispatched_at", "sub_kind", "attempt", "reason", "status", "kind"}
    ),
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A report of Meesho's returns; none when the columns are another's."""
    return recognise_documents(NAME, (RETURNS,), file_name, table)
