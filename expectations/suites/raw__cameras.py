"""Every camera hangs at a known node."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "cameras",
    (Reference("node_code", "nodes", "node_code"),),
)
