"""Recognises registers of any ERP by the roles of their columns: goods receipts, invoices and debit notes.

Only where each role that a contract cannot do without is played by exactly one column; else `rtv map` asks.
"""

from __future__ import annotations

from ingest.readers.table import Cell, Table
from ingest.sources.amounts import absolute, day, number, plain_number, summed
from ingest.sources.base import Recognition
from ingest.sources.documents import recognise_documents
from ingest.sources.reports import Report, Row, Target, first_filled

NAME = "erp"
_ITEM = (
    "sku",
    "sku_code",
    "item",
    "item_code",
    "item_no",
    "material",
    "material_code",
    "material_no",
    "article",
    "article_no",
    "product_code",
    "part_no",
)
_BATCH = ("batch", "batch_no", "batch_number", "lot", "lot_no")
_EXPIRY = ("expiry", "expiry_date", "exp_date", "expiry_on", "sled_bbd")
_RTV = (
    "rtv",
    "rtv_no",
    "rtv_number",
    "return_no",
    "return_ref",
    "return_reference",
    "rtv_reference",
    "rtv_ref",
)
_TAXES = ("cgst", "sgst", "igst")
_LINES = ("lines", "items", "rows", "details", "entries")


def _is_total(row: Row) -> bool:
    return not row.get("item") and "total" in " ".join(filter(None, row.values())).lower()


def _rejected(row: Row) -> Cell:
    """Rejected units as written, else received less accepted."""
    if row.get("rejected"):
        return number("rejected")(row)
    received, accepted = plain_number(row.get("quantity")), plain_number(row.get("accepted"))
    return None if received is None or accepted is None else format(received - accepted, "f")


def _tax(row: Row) -> Cell:
    return absolute("tax")(row) if row.get("tax") else format(abs(summed(row, *_TAXES)), "f")


