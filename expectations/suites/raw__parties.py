"""The parties are there."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, holds_rows


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.parties` must be like."""
    del now, tenant_code
    return (holds_rows(2),)


SUITE = Suite("parties", expectations, is_needed=True)
