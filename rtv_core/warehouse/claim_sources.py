"""Reads what a claim is made from: discrepancies and deadlines of the marts, clips, documents, parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from rtv_core.errors import ConflictError
from rtv_core.model.claim import ClaimableDiscrepancy, ClaimGroup
from rtv_core.model.credit_note import AllocatedUnits
from rtv_core.warehouse.connection import Connection, fetch_all
from rtv_core.warehouse.presentation_store import PresentationOnRecord, presentations_at


@dataclass(frozen=True, slots=True)
class ClipOnRecord:
    """One clip that was cut, and where it stands in the seal log."""

    clip_id: int
    discrepancy_key: str
    camera_code: str | None
    capture_id: str | None
    cut_mode: str
    window_start_at: datetime
    window_end_at: datetime
    object_key: str
    sha256: str
    size_bytes: int
    leaf_index: int
    manifest: dict[str, Any]
    is_withheld: bool = False
    """Its camera has masks: the clip stays, and its presentation shows it."""
    presentation: PresentationOnRecord | None = None

    @property
    def may_leave(self) -> bool:
        """Whether there is a film of it that may be shown outside."""
        return not self.is_withheld or self.presentation is not None


@contextmanager
def marts_read() -> Iterator[None]:
    """Say in plain words that the marts are not built yet."""
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise ConflictError(
            f"The warehouse has no marts to read yet: {str(error).splitlines()[0]}",
            remedy="Build the warehouse first: `rtv build`.",
            code="MARTS_NOT_BUILT",
        ) from error


def claimable_discrepancies(connection: Connection, tenant_code: str | None) -> list[ClaimableDiscrepancy]:
    """Final discrepancies with a value and a liable party other than the brand; overlays are never added."""
    with marts_read():
        rows = fetch_all(
            connection,
            """
            select d.tenant_code, d.liable_party_code as party_code, d.platform_code, d.rtv_no,
                   case when d.rtv_no is null then d.transporter_code end as transporter_code,
                   case when d.rtv_no is null then d.awb_no end as awb_no,
                   d.rule_code as claim_reason, coalesce(d.currency_code, 'INR') as currency_code,
                   d.discrepancy_key::text, d.sku_code, d.batch_no, d.discrepancy_qty, d.value_minor,
                   coalesce(d.is_terms_unverified, true) as is_terms_unverified,
                   to_jsonb(d) - array['valid_from_build', 'valid_to_build', 'built_at', 'as_of'] as facts
            from marts.fct_discrepancies as d
            inner join marts.dim_discrepancy_rules as r
                on r.tenant_code = d.tenant_code and r.rule_code = d.rule_code and r.is_claimable
            where d.is_final and not d.is_overlay and d.value_minor > 0
              and d.liable_party_code is not null and d.liable_role is not null and d.liable_role <> 'brand'
              and (%(tenant)s::text is null or d.tenant_code = %(tenant)s)
            order by d.tenant_code, d.discrepancy_key
            """,
            {"tenant": tenant_code},
        )
    return [
        ClaimableDiscrepancy(
            group_of(row), row["discrepancy_key"], row["sku_code"], row["batch_no"],
            row["discrepancy_qty"], row["value_minor"], row["is_terms_unverified"], row["facts"],
        )
        for row in rows
    ]  # fmt: skip


def sealed_clips(
    connection: Connection, tenant_code: str, discrepancy_keys: Iterable[str], *, until: datetime
) -> list[ClipOnRecord]:
    """Clips of these discrepancies cut until then that stand in the seal log, with what shows them."""
    rows = fetch_all(
        connection,
        """
        select clip_id, discrepancy_key, camera_code, capture_id, cut_mode, window_start_at, window_end_at,
               object_key, sha256, size_bytes, leaf_index, manifest
        from ops.clips
        where tenant_code = %s and discrepancy_key = any(%s) and clip_status = 'cut'
          and object_key is not null and leaf_index is not null and cut_at <= %s
        order by discrepancy_key, window_start_at, clip_id
        """,
        (tenant_code, list(discrepancy_keys), until),
    )
    shown = presentations_at(connection, [row["clip_id"] for row in rows], until)
    return [ClipOnRecord(**row, is_withheld=masked, presentation=made)
            for row in rows for masked, made in [shown[row["clip_id"]]]]  # fmt: skip


def covering_checkpoint(connection: Connection, leaf_index: int) -> tuple[int, str] | None:
    """Size and note of the first signed checkpoint that holds a leaf: always the same one."""
    row = connection.execute(
        "select tree_size, note from ops.seal_checkpoints where tree_size > %s order by tree_size limit 1",
        (leaf_index,),
    ).fetchone()
    return (row["tree_size"], row["note"]) if row else None


def documents_of(connection: Connection, group: ClaimGroup) -> list[dict[str, Any]]:
    """The documents of a claim's RTV or consignment."""
    with marts_read():
        return fetch_all(
            connection,
            """
            select distinct document_type, document_no, document_on::text, uri, sha256
            from marts.fct_documents
            where tenant_code = %(tenant)s
              and (awb_no = %(awb)s
                   or (rtv_no = %(rtv)s and (platform_code is null or platform_code = %(platform)s)))
            order by document_type, document_no, sha256
            """,
            {
                "tenant": group.tenant_code, "rtv": group.rtv_no,
                "platform": group.platform_code, "awb": group.awb_no,
            },
        )  # fmt: skip


