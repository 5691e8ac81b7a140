"""What is declared comes in weekly, between known nodes, and mostly names its AWB."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "rtv_manifests",
    (
        Reference("platform_code", "parties", "party_code"),
        Reference("origin_node", "nodes", "node_code"),
        Reference("destination_node", "nodes", "node_code"),
    ),
    is_needed=True,
)
