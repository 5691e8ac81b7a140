"""What kits lack are known SKUs."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "qc_capture_missing_components",
    (Reference("sku_code", "skus", "sku_code"),),
)
