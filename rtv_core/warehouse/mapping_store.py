"""Column mappings of a tenant: saved for good, read as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.identity import Actor
from rtv_core.warehouse.connection import Connection, fetch_all

Row = dict[str, Any]


def mappings_on(connection: Connection, tenant_code: str, on: date) -> list[Row]:
    """The mappings of a tenant that are in force on a day, one a name."""
    return fetch_all(
        connection,
        """select * from (
               select distinct on (mapping_name) * from ops.column_mappings
               where tenant_code = %(tenant_code)s and effective_from <= %(on)s
               order by mapping_name, effective_from desc, column_mapping_id desc
           ) as latest
           where effective_to is null or effective_to >= %(on)s
           order by mapping_name""",
        {"tenant_code": tenant_code, "on": on},
    )


def latest_mapping(connection: Connection, tenant_code: str, mapping_name: str) -> Row | None:
    """What was last saved under a name; None when nothing was."""
    return connection.execute(
        """select * from ops.column_mappings where tenant_code = %s and mapping_name = %s
           order by column_mapping_id desc limit 1""",
        (tenant_code, mapping_name),
    ).fetchone()


def all_mappings(connection: Connection, tenant_code: str) -> list[Row]:
    """Every mapping ever saved, by name, the newest first, with how many files were read by it."""
    return fetch_all(
        connection,
        """select mappings.*, count(files.file_id) as file_count from ops.column_mappings as mappings
           left join ops.files on files.column_mapping_id = mappings.column_mapping_id
           where mappings.tenant_code = %s
           group by mappings.column_mapping_id
           order by mapping_name, effective_from desc, mappings.column_mapping_id desc""",
        (tenant_code,),
    )


def insert_mapping(
    connection: Connection,
    actor: Actor,
    *,
    mapping_name: str,
    contract_name: str,
    file_pattern: str,
    header: Sequence[str],
    header_fingerprint: str,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    effective_from: date,
    effective_to: date | None,
    saved_at: datetime,
) -> int:
    """Save a mapping for the actor's tenant; its id."""
    row = connection.execute(
        """insert into ops.column_mappings (
               tenant_code, mapping_name, contract_name, file_pattern, header, header_fingerprint, columns,
               constants, effective_from, effective_to, saved_by, saved_at
           ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning column_mapping_id""",
        (
            actor.tenant_code,
            mapping_name,
            contract_name,
            file_pattern,
            list(header),
            header_fingerprint,
            Jsonb(dict(columns)),
            Jsonb(dict(constants)),
            effective_from,
            effective_to,
            actor.name,
            saved_at,
        ),
    ).fetchone()
    assert row is not None
    return int(row["column_mapping_id"])


def sources_of_mended(connection: Connection, file_id: int) -> list[Row]:
    """The sources, and the columns of the mappings, that the rows of a mended file first came by."""
    return fetch_all(
        connection,
        """with recursive origins as (
               select file_id from ops.quarantined_rows where mended_file_id = %s
               union
               select quarantined.file_id from ops.quarantined_rows as quarantined
               inner join origins on quarantined.mended_file_id = origins.file_id
           )
           select distinct files.source_name, mappings.columns from origins
           inner join ops.files on files.file_id = origins.file_id
           left join ops.column_mappings as mappings
               on mappings.column_mapping_id = files.column_mapping_id
           where files.way_in not in ('mend', 'replay')""",
        (file_id,),
    )


def note_mapping(connection: Connection, file_id: int, mapping_id: int | None) -> None:
    """Remember by which mapping a file was read."""
    connection.execute(
        "update ops.files set column_mapping_id = %s where file_id = %s", (mapping_id, file_id)
    )
