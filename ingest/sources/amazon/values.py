"""Numbers and words in Amazon's reports."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from ingest.readers.table import Cell
from ingest.sources.reports import Row

NAME = "amazon"
# Amazon states no value of a removed unit.
UNSTATED = frozenset({"unit_value"})
NO_VALUE = "Amazon does not state a unit's value here; it is taken from the newest dispatch price"


def number(row: Row, role: str) -> Decimal:
    """A cell's number for sums; what is none counts as nothing."""
    try:
        found = Decimal((row.get(role) or "0").replace(",", ""))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def is_number(text: Cell) -> bool:
    """Whether a cell holds a number."""
    try:
        return Decimal(text or "").is_finite()
    except InvalidOperation:
        return False


def absolute(role: str) -> Callable[[Row], Cell]:
    """A number without its sign; what is no number is kept, so that its row is refused by name."""
    return lambda row: format(abs(number(row, role)), "f") if is_number(row.get(role)) else row.get(role)


def normal(text: Cell) -> str:
    """A state as words joined by `_`."""
    return "_".join((text or "").replace("-", " ").replace("_", " ").lower().split())


def day(role: str) -> Callable[[Row], Cell]:
    """The date of a time."""
    return lambda row: (row.get(role) or "")[:10] or None
