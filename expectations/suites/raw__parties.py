"""The parties are there."""

from __future__ import annotations

from expectations.sets import Suite

SUITE = Suite(
    "parties",
    is_needed=True,
)
