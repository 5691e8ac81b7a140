"""Claim rules are of known parties."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "claim_playbooks",
    (Reference("party_code", "parties", "party_code"),),
)
