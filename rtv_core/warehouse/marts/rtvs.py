"""Reads of the RTV page: one return, its lines, its custody and the rows of the files behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import rows_of


@dataclass(frozen=True, slots=True)
class RtvSummary:
    """One return in a list."""

    platform_code: str
    rtv_no: str
    created_at: datetime | None
    origin_node: str | None
    destination_node: str | None
    stage: str | None
    is_final: bool
    declared_qty: int
    received_qty: int
    short_qty: int
    pending_qty: int
    discrepancies: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a return with both laws' quantities."""

    sku_code: str | None
    sku_title: str | None
    batch_no: str | None
    declared_qty: int
    accepted_qty: int
    condition_failed_qty: int
    short_qty: int
    wrong_item_in_place_qty: int
    pending_qty: int
    received_qty: int
    excess_qty: int
    substituted_qty: int
    foreign_qty: int
    declared_value_minor: int | None
    stage: str | None
    is_final: bool
    match_method: str | None
    match_confidence: str | None


@dataclass(frozen=True, slots=True)
class Movement:
    """Units of one return that moved from one account to another."""

    from_account: str
    to_account: str
    moved_qty: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened to a return, and the row of the file that says so."""

    moment_kind: str
    happened_at: datetime
    title: str
    place: str | None
    cartons: int | None
    weight_kg: float | None
    note: str | None
    awb_no: str | None
    file_id: int
    file_name: str
    row_no: int
    sheet_name: str | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of one file, as it was loaded, and where it stands."""

    contract_name: str
    file_id: int
    file_name: str
    sha256: str
    row_no: int
    received_at: datetime
    received_by: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """One paper of a return."""

    document_type: str
    document_no: str | None
    document_on: date | None
    uri: str | None
    sha256: str | None


def find_rtvs(
    connection: Connection, tenant_code: str, *, text: str | None, is_pending: bool, limit: int, offset: int
) -> list[RtvSummary]:
    """Returns whose number, AWB, platform or node contains `text`, newest first; only unsettled if asked."""
    query = """
        with found as (
            select platform_code, rtv_no, count(*) as discrepancies,
                coalesce(sum(value_minor) filter (where not is_overlay), 0)::bigint as value_minor
            from marts.fct_discrepancies
            where tenant_code = %(tenant_code)s and rtv_no is not null group by platform_code, rtv_no
        )
        select r.platform_code, r.rtv_no, r.created_at, r.origin_node, r.destination_node, r.stage,
            r.is_final,
            r.declared_qty, r.received_qty, r.short_qty, r.pending_qty,
            coalesce(found.discrepancies, 0) as discrepancies,
            coalesce(found.value_minor, 0)::bigint as value_minor
        from marts.fct_rtvs as r
        left join found using (platform_code, rtv_no)
        where r.tenant_code = %(tenant_code)s and (not %(is_pending)s or r.pending_qty > 0)
            and (%(text)s::text is null or concat_ws(
                ' ', r.rtv_no, r.platform_code, r.awb_nos, r.origin_node, r.destination_node
            ) ilike '%%' || %(text)s || '%%')
        order by r.created_at desc nulls last, r.platform_code, r.rtv_no
        limit %(limit)s offset %(offset)s"""
    values = {
        "tenant_code": tenant_code,
        "text": text or None,
        "is_pending": is_pending,
        "limit": limit,
        "offset": offset,
    }
    return rows_of(connection, RtvSummary, query, values)


