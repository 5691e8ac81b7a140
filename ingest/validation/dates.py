"""Reads dates and times as people write them; which number is the day is decided per column."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum

from ingest.validation.errors import CellError


class DateOrder(StrEnum):
    """Which number comes first in a column of numeric dates, as its cells prove it."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    MIXED = "mixed"
    UNPROVEN = "unproven"


OrderOf = Callable[[], DateOrder]

_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[ T,]+(.+))?")
_NAMED = re.compile(r"(\d{1,2})[-/ ]([A-Za-z]{3})[a-z]*[-/ ,]+(\d{4})(?:[ T,]+(.+))?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/.](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_ISO_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?\s?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)?"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*([AaPp][Mm])?")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


def prove_order(texts: Sequence[str | None]) -> DateOrder:
    """What the numeric dates among these texts prove about their order."""
    day_first = month_first = False
    for text in texts:
        found = _NUMERIC.fullmatch(text.strip()) if text else None
        if found:
            day_first |= int(found[1]) > 12
            month_first |= int(found[3]) > 12
    if day_first and month_first:
        return DateOrder.MIXED
    if day_first or month_first:
        return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    return DateOrder.UNPROVEN


def read_date(text: str, order_of: OrderOf) -> str:
    """A date as YYYY-MM-DD; `CellError` when it is none or cannot be told."""
    if found := _ISO_DATE.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]), text).isoformat()
    day, clock = _written_date(text, order_of)
    if clock and _CLOCK.fullmatch(clock) and not re.search(r"[1-9]", clock):
        clock = None
    if day is None or clock:
        raise CellError("DATE_INVALID", f"{text!r} is no date")
    return day.isoformat()


def read_expiry(text: str, order_of: OrderOf) -> str:
    """A date, or a month as its last day."""
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if 1 <= month <= 12 and year >= 1:
            return date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    return read_date(text, order_of)


def read_timestamp(text: str, order_of: OrderOf) -> str:
    """A time as ISO 8601, as written: with its offset, or naive."""
    if _ISO_TIME.fullmatch(text):
        try:
            datetime.fromisoformat(text.replace(",", ".").replace(" Z", "Z").upper())
        except ValueError:
            raise CellError("TIMESTAMP_INVALID", f"{text!r} is no time of the calendar") from None
        return text.replace(",", ".")
    if found := _ISO_DATE.fullmatch(text):
        return f"{_date(int(found[1]), int(found[2]), int(found[3]), text).isoformat()}T00:00:00"
    day, clock = _written_date(text, order_of)
    if day is None:
        raise CellError("TIMESTAMP_INVALID", f"{text!r} is no time")
    return f"{day.isoformat()}T{_clock(clock, text)}"


def _written_date(text: str, order_of: OrderOf) -> tuple[date | None, str | None]:
    if found := _NAMED.fullmatch(text):
        month = _MONTHS.get(found[2].lower())
        return (_date(int(found[3]), month, int(found[1]), text) if month else None), found[4]
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None, None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    order = order_of()
    if order is DateOrder.MIXED:
        raise CellError(
            "DATE_ORDER_MIXED", f"{text!r} stands in a column that mixes day first and month first"
        )
    if order is DateOrder.UNPROVEN:
        if found[2] == "/" and first != second:
            raise CellError("DATE_AMBIGUOUS", f"{text!r} can be read day first or month first")
        order = DateOrder.DAY_FIRST
    month, day = (first, second) if order is DateOrder.MONTH_FIRST else (second, first)
    return _date(year, month, day, text), found[5]


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("DATE_INVALID", f"{text!r} is no day of the calendar") from None


def _clock(clock: str | None, text: str) -> str:
    if clock is None:
        return "00:00:00"
    found = _CLOCK.fullmatch(clock.strip())
    hour = int(found[1]) if found else 24
    if found and found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    if found is None or hour > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise CellError("TIMESTAMP_INVALID", f"{text!r} holds no time of the day")
    return f"{hour:02}:{found[2]}:{found[3] or '00'}"
