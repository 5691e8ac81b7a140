"""Carry answers that came in by file to the claims they answer."""

from __future__ import annotations

from datetime import datetime

from rtv_core.claims.answers import Carried, carry_waiting
from rtv_core.warehouse.connection import connect


def carry_answers(dsn: str, *, now: datetime, reporting_timezone: str = "Asia/Kolkata") -> Carried:
    """Move every claim with an answer that waits; one that cannot be carried is tried again next time."""
    with connect(dsn, application_name="rtv-claims") as connection:
        return carry_waiting(connection, now=now, reporting_timezone=reporting_timezone)
