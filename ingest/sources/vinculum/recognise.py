"""Recognises eRetail's returns to vendor as its RTV API answers them: head, then lines with five quantities.

What was shipped counts where something was, else what the document is open for. Times are DD/MM/YYYY
HH:MM:SS.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.table import Cell, Table
from ingest.sources.amounts import plain_number
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Row, Target, first_filled

NAME = "vinculum"
UNKNOWABLE: Mapping[str, frozenset[str]] = {"rtv_manifests": frozenset({"unit_value"})}
_LINES = ("items", "item", "details", "rtvDetails", "rtvDetail", "rtvItems", "lineItems", "skuDetails")
# The order of what happened: the last quantity that is there is the nearest to the truth.
_QUANTITIES = ("closed", "shipped", "picked", "committed", "open", "ordered")


def _quantity(row: Row) -> Cell:
    for role in _QUANTITIES:
        found = plain_number(row.get(role))
        if found:
            return format(found, "f")
    return next((row[role] for role in _QUANTITIES if row.get(role)), None)


def _revision(row: Row) -> Cell:
    """What was shipped stands over what was asked for."""
    shipped = any(plain_number(row.get(role)) for role in ("closed", "shipped"))
    return "2" if shipped else "1"


def _is_cancelled(row: Row) -> bool:
    return (row.get("status") or "").lower().startswith("cancel")


def _created(row: Row) -> Cell:
    """DD/MM/YYYY, always: the API's own form, so no column has to prove it."""
    text = (row.get("rtv_at") or row.get("entered_at") or "").strip()
    parts = text[:10].split("/")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return text or None
    return f"{parts[2]}-{parts[1]}-{parts[0]}T{text[11:].strip() or '00:00:00'}"


RETURNS = Report(
    "returns to vendor of Vinculum eRetail",
    {
        "rtv_no": ("rtvno", "rtv_no", "rtvnumber", "rtv_number", "extrtvno"),
        "rtv_at": ("rtvdate", "rtv_date", "orderdate"),
        "entered_at": ("createddate", "created_date"),
        "status": ("status", "rtvstatus"),
        "site": ("sitelocation", "site_location", "locationcode", "location_code", "fromlocation"),
        "vendor": ("vendorcode", "vendor_code"),
        "courier": ("transporter", "transportername", "carrier", "shippingprovider"),
        "awb": ("awbno", "awb_no", "trackingno"),
        "lr": ("lrno", "lr_no"),
        "line": ("lineno", "line_no", "srno", "extlineno"),
        "sku": ("skucode", "sku_code", "sku"),
        "ean": ("upc", "ean", "barcode", "upccode"),
        "ordered": ("qty", "orderqty", "order_qty", "rtvqty", "quantity"),
        "open": ("openqty", "open_qty"),
        "committed": ("committedqty", "committed_qty", "allocatedqty"),
        "picked": ("pickedqty", "picked_qty"),
        "shipped": ("shippedqty", "shipped_qty"),
        "closed": ("closedqty", "closed_qty"),
        "price": ("unitprice", "unit_price", "rate", "costprice"),
        "batch": ("batchno", "batch_no", "lotno"),
        "expiry": ("expirydate", "expiry_date", "expdate"),
        "reason": ("reason", "reasoncode", "returnreason", "rtvreason"),
    },
    (
        Target(
            "rtv_manifests",
            {
                "rtv_no": "rtv_no",
                "revision_no": _revision,
                "created_at": _created,
                "origin_node": "site",
                "transporter_code": "courier",
                "awb_no": first_filled("awb", "lr"),
                "line_no": first_filled("line", "sku"),
                "platform_sku": "sku",
                "gtin": "ean",
                "qty": _quantity,
                "unit_value": "price",
                "batch_no": "batch",
                "expiry_on": "expiry",
                "reason_code": "reason",
            },
            unknowable=UNKNOWABLE["rtv_manifests"],
            findings=("of open, committed, picked, shipped and closed the last one that is filled counts",),
        ),
    ),
    optional=frozenset(
        {
            "rtv_at",
            "entered_at",
            "status",
            "site",
            "vendor",
            "courier",
            "awb",
            "lr",
            "line",
            "ean",
            "ordered",
            "open",
            "committed",
            "picked",
            "shipped",
            "closed",
            "price",
            "batch",
            "expiry",
            "reason",
        }
    ),
    passes_over=_is_cancelled,
    passed_over="cancelled documents",
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """Returns to vendor of eRetail; none when the document is another's."""
    return recognise_documents(NAME, (RETURNS,), file_name, table, _LINES)
