"""Money between Amazon and the seller: reimbursements, SAFE-T claims, settlements."""

from __future__ import annotations

from decimal import Decimal

from ingest.readers.table import Cell
from ingest.sources.amazon.values import NAME, absolute, day, normal, number
from ingest.sources.reports import Report, Row, Target, constant, first_filled

_SAFET = {
    "granted": "accepted",
    "approved": "accepted",
    "reimbursed": "reimbursed",
    "partially_granted": "part_accepted",
    "denied": "rejected",
    "rejected": "rejected",
    "under_investigation": "info_requested",
    "awaiting_seller_response": "info_requested",
    "awaiting_response": "info_requested",
    "appealed": "appealed",
    "closed": "closed",
}
# Settlement lines that take money back for goods.
_DEDUCTIONS = frozenset(
    {
        "reversal_reimbursement",
        "compensated_clawback",
        "free_replacement_refund_items",
        "cs_error_items",
    }
)


def _is_reversal(row: Row) -> bool:
    return bool(row.get("original_id")) or number(row, "amount_total") < 0


def _is_no_deduction(row: Row) -> bool:
    return normal(row.get("kind")) not in _DEDUCTIONS or number(row, "other_amount") >= 0


def _note_no(row: Row) -> Cell:
    return f"{row.get('settlement_id')}/{row.get('adjustment_id') or row.get('order_id')}"


def _each(row: Row) -> Cell:
    count = number(row, "quantity") or Decimal(1)
    return format(abs(number(row, "other_amount")) / count, "f")


def _state(row: Row) -> Cell:
    return _SAFET.get(normal(row.get("safet_state")), row.get("safet_state"))


REIMBURSEMENTS = Report(
    "reimbursements report",
    {
        "approved_at": ("approval_date",),
        "reimbursement_id": ("reimbursement_id",),
        "case_id": ("case_id",),
        "order_id": ("amazon_order_id",),
        "reason": ("reason",),
        "sku": ("sku",),
        "currency": ("currency_unit",),
        "amount_per_unit": ("amount_per_unit",),
        "amount_total": ("amount_total",),
        "quantity": ("quantity_reimbursed_total",),
        "original_id": ("original_reimbursement_id",),
    },
    (
        Target(
            "debit_notes",
            {
                "debit_note_no": "reimbursement_id",
                "debited_on": day("approved_at"),
                "rtv_no": first_filled("order_id", "case_id", "original_id"),
                "line_no": constant("1"),
                "platform_sku": "sku",
                "qty": absolute("quantity"),
                "unit_value": absolute("amount_per_unit"),
                "tax_amount": constant("0"),
                "total_amount": absolute("amount_total"),
                "currency_code": "currency",
            },
            wants=_is_reversal,
            findings=("a reimbursement taken back is a debit",),
        ),
        Target(
            "claim_outcomes",
            {
                "claim_no": first_filled("case_id", "reimbursement_id"),
                "outcome_at": "approved_at",
                "status": constant("reimbursed"),
                "amount": "amount_total",
                "reference": "reimbursement_id",
            },
        ),
    ),
    optional=frozenset({"case_id", "order_id", "currency", "original_id"}),
)

RETURNS = Report(
    "flat-file returns report",
    {
        "order_id": ("order_id",),
        "requested_at": ("return_request_date",),
        "rma": ("amazon_rma_id",),
        "carrier": ("return_carrier",),
        "tracking": ("tracking_id",),
        "sku": ("merchant_sku",),
        "quantity": ("return_quantity",),
        "reason": ("return_reason",),
        "delivered_at": ("return_delivery_date",),
        "safet_id": ("safet_claim_id",),
        "safet_state": ("safet_claim_state",),
        "safet_at": ("safet_claim_creation_time",),
        "safet_amount": ("safet_claim_reimbursement_amount",),
    },
    (
        Target(
            "claim_outcomes",
            {
                "claim_no": "safet_id",
                "outcome_at": first_filled("safet_at", "delivered_at", "requested_at"),
                "status": _state,
                "amount": "safet_amount",
                "reference": "rma",
            },
            wants=lambda row: bool(row.get("safet_id")),
        ),
        Target(
            "stock_movements",
            {
                "source_code": constant(NAME),
                "moved_at": first_filled("delivered_at", "requested_at"),
                "platform_sku": "sku",
                "qty": "quantity",
                "movement_kind": constant("customer_return"),
                "disposition": "reason",
                "reference_no": first_filled("rma", "order_id"),
            },
        ),
    ),
    optional=frozenset({"carrier", "tracking", "reason", "delivered_at", "safet_at", "safet_amount"}),
)

SETTLEMENT = Report(
    "settlement report, flat file V2",
    {
        "settlement_id": ("settlement_id",),
        "kind": ("transaction_type",),
        "order_id": ("order_id",),
        "adjustment_id": ("adjustment_id",),
        "posted_at": ("posted_date",),
        "sku": ("sku",),
        "quantity": ("quantity_purchased",),
        "other_amount": ("other_amount",),
        "total": ("total_amount",),
    },
    (
        Target(
            "debit_notes",
            {
                "debit_note_no": _note_no,
                "debited_on": day("posted_at"),
                "rtv_no": first_filled("order_id", "adjustment_id"),
                "line_no": "kind",
                "platform_sku": "sku",
                "qty": lambda row: row.get("quantity") or "1",
                "unit_value": _each,
                "tax_amount": constant("0"),
                "total_amount": absolute("other_amount"),
            },
        ),
    ),
    optional=frozenset({"adjustment_id", "total"}),
    passes_over=_is_no_deduction,
    passed_over="payments, refunds and fees",
)
