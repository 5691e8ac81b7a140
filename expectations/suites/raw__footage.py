"""Film comes in daily, from known cameras."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, loaded_within, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.footage` must be like."""
    return (
        loaded_within(3, now),
        refers_to("camera_code", "cameras", "camera_code", tenant_code),
    )


SUITE = Suite("footage", expectations)
