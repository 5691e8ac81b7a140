"""How commands read amounts of money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from rtv_core.errors import InvalidInput


def read_amount(text: str) -> int:
    """An amount in whole units, for example `1250.50`, as minor units. Raises `InvalidInput`."""
    try:
        minor = Decimal(text.replace(",", "")) * 100
    except InvalidOperation:
        minor = Decimal("NaN")
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise InvalidInput(
            f"{text} is no amount",
            remedy="Give it as 1250.50, with two decimals at most.",
            code="AMOUNT_INVALID",
        )
    return int(minor)
