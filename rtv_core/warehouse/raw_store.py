"""Writes of the raw layer: rows are copied to a stage, their fate is settled, then they move to `raw`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from psycopg import Copy, DataError, sql
from psycopg.copy import QueuedLibpqWriter
from psycopg.errors import UniqueViolation

from rtv_core.warehouse.connection import Connection

# What the server raises for a value that its type cannot hold.
ValueRefused = DataError
# What it raises for a row that is copied straight to raw while another of its key stands there.
KeyStands = UniqueViolation

_LOAD_LOCK = 727002


@dataclass(frozen=True, slots=True)
class StageTable:
    """A contract's stage: the raw table it feeds, with its columns and their types, and its key's columns."""

    contract_name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def stage(self) -> sql.Identifier:
        """The temporary table's name."""
        return sql.Identifier("pg_temp", f"stage_{self.contract_name}")

    @property
    def raw(self) -> sql.Identifier:
        """The raw table's name."""
        return sql.Identifier("raw", self.contract_name)

    def names(self, prefix: str = "") -> sql.Composed:
        """The contract's columns, comma-separated."""
        lead = sql.SQL(f"{prefix}." if prefix else "")
        return sql.SQL(", ").join(lead + sql.Identifier(name) for name, _ in self.columns)


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the staged rows of one file."""

    loaded: int
    superseded: int


def create_stage(connection: Connection, table: StageTable) -> None:
    """Make the stage of a contract empty; it lives as long as the transaction."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in table.columns
    )
    connection.execute(sql.SQL("drop table if exists {}").format(table.stage))
    connection.execute(
        sql.SQL(
            """create temporary table {} (_row_no bigint not null, {}, extra jsonb, _key_hash uuid not null,
                   _beaten_by bigint) on commit drop"""
        ).format(sql.Identifier(f"stage_{table.contract_name}"), columns)
    )


