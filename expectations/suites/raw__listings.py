"""What platforms call a SKU leads to a known SKU of a known platform."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "listings",
    (
        Reference("sku_code", "skus", "sku_code"),
        Reference("platform_code", "parties", "party_code"),
    ),
)
