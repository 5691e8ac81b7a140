"""Money as minor units, and how people read it."""

from __future__ import annotations

_SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "SGD": "S$", "AED": "AED "}
_LAKH_CURRENCIES = frozenset({"INR", "NPR", "PKR", "BDT", "LKR"})


def grouped_digits(number: int, currency_code: str) -> str:
    """A non-negative whole number with separators, in lakh and crore where that is the custom."""
    digits = str(number)
    if currency_code not in _LAKH_CURRENCIES or len(digits) <= 3:
        return f"{number:,}"
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), tail])


def format_minor(amount_minor: int, currency_code: str = "INR") -> str:
    """An amount in minor units as people write it, for example `₹1,23,456.00`."""
    sign = "-" if amount_minor < 0 else ""
    major, minor = divmod(abs(amount_minor), 100)
    symbol = _SYMBOLS.get(currency_code, f"{currency_code} ")
    return f"{sign}{symbol}{grouped_digits(major, currency_code)}.{minor:02d}"
