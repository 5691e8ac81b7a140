"""Scans come in daily, from known carriers, and are mostly understood."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "transporter_events",
    (Reference("transporter_code", "parties", "party_code"),),
)
