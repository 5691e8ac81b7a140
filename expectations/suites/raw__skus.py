"""The product master: it is there and its prices are plausible."""

from __future__ import annotations

from expectations.sets import Suite

SUITE = Suite(
    "skus",
    is_needed=True,
)
