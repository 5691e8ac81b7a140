"""Moves one claim to another state: the row version checked, the role asked for, event and audit written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.claims.states import check_transition, required_roles
from rtv_core.errors import ConflictError
from rtv_core.identity import Actor
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.warehouse import claim_store
from rtv_core.warehouse.connection import Connection


def move_claim(
    connection: Connection,
    claim_no: str,
    to_status: ClaimStatus,
    *,
    actor: Actor,
    now: datetime,
    row_version: int | None = None,
    **details: Any,
) -> Claim:
    """Lock the claim, check what is asked, and move it; returns the claim as it was before.

    Raises `NotPermitted`, `NotFound`, or `ConflictError` when the claim changed since it was read.
    """
    if roles := required_roles(to_status):
        actor.require(*roles)
    claim = claim_store.read_claim(connection, actor.tenant_code, claim_no, lock=True)
    if row_version is not None and row_version != claim.row_version:
        raise ConflictError(
            f"Claim {claim_no} changed since it was read (version {claim.row_version}, not {row_version})",
            remedy="Read the claim again and decide on what it says now.",
            code="CLAIM_CHANGED",
            row_version=claim.row_version,
        )
    check_transition(claim.status, to_status)
    claim_store.set_status(connection, claim, to_status, actor=actor, now=now, **details)
    return claim
