"""Issues an API key: shown once, kept as a hash, scoped to a tenant, roles and maybe a node or a party."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from rtv_core.errors import InvalidInput, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect

PREFIX = "rtv_"


def issue_api_key(
    dsn: str,
    *,
    key_name: str,
    actor: Actor,
    now: datetime,
    roles: tuple[Role, ...] = (Role.MACHINE,),
    node_code: str | None = None,
    party_code: str | None = None,
) -> str:
    """Make a key `rtv_<id>_<secret>` in the actor's tenant and return it; it cannot be shown again.

    A key of a node sees and sends what is of that node; a partner's key is of one party and has no other
    role. Raises `InvalidInput` (`KEY_ROLES_WRONG`) when roles and party do not go together.
    """
    actor.require(Role.ADMIN)
    if not roles or (Role.PARTNER in roles) != (party_code is not None) or {Role.PARTNER} < set(roles):
        raise InvalidInput(
            "A key has at least one role; the role partner goes alone, and with the party it is for",
            remedy="Give the role partner and a party, or other roles and no party.",
            code="KEY_ROLES_WRONG",
        )
    key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    with connect(dsn, application_name="rtv-api-key") as connection:
        bay_store.add_api_key(
            connection,
            key_id=key_id,
            tenant_code=actor.tenant_code,
            key_name=key_name,
            key_hash=_hash(secret),
            roles=sorted({role.value for role in roles}),
            node_code=node_code,
            party_code=party_code,
        )
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="issue_api_key",
            object_kind="api_key",
            object_id=key_id,
            detail={
                "key_name": key_name,
                "roles": sorted({role.value for role in roles}),
                "node_code": node_code,
                "party_code": party_code,
            },
            now=now,
        )
    return f"{PREFIX}{key_id}_{secret}"


def check_api_key(dsn: str, key: str) -> tuple[Actor, str | None]:
    """The machine that holds this key, and the node it is bound to."""
    parts = key.removeprefix(PREFIX).split("_")
    if key.startswith(PREFIX) and len(parts) == 2:
        with connect(dsn, application_name="rtv-api-key") as connection:
            row = bay_store.api_key(connection, parts[0])
        if row is not None and hmac.compare_digest(row["key_hash"], _hash(parts[1])):
            roles = frozenset(Role(role) for role in row["roles"])
            actor = Actor(ActorKind.KEY, row["key_name"], roles, row["tenant_code"], row["party_code"])
            return actor, row["node_code"]
    raise NotPermitted(
        "The API key is unknown or revoked",
        remedy="Issue a new one with `rtv api-key add` and send it as Authorization: Bearer rtv_….",
        code="API_KEY_REFUSED",
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
