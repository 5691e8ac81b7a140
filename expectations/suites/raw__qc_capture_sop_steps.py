"""Steps shown are those of short procedures, and not one step for all."""

from __future__ import annotations

from expectations.sets import Suite

SUITE = Suite(
    "qc_capture_sop_steps",
)
