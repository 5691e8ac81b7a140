"""What a value becomes in a cell, and which text a spreadsheet would run as a formula."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MINOR_SUFFIX = "_minor"
MINOR_UNITS = Decimal(100)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might run this text: its start, or its start after blanks, is a formula's."""
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)


def plain(value: Any) -> Any:
    """A database value as str, int, Decimal, float, bool, date, datetime or None."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def csv_cell(value: Any) -> str:
    """A value as CSV text; formula-like text gets an apostrophe in front: CSV cannot say "this is text"."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f"'{value}" if is_formula_like(value) else value
    return str(value)


def in_zone(value: datetime, zone: ZoneInfo) -> datetime:
    """A time as a wall clock in `zone` shows it: spreadsheets know no zones."""
    return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
