"""Documents differ: one file is not sent for all."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "documents",
    (Reference("platform_code", "parties", "party_code"),),
)
