"""Outcomes name their claim number, and few are clawed back."""

from __future__ import annotations

from expectations.sets import Suite

SUITE = Suite(
    "claim_outcomes",
)
