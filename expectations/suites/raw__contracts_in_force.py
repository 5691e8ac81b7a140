"""Terms are of known platforms."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "contracts_in_force",
    (Reference("platform_code", "parties", "party_code"),),
)
