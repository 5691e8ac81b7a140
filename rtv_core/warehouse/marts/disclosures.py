"""Reads of the disclosure log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import rows_of


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """One thing that left the hub: a claim's bundle, or a sealed clip that was released."""

    disclosed_at: datetime
    disclosed_by: str
    disclosure_kind: str
    claim_no: str | None
    clip_id: int | None
    disclosed_to: str
    purpose: str
    sha256: str


def disclosures(connection: Connection, tenant_code: str, *, limit: int) -> list[DisclosureRow]:
    """What left the hub, newest first."""
    query = """
        select disclosed_at, disclosed_by, disclosure_kind, claim_no, clip_id, disclosed_to, purpose, sha256
        from ops.disclosures where tenant_code = %(tenant_code)s
        order by disclosed_at desc, disclosure_id desc limit %(limit)s"""
    return rows_of(connection, DisclosureRow, query, {"tenant_code": tenant_code, "limit": limit})
