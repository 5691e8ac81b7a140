"""Claim rules are of known parties."""

from __future__ import annotations

from datetime import datetime

from expectations.sets import Expectation, Suite, refers_to


def expectations(now: datetime, tenant_code: str) -> tuple[Expectation, ...]:
    """What a tenant's `raw.claim_playbooks` must be like."""
    del now
    return (refers_to("party_code", "parties", "party_code", tenant_code),)


SUITE = Suite("claim_playbooks", expectations)
