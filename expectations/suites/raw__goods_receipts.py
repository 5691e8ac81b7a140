"""The CFA's receipts are of known nodes and SKUs."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "goods_receipts",
    (
        Reference("node_code", "nodes", "node_code"),
        Reference("sku_code", "skus", "sku_code"),
    ),
)
