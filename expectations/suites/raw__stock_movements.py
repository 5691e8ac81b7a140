"""The stock ledger is of known nodes and SKUs."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "stock_movements",
    (
        Reference("node_code", "nodes", "node_code"),
        Reference("sku_code", "skus", "sku_code"),
    ),
)
