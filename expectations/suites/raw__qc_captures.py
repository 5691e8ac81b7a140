"""Captures come in daily, from known nodes, and mostly with a film."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, filled_in, loaded_within, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.qc_captures` must be like."""
    return (
        loaded_within(3, now),
        refers_to("node_code", "nodes", "node_code", tenant_code),
        filled_in("video_uri", 0.5),
    )


SUITE = Suite("qc_captures", expectations)
