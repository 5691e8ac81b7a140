"""Reads of the Data health page: files, quarantine, checks, builds and dbt's results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection, connect
from rtv_core.warehouse.marts.reading import row_of, rows_of


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One file and what became of its rows."""

    file_id: int
    file_name: str
    contract_name: str | None
    source_name: str | None
    way_in: str
    received_at: datetime
    received_by: str
    file_status: str
    rows_in: int | None
    rows_loaded: int | None
    rows_superseded: int | None
    rows_quarantined: int | None
    error_code: str | None
    error_fact: str | None
    error_remedy: str | None
    size_bytes: int
    sha256: str
    repeats: int


@dataclass(frozen=True, slots=True)
class FileTotals:
    """Control totals over all files."""

    files: int
    files_quarantined: int
    files_pending: int
    rows_in: int
    rows_loaded: int
    rows_superseded: int
    rows_quarantined: int
    unbalanced: int
    rows_waiting: int


@dataclass(frozen=True, slots=True)
class UnlistedLine:
    """An article of a platform that returns name and nobody lists."""

    platform_code: str
    platform_sku: str
    rtvs: int
    units: int
    example_rtv_no: str
    example_file_name: str | None
    example_row_no: int | None


@dataclass(frozen=True, slots=True)
class QuarantineCause:
    """Rows in quarantine for one reason."""

    contract_name: str
    error_code: str
    column_name: str | None
    quarantined_rows: int
    files: int
    example_fact: str
    remedy: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One row in quarantine."""

    quarantined_row_id: int
    file_name: str
    sheet_name: str | None
    row_no: int
    column_name: str | None
    bad_value: str | None
    error_code: str
    error_fact: str
    error_remedy: str
    row_content: Any
    quarantined_at: datetime


@dataclass(frozen=True, slots=True)
class MendedRow:
    """One row that was in quarantine and was sent in again."""

    file_name: str
    row_no: int
    column_name: str | None
    bad_value: str | None
    error_code: str
    mended_by: str
    mended_at: datetime


@dataclass(frozen=True, slots=True)
class UnknownStatus:
    """A carrier's code that nothing knows, with what came with it."""

    transporter_code: str
    raw_code: str | None
    example_text: str | None
    example_awb_no: str
    event_count: int
    awb_count: int
    last_event_at: datetime


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One expectation with how its last runs went, newest last: p passed, f failed, e could not run."""

    suite_name: str
    expectation: str
    column_name: str | None
    is_success: bool | None
    observed: str | None
    failure: str | None
    checked_at: datetime
    history: str


@dataclass(frozen=True, slots=True)
class BuildRun:
    """One build with its dbt nodes."""

    build_id: int
    run_id: str
    as_of: datetime
    started_at: datetime
    published_at: datetime | None
    failed_at: datetime | None
    failure: str | None
    models: int
    tests: int
    not_passed: int
    duration_seconds: float


@dataclass(frozen=True, slots=True)
class FailedNode:
    """One dbt node that did not pass in the newest run."""

    stage: str
    node_id: str
    node_status: str
    message: str | None
    failures: int | None
    finished_at: datetime


def answers(dsn: str) -> None:
    """Raise `ServiceUnavailable` unless the warehouse answers."""
    with connect(dsn, application_name="rtv-dashboard-health") as connection:
        connection.execute("select 1")


def files(
    connection: Connection, tenant_code: str, *, status: str | None, limit: int, offset: int
) -> list[LoadedFile]:
    """Files, newest first."""
    query = """
        select f.file_id, f.file_name, f.contract_name, f.source_name, f.way_in, f.received_at, f.received_by,
            f.file_status, f.rows_in, f.rows_loaded, f.rows_superseded, f.rows_quarantined,
            f.error_code, f.error_fact, f.error_remedy, f.size_bytes, f.sha256,
            (select count(*) from ops.file_repeats as r where r.file_id = f.file_id) as repeats
        from ops.files as f
        where f.tenant_code = %(tenant_code)s and (%(status)s::text is null or f.file_status = %(status)s)
        order by f.received_at desc, f.file_id desc limit %(limit)s offset %(offset)s"""
    values = {"tenant_code": tenant_code, "status": status, "limit": limit, "offset": offset}
    return rows_of(connection, LoadedFile, query, values)


def file_totals(connection: Connection, tenant_code: str) -> FileTotals:
    """Control totals: rows in = loaded + superseded + quarantined, over everything."""
    query = """
        select count(*) as files, count(*) filter (where file_status = 'quarantined') as files_quarantined,
            count(*) filter (where file_status in ('received', 'loading')) as files_pending,
            coalesce(sum(rows_in), 0)::bigint as rows_in,
            coalesce(sum(rows_loaded), 0)::bigint as rows_loaded,
            coalesce(sum(rows_superseded), 0)::bigint as rows_superseded,
            coalesce(sum(rows_quarantined), 0)::bigint as rows_quarantined,
            count(*) filter (where file_status = 'loaded' and rows_in is distinct from
                rows_loaded + rows_superseded + rows_quarantined) as unbalanced,
            (select count(*) from ops.quarantined_rows as q
                where q.tenant_code = %(tenant_code)s and q.mended_at is null) as rows_waiting
        from ops.files where tenant_code = %(tenant_code)s"""
    return row_of(connection, FileTotals, query, {"tenant_code": tenant_code}) or FileTotals(*([0] * 9))


def unlisted_lines(connection: Connection, tenant_code: str, *, limit: int) -> list[UnlistedLine]:
    """Articles of manifest lines that wait for a listing, most units first; none before the first build."""
    if not _is_built(connection, "marts.rpt_unlisted_lines"):
        return []
    query = """
        select l.platform_code, l.platform_sku, count(distinct l.rtv_no) as rtvs,
            sum(l.declared_qty)::bigint as units, min(l.rtv_no) as example_rtv_no,
            min(f.file_name) as example_file_name, min(l._row_no) as example_row_no
        from marts.rpt_unlisted_lines as l left join ops.files as f on f.file_id = l._file_id
        where l.tenant_code = %(tenant_code)s
        group by l.platform_code, l.platform_sku order by units desc, 1, 2 limit %(limit)s"""
    return rows_of(connection, UnlistedLine, query, {"tenant_code": tenant_code, "limit": limit})


def unknown_statuses(connection: Connection, tenant_code: str, *, limit: int) -> list[UnknownStatus]:
    """Carriers' codes that nothing knows, most consignments first; none before the first build."""
    if not _is_built(connection, "marts.rpt_unknown_statuses"):
        return []
    query = """
        select transporter_code, raw_code, example_text, example_awb_no, event_count, awb_count, last_event_at
        from marts.rpt_unknown_statuses where tenant_code = %(tenant_code)s
        order by awb_count desc, transporter_code, raw_code limit %(limit)s"""
    return rows_of(connection, UnknownStatus, query, {"tenant_code": tenant_code, "limit": limit})


