"""What the bay asks the raw layer: expected lines of a consignment, what was received, where a file stands.

Raw and not marts: an operator may open a box minutes after its manifest came, before any build ran.
"""

from __future__ import annotations

from typing import Any

from rtv_core.warehouse.connection import Connection, fetch_all

_EXPECTED_LINES = """
with manifest_rows as (
    select m.*
    from raw.rtv_manifests as m
    where m.tenant_code = %(tenant_code)s
        and m._superseded_at is null
        and (
            (%(awb_normal)s <> '' and regexp_replace(upper(m.awb_no), '[^A-Z0-9]', '', 'g') = %(awb_normal)s)
            or (%(rtv_no)s <> '' and upper(m.rtv_no) = upper(%(rtv_no)s))
        )
),
newest_revisions as (
    select m.*
    from manifest_rows as m
    where coalesce(m.revision_no, 1) = (
        select max(coalesce(other.revision_no, 1))
        from raw.rtv_manifests as other
        where other.tenant_code = m.tenant_code
            and other.platform_code = m.platform_code
            and other.rtv_no = m.rtv_no
            and other._superseded_at is null
    )
)
select
    m.platform_code, m.rtv_no, m.line_no, m.carton_no, m.awb_no, m.transporter_code,
    m.origin_node, m.destination_node, m.declared_cartons, m.declared_weight_kg::float8 as declared_weight_kg,
    m.platform_sku, coalesce(m.gtin, s.gtin) as gtin, coalesce(l.sku_code, by_gtin.sku_code) as sku_code,
    s.title, s.category, s.mrp::float8 as mrp, coalesce(s.is_kit, false) as is_kit,
    m.qty as declared_qty, m.batch_no, m.expiry_on, m.reason_code, p.picture_sha256
from newest_revisions as m
left join lateral (
    select listing.sku_code
    from raw.listings as listing
    where listing.tenant_code = m.tenant_code
        and listing.platform_code = m.platform_code
        and listing.platform_sku = m.platform_sku
        and listing._superseded_at is null
        and coalesce(listing.effective_from, '-infinity'::date) <= left(m.created_at, 10)::date
    order by listing.effective_from desc nulls last
    limit 1
) as l on true
left join lateral (
    select sku.sku_code
    from raw.skus as sku
    where l.sku_code is null
        and sku.tenant_code = m.tenant_code
        and sku._superseded_at is null
        and lpad(sku.gtin, 14, '0') = lpad(m.gtin, 14, '0')
    limit 1
) as by_gtin on true
left join raw.skus as s
    on s.tenant_code = m.tenant_code
    and s.sku_code = coalesce(l.sku_code, by_gtin.sku_code)
    and s._superseded_at is null
left join ops.item_pictures as p
    on p.tenant_code = m.tenant_code
    and p.sku_code = coalesce(l.sku_code, by_gtin.sku_code)
order by m.platform_code, m.rtv_no, m.line_no
limit 5000
"""


def require_ready(connection: Connection) -> None:
    """Raise unless the bay's tables can be read."""
    fetch_all(connection, "select operator_code from ops.operators limit 1")


def expected_lines(
    connection: Connection, tenant_code: str, *, awb_normal: str, rtv_no: str
) -> list[dict[str, Any]]:
    """What the newest revision of each manifest of this AWB or RTV number declares."""
    return fetch_all(
        connection,
        _EXPECTED_LINES,
        {"tenant_code": tenant_code, "awb_normal": awb_normal, "rtv_no": rtv_no},
    )


def kit_components(connection: Connection, tenant_code: str, sku_codes: list[str]) -> list[dict[str, Any]]:
    """The components of these kits."""
    return fetch_all(
        connection,
        """
        select k.kit_sku_code, k.component_sku_code, k.component_qty, s.title, s.gtin
        from raw.kit_components as k
        left join raw.skus as s
            on s.tenant_code = k.tenant_code
            and s.sku_code = k.component_sku_code
            and s._superseded_at is null
        where k.tenant_code = %s and k._superseded_at is null and k.kit_sku_code = any(%s)
        order by k.kit_sku_code, k.component_sku_code
        """,
        (tenant_code, sku_codes),
    )


def gate_receipts(connection: Connection, tenant_code: str, awb_normal: str) -> list[dict[str, Any]]:
    """Handovers of an AWB that have been loaded."""
    return fetch_all(
        connection,
        """
        select receipt_id, node_code, bay_code, handover_at, cartons_received, seal_state, pod_remark,
               operator_code
        from raw.gate_receipts
        where tenant_code = %s and _superseded_at is null
            and regexp_replace(upper(awb_no), '[^A-Z0-9]', '', 'g') = %s
        order by handover_at
        """,
        (tenant_code, awb_normal),
    )


def captured_items(connection: Connection, tenant_code: str, awb_normal: str) -> list[dict[str, Any]]:
    """Items of an AWB's captures that have been loaded, from every station."""
    return fetch_all(
        connection,
        """
        select c.capture_id, c.carton_no, c.is_last_carton, i.item_no, i.scanned_code, i.sku_code, i.qty,
               i.grade
        from raw.qc_captures as c
        left join raw.qc_capture_items as i on i._file_id = c._file_id and i._row_no = c._row_no
        where c.tenant_code = %s and c._superseded_at is null
            and regexp_replace(upper(c.awb_no), '[^A-Z0-9]', '', 'g') = %s
        order by c.started_at, c.capture_id, i.item_no
        """,
        (tenant_code, awb_normal),
    )


def proofs_required(connection: Connection, tenant_code: str, party_codes: list[str]) -> list[dict[str, Any]]:
    """Which proof each party asks for each claim, by its playbooks in force today."""
    return fetch_all(
        connection,
        """
        select distinct on (party_code, claim_reason) party_code, claim_reason, proof_required
        from raw.claim_playbooks
        where tenant_code = %s and _superseded_at is null and party_code = any(%s)
            and effective_from <= current_date and (effective_to is null or effective_to >= current_date)
        order by party_code, claim_reason, effective_from desc
        """,
        (tenant_code, party_codes),
    )


def received_file(connection: Connection, tenant_code: str, file_name: str) -> dict[str, Any] | None:
    """Where a file the API received stands: status, rows and what is wrong with it; or None."""
    return connection.execute(
        """
        select file_id, file_name, file_status, received_at, loaded_at, rows_loaded, rows_quarantined,
               error_code, error_fact, error_remedy
        from ops.files
        where tenant_code = %s and file_name = %s and way_in = 'api'
        order by received_at desc limit 1
        """,
        (tenant_code, file_name),
    ).fetchone()


def quarantined_row(connection: Connection, file_id: int) -> dict[str, Any] | None:
    """The first row of a file that was refused, with the reason; or None."""
    return connection.execute(
        """
        select error_code, error_fact, error_remedy from ops.quarantined_rows
        where file_id = %s and mended_at is null order by row_no limit 1
        """,
        (file_id,),
    ).fetchone()


def file_counts(connection: Connection, tenant_code: str) -> dict[str, int]:
    """How many files of the API wait, are loaded or are quarantined."""
    rows = fetch_all(
        connection,
        """
        select file_status, count(*) as files
        from ops.files where tenant_code = %s and way_in = 'api' group by 1
        """,
        (tenant_code,),
    )
    return {row["file_status"]: row["files"] for row in rows}
