"""Dates, times, amounts and numbers as the two EDI standards write them, as the contracts want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from ingest.readers.edi.segments import Segment

Row = dict[str, str | None]

# What was packed stands over what was announced: the despatch advice is the manifest's second revision.
DESPATCHED = "2"
DESPATCH_MESSAGES = ("856", "DESADV")

# X12 element 623. Zones that change twice a year are left to the node's zone.
_X12_OFFSETS = {"GM": "+00:00", "UT": "+00:00", "Z": "+00:00"}
# X12 element 235 and EDIFACT element 7143: which numbers name the item for everybody, which for one side.
GTIN_QUALIFIERS = ("UK", "EN", "UP", "UA", "UI", "U2", "EO", "EZ", "UE", "UD", "SRV")
BUYER_QUALIFIERS = ("SK", "IN", "BP", "PI", "CB", "IT")
VENDOR_QUALIFIERS = ("VN", "VP", "VC", "VA", "SA", "MF", "MG")
BATCH_QUALIFIERS = ("LT", "B8", "LO", "BN", "NB")


@dataclass(frozen=True, slots=True)
class MappedRow:
    """One row of a contract, and the segment it stands on."""

    contract_name: str
    segment_no: int
    values: Row


@dataclass(slots=True)
class Item:
    """The numbers an item is named by, by qualifier."""

    ids: dict[str, str] = field(default_factory=dict)

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take further numbers; the first of a qualifier counts."""
        for qualifier, number in pairs:
            if qualifier and number:
                self.ids.setdefault(qualifier.upper(), number)

    def first(self, qualifiers: Iterable[str]) -> str | None:
        """The number under the first of these qualifiers that is there."""
        return next((self.ids[name] for name in qualifiers if name in self.ids), None)

    @property
    def gtin(self) -> str | None:
        """The item's GTIN."""
        return self.first(GTIN_QUALIFIERS)

    @property
    def platform_sku(self) -> str | None:
        """What the partner calls the item: its own number, else the vendor's, else the GTIN."""
        return self.first(BUYER_QUALIFIERS) or self.first(VENDOR_QUALIFIERS) or self.gtin

    @property
    def sku_code(self) -> str | None:
        """What the vendor calls the item, else what the partner does."""
        return self.first(VENDOR_QUALIFIERS) or self.first(BUYER_QUALIFIERS) or self.gtin

    @property
    def batch_no(self) -> str | None:
        """The item's batch."""
        return self.first(BATCH_QUALIFIERS)


def pairs_from(segment: Segment, start: int) -> list[tuple[str, str]]:
    """Qualifier and number, element after element, as LIN and W01 write them from an element on."""
    last = len(segment.elements)
    return [(segment.get(place), segment.get(place + 1)) for place in range(start, last + 1, 2)]


_QUALIFIERS = frozenset((*GTIN_QUALIFIERS, *BUYER_QUALIFIERS, *VENDOR_QUALIFIERS, *BATCH_QUALIFIERS))


def pairs_within(segment: Segment, start: int) -> list[tuple[str, str]]:
    """Qualifier and number wherever they stand from an element on: partners shift those of W01 and W12."""
    texts = [segment.get(place) for place in range(start, len(segment.elements) + 1)]
    return [(one, two) for one, two in pairwise(texts) if one in _QUALIFIERS and two not in _QUALIFIERS]


def plain_number(text: str) -> str | None:
    """A number as a decimal text; what is none is kept, so that its row is refused by name."""
    text = text.strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number, "f")


def number_or_zero(text: str) -> Decimal:
    """A number for sums: what is none counts as nothing."""
    plain = plain_number(text)
    try:
        return Decimal(plain or 0)
    except InvalidOperation:
        return Decimal(0)


def implied_cents(text: str) -> str | None:
    """An X12 amount of type N2: the last two digits are decimals, unless the partner writes a point."""
    plain = plain_number(text)
    if plain is None or "." in text or not plain.lstrip("-").isdigit():
        return plain
    return format(Decimal(plain) / 100, "f")


def x12_date(text: str) -> str | None:
    """CCYYMMDD or YYMMDD as an ISO date; what is no date is kept, so that its row is refused by name."""
    text = text.strip()
    if text.isdigit() and len(text) == 6:
        text = f"20{text}"
    if text.isdigit() and len(text) == 8:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text or None


def x12_moment(date: str, time: str, zone: str = "") -> str | None:
    """A date and a time HHMM or longer as ISO text; without a zone that never moves it stays naive."""
    day = x12_date(date)
    if day is None:
        return None
    time = time.strip()
    if len(time) >= 4 and time.isdigit():
        seconds = time[4:6] if len(time) >= 6 else "00"
        return f"{day}T{time[:2]}:{time[2:4]}:{seconds}{_X12_OFFSETS.get(zone.strip().upper(), '')}"
    return f"{day}T00:00:00"


def edifact_moment(segment: Segment) -> str | None:
    """A DTM segment as ISO text, by its format code (element 2379); naive unless the format has a zone."""
    text, code = segment.get(1, 2), segment.get(1, 3) or "102"
    digits = "".join(letter for letter in text if letter.isdigit())
    if code in ("101", "201", "202") and len(digits) >= 6:
        digits = f"20{digits}"
    if len(digits) < 8:
        return text or None
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    if code in ("102", "101") or len(digits) < 12:
        return f"{day}T00:00:00"
    seconds = digits[12:14] if code in ("204", "304") and len(digits) >= 14 else "00"
    return f"{day}T{digits[8:10]}:{digits[10:12]}:{seconds}{_offset(text, code)}"


def _offset(text: str, code: str) -> str:
    """The zone of formats 303 and 304: UTC, or hours as +05 or +0530."""
    if code not in ("303", "304"):
        return ""
    zone = text[12:] if code == "303" else text[14:]
    if zone.upper() in ("UTC", "GMT", "Z", "ZZZ"):
        return "+00:00"
    sign, hours = zone[:1], zone[1:]
    if sign in "+-" and hours.isdigit() and len(hours) in (2, 4):
        return f"{sign}{hours[:2]}:{hours[2:] or '00'}"
    return ""


def day_of(moment: str | None) -> str | None:
    """The date of an ISO time."""
    return moment[:10] if moment else None


def first_of(values: Mapping[str, str], names: Iterable[str]) -> str | None:
    """The value under the first of these names that is filled."""
    return next((values[name] for name in names if values.get(name)), None)
