"""Cosignatures of checkpoints in the warehouse."""

from __future__ import annotations

from datetime import datetime

from rtv_core.warehouse.connection import Connection


def checkpoint_note(connection: Connection, tree_size: int | None = None) -> str | None:
    """The note of the checkpoint of a size, or of the newest."""
    row = connection.execute(
        """
        select note from ops.seal_checkpoints where %(size)s::bigint is null or tree_size = %(size)s
        order by tree_size desc limit 1
        """,
        {"size": tree_size},
    ).fetchone()
    return str(row["note"]) if row else None


def add_cosignature(
    connection: Connection,
    *,
    tree_size: int,
    witness_key: str,
    line: str,
    cosigned_at: datetime,
    received_at: datetime,
) -> bool:
    """Keep a witness's first word on a checkpoint; False when there is one."""
    row = connection.execute(
        """
        insert into ops.seal_cosignatures
            (tree_size, witness_key, signature_line, cosigned_at, received_at)
        values (%s, %s, %s, %s, %s) on conflict do nothing returning 1 as is_new
        """,
        (tree_size, witness_key, line, cosigned_at, received_at),
    ).fetchone()
    return row is not None


def cosignatures(
    connection: Connection, tree_size: int, until: datetime | None = None
) -> list[tuple[str, str]]:
    """Key and signature line of each witness of a checkpoint, as received up to a time."""
    rows = connection.execute(
        """
        select witness_key, signature_line from ops.seal_cosignatures
        where tree_size = %(size)s and (%(until)s::timestamptz is null or received_at <= %(until)s)
        order by witness_key
        """,
        {"size": tree_size, "until": until},
    )
    return [(row["witness_key"], row["signature_line"]) for row in rows]
