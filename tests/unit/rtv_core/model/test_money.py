"""Money as people write it."""

from __future__ import annotations

import pytest

from rtv_core.model.money import format_minor


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "INR", "₹0.00"),
        (5, "INR", "₹0.05"),
        (99_999, "INR", "₹999.99"),
        (100_000, "INR", "₹1,000.00"),
        (12_345_600, "INR", "₹1,23,456.00"),
        (1_234_567_890, "INR", "₹1,23,45,678.90"),
        (-150, "INR", "-₹1.50"),
        (123_456_700, "USD", "$1,234,567.00"),
        (100, "XYZ", "XYZ 1.00"),
    ],
)
def test_an_amount_is_written_in_the_way_of_its_currency(minor: int, currency: str, text: str) -> None:
    assert format_minor(minor, currency) == text
