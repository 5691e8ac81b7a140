"""Questions about work that waits, asked every few seconds; each is one cheap indexed query."""

from __future__ import annotations

from rtv_core.warehouse.connection import Connection, fetch_all


def pending_files(connection: Connection) -> tuple[int, int]:
    """How many received files nobody has loaded yet, and the newest one's id (0 when none)."""
    row = fetch_all(
        connection,
        "select count(*) as file_count, coalesce(max(file_id), 0) as newest from ops.files "
        "where file_status in ('received', 'loading')",
    )[0]
    return row["file_count"], row["newest"]


def due_messages(connection: Connection) -> tuple[int, int]:
    """How many outbox messages are due now, and the newest one's id (0 when none)."""
    row = fetch_all(
        connection,
        "select count(*) as message_count, coalesce(max(outbox_id), 0) as newest from ops.outbox "
        "where message_status = 'pending' and next_attempt_at <= now()",
    )[0]
    return row["message_count"], row["newest"]
