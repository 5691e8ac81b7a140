"""Codes are of known transporters."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "tracking_statuses",
    (Reference("transporter_code", "parties", "party_code"),),
)
