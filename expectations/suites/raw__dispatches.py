"""What was sold comes in regularly, for known SKUs, between known nodes."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, holds_rows, loaded_within, mean_between, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.dispatches` must be like."""
    return (
        holds_rows(1),
        loaded_within(35, now),
        refers_to("sku_code", "skus", "sku_code", tenant_code),
        refers_to("platform_code", "parties", "party_code", tenant_code),
        refers_to("ship_to_node", "nodes", "node_code", tenant_code),
        mean_between("unit_price", 1, 100000),
        mean_between("qty", 1, 10000),
    )


SUITE = Suite("dispatches", expectations, is_needed=True)
