"""The gate records daily, at known nodes, and mostly sees seals intact."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, loaded_within, rarely, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.gate_receipts` must be like."""
    return (
        loaded_within(3, now),
        refers_to("node_code", "nodes", "node_code", tenant_code),
        rarely("seal_state", "missing", 0.5),
    )


SUITE = Suite("gate_receipts", expectations)
