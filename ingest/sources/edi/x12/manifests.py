"""180, 940 and 856 as rows of manifests: a return announced, ordered, or sent in cartons.

Sources: the public segment pages of X12 004010; for 180 the uses seen at retailers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.segments import Segment
from ingest.sources.edi.values import (
    DESPATCHED,
    Item,
    MappedRow,
    Row,
    first_of,
    pairs_from,
    pairs_within,
    plain_number,
    x12_moment,
)
from ingest.sources.edi.x12.head import RETURN, Head, find, take_of_line


def returns(transaction: Transaction) -> Iterator[MappedRow]:
    """180: a return authorised or announced; one row a BLI."""
    head, begin = Head(), find(transaction, "BGN")
    lines: list[tuple[Segment, Item, dict[str, str]]] = []
    for segment in transaction.segments:
        if segment.tag == "BLI":
            item = Item()
            item.add([(segment.get(1), segment.get(2)), *pairs_from(segment, 8)])
            lines.append((segment, item, {}))
        elif not lines:
            head.take(segment)
        else:
            take_of_line(segment, lines[-1][1], lines[-1][2])
    for number, (line, item, said) in enumerate(lines, start=1):
        yield MappedRow(
            "rtv_manifests",
            line.segment_no,
            _manifest(
                transaction,
                head,
                str(number),
                item,
                rtv_no=begin.get(2) or first_of(head.references, RETURN),
                created_at=x12_moment(begin.get(3), begin.get(4)) or transaction.prepared_at or None,
                qty=plain_number(line.get(3)),
                unit_value=plain_number(line.get(5)) or said.get("unit_value"),
                reason_code=said.get("reason") or head.reason,
                expiry_on=said.get("expiry_on"),
            ),
        )


def warehouse_order(transaction: Transaction) -> Iterator[MappedRow]:
    """940: an order to a warehouse to send goods back; one row a W01."""
    head, order = Head(), find(transaction, "W05")
    created: str | None = None
    lines: list[tuple[Segment, Item, dict[str, str]]] = []
    for segment in transaction.segments:
        if segment.tag == "W01":
            item = Item()
            item.add([*pairs_within(segment, 4), ("UP", segment.get(3))])
            lines.append((segment, item, {}))
        elif lines:
            take_of_line(segment, lines[-1][1], lines[-1][2])
        else:
            head.take(segment)
            if segment.tag == "G62" and not created:
                created = x12_moment(segment.get(2), segment.get(4))
    for number, (line, item, said) in enumerate(lines, start=1):
        yield MappedRow(
            "rtv_manifests",
            line.segment_no,
            _manifest(
                transaction,
                head,
                said.get("LI") or str(number),
                item,
                rtv_no=order.get(2),
                created_at=transaction.prepared_at or created,
                qty=plain_number(line.get(1)),
                unit_value=said.get("unit_value"),
                reason_code=head.reason,
            ),
        )


def despatch(transaction: Transaction) -> Iterator[MappedRow]:
    """856 of a return: one row an item, with the carton it lies in; and the advice as a document."""
    head, begin = Head(), find(transaction, "BSN")
    carton: str | None = None
    level, order_no = "", ""
    lines: list[tuple[Segment, Item, dict[str, str], str | None]] = []
    for segment in transaction.segments:
        if segment.tag == "HL":
            level = segment.get(3)
            carton = carton if level == "I" else None
        elif segment.tag == "MAN":
            carton = segment.get(2) or carton
        elif segment.tag == "PRF":
            order_no = segment.get(1)
        elif segment.tag == "LIN":
            item = Item()
            item.add(pairs_from(segment, 2))
            lines.append((segment, item, {}, carton))
        elif segment.tag == "SN1" and lines:
            lines[-1][2]["qty"] = plain_number(segment.get(2)) or ""
        elif level == "I" and lines:
            take_of_line(segment, lines[-1][1], lines[-1][2])
        else:
            head.take(segment)
    return_no = first_of(head.references, RETURN) or order_no or None
    created = x12_moment(begin.get(3), begin.get(4)) or transaction.prepared_at or None
    if begin.get(2):
        yield _advice(transaction, begin, created, head)
    for number, (line, item, said, box) in enumerate(lines, start=1):
        row = _manifest(
            transaction,
            head,
            f"{begin.get(2)}/{number}",
            item,
            rtv_no=return_no,
            revision_no=DESPATCHED,
            created_at=created,
            carton_no=box,
            qty=said.get("qty"),
            expiry_on=said.get("expiry_on"),
            reason_code=said.get("reason") or head.reason,
        )
        yield MappedRow("rtv_manifests", line.segment_no, row)


def _manifest(transaction: Transaction, head: Head, line_no: str, item: Item, **values: str | None) -> Row:
    origin = first_of(head.parties, ("SF", "SE", "BY", "RT", "WH"))
    destination = first_of(head.parties, ("ST", "RR", "VN", "SU", "BT"))
    return {
        "platform_code": transaction.sender or None,
        "origin_node": origin,
        "destination_node": destination,
        "transporter_code": head.carrier,
        "awb_no": head.awb_no,
        "declared_cartons": head.cartons,
        "declared_weight_kg": head.weight,
        "currency_code": head.currency,
        "line_no": line_no,
        "platform_sku": item.platform_sku,
        "gtin": item.gtin,
        "batch_no": item.batch_no,
        **values,
    }


def _advice(transaction: Transaction, begin: Segment, created: str | None, head: Head) -> MappedRow:
    """The despatch advice itself."""
    return MappedRow(
        "documents",
        begin.segment_no,
        {
            "document_type": "other",
            "document_no": begin.get(2),
            "document_on": created[:10] if created else None,
            "platform_code": transaction.sender or None,
            "rtv_no": first_of(head.references, RETURN),
            "awb_no": head.awb_no,
        },
    )
