"""Codes are of known transporters."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.tracking_statuses` must be like."""
    del now
    return (refers_to("transporter_code", "parties", "party_code", tenant_code),)


SUITE = Suite("tracking_statuses", expectations)
