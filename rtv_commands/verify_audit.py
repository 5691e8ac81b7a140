"""Says whether the audit trail is as it was written, row by row, and where it first is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rtv_core.errors import NotFound
from rtv_core.evidence.notes import parse_public_key
from rtv_core.evidence.sealed_heads import SealedHeads, read_sealed_heads
from rtv_core.model.audit import AuditBreak, AuditVerdict, ChainVerdict
from rtv_core.warehouse import audit_trail
from rtv_core.warehouse.audit_trail import GENESIS
from rtv_core.warehouse.connection import connect

Row = dict[str, str | None]
Head = tuple[int, str]


def verify_audit(dsn: str, *, tenant_code: str | None = None, trust_key: str | None = None) -> AuditVerdict:
    """Work every chain out anew, as of one moment, and hold it against its head and the sealed heads.

    `trust_key` is the hub's verifier key; without it the seal log is recomputed but its signature is not
    checked.
    """
    trust = parse_public_key(trust_key) if trust_key is not None else None
    with connect(dsn, application_name="rtv-audit") as connection:
        audit_trail.freeze_view(connection)
        sealed = read_sealed_heads(connection, trust)
        kept = audit_trail.heads(connection, tenant_code)
        off = audit_trail.guards_off(connection)
        rows = audit_trail.chained_rows(connection, tenant_code)
        chains = list(judge_chains(rows, kept, sealed, tenant_code))
    if tenant_code is not None and not chains:
        raise NotFound(
            f"The audit trail knows no tenant {tenant_code}",
            remedy="Correct the tenant, or leave it out to verify all.",
            code="AUDIT_TENANT_UNKNOWN",
        )
    guard_break = None
    if sealed.broken is not None:
        guard_break = AuditBreak("SEAL_LOG_BROKEN", sealed.broken)
    elif off:
        guard_break = AuditBreak("AUDIT_GUARD_OFF", f"Triggers are off or gone: {', '.join(off)}")
    return AuditVerdict(tuple(chains), sealed.is_signature_checked, guard_break)


def judge_chains(
    rows: Iterable[Row], kept: dict[str, Head], sealed: SealedHeads, tenant_code: str | None = None
) -> Iterator[ChainVerdict]:
    """Judge each tenant's rows; a tenant that is only in the heads or in the seal log has lost its rows."""
    seen = set()
    for tenant, chain in groupby(rows, key=lambda row: str(row["tenant_code"])):
        seen.add(tenant)
        yield judge_chain(tenant, chain, kept.get(tenant, (0, GENESIS)), sealed.by_tenant.get(tenant, {}))
    lost = {*kept, *(sealed.by_tenant if tenant_code is None else {tenant_code} & set(sealed.by_tenant))}
    for tenant in sorted(lost - seen):
        yield judge_chain(tenant, (), kept.get(tenant, (0, GENESIS)), sealed.by_tenant.get(tenant, {}))


def judge_chain(tenant_code: str, rows: Iterable[Row], kept: Head, sealed: dict[int, str]) -> ChainVerdict:
    """Walk one chain to its end; after the first break the rest is counted, not judged."""
    count, last_hash, broken = 0, GENESIS, None
    for row in rows:
        if broken is None:
            broken = _row_break(row, count, last_hash, sealed.get(count + 1))
            last_hash = str(row["row_hash"])
        count += 1
    if broken is None:
        broken = _end_break(count, last_hash, kept, sealed)
    return ChainVerdict(tenant_code, count, kept[0], kept[1], max(sealed, default=0), broken)


def _row_break(row: Row, before: int, last_hash: str, sealed_hash: str | None) -> AuditBreak | None:
    number, audit_id = _number(row["chain_no"]), _number(row["audit_id"])
    expected = before + 1
    if number is not None and number > expected:
        fact = f"Row {expected} is missing: after row {before} comes row {number}"
        return AuditBreak("AUDIT_ROW_MISSING", fact, expected)
    if number != expected:
        fact = f"A row that does not belong stands after row {before}, numbered {number}"
        return AuditBreak("AUDIT_ROW_INSERTED", fact, number, audit_id)
    if row["previous_hash"] != last_hash:
        fact = f"Row {number} does not follow row {before}: its previous_hash is of another row"
        return AuditBreak("AUDIT_LINK_BROKEN", fact, number, audit_id)
    if row["row_hash"] != audit_trail.row_hash(row):
        fact = f"The columns of row {number} do not give its row_hash: {_said(row)}"
        return AuditBreak("AUDIT_ROW_CHANGED", fact, number, audit_id)
    if sealed_hash is not None and row["row_hash"] != sealed_hash:
        fact = f"Rows up to {number} were written anew: the seal log holds another hash of row {number}"
        return AuditBreak("AUDIT_SEAL_DIFFERS", fact, number, audit_id)
    return None


def _end_break(count: int, last_hash: str, kept: Head, sealed: dict[int, str]) -> AuditBreak | None:
    known = max(kept[0], max(sealed, default=0))
    if known > count:
        witness = "its head" if kept[0] > count else "the seal log"
        fact = f"Rows {count + 1} to {known} are missing at the end: {witness} names row {known}"
        return AuditBreak("AUDIT_TAIL_MISSING", fact, count + 1)
    if kept != (count, last_hash):
        fact = f"The chain ends in row {count}, its head names row {kept[0]}, or another hash of it"
        return AuditBreak("AUDIT_HEAD_DIFFERS", fact, count)
    return None


def _said(row: Row) -> str:
    return " ".join(
        str(row[name]) for name in ("happened_at", "actor_name", "verb", "object_kind", "object_id")
    )


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
