"""Reads deadlines that come near."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection, fetch_all


def deadlines_between(connection: Connection, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Open deadlines that are due after `start` and not after `end`, soonest first; none before any build."""
    if fetch_all(connection, "select to_regclass('marts.fct_deadlines') is null as missing")[0]["missing"]:
        return []
    return fetch_all(
        connection,
        "select tenant_code, deadline_key, party_code, clock_code, platform_code, rtv_no, awb_no, rule_code, "
        "due_at, value_at_risk_minor from marts.fct_deadlines "
        "where state = 'open' and due_at > %s and due_at <= %s order by due_at, deadline_key",
        (start, end),
    )
