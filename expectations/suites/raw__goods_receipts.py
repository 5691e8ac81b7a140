"""The CFA's receipts are of known nodes and SKUs."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.goods_receipts` must be like."""
    del now
    return (
        refers_to("node_code", "nodes", "node_code", tenant_code),
        refers_to("sku_code", "skus", "sku_code", tenant_code),
    )


SUITE = Suite("goods_receipts", expectations)