def lines_of(connection: Connection, tenant_code: str, platform_code: str, rtv_no: str) -> list[Line]:
    """The lines of a return; foreign units last."""
    query = """
        select l.sku_code, s.title as sku_title, l.batch_no, l.declared_qty, l.accepted_qty,
            l.condition_failed_qty, l.short_qty, l.wrong_item_in_place_qty, l.pending_qty, l.received_qty,
            l.excess_qty, l.substituted_qty,
            l.foreign_qty, l.declared_value_minor, l.stage, l.is_final, l.match_method, l.match_confidence
        from marts.fct_rtv_lines as l
        left join marts.dim_skus as s on s.tenant_code = l.tenant_code and s.sku_code = l.sku_code
        where l.tenant_code = %(tenant_code)s and l.platform_code = %(platform_code)s
            and l.rtv_no = %(rtv_no)s
        order by l.sku_code nulls last, l.batch_no nulls last"""
    values = {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
    return rows_of(connection, Line, query, values)


def movements_of(connection: Connection, tenant_code: str, platform_code: str, rtv_no: str) -> list[Movement]:
    """The custody ledger of a return, summed by account pair."""
    query = """
        select from_account, to_account, sum(moved_qty)::bigint as moved_qty
        from marts.fct_custody_movements
        where tenant_code = %(tenant_code)s and platform_code = %(platform_code)s and rtv_no = %(rtv_no)s
        group by from_account, to_account having sum(moved_qty) > 0
        order by min(movement_no), from_account, to_account"""
    values = {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
    return rows_of(connection, Movement, query, values)


def moments_of(connection: Connection, tenant_code: str, platform_code: str, rtv_no: str) -> list[Moment]:
    """Everything that happened to a return, in order: manifest, transporter, gate, bay, debit."""
    query = """
        with manifest as (
            select * from staging.stg_rtv__rtv_manifests
            where tenant_code = %(tenant_code)s and platform_code = %(platform_code)s and rtv_no = %(rtv_no)s
        ),
        awbs as (select distinct awb_no from manifest where awb_no is not null),
        moments as (
            select 'manifest' as moment_kind, min(first_created_at) as happened_at,
                'Manifest written: ' || sum(qty) || ' units on ' || count(*) || ' lines' as title,
                min(origin_node) as place, max(declared_cartons)::bigint as cartons,
                max(declared_weight_kg)::float8 as weight_kg, min(reason_code) as note, min(awb_no) as awb_no,
                _file_id, min(_row_no) as _row_no
            from manifest group by _file_id
            union all
            select 'transport', e.event_at, replace(e.status, '_', ' '), e.place, e.cartons::bigint,
                e.weight_kg::float8,
                concat_ws(' · ', e.remark, e.reason, e.raw_text), e.awb_no, e._file_id, e._row_no
            from staging.stg_rtv__transporter_events as e
            where e.tenant_code = %(tenant_code)s and e.awb_no in (select awb_no from awbs)
            union all
            select 'gate', g.handover_at, 'handover at the gate, seal ' ||
                    coalesce(g.seal_state, 'not noted'),
                concat_ws(' ', g.node_code, g.bay_code), g.cartons_received::bigint,
                g.weight_kg::float8, g.pod_remark,
                g.awb_no, g._file_id, g._row_no
            from staging.stg_rtv__gate_receipts as g
            where g.tenant_code = %(tenant_code)s
                and (g.awb_no in (select awb_no from awbs) or g.rtv_no = %(rtv_no)s)
            union all
            select 'bay', c.started_at, 'carton ' || coalesce(c.carton_no, 'without number') || ' opened',
                concat_ws(' ', c.node_code, c.bay_code), null, null, 'by ' || c.operator_code, c.awb_no,
                c._file_id, c._row_no
            from staging.stg_rtv__qc_captures as c
            where c.tenant_code = %(tenant_code)s
                and (c.awb_no in (select awb_no from awbs) or c.rtv_no = %(rtv_no)s)
            union all
            select 'debit', min(b.debited_on)::timestamptz, 'debit note ' || b.debit_note_no,
                min(b.platform_code),
                null, null, sum(b.qty) || ' units debited', null, b._file_id, min(b._row_no)
            from staging.stg_rtv__debit_notes as b
            where b.tenant_code = %(tenant_code)s and b.platform_code = %(platform_code)s
                and b.rtv_no = %(rtv_no)s
            group by b.debit_note_no, b._file_id
        )
        select m.moment_kind, m.happened_at, m.title, m.place, m.cartons, m.weight_kg,
            nullif(m.note, '') as note,
            m.awb_no, m._file_id as file_id, f.file_name, m._row_no as row_no, null::text as sheet_name
        from moments as m inner join ops.files as f on f.file_id = m._file_id
        where m.happened_at is not null
        order by m.happened_at, m.moment_kind, m._row_no limit 400"""
    values = {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
    return rows_of(connection, Moment, query, values)


_DECLARED = """
    select 'rtv_manifests' as contract_name, m._file_id, m._row_no, to_jsonb(m) as values
    from marts.fct_discrepancies as d
    inner join staging.stg_rtv__rtv_manifests as m on m.tenant_code = d.tenant_code
        and (m.platform_code = d.platform_code and m.rtv_no = d.rtv_no
            or d.rtv_no is null and m.awb_no = d.awb_no)
        and (d.batch_no is null or m.batch_no is not distinct from d.batch_no)
    left join lateral (
        select l.sku_code from staging.stg_rtv__listings as l
        where l.tenant_code = m.tenant_code and l.platform_code = m.platform_code
            and l.platform_sku = m.platform_sku
        order by l.effective_from desc nulls last limit 1
    ) as listing on true
    where d.tenant_code = %(tenant_code)s and d.discrepancy_key = %(discrepancy_key)s
        and (d.sku_code is null or listing.sku_code is null or listing.sku_code = d.sku_code)
"""

_OBSERVED = """
    with disputed as (
        select * from marts.fct_discrepancies
        where tenant_code = %(tenant_code)s and discrepancy_key = %(discrepancy_key)s
    ),
    awbs as (
        select m.awb_no from staging.stg_rtv__rtv_manifests as m inner join disputed as d
            on m.tenant_code = d.tenant_code and m.platform_code = d.platform_code and m.rtv_no = d.rtv_no
        where m.awb_no is not null
        union select awb_no from disputed where awb_no is not null
    ),
    is_about_units as (select sku_code is not null or rule_code = 'foreign_item' as yes from disputed)
    select 'qc_captures' as contract_name, c._file_id, c._row_no,
        to_jsonb(c) || jsonb_build_object('items', (
            select jsonb_agg(to_jsonb(i) - 'tenant_code' - '_file_id' - '_row_no' order by i.item_no)
            from staging.stg_rtv__qc_capture_items as i
            where i.tenant_code = c.tenant_code and i.capture_id = c.capture_id
        )) as values
    from staging.stg_rtv__qc_captures as c, is_about_units
    where c.tenant_code = %(tenant_code)s and yes
        and (c.awb_no in (select awb_no from awbs) or c.rtv_no in (select rtv_no from disputed))
    union all
    select 'gate_receipts', g._file_id, g._row_no, to_jsonb(g)
    from staging.stg_rtv__gate_receipts as g, is_about_units
    where g.tenant_code = %(tenant_code)s and not yes and g.awb_no in (select awb_no from awbs)
    union all
    select 'transporter_events', e._file_id, e._row_no, to_jsonb(e)
    from staging.stg_rtv__transporter_events as e, is_about_units
    where e.tenant_code = %(tenant_code)s and not yes and e.awb_no in (select awb_no from awbs)
    union all
    select 'debit_notes', b._file_id, b._row_no, to_jsonb(b)
    from staging.stg_rtv__debit_notes as b inner join disputed as d
        on b.tenant_code = d.tenant_code and b.platform_code = d.platform_code and b.rtv_no = d.rtv_no
    where d.rule_code in ('debit_without_goods', 'price_variance', 'tax_variance')
    union all
    select distinct on (s._file_id, s._row_no) 'dispatches', s._file_id, s._row_no, to_jsonb(s)
    from disputed as d
    inner join marts.fct_invoice_allocations as a on a.tenant_code = d.tenant_code
        and a.platform_code = d.platform_code and a.rtv_no = d.rtv_no and a.sku_code = d.sku_code
        and (d.batch_no is null or a.batch_no is not distinct from d.batch_no)
    inner join staging.stg_rtv__dispatches as s on s.tenant_code = a.tenant_code
        and s.invoice_no = a.invoice_no and s.invoice_line_no = a.invoice_line_no
    where d.rule_code in ('price_variance', 'tax_variance', 'over_return', 'batch_mismatch', 'not_permitted')
"""


def _source_rows(
    connection: Connection, inner: str, tenant_code: str, discrepancy_key: str
) -> list[SourceRow]:
    query = f"""
        select r.contract_name, r._file_id as file_id, f.file_name, f.sha256, r._row_no as row_no,
            f.received_at, f.received_by, r.values - 'tenant_code' - '_file_id' - '_row_no' as values
        from ({inner}) as r inner join ops.files as f on f.file_id = r._file_id
        order by r.contract_name, r._file_id, r._row_no limit 60"""
    values = {"tenant_code": tenant_code, "discrepancy_key": discrepancy_key}
    return rows_of(connection, SourceRow, query, values)


def declared_rows(connection: Connection, tenant_code: str, discrepancy_key: str) -> list[SourceRow]:
    """The manifest's rows that a discrepancy is measured against."""
    return _source_rows(connection, _DECLARED, tenant_code, discrepancy_key)


def observed_rows(connection: Connection, tenant_code: str, discrepancy_key: str) -> list[SourceRow]:
    """What the bay, the gate, the transporter or the debit says of the same units."""
    return _source_rows(connection, _OBSERVED, tenant_code, discrepancy_key)


def documents_of(connection: Connection, tenant_code: str, platform_code: str, rtv_no: str) -> list[Document]:
    """The papers of a return."""
    query = """
        select document_type, document_no, document_on, uri, sha256
        from marts.fct_documents
        where tenant_code = %(tenant_code)s and platform_code = %(platform_code)s and rtv_no = %(rtv_no)s
        order by document_on nulls last, document_type"""
    values = {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
    return rows_of(connection, Document, query, values)
