"""Makes a warehouse ready: migrations, raw tables of every canonical contract, schemas."""

from __future__ import annotations

from ingest.contracts.raw_columns import flat_columns
from ingest.contracts.registry import Contract, Field, contracts
from rtv_core.warehouse.connection import connect, migrate
from rtv_core.warehouse.raw_tables import RawTable, ensure_raw_tables


def raw_tables(contract: Contract) -> list[RawTable]:
    """The raw tables a contract lands in: its own, then one for each list of nested records."""
    return [
        RawTable(contract.name, flat_columns(contract.fields), is_keyed=contract.supersession != "position"),
        *_children(contract.fields, tuple((name, "text") for name in contract.natural_key)),
    ]


def _children(fields: tuple[Field, ...], parent_key: tuple[tuple[str, str], ...]) -> list[RawTable]:
    found: list[RawTable] = []
    for field in fields:
        if field.kind != "records" or field.child_table is None:
            continue
        own = flat_columns(field.fields)
        found.append(RawTable(field.child_table, parent_key + own, is_child=True))
        keys = tuple((name, kind) for name, kind in own if name.endswith("_no") and name == "item_no")
        found.extend(_children(field.fields, parent_key + keys))
    return found


def prepare_warehouse(dsn: str) -> list[str]:
    """Bring a warehouse up to this version; returns the migrations applied. Safe to call again."""
    with connect(dsn, application_name="rtv-prepare") as connection:
        applied = migrate(connection)
        ensure_raw_tables(
            connection, [table for contract in contracts().values() for table in raw_tables(contract)]
        )
    return applied