class RowCopy:
    """One COPY of rows in text form, to a stage or straight to raw, begun with the first rows it is given.

    Rows are sent by a thread of their own, so that the caller makes the next ones meanwhile.
    """

    def __init__(self, connection: Connection, table: StageTable, *, is_straight: bool) -> None:
        self._connection = connection
        self._statement = sql.SQL("copy {} ({}) from stdin").format(
            table.raw if is_straight else table.stage,
            sql.SQL(
                "tenant_code, _file_id, _row_no, {}, extra, _key_hash, _loaded_at"
                if is_straight
                else "_row_no, {}, extra, _key_hash, _beaten_by"
            ).format(table.names()),
        )
        self._stack = ExitStack()
        self._copy: Copy | None = None

    def write(self, payload: bytes) -> None:
        """Send rows; raises what the server said of those before."""
        if self._copy is None:
            cursor = self._stack.enter_context(self._connection.cursor())
            self._copy = self._stack.enter_context(
                cursor.copy(self._statement, writer=QueuedLibpqWriter(cursor))
            )
        self._copy.write(payload)

    def end(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the copy, or abandon it for an error; raises what the server said."""
        self._copy = None
        self._stack.__exit__(kind, error, trace)


def copy_children(connection: Connection, child: str, columns: tuple[str, ...], payload: bytes) -> None:
    """Copy nested rows in CSV form straight to their raw table."""
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(
        sql.Identifier("raw", child), sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(payload)


def lock_contract(connection: Connection, tenant_code: str, contract_name: str) -> None:
    """Let one load of a contract settle at a time, so that fates never depend on a race."""
    connection.execute(
        "select pg_advisory_xact_lock(%s, hashtext(%s))", (_LOAD_LOCK, f"{tenant_code}/{contract_name}")
    )
    connection.execute("set local enable_mergejoin = off")


def try_lock_contract(connection: Connection, tenant_code: str, contract_name: str) -> bool:
    """Take the lock of `lock_contract` if no other load holds it."""
    row = connection.execute(
        "select pg_try_advisory_xact_lock(%s, hashtext(%s)) as is_locked",
        (_LOAD_LOCK, f"{tenant_code}/{contract_name}"),
    ).fetchone()
    return bool(row and row["is_locked"])


def analyze_stage(connection: Connection, table: StageTable) -> None:
    """Tell the planner how the stage looks and index it by key."""
    connection.execute(sql.SQL("create index on {} (_key_hash)").format(table.stage))
    connection.execute(sql.SQL("analyze {}").format(table.stage))


_BEATEN_IN_FILE = """
update {stage} as beaten set _beaten_by = %(file_id)s
from (
    select _row_no, row_number() over (partition by _key_hash order by {order}) as place
    from {stage} where _key_hash in (select _key_hash from {stage} group by _key_hash having count(*) > 1)
) as ranked
where ranked._row_no = beaten._row_no and ranked.place > 1 and beaten._beaten_by is null
"""


def beat_within_file(connection: Connection, table: StageTable, file_id: int, supersession: str) -> None:
    """Of rows with one key in the same file, all but one are superseded."""
    order = {
        "last_received": "_row_no desc",
        "first_received": "_row_no",
        "later_ended_at": "ended_at::timestamptz desc, _row_no",
        "revision": "_row_no",
    }[supersession]
    connection.execute(
        sql.SQL(_BEATEN_IN_FILE).format(stage=table.stage, order=sql.SQL(order)), {"file_id": file_id}
    )


_BEATEN_BY_CURRENT = """
update {stage} as staged set _beaten_by = standing._file_id
from {raw} as standing
where standing.tenant_code = %(tenant_code)s and standing._key_hash = staged._key_hash
  and standing._superseded_at is null and staged._beaten_by is null and ({condition})
"""

_SUPERSEDE = """
with beaten as (
    update {raw} as standing set _superseded_by_file_id = %(file_id)s, _superseded_at = %(at)s
    from {stage} as staged
    where standing.tenant_code = %(tenant_code)s and standing._key_hash = staged._key_hash
      and standing._superseded_at is null and staged._beaten_by is null
    returning standing._file_id
), counted as (select _file_id, count(*) as row_count from beaten group by _file_id)
update ops.files set rows_loaded = rows_loaded - row_count, rows_superseded = rows_superseded + row_count
from counted where files.file_id = counted._file_id
"""


def beat_by_current(
    connection: Connection, table: StageTable, file_id: int, tenant_code: str, supersession: str
) -> None:
    """Staged rows that lose against the row that stands in raw are superseded on arrival.

    Files count in the order they were received, so the order of loading changes nothing.
    """
    conditions: dict[str, sql.Composable] = {
        "first_received": sql.SQL("standing._file_id < %(file_id)s"),
        "later_ended_at": sql.SQL(
            "staged.ended_at::timestamptz < standing.ended_at::timestamptz"
            " or staged.ended_at::timestamptz = standing.ended_at::timestamptz"
            " and standing._file_id < %(file_id)s"
        ),
    }
    by_default = sql.SQL("standing._file_id > %(file_id)s or {}").format(
        same_content(table, "staged", "standing")
    )
    connection.execute(
        sql.SQL(_BEATEN_BY_CURRENT).format(
            stage=table.stage, raw=table.raw, condition=conditions.get(supersession, by_default)
        ),
        {"file_id": file_id, "tenant_code": tenant_code},
    )


def same_content(table: StageTable, left: str, right: str) -> sql.Composed:
    """The condition that two rows agree in every column of the contract."""
    return sql.SQL("({}) is not distinct from ({})").format(
        sql.SQL("row({})").format(table.names(left)), sql.SQL("row({})").format(table.names(right))
    )


def supersede_standing(
    connection: Connection, table: StageTable, file_id: int, tenant_code: str, at: datetime
) -> None:
    """Rows of earlier files that lose against a staged row are marked, and their files' counts moved."""
    connection.execute(
        sql.SQL(_SUPERSEDE).format(stage=table.stage, raw=table.raw),
        {"file_id": file_id, "tenant_code": tenant_code, "at": at},
    )


def move_to_raw(
    connection: Connection, table: StageTable, file_id: int, tenant_code: str, at: datetime
) -> Fates:
    """Move every staged row to raw; the beaten ones arrive superseded."""
    done = connection.execute(
        sql.SQL(
            """insert into {raw} (tenant_code, _file_id, _row_no, {columns}, extra, _key_hash, _loaded_at,
                      _superseded_by_file_id, _superseded_at)
               select %(tenant_code)s, %(file_id)s, _row_no, {columns}, extra, _key_hash, %(at)s,
                      _beaten_by, case when _beaten_by is not null then %(at)s::timestamptz end
               from {stage} order by _key_hash"""
        ).format(raw=table.raw, stage=table.stage, columns=table.names()),
        {"tenant_code": tenant_code, "file_id": file_id, "at": at},
    )
    beaten = connection.execute(
        sql.SQL("select count(*) as beaten from {} where _beaten_by is not null").format(table.stage)
    ).fetchone()
    superseded = int(beaten["beaten"]) if beaten else 0
    return Fates(done.rowcount - superseded, superseded)
