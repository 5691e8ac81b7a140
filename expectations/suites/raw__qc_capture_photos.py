"""Photos differ: one picture is not sent for all."""

from __future__ import annotations

from expectations.sets import Suite

SUITE = Suite(
    "qc_capture_photos",
)