GOODS_RECEIPTS = Report(
    "register of goods receipts",
    {
        "grn_no": (
            "grn",
            "grn_no",
            "grn_number",
            "gr_no",
            "goods_receipt_no",
            "material_document",
            "mat_doc",
        ),
        "grn_on": (
            "grn_date",
            "grn_on",
            "gr_date",
            "posting_date",
            "receipt_date",
            "received_on",
            "document_date",
        ),
        "node": ("node_code", "plant", "warehouse", "site", "location", "godown", "store", "warehouse_code"),
        "awb": ("awb", "awb_no", "lr_no", "lr_number", "docket_no", "tracking_no"),
        "rtv": (*_RTV, "reference", "reference_no", "ref_no"),
        "line": ("line", "line_no", "line_item", "item_line", "sr_no", "s_no", "sl_no"),
        "item": _ITEM,
        "batch": _BATCH,
        "quantity": (
            "qty",
            "quantity",
            "received_qty",
            "qty_received",
            "grn_qty",
            "receipt_qty",
            "quantity_received",
        ),
        "accepted": ("accepted_qty", "qty_accepted", "accepted", "good_qty", "ok_qty"),
        "rejected": ("rejected_qty", "qty_rejected", "rejected", "damaged_qty", "bad_qty"),
        "disposition": ("disposition", "stock_type", "stock_category", "bin_type", "condition", "grade"),
    },
    (
        Target(
            "goods_receipts",
            {
                "node_code": "node",
                "grn_no": "grn_no",
                "grn_on": day("grn_on"),
                "awb_no": "awb",
                "rtv_no": "rtv",
                "sku_code": "item",
                "batch_no": "batch",
                "qty": number("quantity"),
                "accepted_qty": number("accepted"),
                "rejected_qty": _rejected,
                "disposition": "disposition",
            },
            line_named_by=("line", "item", "batch"),
            document_field="grn_no",
        ),
    ),
    optional=frozenset({"node", "awb", "rtv", "line", "batch", "accepted", "rejected", "disposition"}),
    passes_over=_is_total,
    passed_over="totals",
)
INVOICES = Report(
    "register of invoices",
    {
        "number": ("invoice", "invoice_no", "invoice_number", "billing_document", "bill_no", "inv_no"),
        "date": ("invoice_date", "invoice_on", "billing_date", "bill_date", "inv_date"),
        "order": ("po", "po_no", "po_number", "customer_po", "purchase_order", "customer_reference"),
        "platform": ("platform", "platform_code", "customer", "customer_code", "sold_to", "bill_to", "party"),
        "from": ("ship_from", "ship_from_node", "plant", "warehouse", "dispatch_from"),
        "to": ("ship_to", "ship_to_node", "ship_to_code", "ship_to_party", "delivery_location", "fc"),
        "dispatched_at": ("dispatch_date", "dispatched_at", "goods_issue_date", "pgi_date", "shipped_on"),
        "line": ("line", "line_no", "invoice_line_no", "line_item", "item_line", "sr_no"),
        "item": _ITEM,
        "batch": _BATCH,
        "expiry": _EXPIRY,
        "quantity": ("qty", "quantity", "billed_qty", "billed_quantity", "invoice_qty"),
        "price": ("unit_price", "rate", "price", "net_price", "basic_rate"),
        "gst_rate": ("gst_rate", "gst", "tax_rate", "gst_percent", "igst_rate"),
        "mrp": ("mrp",),
    },
    (
        Target(
            "dispatches",
            {
                "invoice_no": "number",
                "invoice_on": day("date"),
                "po_no": first_filled("order", "number"),
                "platform_code": "platform",
                "ship_from_node": "from",
                "ship_to_node": "to",
                "dispatched_at": lambda row: day("dispatched_at")(row) or day("date")(row),
                "sku_code": "item",
                "batch_no": "batch",
                "expiry_on": "expiry",
                "qty": absolute("quantity"),
                "unit_price": absolute("price"),
                "gst_rate": lambda row: (row.get("gst_rate") or "").rstrip("% ") or None,
                "mrp": "mrp",
            },
            line_named_by=("line", "item", "batch"),
            line_field="invoice_line_no",
            document_field="invoice_no",
            findings=("goods leave on the day of the invoice where no other day is named",),
        ),
    ),
    optional=frozenset(
        {"order", "platform", "from", "to", "dispatched_at", "line", "batch", "expiry", "gst_rate", "mrp"}
    ),
    passes_over=_is_total,
    passed_over="totals",
)
DEBIT_NOTES = Report(
    "register of debit notes",
    {
        "number": ("debit_note", "debit_note_no", "debit_note_number", "dn_no", "dn_number", "debit_no"),
        "date": ("debit_note_date", "debited_on", "dn_date", "debit_date", "posting_date", "document_date"),
        "platform": (
            "platform",
            "platform_code",
            "customer",
            "customer_code",
            "party",
            "vendor",
            "vendor_name",
        ),
        "rtv": _RTV,
        "line": ("line", "line_no", "line_item", "sr_no"),
        "item": ("platform_sku", *_ITEM),
        "quantity": ("qty", "quantity", "debit_qty", "return_qty"),
        "value": ("unit_value", "unit_price", "rate", "price", "basic_rate", "unit_cost"),
        "tax": ("tax", "tax_amount", "gst_amount", "total_tax"),
        "cgst": ("cgst", "cgst_amount"),
        "sgst": ("sgst", "sgst_amount"),
        "igst": ("igst", "igst_amount"),
        "total": ("total", "total_amount", "gross_amount", "line_total", "amount_incl_tax"),
    },
    (
        Target(
            "debit_notes",
            {
                "platform_code": "platform",
                "debit_note_no": "number",
                "debited_on": day("date"),
                "rtv_no": "rtv",
                "platform_sku": "item",
                "qty": absolute("quantity"),
                "unit_value": absolute("value"),
                "tax_amount": _tax,
                "total_amount": absolute("total"),
            },
            line_named_by=("line", "item"),
            document_field="debit_note_no",
        ),
    ),
    optional=frozenset({"platform", "line", "tax", "cgst", "sgst", "igst"}),
    passes_over=_is_total,
    passed_over="totals",
)


def recognise(file_name: str, table: Table) -> list[tuple[Table, Recognition]]:
    """A register of an ERP; none when some role has no column or several."""
    return recognise_documents(NAME, (GOODS_RECEIPTS, DEBIT_NOTES, INVOICES), file_name, table, _LINES)
