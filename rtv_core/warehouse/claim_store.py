"""Reads and writes claims, their lines, their events and their adjustments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.errors import NotFound
from rtv_core.identity import Actor
from rtv_core.model.claim import Claim, ClaimGroup, ClaimLine, ClaimStatus
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.claim_sources import group_of
from rtv_core.warehouse.connection import Connection, fetch_all

_ASSEMBLY_LOCK = 727003
_GROUP_COLUMNS = (
    "tenant_code, party_code, platform_code, rtv_no, transporter_code, awb_no, claim_reason, currency_code"
)


def lock_assembly(connection: Connection) -> None:
    """Let one assembly run at a time; held until the transaction ends."""
    connection.execute("select pg_advisory_xact_lock(%s)", (_ASSEMBLY_LOCK,))


def list_claims(
    connection: Connection, tenant_code: str | None, statuses: Iterable[str] = (), *, lock: bool = False
) -> list[Claim]:
    """Claims with their lines, oldest first; of all tenants when `tenant_code` is None.

    With `lock` nobody else moves them until the transaction ends.
    """
    wanted = list(statuses) or None
    rows = fetch_all(
        connection,
        f"""
        select * from ops.claims
        where (%(tenant)s::text is null or tenant_code = %(tenant)s)
          and (%(statuses)s::text[] is null or claim_status = any(%(statuses)s))
        order by claim_id {"for update" if lock else ""}
        """,
        {"tenant": tenant_code, "statuses": wanted},
    )
    lines = _lines(connection, [row["claim_id"] for row in rows])
    return [_claim(row, lines.get(row["claim_id"], ())) for row in rows]


def read_claim(connection: Connection, tenant_code: str, claim_no: str, *, lock: bool = False) -> Claim:
    """One claim with its lines; `NotFound` when there is none."""
    found = fetch_all(
        connection,
        f"select * from ops.claims where tenant_code = %s and claim_no = %s {'for update' if lock else ''}",
        (tenant_code, claim_no),
    )
    if not found:
        raise NotFound(
            f"No claim {claim_no}", remedy="List them with `rtv claim list`.", code="CLAIM_NOT_FOUND"
        )
    lines = _lines(connection, [found[0]["claim_id"]])
    return _claim(found[0], lines.get(found[0]["claim_id"], ()))


def highest_sequences(connection: Connection, tenant_code: str | None) -> dict[tuple[str, str], int]:
    """The highest number used, by tenant and stem of the claim number."""
    highest: dict[tuple[str, str], int] = {}
    for claim in fetch_all(
        connection,
        "select * from ops.claims where %(tenant)s::text is null or tenant_code = %(tenant)s",
        {"tenant": tenant_code},
    ):
        name = (claim["tenant_code"], group_of(claim).stem)
        highest[name] = max(highest.get(name, 0), claim["claim_no_sequence"])
    return highest


def insert_claim(
    connection: Connection, group: ClaimGroup, sequence: int, *, is_terms_unverified: bool, now: datetime
) -> int:
    """Add an empty draft; returns its id."""
    row = connection.execute(
        f"""
        insert into ops.claims ({_GROUP_COLUMNS}, claim_no, claim_no_sequence, claim_status, claimed_minor,
                                is_terms_unverified, created_at, updated_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'draft', 0, %s, %s, %s) returning claim_id
        """,
        (*_group_values(group), group.claim_no(sequence), sequence, is_terms_unverified, now, now),
    ).fetchone()
    assert row is not None
    return int(row["claim_id"])


def replace_lines(
    connection: Connection,
    claim_id: int,
    lines: Iterable[ClaimLine],
    *,
    is_terms_unverified: bool,
    now: datetime,
) -> None:
    """Make the lines of an open claim these, and its amount their sum."""
    connection.execute("delete from ops.claim_lines where claim_id = %s", (claim_id,))
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into ops.claim_lines (claim_id, discrepancy_key, rule_code, platform_code, rtv_no,
                                         sku_code, batch_no, claimed_qty, claimed_minor, facts)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                (
                    claim_id, line.discrepancy_key, line.rule_code, line.facts.get("platform_code"),
                    line.facts.get("rtv_no"), line.sku_code, line.batch_no, line.claimed_qty,
                    line.claimed_minor, Jsonb(line.facts),
                )
                for line in lines
            ],
        )  # fmt: skip
    connection.execute(
        """
        update ops.claims set is_terms_unverified = %s, row_version = row_version + 1, updated_at = %s,
            claimed_minor = (select coalesce(sum(l.claimed_minor), 0) from ops.claim_lines as l
                             where l.claim_id = claims.claim_id)
        where claim_id = %s
        """,
        (is_terms_unverified, now, claim_id),
    )


def set_proof(
    connection: Connection, claim_id: int, missing: tuple[str, ...], due_at: datetime | None, now: datetime
) -> None:
    """Note which proof is missing and when the claim is due; the row version moves only with a change."""
    connection.execute(
        """
        update ops.claims set missing_proof = %(missing)s, due_at = %(due)s, updated_at = %(now)s,
            row_version = row_version + 1
        where claim_id = %(id)s
          and (missing_proof, due_at) is distinct from (%(missing)s::text[], %(due)s::timestamptz)
        """,
        {"missing": list(missing), "due": due_at, "now": now, "id": claim_id},
    )


def set_status(
    connection: Connection,
    claim: Claim,
    to_status: ClaimStatus,
    *,
    actor: Actor,
    now: datetime,
    **details: Any,
) -> None:
    """Move a claim, with event and audit row; details: note, amount_minor, rejection_code, reference."""
    connection.execute(
        """
        update ops.claims set claim_status = %s, row_version = row_version + 1, updated_at = %s
        where claim_id = %s
        """,
        (to_status.value, now, claim.claim_id),
    )
    connection.execute(
        """
        insert into ops.claim_events (claim_id, from_status, to_status, actor_name, note, amount_minor,
                                      rejection_code, reference, happened_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            claim.claim_id, claim.status.value, to_status.value, actor.name, details.get("note"),
            details.get("amount_minor"), details.get("rejection_code"), details.get("reference"), now,
        ),
    )  # fmt: skip
    write_audit(
        connection,
        tenant_code=claim.group.tenant_code,
        actor=actor,
        verb=f"claim_{to_status.value}",
        object_kind="claim",
        object_id=claim.claim_no,
        now=now,
        detail={"from_status": claim.status.value, "row_version": claim.row_version, **details},
    )


