"""The nodes are there and belong to known parties."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, holds_rows, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.nodes` must be like."""
    del now
    return (
        holds_rows(2),
        refers_to("party_code", "parties", "party_code", tenant_code),
    )


SUITE = Suite("nodes", expectations, is_needed=True)
