"""What a tenant says of a source: the codes its files use, and what they never name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ingest.contracts.registry import contracts
from ingest.recognition import default_settings, source_names
from rtv_core.errors import InvalidInput, NotFound
from rtv_core.identity import Actor, Role
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.inbox_store import save_source_settings, source_settings


def list_sources(dsn: str, tenant_code: str) -> list[dict[str, Any]]:
    """Every source with its settings: what all tenants start with, and what this one has set over it."""
    with connect(dsn, application_name="rtv-source") as connection:
        return [
            {
                "source_name": name,
                "defaults": dict(default_settings(name)),
                "set": source_settings(connection, tenant_code, name),
            }
            for name in sorted(source_names())
        ]


def change_source(
    dsn: str,
    source_name: str,
    *,
    values: Mapping[str, str],
    unset: Iterable[str] = (),
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Set and unset settings of a source for the actor's tenant; returns what the tenant has set then.

    A name is a setting (`destination_node`), or a code within one (`node_codes.BLR7`). Files that come later
    are read by it; those read before stay as they are until they are sent in again. Raises `NotFound` for an
    unknown source, `InvalidInput` for a name that means nothing to it.
    """
    actor.require(Role.OPS, Role.FINANCE)
    _known(source_name)
    with connect(dsn, application_name="rtv-source") as connection:
        settings = source_settings(connection, actor.tenant_code, source_name)
        for name in unset:
            _put(settings, source_name, name, None)
        for name, value in values.items():
            _put(settings, source_name, name, value)
        save_source_settings(connection, source_name, settings, actor)
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="source_settings_changed",
            object_kind="source",
            object_id=source_name,
            detail={"settings": settings},
            now=now,
        )
    return settings


def _known(source_name: str) -> None:
    if source_name not in source_names():
        raise NotFound(
            f"No source is called {source_name}",
            remedy=f"Use one of: {', '.join(sorted(source_names()))}.",
            code="SOURCE_NOT_FOUND",
        )


def _put(settings: dict[str, Any], source_name: str, name: str, value: str | None) -> None:
    head, _, code = name.partition(".")
    defaults = default_settings(source_name)
    tables = sorted(key for key, default in defaults.items() if isinstance(default, Mapping))
    fields = {field.name for one in contracts().values() for field in one.fields}
    if code and head in tables:
        codes = dict(settings.get(head) or {})
        codes.pop(code, None)
        settings[head] = codes if value is None else {**codes, code: value}
    elif not code and head not in tables and (head in defaults or head in fields):
        settings.pop(head, None)
        if value is not None:
            settings[head] = value
    else:
        single = sorted(set(defaults) - set(tables))
        raise InvalidInput(
            f"{source_name} has no setting {name}",
            remedy=f"Set {', '.join(single) or 'a field of the contract'}; codes as "
            f"{' or '.join(f'{table}.CODE' for table in tables) or 'none'}.",
            code="SOURCE_SETTING_UNKNOWN",
        )
