"""Terms are of known platforms."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.contracts_in_force` must be like."""
    del now
    return (refers_to("platform_code", "parties", "party_code", tenant_code),)


SUITE = Suite("contracts_in_force", expectations)
