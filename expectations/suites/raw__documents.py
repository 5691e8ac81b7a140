"""Documents differ: one file is not sent for all."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to, varies


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.documents` must be like."""
    del now
    return (
        refers_to("platform_code", "parties", "party_code", tenant_code),
        varies("sha256", 1),
    )


SUITE = Suite("documents", expectations)
