"""Recognises Oracle Retail's messages of returns to vendor, as XML or JSON, by the names of their elements.

RTVReqDesc asks for a return, RTVDesc says what left: it stands over the request as its second revision.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Table
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Row, Target, constant, first_filled

NAME = "oracle_retail"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}
_LINES = ("RTVDtl", "RTVReqDtl")
_CANCELLED = "20"


def _is_cancelled(row: Row) -> bool:
    return (row.get("status") or "").strip() == _CANCELLED


SHIPPED = Report(
    "RTVDesc message of Oracle Retail",
    {
        "order_no": ("rtv_order_no",),
        "rtv_id": ("rtv_id",),
        "authorization": ("rtn_auth_nbr",),
        "location": ("dc_dest_id",),
        "created_at": ("creation_ts",),
        "item": ("item_id",),
        "quantity": ("unit_qty",),
        "cost": ("unit_cost",),
        "reason": ("reason",),
        "weight": ("weight",),
        "from_disposition": ("from_disposition",),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": first_filled("order_no", "rtv_id"),
                "revision_no": constant("2"),
                "created_at": "created_at",
                "origin_node": "location",
                "platform_sku": "item",
                "qty": "quantity",
                "unit_value": "cost",
                "reason_code": first_filled("reason", "from_disposition"),
            },
            line_named_by=("item", "from_disposition", "reason"),
            unknowable=UNKNOWABLE["rtv_manifests"],
            findings=("what was shipped stands over the request, as its second revision",),
        ),
    ),
    optional=frozenset(
        {"order_no", "authorization", "created_at", "cost", "reason", "weight", "from_disposition"}
    ),
)
REQUESTED = Report(
    "RTVReqDesc message of Oracle Retail",
    {
        "order_no": ("rtv_order_no",),
        "authorization": ("ret_auth_nbr",),
        "status": ("status_ind",),
        "location": ("loc",),
        "courier": ("ret_courier",),
        "created_at": ("creation_date",),
        "line": ("seq_no",),
        "item": ("item",),
        "quantity": ("rtv_qty",),
        "cost": ("unit_cost",),
        "reason": ("reason",),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "order_no",
                "created_at": "created_at",
                "origin_node": "location",
                "transporter_code": "courier",
                "line_no": first_filled("line", "item"),
                "platform_sku": "item",
                "qty": "quantity",
                "unit_value": "cost",
                "reason_code": "reason",
            },
            unknowable=UNKNOWABLE["rtv_manifests"],
        ),
    ),
    optional=frozenset({"authorization", "status", "location", "courier", "line", "cost", "reason"}),
    passes_over=_is_cancelled,
    passed_over="cancelled requests (status 20)",
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """Messages of returns to vendor; none when the document is another's."""
    return recognise_documents(NAME, (SHIPPED, REQUESTED), file_name, table, _LINES)
