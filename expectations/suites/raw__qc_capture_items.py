"""Items found are counted in small numbers, and most are sound."""

from __future__ import annotations

from expectations.sets import Suite

SUITE = Suite(
    "qc_capture_items",
)
