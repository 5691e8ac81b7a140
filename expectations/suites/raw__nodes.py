"""The nodes are there and belong to known parties."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "nodes",
    (Reference("party_code", "parties", "party_code"),),
    is_needed=True,
)
