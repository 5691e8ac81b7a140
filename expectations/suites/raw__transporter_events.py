"""Scans come in daily, from known carriers, and are mostly understood."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, loaded_within, rarely, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.transporter_events` must be like."""
    return (
        loaded_within(3, now),
        refers_to("transporter_code", "parties", "party_code", tenant_code),
        rarely("status", "unknown", 0.2),
    )


SUITE = Suite("transporter_events", expectations)
