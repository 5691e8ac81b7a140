"""Writes the disclosure log: what leaves the hub, to whom, for what, by whom and when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from rtv_core.identity import Actor
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One thing that leaves: a claim's bundle by its number, or a sealed clip by its id."""

    kind: str
    object_id: str
    sha256: str
    disclosed_to: str
    purpose: str
    link_sha256: str | None = None


def note_disclosure(connection: Connection, what: Disclosure, *, actor: Actor, now: datetime) -> bool:
    """Write down that something leaves, in the audit trail too; False when this link was noted before."""
    row = connection.execute(
        """
        insert into ops.disclosures (
            tenant_code, disclosed_at, disclosed_by, disclosure_kind, claim_no, clip_id, sha256, disclosed_to,
            purpose, link_sha256
        ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (link_sha256) do nothing returning disclosure_id
        """,
        (
            actor.tenant_code, now, actor.name, what.kind, what.object_id if what.kind == "bundle" else None,
            int(what.object_id) if what.kind == "release" else None, what.sha256, what.disclosed_to,
            what.purpose, what.link_sha256,
        ),
    ).fetchone()  # fmt: skip
    if row is None:
        return False
    told = {name: value for name, value in asdict(what).items() if name not in {"object_id", "link_sha256"}}
    write_audit(
        connection, tenant_code=actor.tenant_code, actor=actor, verb="disclose",
        object_kind="claim" if what.kind == "bundle" else "clip", object_id=what.object_id, detail=told,
        now=now,
    )  # fmt: skip
    return True
