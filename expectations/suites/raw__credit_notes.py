"""Credits go to known parties."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, mean_between, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.credit_notes` must be like."""
    del now
    return (
        refers_to("party_code", "parties", "party_code", tenant_code),
        mean_between("qty", 1, 10000),
    )


SUITE = Suite("credit_notes", expectations)
