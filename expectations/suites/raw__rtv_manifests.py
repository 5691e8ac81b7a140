"""What is declared comes in weekly, between known nodes, and mostly names its AWB."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import (
    Expectation,
    Suite,
    filled_in,
    holds_rows,
    loaded_within,
    mean_between,
    refers_to,
)


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.rtv_manifests` must be like."""
    return (
        holds_rows(1),
        loaded_within(7, now),
        refers_to("platform_code", "parties", "party_code", tenant_code),
        refers_to("origin_node", "nodes", "node_code", tenant_code),
        refers_to("destination_node", "nodes", "node_code", tenant_code),
        filled_in("awb_no", 0.3),
        mean_between("qty", 1, 10000),
    )


SUITE = Suite("rtv_manifests", expectations, is_needed=True)
