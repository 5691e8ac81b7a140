"""The raw tables: one a canonical contract, made from the contract and widened when it grows."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from rtv_core.warehouse.connection import Connection

LINEAGE = (
    ("tenant_code", "text not null"),
    ("_file_id", "bigint not null"),
    ("_row_no", "bigint not null"),
)
PARENT_TAIL = (
    ("extra", "jsonb"),
    ("_key_hash", "uuid not null"),
    ("_loaded_at", "timestamptz not null default now()"),
    ("_superseded_by_file_id", "bigint"),
    ("_superseded_at", "timestamptz"),
)
CHILD_TAIL = (("_position", "bigint not null"),)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A raw table: its own columns with Postgres types, between the lineage columns.

    Parents hold one row a loaded source row and keep superseded rows, marked; a row without
    `_superseded_at` is current, and at most one is current per tenant and `_key_hash`.
    Children hold the rows nested in a parent row, found by `_file_id` and `_row_no`.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    is_child: bool = False
    is_keyed: bool = True

    def all_columns(self) -> tuple[tuple[str, str], ...]:
        """Every column with its type, in table order."""
        return LINEAGE + self.columns + (CHILD_TAIL if self.is_child else PARENT_TAIL)


def ensure_raw_tables(connection: Connection, tables: list[RawTable]) -> None:
    """Create the tables that are missing and add the columns that are; never drops or rewrites."""
    connection.execute("create schema if not exists raw")
    for table in tables:
        name = sql.Identifier("raw", table.name)
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
            for column, kind in table.all_columns()
        )
        connection.execute(sql.SQL("create table if not exists {} ({})").format(name, columns))
        for column, kind in table.all_columns():
            connection.execute(
                sql.SQL("alter table {} add column if not exists {} {}").format(
                    name, sql.Identifier(column), sql.SQL(kind)
                )
            )
        _ensure_indexes(connection, table)


def _ensure_indexes(connection: Connection, table: RawTable) -> None:
    name = sql.Identifier("raw", table.name)
    if table.is_child:
        _index(connection, table, "position", sql.SQL("(_file_id, _row_no, _position)"))
    elif not table.is_keyed:
        _index(connection, table, "position", sql.SQL("(_file_id, _row_no)"), is_unique=True)
    else:
        # The tenant is part of what is hashed. One key is current once, so no row is loaded twice.
        _index(
            connection,
            table,
            "key",
            sql.SQL("(_key_hash) where _superseded_at is null"),
            is_unique=True,
        )
        _index(connection, table, "file", sql.SQL("(_file_id)"))
        for former in ("current", "position"):
            connection.execute(
                sql.SQL("drop index if exists {}").format(sql.Identifier("raw", f"{table.name}_{former}"))
            )
    names = [name for name, _ in table.columns]
    if "revision_no" in names:
        # A revision is compared with its document as a whole.
        connection.execute(
            sql.SQL(
                "create index if not exists {} on {} (tenant_code, platform_code, rtv_no, revision_no)"
            ).format(sql.Identifier(f"{table.name}_document"), name)
        )


def _index(
    connection: Connection, table: RawTable, ending: str, of: sql.Composable, *, is_unique: bool = False
) -> None:
    connection.execute(
        sql.SQL("create {} index if not exists {} on {} {}").format(
            sql.SQL("unique" if is_unique else ""),
            sql.Identifier(f"{table.name}_{ending}"),
            sql.Identifier("raw", table.name),
            of,
        )
    )
