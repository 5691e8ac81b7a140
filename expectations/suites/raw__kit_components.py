"""Kits are made of known SKUs."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "kit_components",
    (
        Reference("kit_sku_code", "skus", "sku_code"),
        Reference("component_sku_code", "skus", "sku_code"),
    ),
)
