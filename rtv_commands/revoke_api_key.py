"""Revokes an API key: it opens nothing from now on."""

from __future__ import annotations

from datetime import datetime

from rtv_core.errors import NotFound
from rtv_core.identity import Actor, Role
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect


def revoke_api_key(dsn: str, key_id: str, *, actor: Actor, now: datetime) -> None:
    """End a key of the actor's tenant; one that is revoked stays so. `NotFound` when there is none."""
    actor.require(Role.ADMIN)
    with connect(dsn, application_name="rtv-api-key") as connection:
        if not bay_store.revoke_api_key(connection, actor.tenant_code, key_id, now):
            raise NotFound(
                f"There is no API key {key_id}",
                remedy="List them with `rtv api-key list`.",
                code="API_KEY_NOT_FOUND",
            )
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="revoke_api_key",
            object_kind="api_key",
            object_id=key_id,
            detail={},
            now=now,
        )
