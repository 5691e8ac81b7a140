"""Captures come in daily, from known nodes, and mostly with a film."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "qc_captures",
    (Reference("node_code", "nodes", "node_code"),),
)
