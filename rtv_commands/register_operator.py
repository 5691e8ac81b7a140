"""Registers an operator at a node, with a PIN kept as an argon2id hash, and checks it at sign-in."""

from __future__ import annotations

import re
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rtv_core.errors import InvalidInput, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect

# Cheap enough for a tablet's sign-in on two cores (about 30 ms), dear enough for a thief of the table.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this PIN")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")


def register_operator(
    dsn: str, *, operator_code: str, operator_name: str, node_code: str, pin: str, actor: Actor, now: datetime
) -> None:
    """Add an operator to the actor's tenant, or renew a known one's name, node and PIN."""
    actor.require(Role.BAY_LEAD)
    for name, value in (("operator code", operator_code), ("node", node_code)):
        if not _CODE.fullmatch(value):
            raise InvalidInput(
                f"{value!r} is no {name}",
                remedy="Use up to 40 letters, digits, '-', '_' or '.'.",
                code="CODE_INVALID",
            )
    if not re.fullmatch(r"\d{4,12}", pin):
        raise InvalidInput(
            "The PIN is not 4 to 12 digits",
            remedy="Choose 4 to 12 digits; 6 or more is better.",
            code="PIN_INVALID",
        )
    with connect(dsn, application_name="rtv-operator") as connection:
        bay_store.save_operator(
            connection,
            tenant_code=actor.tenant_code,
            operator_code=operator_code,
            operator_name=operator_name,
            node_code=node_code,
            pin_hash=_HASHER.hash(pin),
        )
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="register_operator",
            object_kind="operator",
            object_id=operator_code,
            detail={"node_code": node_code},
            now=now,
        )


def check_operator(
    dsn: str, *, tenant_code: str, node_code: str, operator_code: str, pin: str, now: datetime
) -> tuple[Actor, str]:
    """The operator who has this PIN at this node, and his name; a refusal does not say what was wrong."""
    with connect(dsn, application_name="rtv-sign-in") as connection:
        row = bay_store.operator(connection, tenant_code, operator_code)
        # An unknown operator costs the same time as a wrong PIN.
        is_right = _verify(row["pin_hash"] if row else _NOBODY, pin)
        if row is None or not is_right or not row["is_active"] or row["node_code"] != node_code:
            raise NotPermitted(
                "Operator, PIN and node do not go together",
                remedy="Check operator code, PIN and the station's node; a bay lead can set a new PIN.",
                code="SIGN_IN_REFUSED",
            )
        bay_store.note_sign_in(connection, tenant_code, operator_code, now)
    actor = Actor(ActorKind.PERSON, operator_code, frozenset({Role.OPERATOR}), tenant_code)
    return actor, str(row["operator_name"])


def _verify(pin_hash: str, pin: str) -> bool:
    try:
        return _HASHER.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False
