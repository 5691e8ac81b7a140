"""What was sold comes in regularly, for known SKUs, between known nodes."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "dispatches",
    (
        Reference("sku_code", "skus", "sku_code"),
        Reference("platform_code", "parties", "party_code"),
        Reference("ship_to_node", "nodes", "node_code"),
    ),
    is_needed=True,
)
