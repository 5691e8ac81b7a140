"""861 and 945 as rows of receipts: what a receiver counted, what a warehouse sent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.segments import Segment
from ingest.sources.edi.values import (
    Item,
    MappedRow,
    first_of,
    number_or_zero,
    pairs_from,
    pairs_within,
    plain_number,
    x12_date,
)
from ingest.sources.edi.x12.head import RETURN, Head, find, take_of_line

# Element 412 of an 861: what was received and is not accepted.
_NOT_ACCEPTED = frozenset({"01", "04", "05", "06", "08", "09", "10", "11"})


def receipts(transaction: Transaction) -> Iterator[MappedRow]:
    """861: what a receiver counted; one row an RCD. RCD06 to RCD20 are quantities by their condition."""
    head = Head()
    counted: Segment | None = None
    item, number = Item(), 0
    for segment in transaction.segments:
        if segment.tag == "RCD":
            if counted is not None:
                number += 1
                yield _receipt(transaction, head, counted, item, number)
            counted, item = segment, Item()
        elif counted is None:
            head.take(segment)
        elif segment.tag == "LIN":
            item.add(pairs_from(segment, 2))
        elif segment.tag in ("REF", "N9"):
            item.add([(segment.get(1), segment.get(2))])
    if counted is not None:
        yield _receipt(transaction, head, counted, item, number + 1)


def _receipt(transaction: Transaction, head: Head, counted: Segment, item: Item, number: int) -> MappedRow:
    conditions = [(counted.get(place), counted.get(place + 2)) for place in range(6, 21, 3)]
    refused = sum((number_or_zero(qty) for qty, code in conditions if code in _NOT_ACCEPTED), Decimal(0))
    refused += number_or_zero(counted.get(4))
    received = counted.get(2)
    codes = [code for _, code in conditions if code]
    begin = find(transaction, "BRA")
    # An acceptance certificate (BRA04 = 8) says of every unit whether it was accepted.
    is_judged = begin.get(4) == "8" or bool(refused)
    return MappedRow(
        "goods_receipts",
        counted.segment_no,
        {
            "node_code": first_of(head.parties, ("ST", "WH", "RC", "BY")) or transaction.sender or None,
            "grn_no": begin.get(1),
            "grn_on": x12_date(begin.get(2)),
            "awb_no": head.awb_no,
            "rtv_no": first_of(head.references, RETURN),
            "line_no": counted.get(1) or str(number),
            "sku_code": item.sku_code,
            "batch_no": item.batch_no,
            "qty": plain_number(received),
            "accepted_qty": format(number_or_zero(received) - refused, "f") if is_judged else None,
            "rejected_qty": format(refused, "f") if is_judged else None,
            "disposition": "|".join(codes) or None,
        },
    )


def shipped(transaction: Transaction) -> Iterator[MappedRow]:
    """945: what a warehouse sent, as its own count; one row a W12 (W12-03 is what was shipped)."""
    head, begin = Head(), find(transaction, "W06")
    lines: list[tuple[Segment, Item]] = []
    for segment in transaction.segments:
        if segment.tag == "W12":
            item = Item()
            item.add([*pairs_within(segment, 6), ("UP", segment.get(6))])
            lines.append((segment, item))
        elif lines:
            take_of_line(segment, lines[-1][1], {})
        else:
            head.take(segment)
    for number, (line, item) in enumerate(lines, start=1):
        yield MappedRow(
            "goods_receipts",
            line.segment_no,
            {
                "node_code": first_of(head.parties, ("SF", "WH", "DE")) or transaction.sender or None,
                "grn_no": begin.get(2) or begin.get(6),
                "grn_on": x12_date(begin.get(3)),
                "awb_no": head.awb_no or begin.get(5) or None,
                "rtv_no": first_of(head.references, RETURN) or begin.get(6) or None,
                "line_no": item.first(("LI",)) or str(number),
                "sku_code": item.sku_code,
                "batch_no": item.batch_no,
                "qty": plain_number(line.get(3) or line.get(2)),
                "disposition": line.get(1) or None,
            },
        )
