"""Numbers and days in reports, for sums and for what a report states only indirectly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ingest.readers.table import Cell
from ingest.sources.reports import Row

_PAISA = Decimal("0.01")
_UNIT_OR_SIDE = re.compile(r"(?:\s*(?:dr|cr|nos|pcs|units?|ea|box|kg)\.?|\s*/\s*[a-z]+)$", re.IGNORECASE)
_DAY_FORMS = (
    "%d-%b-%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %b %y",
    "%b %d, %Y",
    "%b %d, %Y %H:%M:%S",
    "%d-%m-%y",
    "%Y%m%d",
)


def plain_number(text: Cell) -> Decimal | None:
    """A cell's number, with its unit, side or grouping taken off; None when it is none."""
    if not text:
        return None
    stripped = _UNIT_OR_SIDE.sub("", text.strip().lstrip("₹").strip())
    if stripped.startswith("(") and stripped.endswith(")"):
        stripped = f"-{stripped[1:-1]}"
    try:
        found = Decimal(stripped.replace(",", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def number(role: str) -> Callable[[Row], Cell]:
    """A number without its unit or side; what is none is kept, so that its row is refused by name."""

    def read(row: Row) -> Cell:
        found = plain_number(row.get(role))
        return row.get(role) if found is None else format(found, "f")

    return read


def absolute(role: str) -> Callable[[Row], Cell]:
    """A number without its sign."""

    def read(row: Row) -> Cell:
        found = plain_number(row.get(role))
        return row.get(role) if found is None else format(abs(found), "f")

    return read


def each(value_role: str, count_role: str) -> Callable[[Row], Cell]:
    """A unit's value: a value over its units, where both are numbers that divide."""

    def read(row: Row) -> Cell:
        value, count = plain_number(row.get(value_role)), plain_number(row.get(count_role))
        if value is None or not count:
            return None
        return format(abs(value / count).quantize(_PAISA, ROUND_HALF_UP), "f")

    return read


def summed(row: Row, *roles: str) -> Decimal:
    """The sum of some cells; what is no number counts as nothing."""
    return sum((plain_number(row.get(role)) or Decimal(0) for role in roles), Decimal(0))


def day(role: str) -> Callable[[Row], Cell]:
    """A day as an ISO date where it is written with a month's name or a short year, else as it is."""

    def read(row: Row) -> Cell:
        text = (row.get(role) or "").strip()
        for form in _DAY_FORMS:
            try:
                # A day has no zone.
                found = datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
            midnight = found.hour == found.minute == found.second == 0
            return found.date().isoformat() if midnight else found.isoformat()
        return text or None

    return read
