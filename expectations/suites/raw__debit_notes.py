"""Debits come from known platforms, with plausible values."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "debit_notes",
    (Reference("platform_code", "parties", "party_code"),),
)
