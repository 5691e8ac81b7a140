"""Outcomes name their claim number, and few are clawed back."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, rarely


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.claim_outcomes` must be like."""
    del now, tenant_code
    return (rarely("status", "clawed_back", 0.5),)


SUITE = Suite("claim_outcomes", expectations)
