"""What stands before the lines of an X12 message, and what segments say of a line."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.segments import Segment
from ingest.sources.edi.values import Item, first_of, pairs_from, plain_number, x12_date

# Element 128: which references name the return, the consignment, an invoice.
RETURN = ("RZ", "RA", "RGN", "RMA", "R0", "IL")
CONSIGNMENT = ("CN", "2I", "BM", "AW", "FR", "SI")
INVOICE = ("IV", "OI")


@dataclass(slots=True)
class Head:
    """What stands before the lines of a message and holds for all of them."""

    references: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    carrier: str | None = None
    cartons: str | None = None
    weight: str | None = None
    reason: str | None = None
    currency: str | None = None

    def take(self, segment: Segment) -> None:
        """Learn from a segment of the heading."""
        match segment.tag:
            case "REF" | "N9":
                self.references.setdefault(segment.get(1), segment.get(2) or segment.get(3))
            case "N1":
                self.parties.setdefault(segment.get(1), segment.get(4) or segment.get(2))
            case "CUR":
                self.currency = segment.get(2) or None
            case "RDR":
                self.reason = segment.get(2) or segment.get(1) or None
            case "TD5":
                self.carrier = segment.get(3) or self.carrier
            case "TD1":
                self.cartons = plain_number(segment.get(2)) or self.cartons
                self.weight = plain_number(segment.get(7)) or self.weight
            case "W27":
                self.carrier = segment.get(2) or self.carrier
            case _:
                return

    @property
    def awb_no(self) -> str | None:
        """The consignment's number."""
        return first_of(self.references, CONSIGNMENT)


def take_of_line(segment: Segment, item: Item, said: dict[str, str]) -> None:
    """What further segments say of a line: its reason, batch, expiry and value."""
    if segment.tag == "RDR":
        said["reason"] = segment.get(2) or segment.get(1)
    elif segment.tag == "NTE" and segment.get(1) == "GSI":
        said.setdefault("reason", segment.get(2))
    elif segment.tag in ("REF", "N9"):
        item.add([(segment.get(1), segment.get(2))])
    elif segment.tag == "LIN":
        item.add(pairs_from(segment, 2))
    elif segment.tag == "DTM" and segment.get(1) in ("036", "208"):
        said["expiry_on"] = x12_date(segment.get(2)) or ""
    elif segment.tag == "AMT" and segment.get(2):
        said.setdefault("unit_value", plain_number(segment.get(2)) or "")


def find(transaction: Transaction, tag: str) -> Segment:
    """The first segment of a tag; an empty one where the partner left it out."""
    fallback = Segment(transaction.standard, tag, (), transaction.first_segment_no)
    return next((segment for segment in transaction.segments if segment.tag == tag), fallback)
