"""EDIFACT messages as rows: RETANN, RECADV, DESADV, IFTSTA (D.96A to D.01B; EANCOM 1997 and 2002)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.segments import Segment
from ingest.sources.edi.statuses import EDIFACT_REASONS, EDIFACT_STATUSES
from ingest.sources.edi.values import (
    DESPATCHED,
    Item,
    MappedRow,
    day_of,
    edifact_moment,
    first_of,
    number_or_zero,
    plain_number,
)

# Element 1153: which references name the return, the consignment, an invoice.
_RETURN = ("ABO", "ALQ", "RF", "ACE", "AAN", "RET", "VN")
_CONSIGNMENT = ("CN", "AAS", "BN", "BM", "CR", "AAM", "CU")
# Element 6063: which quantity it is.
_RECEIVED, _RETURNED, _SENT = ("48", "194", "46"), ("61", "195", "21", "1"), ("12", "46", "1")
_REFUSED = ("195", "196", "124")
_LINE_TAGS = frozenset({"PIA", "QTY", "QVR", "DTM", "RFF", "PRI", "STS", "GIN", "ALI"})
# Element 3035: who the goods come from and go to; in a return the buyer's place is the origin.
_ORIGIN, _DESTINATION = ("SF", "PW", "BY", "SE"), ("ST", "RB", "SU", "DP", "UC")


@dataclass(slots=True)
class _Said:
    """What segments said of a message, or of one of its lines."""

    dates: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    quantities: dict[str, str] = field(default_factory=dict)
    prices: dict[str, str] = field(default_factory=dict)
    variances: list[tuple[str, str, str]] = field(default_factory=list)
    item: Item = field(default_factory=Item)
    carrier: str | None = None
    cartons: str | None = None
    weight: str | None = None
    reason: str | None = None
    currency: str | None = None

    def take(self, segment: Segment) -> None:
        """Learn from one segment."""
        match segment.tag:
            case "DTM":
                moment = edifact_moment(segment)
                if moment:
                    self.dates.setdefault(segment.get(1, 1), moment)
            case "RFF":
                self.references.setdefault(segment.get(1, 1), segment.get(1, 2))
            case "NAD":
                self.parties.setdefault(segment.get(1), segment.get(2, 1) or segment.get(4, 1))
            case "QTY":
                self.quantities.setdefault(segment.get(1, 1), plain_number(segment.get(1, 2)) or "")
            case "QVR":
                change = segment.get(3, 1) or segment.get(2, 1)
                self.variances.append((plain_number(segment.get(1, 1)) or "", segment.get(1, 2), change))
            case "PRI":
                self.prices.setdefault(segment.get(1, 1), plain_number(segment.get(1, 2)) or "")
            case "PIA":
                self.item.add(
                    (segment.get(place, 2), segment.get(place, 1))
                    for place in range(2, len(segment.elements) + 1)
                )
            case "TDT":
                self.carrier = segment.get(5, 1) or segment.get(5, 4) or self.carrier
            case "PAC":
                self.cartons = self.cartons or plain_number(segment.get(1))
            case "MEA":
                if segment.get(2, 1) in ("AAD", "G", "AAB") and segment.get(3, 1) == "KGM":
                    self.weight = plain_number(segment.get(3, 2))
            case "CUX":
                self.currency = segment.get(1, 2) or None
            case "STS" | "ALI":
                self.reason = segment.get(3, 1) or segment.get(3) or self.reason
            case "GIN":
                if segment.get(1) == "BX":
                    self.item.add([("NB", segment.get(2, 1))])
            case _:
                return

    @property
    def awb_no(self) -> str | None:
        """The consignment's number."""
        return first_of(self.references, _CONSIGNMENT)

    @property
    def rtv_no(self) -> str | None:
        """The number of the return."""
        return first_of(self.references, _RETURN)


@dataclass(slots=True)
class _Line:
    segment: Segment
    said: _Said
    carton: str | None


def rows_of(transaction: Transaction) -> Iterator[MappedRow] | None:
    """The rows of a message; None when messages of its type are not read."""
    reader = _READERS.get(transaction.message_type)
    return reader(transaction) if reader else None


def _read(transaction: Transaction) -> tuple[_Said, list[_Line]]:
    """A message's heading and lines; packages (CPS, PCI, GIN+BJ) before a line name the carton it lies in."""
    head, lines, carton = _Said(), [], None
    for segment in transaction.segments:
        if segment.tag == "LIN":
            said = _Said()
            said.item.add([(segment.get(3, 2), segment.get(3, 1))])
            lines.append(_Line(segment, said, carton))
        elif segment.tag == "CPS":
            carton = None
        elif segment.tag == "GIN" and segment.get(1) == "BJ":
            carton = segment.get(2, 1)
            if lines and lines[-1].carton is None:
                lines[-1].carton = carton
        elif lines and segment.tag in _LINE_TAGS:
            lines[-1].said.take(segment)
        elif segment.tag == "PAC" and lines:
            continue
        else:
            head.take(segment)
    return head, lines


def _begin(transaction: Transaction) -> Segment:
    fallback = Segment(transaction.standard, "BGM", (), transaction.first_segment_no)
    return next((segment for segment in transaction.segments if segment.tag == "BGM"), fallback)


def _created(transaction: Transaction, head: _Said) -> str | None:
    return first_of(head.dates, ("137", "11", "17")) or transaction.prepared_at or None


