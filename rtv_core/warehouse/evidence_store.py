"""The seal log in the warehouse: leaves, complete subtrees, checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rtv_core.errors import IntegrityError
from rtv_core.warehouse.connection import Connection

_LOG_LOCK = 727002


def lock_log(connection: Connection) -> None:
    """Hold the log until the transaction ends: one writer at a time."""
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOG_LOCK,))


def tree_size(connection: Connection) -> int:
    """How many leaves the log has."""
    row = connection.execute(
        "select coalesce(max(leaf_index) + 1, 0) as size from ops.seal_leaves"
    ).fetchone()
    return int(row["size"]) if row else 0


def append_leaf(
    connection: Connection,
    *,
    leaf_index: int,
    tenant_code: str,
    canonical: str,
    nodes: Sequence[tuple[tuple[int, int], bytes]],
    sealed_at: datetime,
) -> None:
    """Write one leaf and the subtrees that it completes; the first of `nodes` is the leaf's own."""
    connection.execute(
        """
        insert into ops.seal_leaves (leaf_index, tenant_code, leaf_hash, canonical, sealed_at)
        values (%s, %s, %s, %s, %s)
        """,
        (leaf_index, tenant_code, nodes[0][1].hex(), canonical, sealed_at),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.seal_nodes (node_level, node_index, node_hash) values (%s, %s, %s)",
            [(level, index, value) for (level, index), value in nodes],
        )


def read_nodes(connection: Connection, nodes: Sequence[tuple[int, int]]) -> list[bytes]:
    """The hashes of complete subtrees, in the order asked; `IntegrityError` when one is missing."""
    if not nodes:
        return []
    rows = connection.execute(
        """
        select n.node_level, n.node_index, n.node_hash
        from unnest(%s::smallint[], %s::bigint[]) as wanted (node_level, node_index)
        join ops.seal_nodes as n using (node_level, node_index)
        """,
        ([level for level, _ in nodes], [index for _, index in nodes]),
    ).fetchall()
    found = {(row["node_level"], row["node_index"]): bytes(row["node_hash"]) for row in rows}
    missing = [node for node in nodes if node not in found]
    if missing:
        raise IntegrityError(
            f"The seal log lacks node {missing[0]}",
            remedy="Restore the warehouse from its backup; the log was changed outside the hub.",
            code="SEAL_LOG_BROKEN",
        )
    return [found[node] for node in nodes]


def read_leaf(connection: Connection, leaf_index: int) -> dict[str, Any] | None:
    """One leaf as stored."""
    return connection.execute("select * from ops.seal_leaves where leaf_index = %s", (leaf_index,)).fetchone()


def add_checkpoint(
    connection: Connection, *, tree_size: int, root_hash: bytes, note: str, made_at: datetime
) -> None:
    """Keep a signed checkpoint."""
    connection.execute(
        "insert into ops.seal_checkpoints (tree_size, root_hash, note, made_at) values (%s, %s, %s, %s)",
        (tree_size, root_hash.hex(), note, made_at),
    )


def read_timestamp(connection: Connection, tree_size: int) -> tuple[bytes, str] | None:
    """The timestamp of the checkpoint of that size and whose it is, if there is one."""
    row = connection.execute(
        """
        select timestamp_token, timestamp_authority from ops.seal_checkpoints
        where tree_size = %s and timestamp_token is not null
        """,
        (tree_size,),
    ).fetchone()
    return (bytes(row["timestamp_token"]), str(row["timestamp_authority"])) if row else None


def add_timestamp(connection: Connection, *, tree_size: int, token: bytes, authority: str) -> None:
    """Keep the first timestamp of a checkpoint."""
    connection.execute(
        """
        update ops.seal_checkpoints set timestamp_token = %s, timestamp_authority = %s
        where tree_size = %s and timestamp_token is null
        """,
        (token, authority, tree_size),
    )


def latest_note(connection: Connection) -> str | None:
    """The note of the newest checkpoint."""
    row = connection.execute(
        "select note from ops.seal_checkpoints order by tree_size desc limit 1"
    ).fetchone()
    return str(row["note"]) if row else None


def leaves_in_order(connection: Connection) -> Iterator[dict[str, Any]]:
    """Place and sealed bytes of every leaf, streamed from the server."""
    with connection.cursor("seal_leaves") as cursor:
        cursor.itersize = 2000
        cursor.execute("select leaf_index, canonical from ops.seal_leaves order by leaf_index")
        yield from cursor
