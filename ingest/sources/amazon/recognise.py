"""Recognises Amazon's removal shipment detail report by its columns, whatever they are called this year."""

from __future__ import annotations

from ingest.readers.table import Table
from ingest.sources.base import Recognition

NAME = "amazon"
# Role to the headers it was seen under, in normal form.
ROLES: dict[str, tuple[str, ...]] = {
    "requested_at": ("request-date",),
    "order_id": ("order-id",),
    "shipped_at": ("shipment-date", "removal-date"),
    "sku": ("sku", "msku", "merchant-sku"),
    "fnsku": ("fnsku",),
    "disposition": ("disposition",),
    "shipped_quantity": ("shipped-quantity", "quantity-shipped"),
    "carrier": ("carrier",),
    "tracking_number": ("tracking-number",),
    "order_type": ("removal-order-type", "order-type"),
}
# Required by the contract and not in this report.
UNKNOWABLE = frozenset({"unit_value"})
_OPTIONAL = {"order_type", "disposition"}


def normal_form(header: str) -> str:
    """A header in lower case, words joined by `-`."""
    return "-".join(header.strip().lstrip("\ufeff").lower().replace("_", " ").replace("-", " ").split())


def recognise(file_name: str, table: Table) -> Recognition | None:
    """A removal shipment report: every role that only it has is played by exactly one column."""
    del file_name
    columns: dict[str, str] = {}
    for role, names in ROLES.items():
        players = [header for header in table.header if normal_form(header) in names]
        if len(players) == 1:
            columns[players[0]] = role
        elif players or role not in _OPTIONAL:
            return None
    return Recognition(
        NAME,
        "rtv_manifests",
        "its columns are those of Amazon's removal shipment detail report",
        columns,
        documents_are_whole=False,
        unknowable=UNKNOWABLE,
        findings=("Amazon does not state a unit's value here; it is taken from the newest dispatch price",),
    )
