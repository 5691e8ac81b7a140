"""Numbers on goods: GTINs of the GS1 range kept for examples (952), element strings, AWBs."""

from __future__ import annotations

import hashlib
from datetime import date

GOODS_PREFIX = "9520"
FOREIGN_PREFIX = "9529"


def check_digit(body: str) -> int:
    """The GS1 check digit of the digits before it."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return (10 - total % 10) % 10


def ean13(prefix: str, number: int) -> str:
    """A valid EAN-13 of a four-digit prefix and a number."""
    body = f"{prefix}{number:08d}"
    return f"{body}{check_digit(body)}"


def element_string(gtin: str, batch_no: str, expiry_on: date | None) -> str:
    """A GS1 element string as a 2D code holds it: GTIN, expiry, batch (last, so no separator is needed)."""
    expiry = f"17{expiry_on:%y%m%d}" if expiry_on else ""
    return f"01{gtin.zfill(14)}{expiry}10{batch_no}"


def awb_number(series: str, number: int) -> str:
    """A transporter's AWB: its series and nine digits spread over the range, never twice the same."""
    return f"{series}{(number * 7_919 + 104_729) % 900_000_001 + 99_999_999:09d}"


def synthetic_sha256(*words: object) -> str:
    """The SHA-256 of the label that stands in for a document or film that was never made."""
    return hashlib.sha256("/".join(["synthetic", *map(str, words)]).encode()).hexdigest()