def claim_due_at(connection: Connection, group: ClaimGroup) -> datetime | None:
    """When the party's claim window for this subject ends, as far as the playbook says."""
    with marts_read():
        row = connection.execute(
            """
            select min(due_at) as due_at from marts.fct_deadlines
            where tenant_code = %s and clock_code = 'claim' and party_code = %s and rule_code = %s
              and platform_code is not distinct from %s
              and (rtv_no = %s or (%s::text is null and awb_no is not distinct from %s))
            """,
            (
                group.tenant_code, group.party_code, group.claim_reason, group.platform_code,
                group.rtv_no, group.rtv_no, group.awb_no,
            ),
        ).fetchone()  # fmt: skip
    return row["due_at"] if row else None


def party_of(connection: Connection, tenant_code: str, party_code: str) -> dict[str, Any]:
    """Name and GSTIN of a party; its code alone when the master does not know it."""
    with marts_read():
        found = fetch_all(
            connection,
            """
            select party_code, party_name, gstin from marts.dim_parties
            where tenant_code = %s and party_code = %s
            """,
            (tenant_code, party_code),
        )
    return found[0] if found else {"party_code": party_code, "party_name": party_code, "gstin": None}


def cameras_of(
    connection: Connection, tenant_code: str, camera_codes: Iterable[str | None]
) -> dict[str, dict[str, Any]]:
    """Make, model, serial number and place of these cameras by code, as far as the master knows them."""
    rows = fetch_all(
        connection,
        """
        select distinct on (camera_code) camera_code, node_code, bay_code, make, model, serial_no
        from raw.cameras
        where tenant_code = %s and camera_code = any(%s) and _superseded_at is null
        order by camera_code, _loaded_at desc
        """,
        (tenant_code, [code for code in camera_codes if code]),
    )
    return {row["camera_code"]: row for row in rows}


def group_of(row: dict[str, Any]) -> ClaimGroup:
    """The group that a row of a discrepancy or claim belongs to."""
    return ClaimGroup(
        row["tenant_code"], row["party_code"], row["platform_code"], row["rtv_no"],
        row["transporter_code"], row["awb_no"], row["claim_reason"], row["currency_code"],
    )  # fmt: skip


def allocated_units(
    connection: Connection, tenant_code: str, platform_code: str, rtv_no: str
) -> list[AllocatedUnits]:
    """The units of one RTV that were allocated to an invoice; the unallocated rest is not credited."""
    with marts_read():
        rows = fetch_all(
            connection,
            """
            select tenant_code, platform_code, rtv_no, invoice_no, invoice_line_no::text as invoice_line_no,
                   sku_code, batch_no, allocated_qty, unit_price_minor, gst_rate, credit_note_due_on,
                   currency_code
            from marts.fct_invoice_allocations
            where tenant_code = %s and platform_code = %s and rtv_no = %s
              and invoice_no is not null and allocated_qty > 0
            order by invoice_no, invoice_line_no, sku_code, batch_no
            """,
            (tenant_code, platform_code, rtv_no),
        )
    return [AllocatedUnits(**row) for row in rows]


def first_return_to_credit(connection: Connection, tenant_code: str) -> tuple[str, str] | None:
    """Platform and number of the first RTV, in their order, that has units allocated to an invoice."""
    with marts_read():
        row = connection.execute(
            """
            select platform_code, rtv_no from marts.fct_invoice_allocations
            where tenant_code = %s and invoice_no is not null and allocated_qty > 0
            order by platform_code, rtv_no limit 1
            """,
            (tenant_code,),
        ).fetchone()
    return (row["platform_code"], row["rtv_no"]) if row else None
