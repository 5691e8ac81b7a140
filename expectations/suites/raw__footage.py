"""Film comes in daily, from known cameras."""

from __future__ import annotations

from expectations.sets import Reference, Suite

SUITE = Suite(
    "footage",
    (Reference("camera_code", "cameras", "camera_code"),),
)
