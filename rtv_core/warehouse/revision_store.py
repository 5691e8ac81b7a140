"""Finds documents whose revision is already loaded with other content (ruling 4)."""

from __future__ import annotations

from datetime import datetime

from psycopg import sql

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.raw_store import StageTable, same_content

_FIND = """
create temporary table conflicts on commit drop as
with documents as (
    select distinct platform_code, rtv_no, revision_no from {stage}
), standing as (
    select raw_rows.*
    from {raw} as raw_rows
    inner join documents using (platform_code, rtv_no, revision_no)
    where raw_rows.tenant_code = %(tenant_code)s and raw_rows._superseded_at is null
), compared as (
    select
        coalesce(staged.platform_code, standing.platform_code) as platform_code,
        coalesce(staged.rtv_no, standing.rtv_no) as rtv_no,
        coalesce(staged.revision_no, standing.revision_no) as revision_no,
        standing._key_hash is not null as is_standing,
        staged._key_hash is null as is_gone,
        standing._key_hash is null as is_new,
        staged._key_hash = standing._key_hash and not ({same}) as is_changed
    from {stage} as staged
    full join standing on staged._key_hash = standing._key_hash
), told_apart as (
    select platform_code, rtv_no, revision_no,
        coalesce(bool_or(is_changed), false) as is_changed,
        bool_or(is_standing) and %(is_whole)s as is_compared_whole,
        bool_or(is_gone) as is_short,
        bool_or(is_new) as is_longer
    from compared
    group by platform_code, rtv_no, revision_no
)
select platform_code, rtv_no, revision_no from told_apart
where is_changed or (is_compared_whole and is_short)
    or (is_compared_whole and is_longer and not exists (
        select from ops.quarantined_rows as waiting
        where waiting.tenant_code = %(tenant_code)s and waiting.contract_name = {name}
            and waiting.mended_at is null and waiting.error_code <> 'REVISION_CONFLICT'
            and trim(waiting.row_content ->> 'rtv_no') = told_apart.rtv_no
    ))
union
select one.platform_code, one.rtv_no, one.revision_no
from {stage} as one
inner join {stage} as two on one._key_hash = two._key_hash and one._row_no < two._row_no
where not ({same_in_file})
"""

_QUARANTINE = """
with refused as (
    delete from {stage} as staged using conflicts
    where (staged.platform_code, staged.rtv_no, staged.revision_no)
        = (conflicts.platform_code, conflicts.rtv_no, conflicts.revision_no)
    returning staged.*
)
insert into ops.quarantined_rows (
    tenant_code, file_id, contract_name, sheet_name, row_no, column_name, bad_value,
    error_code, error_fact, error_remedy, row_content, quarantined_at
)
select %(tenant_code)s, %(file_id)s, {name}, %(sheet_name)s, _row_no, 'revision_no', revision_no::text,
    'REVISION_CONFLICT',
    format('Revision %%s of %%s is already loaded with other lines', revision_no, rtv_no),
    %(remedy)s, to_jsonb(refused) - '_row_no' - '_key_hash' - '_beaten_by' - 'extra', %(at)s
from refused
"""


def quarantine_conflicts(
    connection: Connection,
    table: StageTable,
    *,
    file_id: int,
    tenant_code: str,
    sheet_name: str | None,
    is_whole: bool,
    remedy: str,
    at: datetime,
) -> int:
    """Move the staged rows of contradicting documents to quarantine; how many rows those were.

    `is_whole` tells whether the file names every line of its documents; an excerpt may add lines.
    A document that has rows in quarantine is incomplete, so lines may be added to it.
    """
    name = sql.Literal(table.contract_name)
    connection.execute("drop table if exists pg_temp.conflicts")
    connection.execute(
        sql.SQL(_FIND).format(
            stage=table.stage,
            raw=table.raw,
            name=name,
            same=same_content(table, "staged", "standing"),
            same_in_file=same_content(table, "one", "two"),
        ),
        {"tenant_code": tenant_code, "is_whole": is_whole},
    )
    done = connection.execute(
        sql.SQL(_QUARANTINE).format(stage=table.stage, name=name),
        {
            "tenant_code": tenant_code,
            "file_id": file_id,
            "sheet_name": sheet_name,
            "remedy": remedy,
            "at": at,
        },
    )
    return done.rowcount
