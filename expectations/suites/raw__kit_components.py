"""Kits are made of known SKUs."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.kit_components` must be like."""
    del now
    return (
        refers_to("kit_sku_code", "skus", "sku_code", tenant_code),
        refers_to("component_sku_code", "skus", "sku_code", tenant_code),
    )


SUITE = Suite("kit_components", expectations)
