"""GS1 keys out of EPC URNs and GS1 Digital Links (EPC Tag Data Standard 2.0, Digital Link 1.2).

A key that is neither, or whose check digit is wrong, is no key: it stays what it was written as.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from biip.checksums import gs1_standard_check_digit

_URN = re.compile(r"^urn:epc:(?:id|class|idpat):(?P<scheme>[a-z]+):(?P<rest>.+)$")
_TRANSACTION = re.compile(r"^urn:epcglobal:cbv:bt:[0-9]*:(?P<number>.+)$")
_LENGTHS = {"00": 18, "01": 14, "414": 13, "417": 13}


@dataclass(frozen=True, slots=True)
class Key:
    """What one identifier says; what it does not say is None."""

    gtin: str | None = None
    batch_no: str | None = None
    serial_no: str | None = None
    sscc: str | None = None
    gln: str | None = None


def key_of(written: str | None) -> Key:
    """The GS1 key of an EPC URN or a Digital Link; an empty one when it is none."""
    if not written:
        return Key()
    if found := _URN.match(written):
        return _of_urn(found["scheme"], found["rest"].split("."))
    return _of_link(written) if "/" in written else Key()


def place_of(written: str | None) -> str | None:
    """The GLN of a place or party; what is no GS1 key stands as the last part of what was written."""
    if not written:
        return None
    return key_of(written).gln or _last_part(written)


def number_of(written: str | None) -> str | None:
    """The number of a business transaction, without who issued it."""
    if not written:
        return None
    found = _TRANSACTION.match(written)
    return found["number"] if found else _last_part(written)


def word_of(written: str | None) -> str:
    """A word of the Core Business Vocabulary, from its short form, URN or web address."""
    return re.split(r"[:/#-]", written)[-1].strip() if written else ""


def _last_part(written: str) -> str | None:
    return unquote(re.split(r"[:/]", written.rstrip("/:"))[-1]).strip() or None


def _with_check_digit(digits: str, length: int) -> str | None:
    if len(digits) != length - 1 or not (digits.isascii() and digits.isdigit()):
        return None
    return f"{digits}{gs1_standard_check_digit(digits)}"


def _of_urn(scheme: str, parts: list[str]) -> Key:
    if len(parts) < 2 or not parts[1]:
        return Key()
    company, own = parts[0], parts[1]
    last = unquote(".".join(parts[2:])) or None
    if scheme in ("sgtin", "lgtin"):
        gtin = _with_check_digit(own[0] + company + own[1:], 14)
        named = None if last == "*" else last
        if gtin is None:
            return Key()
        return Key(gtin, batch_no=named) if scheme == "lgtin" else Key(gtin, serial_no=named)
    if scheme == "sscc":
        return Key(sscc=_with_check_digit(own[0] + company + own[1:], 18))
    if scheme in ("sgln", "pgln"):
        return Key(gln=_with_check_digit(company + own, 13))
    return Key()


def _of_link(written: str) -> Key:
    parts = [unquote(part) for part in urlsplit(written).path.split("/") if part]
    for place, part in enumerate(parts[:-1]):
        if part in _LENGTHS and _is_sound(parts[place + 1], _LENGTHS[part]):
            said = dict(zip(parts[place::2], parts[place + 1 :: 2], strict=False))
            return Key(
                said.get("01"),
                said.get("10"),
                said.get("21"),
                said.get("00"),
                said.get("414") or said.get("417"),
            )
    return Key()


def _is_sound(digits: str, length: int) -> bool:
    return _with_check_digit(digits[:-1], length) == digits