def _is_built(connection: Connection, relation: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null as is_built", (relation,)).fetchone()
    return bool(row and row["is_built"])


def quarantine_causes(connection: Connection, tenant_code: str) -> list[QuarantineCause]:
    """Open quarantine by cause, most rows first."""
    query = """
        select contract_name, error_code, column_name, count(*) as quarantined_rows,
            count(distinct file_id) as files,
            min(error_fact) as example_fact, min(error_remedy) as remedy, max(quarantined_at) as last_at
        from ops.quarantined_rows where tenant_code = %(tenant_code)s and mended_at is null
        group by contract_name, error_code, column_name
        order by quarantined_rows desc, contract_name, error_code"""
    return rows_of(connection, QuarantineCause, query, {"tenant_code": tenant_code})


def quarantined_rows(
    connection: Connection, tenant_code: str, *, error_code: str, contract_name: str, limit: int
) -> list[QuarantinedRow]:
    """The rows of one cause, newest first."""
    query = """
        select q.quarantined_row_id, f.file_name, q.sheet_name, q.row_no, q.column_name, q.bad_value,
            q.error_code,
            q.error_fact, q.error_remedy, q.row_content, q.quarantined_at
        from ops.quarantined_rows as q inner join ops.files as f on f.file_id = q.file_id
        where q.tenant_code = %(tenant_code)s and q.mended_at is null
            and q.error_code = %(error_code)s and q.contract_name = %(contract_name)s
        order by q.quarantined_at desc, q.file_id, q.row_no limit %(limit)s"""
    values = {
        "tenant_code": tenant_code,
        "error_code": error_code,
        "contract_name": contract_name,
        "limit": limit,
    }
    return rows_of(connection, QuarantinedRow, query, values)


def mended_rows(connection: Connection, tenant_code: str, *, limit: int) -> list[MendedRow]:
    """Rows that were mended or replayed, the latest first."""
    query = """
        select f.file_name, q.row_no, q.column_name, q.bad_value, q.error_code, q.mended_by, q.mended_at
        from ops.quarantined_rows as q inner join ops.files as f on f.file_id = q.file_id
        where q.tenant_code = %(tenant_code)s and q.mended_at is not null
        order by q.mended_at desc, q.file_id, q.row_no limit %(limit)s"""
    return rows_of(connection, MendedRow, query, {"tenant_code": tenant_code, "limit": limit})


def checks(connection: Connection, tenant_code: str) -> list[CheckRun]:
    """Every expectation with its newest result and its last twelve, failures first."""
    query = """
        with ranked as (
            select *, row_number() over (
                partition by suite_name, expectation, column_name order by checked_at desc, check_id desc
            ) as age
            from ops.checks where tenant_code = %(tenant_code)s
        ),
        newest as (
            select suite_name, expectation, column_name, is_success, observed, failure, checked_at
            from ranked where age = 1
        ),
        histories as (
            select suite_name, expectation, column_name, string_agg(
                case when is_success then 'p' when is_success is null then 'e' else 'f' end,
                '' order by age desc
            ) as history
            from ranked where age <= 12 group by suite_name, expectation, column_name
        )
        select n.*, h.history
        from newest as n inner join histories as h
            on h.suite_name = n.suite_name and h.expectation = n.expectation
            and h.column_name is not distinct from n.column_name
        order by n.is_success asc nulls first, n.suite_name, n.column_name nulls first,
            n.expectation limit 1000"""
    return rows_of(connection, CheckRun, query, {"tenant_code": tenant_code})


def builds(connection: Connection, *, limit: int) -> list[BuildRun]:
    """Builds, newest first."""
    query = """
        select b.build_id, b.run_id, b.as_of, b.started_at, b.published_at, b.failed_at, b.failure,
            count(*) filter (where r.resource_type = 'model') as models,
            count(*) filter (where r.resource_type in ('test', 'unit_test')) as tests,
            count(*) filter (where r.node_status not in ('success', 'pass', 'no-op')) as not_passed,
            coalesce(sum(r.duration_seconds), 0)::float8 as duration_seconds
        from ops.builds as b left join ops.dbt_results as r on r.run_id = b.run_id
        group by b.build_id order by b.started_at desc limit %(limit)s"""
    return rows_of(connection, BuildRun, query, {"limit": limit})


def failed_nodes(connection: Connection, *, limit: int) -> list[FailedNode]:
    """What did not pass in dbt's newest run."""
    query = """
        select stage, node_id, node_status, message, failures, finished_at from ops.dbt_results
        where run_id = (
                select run_id from ops.dbt_results order by finished_at desc, dbt_result_id desc limit 1
            )
            and node_status not in ('success', 'pass', 'no-op')
        order by finished_at desc limit %(limit)s"""
    return rows_of(connection, FailedNode, query, {"limit": limit})
