"""The gate records daily, at known nodes, and mostly sees seals intact."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "gate_receipts",
    (Reference("node_code", "nodes", "node_code"),),
)
