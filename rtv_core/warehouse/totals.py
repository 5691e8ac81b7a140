"""The hub's figures in one place: what came in, what was found, what was proven and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection, fetch_all


def pipeline_totals(connection: Connection) -> dict[str, int]:
    """Files, rows, RTVs, units, clips, bundles and messages, of all tenants, from the published build."""
    row: dict[str, Any] = fetch_all(
        connection,
        """
        select
            (select count(*) from ops.files where file_status = 'loaded') as files_loaded,
            (select count(*) from ops.files where file_status = 'quarantined') as files_quarantined,
            (select coalesce(sum(rows_in), 0)::bigint from ops.files) as rows_in,
            (select count(*) from ops.quarantined_rows where mended_at is null) as rows_quarantined,
            (select count(*) from marts.fct_rtvs) as rtvs,
            (select coalesce(sum(declared_qty), 0)::bigint from marts.fct_rtv_lines) as units_declared,
            (select coalesce(sum(received_qty), 0)::bigint from marts.fct_rtv_lines) as units_received,
            (select count(*) from marts.fct_discrepancies) as discrepancies,
            (select count(*) from ops.clips where clip_status = 'cut') as clips_cut,
            (select count(*) from ops.clips where clip_status = 'no_footage') as clips_without_footage,
            (select count(*) from ops.claims) as claims,
            (select count(*) from ops.claims where bundle_key is not null) as bundles,
            (select count(*) from ops.outbox where message_status = 'sent') as messages_sent,
            (select count(*) from ops.outbox where message_status = 'pending') as messages_pending,
            (select count(*) from ops.outbox where message_status = 'parked') as messages_parked
        """,
    )[0]
    return row


def last_load_and_build(connection: Connection) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When rows were last loaded, and when the newest published build began and was published."""
    row = fetch_all(
        connection,
        """
        select
            (select max(loaded_at) from ops.files where rows_loaded > 0) as loaded_at,
            (select max(started_at) from ops.builds where published_at is not null) as started_at,
            (select max(published_at) from ops.builds) as published_at
        """,
    )[0]
    return row["loaded_at"], row["started_at"], row["published_at"]
