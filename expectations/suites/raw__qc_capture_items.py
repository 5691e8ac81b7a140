"""Items found are counted in small numbers, and most are sound."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, mean_between, rarely


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.qc_capture_items` must be like."""
    del now, tenant_code
    return (
        mean_between("qty", 1, 1000),
        rarely("grade", "D", 0.8),
    )


SUITE = Suite("qc_capture_items", expectations)
