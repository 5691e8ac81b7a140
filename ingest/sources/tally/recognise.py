"""Recognises Tally's item-wise registers by their columns: sales, and debit or credit notes of returns.

Amounts carry Dr or Cr, quantities a unit ("10 Nos"), days a short year; the last row is a grand total. A note
of a return names its RTV in the reference or the narration, else its rows are refused by name.
"""

from __future__ import annotations

import re

from ingest.readers.table import Cell, Table, normal_form
from ingest.sources.amounts import absolute, day, each, plain_number
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Row, Target, first_filled
from ingest.sources.tally.registers import LINE_TAX, LINE_TAX_PERCENT, filled_down
from ingest.sources.titles import below_titles

NAME = "tally"
_RTV = re.compile(r"\b(?:RTV|VRET|RET)[-/ ]?[A-Z0-9][A-Z0-9/-]*", re.IGNORECASE)
# The items of a voucher in Tally's XML.
_LINES = ("ALLINVENTORYENTRIES.LIST", "INVENTORYENTRIES.LIST")
_ROLES = {
    "date": ("date", "voucher_date", "invoice_date"),
    "party": ("particulars", "buyer", "party_name", "party", "partyledgername"),
    "kind": ("vch_type", "voucher_type", "vouchertypename"),
    "number": ("vch_no", "voucher_no", "voucher_number", "invoice_no", "vouchernumber"),
    "order": ("order_no", "buyer_order_no", "order_no_date"),
    "reference": ("ref_no", "reference_no", "voucher_ref_no", "original_invoice_no", "reference"),
    "narration": ("narration",),
    "item": ("item_name", "name_of_item", "stock_item", "item", "stock_item_name", "stockitemname"),
    "part_no": ("part_no", "alias", "item_alias", "sku"),
    "batch": ("batch", "batch_no", "batch_lot_no"),
    "expiry": ("expiry", "expiry_date"),
    "quantity": ("quantity", "qty", "billed_quantity", "billed_qty", "billedqty"),
    "rate": ("rate",),
    "value": ("value", "amount", "taxable_value"),
    "gst_rate": ("gst_rate", "tax_rate", "gst"),
    "line_tax": (LINE_TAX,),
    "line_tax_percent": (LINE_TAX_PERCENT,),
    "total": ("gross_total", "total", "total_amount"),
    "mrp": ("mrp",),
}
_OPTIONAL = frozenset(_ROLES) - {"date", "party", "kind", "number", "item", "quantity"}


def _kind(row: Row) -> str:
    return (row.get("kind") or "").lower()


def _is_note(row: Row) -> bool:
    return "debit" in _kind(row) or "credit" in _kind(row)


def _is_no_line(row: Row) -> bool:
    """Grand totals, and vouchers that are neither sales nor notes."""
    total = "total" in (row.get("party") or "").lower() and not row.get("number")
    return total or not (_is_note(row) or "sale" in _kind(row) or "invoice" in _kind(row))


def _gst_rate(row: Row) -> Cell:
    """The rate as written, else what the taxes are of the value."""
    written = (row.get("gst_rate") or "").rstrip("% ").strip()
    return written or row.get("line_tax_percent")


def _unit_value(row: Row) -> Cell:
    return (
        absolute("rate")(row) if plain_number(row.get("rate")) is not None else each("value", "quantity")(row)
    )


def _total(row: Row) -> Cell:
    """What the line comes to: its value and its taxes; nothing is assumed where no tax is stated."""
    value, tax = plain_number(row.get("value")), plain_number(row.get("line_tax"))
    return absolute("total")(row) if value is None or tax is None else format(abs(value) + tax, "f")


def _rtv_no(row: Row) -> Cell:
    for role in ("reference", "narration", "order"):
        found = _RTV.search(row.get(role) or "")
        if found:
            return found.group().strip()
    return row.get("reference")


_SKU = first_filled("part_no", "item")
REGISTER = Report(
    "register of Tally",
    _ROLES,
    (
        Target(
            "debit_notes",
            {
                "platform_code": "party",
                "debit_note_no": "number",
                "debited_on": day("date"),
                "rtv_no": _rtv_no,
                "platform_sku": _SKU,
                "qty": absolute("quantity"),
                "unit_value": _unit_value,
                "tax_amount": "line_tax",
                "total_amount": _total,
            },
            wants=_is_note,
            line_named_by=("item", "part_no", "batch"),
            document_field="debit_note_no",
        ),
        Target(
            "dispatches",
            {
                "invoice_no": "number",
                "invoice_on": day("date"),
                "po_no": first_filled("order", "reference", "number"),
                "platform_code": "party",
                "dispatched_at": day("date"),
                "sku_code": _SKU,
                "batch_no": "batch",
                "expiry_on": "expiry",
                "qty": absolute("quantity"),
                "unit_price": _unit_value,
                "gst_rate": _gst_rate,
                "mrp": "mrp",
            },
            line_named_by=("item", "part_no", "batch", "rate"),
            line_field="invoice_line_no",
            document_field="invoice_no",
            findings=(
                "a line is named by its article, batch and rate; goods leave on the day of the invoice",
                "where no order is named, the voucher's own number stands for it",
            ),
        ),
    ),
    optional=_OPTIONAL,
    passes_over=_is_no_line,
    passed_over="totals, and vouchers that are neither sales nor notes",
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A register of Tally; none when the columns are another's."""
    found = below_titles(table, lambda header: {"vch_type", "voucher_type"} & _forms(header) != set())
    if found is None:
        return recognise_documents(NAME, (REGISTER,), file_name, table, _LINES)
    return recognise_documents(NAME, (REGISTER,), file_name, filled_down(found))


def _forms(header: tuple[str, ...]) -> set[str]:
    return {normal_form(name) for name in header}
