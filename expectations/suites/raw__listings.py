"""What platforms call a SKU leads to a known SKU of a known platform."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.listings` must be like."""
    del now
    return (
        refers_to("sku_code", "skus", "sku_code", tenant_code),
        refers_to("platform_code", "parties", "party_code", tenant_code),
    )


SUITE = Suite("listings", expectations)