def _manifest(
    transaction: Transaction, head: _Said, line: _Line, rtv_no: str | None, wanted: tuple[str, ...]
) -> MappedRow:
    said = line.said
    expiry = first_of(said.dates, ("361", "36"))
    return MappedRow(
        "rtv_manifests",
        line.segment.segment_no,
        {
            "platform_code": transaction.sender or None,
            "rtv_no": rtv_no,
            "created_at": _created(transaction, head),
            "origin_node": first_of(head.parties, _ORIGIN),
            "destination_node": first_of(head.parties, _DESTINATION),
            "transporter_code": head.carrier,
            "awb_no": head.awb_no,
            "declared_cartons": head.cartons,
            "declared_weight_kg": head.weight,
            "currency_code": head.currency,
            "line_no": line.segment.get(1) or str(line.segment.segment_no),
            "carton_no": line.carton,
            "platform_sku": said.item.platform_sku,
            "gtin": said.item.gtin,
            "batch_no": said.item.batch_no,
            "qty": first_of(said.quantities, wanted),
            "unit_value": first_of(said.prices, ("AAA", "AAB", "CAL", "INV")),
            "expiry_on": day_of(expiry),
            "reason_code": said.reason or head.reason,
        },
    )


def _returns(transaction: Transaction) -> Iterator[MappedRow]:
    """RETANN: a return announced; one row a LIN."""
    head, lines = _read(transaction)
    number = _begin(transaction).get(2) or head.rtv_no
    return (_manifest(transaction, head, line, number, _RETURNED) for line in lines)


def _despatch(transaction: Transaction) -> Iterator[MappedRow]:
    """DESADV of a return: the advice as a document, and one row a LIN with its carton."""
    head, lines = _read(transaction)
    begin = _begin(transaction)
    yield MappedRow(
        "documents",
        begin.segment_no,
        {
            "document_type": "other",
            "document_no": begin.get(2),
            "document_on": day_of(_created(transaction, head)),
            "platform_code": transaction.sender or None,
            "rtv_no": head.rtv_no,
            "awb_no": head.awb_no,
        },
    )
    for line in lines:
        number = line.said.rtv_no or head.rtv_no or begin.get(2)
        row = _manifest(transaction, head, line, number, _SENT)
        row.values["revision_no"] = DESPATCHED
        row.values["line_no"] = f"{begin.get(2)}/{row.values['line_no']}"
        yield row


def _receipts(transaction: Transaction) -> Iterator[MappedRow]:
    """RECADV: what a receiver counted; one row a LIN. QVR gives what of it is not accepted."""
    head, lines = _read(transaction)
    begin = _begin(transaction)
    for line in lines:
        said = line.said
        received = first_of(said.quantities, _RECEIVED) or first_of(said.quantities, ("12", "21"))
        refused = sum((number_or_zero(said.quantities.get(code, "")) for code in ("195", "196")), Decimal(0))
        refused += sum(
            (abs(number_or_zero(qty)) for qty, code, _ in said.variances if code in _REFUSED), Decimal(0)
        )
        reasons = [change for _, _, change in said.variances if change]
        yield MappedRow(
            "goods_receipts",
            line.segment.segment_no,
            {
                "node_code": first_of(head.parties, ("ST", "DP", "WH", "BY")) or transaction.sender or None,
                "grn_no": begin.get(2),
                "grn_on": day_of(first_of(head.dates, ("50", "137", "35")) or transaction.prepared_at),
                "awb_no": head.awb_no,
                "rtv_no": said.rtv_no or head.rtv_no,
                "line_no": line.segment.get(1) or str(line.segment.segment_no),
                "sku_code": said.item.sku_code,
                "batch_no": said.item.batch_no,
                "qty": received,
                "accepted_qty": format(number_or_zero(received or "") - refused, "f") if refused else None,
                "rejected_qty": format(refused, "f") if refused else None,
                "disposition": "|".join(reasons) or None,
            },
        )


def _tracking(transaction: Transaction) -> Iterator[MappedRow]:
    """IFTSTA: what happened to consignments; one row a STS under its CNI."""
    head = _Said()
    awb: str | None = None
    event: Segment | None = None
    said = _Said()
    for segment in transaction.segments:
        if segment.tag in ("CNI", "STS"):
            if event is not None:
                yield _event(transaction, head, awb, event, said)
            event, said = (segment, _Said()) if segment.tag == "STS" else (None, _Said())
            if segment.tag == "CNI":
                awb = segment.get(2, 1) or None
        elif event is not None:
            said.take(segment)
            if segment.tag == "LOC":
                said.parties.setdefault("LOC", segment.get(2, 4) or segment.get(2, 1))
        else:
            head.take(segment)
    if event is not None:
        yield _event(transaction, head, awb, event, said)


def _event(transaction: Transaction, head: _Said, awb: str | None, event: Segment, said: _Said) -> MappedRow:
    status, reason = event.get(2, 1), event.get(3, 1)
    return MappedRow(
        "transporter_events",
        event.segment_no,
        {
            "transporter_code": head.parties.get("CA") or head.carrier or transaction.sender or None,
            "awb_no": awb or said.awb_no or head.awb_no,
            "event_at": first_of(said.dates, ("334", "7", "137", "178", "35")) or _created(transaction, head),
            "status": EDIFACT_STATUSES.get(status, "unknown"),
            "reason": EDIFACT_REASONS.get(reason),
            "place": said.parties.get("LOC"),
            "raw_code": f"{status}/{reason}" if reason else status,
            "raw_text": event.get(2, 4) or None,
        },
    )


_READERS: dict[str, Callable[[Transaction], Iterator[MappedRow]]] = {
    "DESADV": _despatch,
    "IFTSTA": _tracking,
    "RECADV": _receipts,
    "RETANN": _returns,
}
