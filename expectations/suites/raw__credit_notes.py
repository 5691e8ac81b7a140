"""Credits go to known parties."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "credit_notes",
    (Reference("party_code", "parties", "party_code"),),
)
