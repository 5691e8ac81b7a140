"""Reads and writes of quarantined rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.warehouse.connection import Connection, fetch_all

Row = dict[str, Any]
_COLUMNS = (
    "tenant_code, file_id, contract_name, sheet_name, row_no, column_name, bad_value, "
    "error_code, error_fact, error_remedy, row_content, quarantined_at"
)


def copy_quarantined(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Add quarantined rows, each in the order of the table's columns."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy ops.quarantined_rows ({_COLUMNS}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row])


def open_causes(connection: Connection, tenant_code: str) -> list[Row]:
    """Open quarantined rows counted by cause, the most frequent first."""
    return fetch_all(
        connection,
        """select error_code, contract_name, column_name, count(*) as row_count,
                  count(distinct file_id) as file_count, min(error_fact) as example,
                  min(error_remedy) as error_remedy, min(quarantined_at) as first_at
           from ops.quarantined_rows where tenant_code = %s and mended_at is null
           group by error_code, contract_name, column_name
           order by row_count desc, error_code, contract_name, column_name""",
        (tenant_code,),
    )


def quarantined_files(connection: Connection, tenant_code: str) -> list[Row]:
    """Files in quarantine as a whole, newest first."""
    return fetch_all(
        connection,
        """select file_id, file_name, size_bytes, way_in, received_at, received_by,
                  error_code, error_fact, error_remedy
           from ops.files where tenant_code = %s and file_status = 'quarantined'
           order by received_at desc, file_id desc""",
        (tenant_code,),
    )


def quarantined_rows(
    connection: Connection,
    tenant_code: str,
    *,
    row_ids: Sequence[int] | None = None,
    error_code: str | None = None,
    contract_name: str | None = None,
    file_id: int | None = None,
    is_locking: bool = False,
    limit: int = 10_000,
) -> list[Row]:
    """Open quarantined rows with their file's name, by id; filters that are None do not apply."""
    return fetch_all(
        connection,
        f"""select quarantined.*, files.file_name from ops.quarantined_rows as quarantined
           inner join ops.files on files.file_id = quarantined.file_id
           where quarantined.tenant_code = %(tenant_code)s and mended_at is null
             and (%(row_ids)s::bigint[] is null or quarantined_row_id = any(%(row_ids)s))
             and (%(error_code)s::text is null or quarantined.error_code = %(error_code)s)
             and (%(contract_name)s::text is null or quarantined.contract_name = %(contract_name)s)
             and (%(file_id)s::bigint is null or quarantined.file_id = %(file_id)s)
           order by quarantined_row_id limit %(limit)s {"for update of quarantined" if is_locking else ""}""",
        {
            "tenant_code": tenant_code,
            "row_ids": list(row_ids) if row_ids is not None else None,
            "limit": limit,
            "error_code": error_code,
            "contract_name": contract_name,
            "file_id": file_id,
        },
    )


def mark_mended(
    connection: Connection, row_ids: Sequence[int], file_id: int, mended_by: str, at: datetime
) -> None:
    """Mark rows as mended by a person, in the file that now holds them."""
    connection.execute(
        """update ops.quarantined_rows set mended_at = %s, mended_by = %s, mended_file_id = %s
           where quarantined_row_id = any(%s) and mended_at is null""",
        (at, mended_by, file_id, list(row_ids)),
    )
