"""The bounds of the checks on sets of raw rows: those in force for a tenant, and what it sets over them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from expectations.checkpoints import CHILD_TABLES
from expectations.thresholds import BOUNDS, in_force
from ingest.contracts.raw_columns import flat_columns
from ingest.contracts.registry import contracts
from ingest.recognition import source_names
from rtv_core.errors import InvalidInput
from rtv_core.identity import Actor, Role
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.check_queries import delete_threshold, save_threshold, tenant_thresholds
from rtv_core.warehouse.connection import Connection, connect

Key = tuple[str, str, str, str]
Row = dict[str, Any]


def list_thresholds(dsn: str, tenant_code: str) -> list[Row]:
    """Every bound in force; `set_by` is None for one that every tenant starts with."""
    with connect(dsn, application_name="rtv-threshold") as connection:
        return [asdict(one) for one in in_force(tenant_thresholds(connection, tenant_code))]


def change_threshold(
    dsn: str, key: Key, *, low: float | None, high: float | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Set a bound (table, source or empty, column, check) from the next run of the checks on.

    Without low and high the check is switched off. Raises `InvalidInput` for what cannot be checked.
    """
    actor.require(Role.OPS, Role.FINANCE)
    _require_sound(key, low, high, reason)
    with connect(dsn, application_name="rtv-threshold") as connection:
        save_threshold(connection, key, low, high, reason.strip(), actor=actor, now=now)
        detail = {"low": low, "high": high, "reason": reason}
        _audit(connection, "check_threshold_set", key, detail, actor=actor, now=now)


def reset_threshold(dsn: str, key: Key, *, actor: Actor, now: datetime) -> None:
    """Take back what was set: what every tenant starts with holds again."""
    actor.require(Role.OPS, Role.FINANCE)
    with connect(dsn, application_name="rtv-threshold") as connection:
        if not delete_threshold(connection, key, tenant_code=actor.tenant_code):
            raise _refusal(f"Nothing is set for {_named(key)}", "List what is set with `rtv threshold list`.")
        _audit(connection, "check_threshold_reset", key, {}, actor=actor, now=now)


def _audit(connection: Connection, verb: str, key: Key, detail: Row, *, actor: Actor, now: datetime) -> None:
    write_audit(
        connection,
        tenant_code=actor.tenant_code,
        actor=actor,
        verb=verb,
        object_kind="check_threshold",
        object_id=_named(key),
        detail=detail,
        now=now,
    )


def _named(key: Key) -> str:
    return "/".join(filter(None, key))


def _require_sound(key: Key, low: float | None, high: float | None, reason: str) -> None:
    table, source, column, check = key
    tables = {*contracts(), *CHILD_TABLES}
    if table not in tables:
        raise _refusal(f"No raw table is called {table}", f"Use one of: {', '.join(sorted(tables))}.")
    if source and source not in source_names():
        raise _refusal(f"No source is called {source}", f"Use one of: {', '.join(sorted(source_names()))}.")
    if check not in BOUNDS:
        raise _refusal(f"No check is called {check}", f"Use one of: {', '.join(BOUNDS)}.")
    name, sign, value = column.partition("=")
    if (check in ("rows", "age_days")) == bool(name) or (check == "value_share") != bool(sign and value):
        raise _refusal(
            f"{check} of {column or 'no column'} says nothing",
            "Name a column for mean, filled_share, distinct; COLUMN=VALUE for value_share; none for others.",
        )
    known = {name for name, _ in flat_columns(contracts()[table].fields)} if table in contracts() else {name}
    if name and name not in known:
        raise _refusal(f"{table} has no column {name}", f"Use one of: {', '.join(sorted(known))}.")
    wanted = {"low": low, "high": high}
    given = {bound for bound, number in wanted.items() if number is not None}
    if given and given != set(BOUNDS[check]):
        raise _refusal(
            f"{check} is bound by {' and '.join(BOUNDS[check])}",
            "Give these, or none to switch the check off.",
        )
    if not reason.strip():
        raise _refusal("The bound has no reason", "Say why it holds.")


def _refusal(fact: str, remedy: str) -> InvalidInput:
    return InvalidInput(fact, remedy=remedy, code="THRESHOLD_INVALID")
