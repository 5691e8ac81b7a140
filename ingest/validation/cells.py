"""Reads one cell into its canonical text, or says why not. The slow, exact path behind `columns`."""

from __future__ import annotations

import re
from collections.abc import Callable
from zoneinfo import available_timezones

from ingest.contracts.registry import Field
from ingest.validation.dates import OrderOf, read_date, read_expiry, read_timestamp
from ingest.validation.errors import CellError

MAX_TEXT = 10_000
_E_NOTATION = re.compile(r"[+-]?\d(?:[.,]\d+)?[Ee]\+?\d{1,3}")
_IDENTIFIER = re.compile(r".*(_no|_code|_sku|_id|_ref)|gtin|serial_no")
_APOSTROPHE_DIGIT = re.compile(r"['’]\d")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})*,\d{3}")
_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?")
_CURRENCY = re.compile(r"^(?:₹|Rs\.?|INR)\s*|\s*(?:INR|/-)$", re.IGNORECASE)
_TRUE, _FALSE = {"true", "yes", "y", "1", "t"}, {"false", "no", "n", "0", "f"}
_MAY_BE_NEGATIVE = {"amount", "value_amount", "tax_amount", "total_amount", "clock_offset_seconds"}


def read_cell(field: Field, text: str, order_of: OrderOf) -> str | None:
    """The canonical text of a trimmed, non-empty cell; None when it turns out empty. Raises `CellError`."""
    if "\x00" in text:
        raise CellError("TEXT_NUL", "The cell holds a NUL character")
    if _APOSTROPHE_DIGIT.match(text):
        text = text[1:]
    kind = field.kind
    if kind in ("date", "expiry", "timestamp"):
        return {"date": read_date, "expiry": read_expiry, "timestamp": read_timestamp}[kind](text, order_of)
    return _READERS[kind](field, text)


def _text(field: Field, text: str) -> str:
    if len(text) > MAX_TEXT:
        raise CellError("TEXT_TOO_LONG", f"The cell holds {len(text)} characters")
    if _IDENTIFIER.fullmatch(field.name) and _E_NOTATION.fullmatch(text) and "+" in text:
        raise CellError("IDENTIFIER_E_NOTATION", f"{text!r} is a number in E-notation, not an identifier")
    return text


def _gtin(_: Field, text: str) -> str:
    if _E_NOTATION.fullmatch(text):
        raise CellError("GTIN_E_NOTATION", f"{text!r} is a barcode in E-notation: its digits are gone")
    digits = text.replace(" ", "").replace("-", "").removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        raise CellError("GTIN_NOT_DIGITS", f"{text!r} holds more than digits")
    if len(digits) not in (8, 12, 13, 14):
        raise CellError("GTIN_LENGTH", f"{text!r} has {len(digits)} digits")
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    if weighted % 10:
        raise CellError("GTIN_CHECK_DIGIT", f"{text!r} does not end in its check digit")
    return digits


def _enum(field: Field, text: str) -> str:
    by_fold = {value.casefold(): value for value in field.allowed_values}
    folded = text.casefold()
    found = by_fold.get(folded) or by_fold.get(folded.replace(" ", "_").replace("-", "_"))
    if found is None:
        raise CellError("VALUE_NOT_ALLOWED", f"{text!r} is none of {', '.join(field.allowed_values)}")
    return found


def _plain_number(text: str) -> str | None:
    """The number without currency sign, grouping and brackets; None when it is no number."""
    bare = _CURRENCY.sub("", text).strip()
    sign = ""
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = "-", bare[1:-1].strip()
    elif bare[:1] in "+-":
        sign, bare = bare[0].replace("+", ""), _CURRENCY.sub("", bare[1:].strip())
    if "," in bare:
        whole, dot, rest = bare.partition(".")
        if not _GROUPED.fullmatch(whole):
            return None
        bare = whole.replace(",", "") + dot + rest
    found = _NUMBER.fullmatch(bare)
    if not found or found[1] or not (found[2] or found[3]) or not bare.isascii():
        return None
    return f"{sign}{bare}"


def _integer(field: Field, text: str) -> str:
    number = _plain_number(text)
    if number is None:
        code = "NUMBER_E_NOTATION" if _E_NOTATION.fullmatch(text) else "INTEGER_INVALID"
        raise CellError(code, f"{text!r} is no whole number")
    whole, _, fraction = number.partition(".")
    if fraction.strip("0") or not whole.strip("-") or len(whole) > 18:
        raise CellError("INTEGER_INVALID", f"{text!r} is no whole number of at most 18 digits")
    value = int(whole)
    if field.kind == "posint" and value <= 0:
        raise CellError("INTEGER_NOT_POSITIVE", f"{text!r} is not above 0")
    if field.kind == "nonnegint" and value < 0:
        raise CellError("INTEGER_NEGATIVE", f"{text!r} is below 0")
    return str(value)


def _decimal(field: Field, text: str) -> str:
    bare = text.removesuffix("%").strip() if field.kind == "pct" else text
    number = _plain_number(bare)
    if number is None:
        code = "NUMBER_E_NOTATION" if _E_NOTATION.fullmatch(bare) else "NUMBER_INVALID"
        raise CellError(code, f"{text!r} is no number")
    whole, _, fraction = number.lstrip("-").partition(".")
    if len(whole.lstrip("0")) > 15 or len(fraction) > 12:
        raise CellError("NUMBER_INVALID", f"{text!r} has too many digits")
    if number.startswith("-") and field.name not in _MAY_BE_NEGATIVE and (whole + fraction).strip("0"):
        raise CellError("NUMBER_NEGATIVE", f"{text!r} is below 0")
    return number


def _timezone(_: Field, text: str) -> str:
    if text not in available_timezones():
        raise CellError("TIMEZONE_UNKNOWN", f"{text!r} is no time zone")
    return text


def _sha256(_: Field, text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise CellError("SHA256_INVALID", f"{text[:80]!r} is no SHA-256")
    return text.lower()


def _boolean(_: Field, text: str) -> str:
    folded = text.casefold()
    if folded not in _TRUE | _FALSE:
        raise CellError("BOOLEAN_INVALID", f"{text!r} is neither true nor false")
    return "true" if folded in _TRUE else "false"


def _list(field: Field, text: str) -> str | None:
    items = [] if text == "[]" else [item.strip() for item in text.split("|")]
    kept = [item for item in items if item]
    if field.allowed_values:
        kept = [_enum(field, item) for item in kept]
    return "|".join(kept) or None


_READERS: dict[str, Callable[[Field, str], str | None]] = {
    "text": _text,
    "gtin": _gtin,
    "enum": _enum,
    "list": _list,
    "tz": _timezone,
    "sha256": _sha256,
    "bool": _boolean,
    "int": _integer,
    "posint": _integer,
    "nonnegint": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "pct": _decimal,
}