def record_creation(
    connection: Connection, claim_id: int, group: ClaimGroup, sequence: int, *, actor: Actor, now: datetime
) -> None:
    """The first event of a claim."""
    connection.execute(
        """
        insert into ops.claim_events (claim_id, to_status, actor_name, happened_at)
        values (%s, 'draft', %s, %s)
        """,
        (claim_id, actor.name, now),
    )
    write_audit(
        connection,
        tenant_code=group.tenant_code,
        actor=actor,
        verb="claim_assembled",
        object_kind="claim",
        object_id=group.claim_no(sequence),
        now=now,
        detail={},
    )


def mark_approved(connection: Connection, claim: Claim, actor: Actor, now: datetime) -> None:
    """Note who approved and when."""
    connection.execute(
        "update ops.claims set approved_at = %s, approved_by = %s where claim_id = %s",
        (now, actor.name, claim.claim_id),
    )


def mark_filed(connection: Connection, claim: Claim, reference: str | None, now: datetime) -> None:
    """Note when a claim was filed and what the party calls it."""
    connection.execute(
        """
        update ops.claims set filed_at = %s, filing_reference = coalesce(%s, filing_reference)
        where claim_id = %s
        """,
        (now, reference, claim.claim_id),
    )


def set_recovered(connection: Connection, claim: Claim, amount_minor: int) -> None:
    """Note the money that came back on a claim, in all."""
    connection.execute(
        "update ops.claims set recovered_minor = %s where claim_id = %s", (amount_minor, claim.claim_id)
    )


def mark_bundled(connection: Connection, claim: Claim, bundle_key: str, sha256: str) -> None:
    """Note where the proof bundle stands; the row version stays, since the claim says the same."""
    connection.execute(
        "update ops.claims set bundle_key = %s, bundle_sha256 = %s where claim_id = %s",
        (bundle_key, sha256, claim.claim_id),
    )


def add_adjustment(
    connection: Connection,
    claim_id: int,
    discrepancy_key: str,
    *,
    claimed: tuple[int, int],
    current: tuple[int, int],
    now: datetime,
) -> bool:
    """Record that a discrepancy changed under a fixed claim; False when the last record says the same."""
    last = connection.execute(
        """
        select current_qty, current_minor from ops.claim_adjustments
        where claim_id = %s and discrepancy_key = %s order by claim_adjustment_id desc limit 1
        """,
        (claim_id, discrepancy_key),
    ).fetchone()
    if last is not None and (last["current_qty"], last["current_minor"]) == current:
        return False
    connection.execute(
        """
        insert into ops.claim_adjustments (claim_id, discrepancy_key, claimed_qty, claimed_minor,
                                           current_qty, current_minor, seen_at)
        values (%s, %s, %s, %s, %s, %s, %s)
        """,
        (claim_id, discrepancy_key, *claimed, *current, now),
    )
    return True


def _group_values(group: ClaimGroup) -> tuple[str | None, ...]:
    return (
        group.tenant_code, group.party_code, group.platform_code, group.rtv_no,
        group.transporter_code, group.awb_no, group.claim_reason, group.currency_code,
    )  # fmt: skip


def _claim(row: dict[str, Any], lines: tuple[ClaimLine, ...]) -> Claim:
    return Claim(
        row["claim_id"], row["claim_no"], group_of(row), ClaimStatus(row["claim_status"]),
        row["claimed_minor"], row["is_terms_unverified"], row["due_at"], row["row_version"],
        tuple(row["missing_proof"]),
        row["bundle_key"], row["bundle_sha256"], row["approved_at"], row["approved_by"], lines,
    )  # fmt: skip


def _lines(connection: Connection, claim_ids: list[int]) -> dict[int, tuple[ClaimLine, ...]]:
    found: dict[int, list[ClaimLine]] = {}
    for row in fetch_all(
        connection,
        """
        select * from ops.claim_lines where claim_id = any(%s)
        order by claim_id, coalesce(sku_code, ''), coalesce(batch_no, ''), discrepancy_key
        """,
        (claim_ids,),
    ):
        found.setdefault(row["claim_id"], []).append(
            ClaimLine(
                row["discrepancy_key"], row["rule_code"], row["sku_code"], row["batch_no"],
                row["claimed_qty"], row["claimed_minor"], row["facts"],
            )
        )  # fmt: skip
    return {claim_id: tuple(lines) for claim_id, lines in found.items()}
