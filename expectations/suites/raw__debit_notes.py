"""Debits come from known platforms, with plausible values."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, mean_between, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.debit_notes` must be like."""
    del now
    return (
        refers_to("platform_code", "parties", "party_code", tenant_code),
        mean_between("unit_value", 1, 100000),
    )


SUITE = Suite("debit_notes", expectations)
