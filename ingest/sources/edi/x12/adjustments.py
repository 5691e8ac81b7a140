"""812 as rows of debit notes, and of credit notes where a line is flagged as credit."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.segments import Segment
from ingest.sources.edi.values import (
    Item,
    MappedRow,
    first_of,
    implied_cents,
    number_or_zero,
    pairs_from,
    plain_number,
    x12_date,
)
from ingest.sources.edi.x12.head import INVOICE, RETURN, Head, find


def adjustments(transaction: Transaction) -> Iterator[MappedRow]:
    """812: a debit or credit; one row a CDD. CDD04 and BCD04 are amounts of type N2."""
    head, begin = Head(), find(transaction, "BCD")
    details: list[tuple[Segment, Item]] = []
    for segment in transaction.segments:
        if segment.tag == "CDD":
            details.append((segment, Item()))
        elif not details:
            head.take(segment)
        elif segment.tag == "LIN":
            details[-1][1].add(pairs_from(segment, 2))
    for number, (detail, item) in enumerate(details, start=1):
        amount, qty = implied_cents(detail.get(4)), plain_number(detail.get(7))
        price = plain_number(detail.get(11)) or plain_number(detail.get(9)) or _each(amount, qty)
        if (detail.get(2) or begin.get(5)) == "C":
            yield MappedRow(
                "credit_notes",
                detail.segment_no,
                {
                    "credit_note_no": begin.get(2),
                    "credited_on": x12_date(begin.get(1)),
                    "party_code": transaction.sender or None,
                    "line_no": detail.get(3) or str(number),
                    "invoice_no": begin.get(7) or first_of(head.references, INVOICE),
                    "rtv_no": first_of(head.references, RETURN),
                    "qty": qty,
                    "value_amount": amount,
                    "tax_amount": "0",
                },
            )
            continue
        yield MappedRow(
            "debit_notes",
            detail.segment_no,
            {
                "platform_code": transaction.sender or None,
                "debit_note_no": begin.get(2),
                "debited_on": x12_date(begin.get(1)),
                "rtv_no": first_of(head.references, RETURN),
                "line_no": detail.get(3) or str(number),
                "platform_sku": item.platform_sku,
                "qty": qty,
                "unit_value": price,
                "tax_amount": _rest(amount, qty, price),
                "total_amount": amount,
                "currency_code": head.currency,
            },
        )


def _each(amount: str | None, qty: str | None) -> str | None:
    """A unit's share of an amount, where it comes out even."""
    if not amount or not qty or not number_or_zero(qty):
        return None
    each = number_or_zero(amount) / number_or_zero(qty)
    return format(each, "f") if each == round(each, 4) else None


def _rest(amount: str | None, qty: str | None, price: str | None) -> str:
    """What of an amount is not goods: the tax, when it is positive."""
    rest = number_or_zero(amount or "") - number_or_zero(qty or "") * number_or_zero(price or "")
    return format(rest, "f") if rest > 0 else "0"
