"""The product master: it is there and its prices are plausible."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, holds_rows, mean_between, varies


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.skus` must be like."""
    del now, tenant_code
    return (
        holds_rows(1),
        mean_between("mrp", 1, 100000),
        varies("gtin", 1),
    )


SUITE = Suite("skus", expectations, is_needed=True)
