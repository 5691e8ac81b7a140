"""Instants as people write them on the command line."""

from __future__ import annotations

from datetime import datetime

from rtv_core.errors import InvalidInput

_REMEDY = "Write it as 2026-11-30T23:59:59+05:30."


def read_instant(option: str, text: str, *, code: str) -> datetime:
    """An ISO 8601 time with its offset; without one it would mean another instant on another machine."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{option} is no instant: {text}", remedy=_REMEDY, code=code) from None
    if instant.tzinfo is None:
        raise InvalidInput(f"{option} carries no offset: {text}", remedy=_REMEDY, code=code)
    return instant
