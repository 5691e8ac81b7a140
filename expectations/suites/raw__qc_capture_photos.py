"""Photos differ: one picture is not sent for all."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, varies


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.qc_capture_photos` must be like."""
    del now, tenant_code
    return (varies("sha256", 1),)


SUITE = Suite("qc_capture_photos", expectations)
