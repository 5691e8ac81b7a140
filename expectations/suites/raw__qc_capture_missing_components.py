"""What kits lack are known SKUs."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.qc_capture_missing_components` must be like."""
    del now
    return (refers_to("sku_code", "skus", "sku_code", tenant_code),)


SUITE = Suite("qc_capture_missing_components", expectations)
