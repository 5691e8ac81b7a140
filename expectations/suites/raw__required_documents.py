"""Requirements are of known platforms."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "required_documents",
    (Reference("platform_code", "parties", "party_code"),),
)
