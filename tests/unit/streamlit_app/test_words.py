"""Figures read as people in India write them; times stand in the reporting zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from streamlit_app.words import at, count, grouped, money, short_money, since, until, words

ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (12345600, "₹1,23,456.00"),
        (0, "₹0.00"),
        (5, "₹0.05"),
        (-99999, "-₹999.99"),
        (100000000000, "₹1,00,00,00,000.00"),
        (None, "–"),
    ],
)
def test_money_is_grouped_by_lakh_and_crore(minor: int | None, text: str) -> None:
    assert money(minor) == text


def test_another_currency_keeps_its_code() -> None:
    assert money(123456, "AED") == "AED 1,234.56"


def test_money_at_a_glance_names_lakh_and_crore() -> None:
    assert [short_money(value) for value in (9_99_999_00, 12_40_000_00, 3_20_00_000_00)] == [
        "₹10.00 L",
        "₹12.40 L",
        "₹3.20 Cr",
    ]


def test_whole_numbers_are_grouped_and_take_their_noun() -> None:
    assert grouped(-1234567) == "-12,34,567"
    assert (count(1, "row"), count(1200, "row")) == ("1 row", "1,200 rows")


def test_a_time_after_midnight_in_india_is_the_next_day() -> None:
    assert at(NOW, ZONE) == "24 Nov 2026, 01:30"


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=9), "in 9 days"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(hours=-3), "3 h over"),
        (timedelta(days=-2, hours=-1), "2 days over"),
    ],
)
def test_a_deadline_says_how_long_is_left(left: timedelta, text: str) -> None:
    assert until(NOW + left, NOW) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(hours=48), "2 days"),
    ],
)
def test_what_waits_says_for_how_long(ago: timedelta, text: str) -> None:
    assert since(NOW - ago, NOW) == text


def test_a_code_reads_as_words() -> None:
    assert (words("wrong_sku"), words("unit_short"), words(None)) == ("Wrong SKU", "Unit short", "–")
