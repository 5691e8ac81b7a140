"""Reads of the Claims page: claims by state, their lines, their history and their bundle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rtv_core.errors import NotFound
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import row_of, rows_of


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim."""

    claim_id: int
    claim_no: str
    party_code: str
    platform_code: str | None
    rtv_no: str | None
    transporter_code: str | None
    awb_no: str | None
    claim_reason: str
    claim_status: str
    claimed_minor: int
    recovered_minor: int
    currency_code: str
    is_terms_unverified: bool
    missing_proof: list[str]
    due_at: datetime | None
    row_version: int
    bundle_key: str | None
    bundle_sha256: str | None
    approved_by: str | None
    filing_reference: str | None
    created_at: datetime
    updated_at: datetime
    claim_lines: int
    claimed_qty: int
    lines_with_film: int


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One discrepancy in a claim."""

    discrepancy_key: str
    rule_code: str
    sku_code: str | None
    batch_no: str | None
    claimed_qty: int
    claimed_minor: int
    facts: dict[str, Any]
    clip_id: int | None
    clip_status: str | None
    is_sealed: bool
    current_value_minor: int | None
    liability_reason: str | None


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """One step of a claim."""

    from_status: str | None
    to_status: str
    actor_name: str
    note: str | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where a claim's bundle is."""

    object_key: str
    sha256: str


_CLAIM = """
    select c.claim_id, c.claim_no, c.party_code, c.platform_code, c.rtv_no, c.transporter_code, c.awb_no,
        c.claim_reason, c.claim_status, c.claimed_minor, c.recovered_minor, c.currency_code,
        c.is_terms_unverified, c.missing_proof, c.due_at, c.row_version, c.bundle_key, c.bundle_sha256,
        c.approved_by, c.filing_reference, c.created_at, c.updated_at,
        proof.claim_lines, proof.claimed_qty, proof.lines_with_film
    from ops.claims as c
    left join lateral (
        select count(*) as claim_lines, coalesce(sum(l.claimed_qty), 0)::bigint as claimed_qty,
            count(*) filter (where exists (
                select 1 from ops.clips as k where k.tenant_code = c.tenant_code
                    and k.discrepancy_key = l.discrepancy_key and k.clip_status = 'cut'
            )) as lines_with_film
        from ops.claim_lines as l where l.claim_id = c.claim_id
    ) as proof on true
    where c.tenant_code = %(tenant_code)s
"""


def claims(connection: Connection, tenant_code: str) -> list[Claim]:
    """Claims, the nearest deadline and the highest value first."""
    query = f"{_CLAIM} order by c.due_at nulls last, c.claimed_minor desc, c.claim_no limit 500"
    return rows_of(connection, Claim, query, {"tenant_code": tenant_code})


def claim_of(connection: Connection, tenant_code: str, claim_no: str) -> Claim | None:
    """One claim by its number."""
    values = {"tenant_code": tenant_code, "claim_no": claim_no}
    return row_of(connection, Claim, f"{_CLAIM} and c.claim_no = %(claim_no)s", values)


def lines_of_claim(connection: Connection, claim_id: int) -> list[ClaimLine]:
    """The lines of a claim, each with its film and with what the warehouse says today."""
    query = """
        select l.discrepancy_key, l.rule_code, l.sku_code, l.batch_no, l.claimed_qty, l.claimed_minor,
            l.facts, film.clip_id, film.clip_status, film.leaf_index is not null as is_sealed,
            d.value_minor as current_value_minor, d.liability_reason
        from ops.claim_lines as l
        inner join ops.claims as c on c.claim_id = l.claim_id
        left join marts.fct_discrepancies as d
            on d.tenant_code = c.tenant_code and d.discrepancy_key = l.discrepancy_key
        left join lateral (
            select k.clip_id, k.clip_status, k.leaf_index from ops.clips as k
            where k.tenant_code = c.tenant_code and k.discrepancy_key = l.discrepancy_key
            order by (k.clip_status = 'cut') desc, k.clip_id limit 1
        ) as film on true
        where l.claim_id = %(claim_id)s order by l.claimed_minor desc, l.rule_code, l.sku_code"""
    return rows_of(connection, ClaimLine, query, {"claim_id": claim_id})


def events_of_claim(connection: Connection, claim_id: int) -> list[ClaimEvent]:
    """What happened to a claim, newest first."""
    query = """
        select from_status, to_status, actor_name, note, happened_at from ops.claim_events
        where claim_id = %(claim_id)s order by happened_at desc, claim_event_id desc"""
    return rows_of(connection, ClaimEvent, query, {"claim_id": claim_id})


def bundle_of(connection: Connection, tenant_code: str, claim_no: str) -> Bundle:
    """Where a claim's bundle is; `NotFound` before it was built."""
    query = """
        select bundle_key, bundle_sha256 from ops.claims
        where tenant_code = %s and claim_no = %s and bundle_key is not null"""
    found = connection.execute(query, (tenant_code, claim_no)).fetchone()
    if found is None:
        raise NotFound(
            f"Claim {claim_no} has no bundle yet",
            remedy="Approve the claim and build its bundle; then download it.",
            code="BUNDLE_NOT_BUILT",
        )
    return Bundle(found["bundle_key"], found["bundle_sha256"])
