"""How the fields of a contract become the columns of its raw table."""

from __future__ import annotations

from ingest.contracts.registry import Field


def flat_columns(fields: tuple[Field, ...], prefix: str = "") -> tuple[tuple[str, str], ...]:
    """Column names with Postgres types: a nested record is flattened, lists of records are left out."""
    found: list[tuple[str, str]] = []
    for field in fields:
        if field.kind == "record":
            found.extend(flat_columns(field.fields, f"{field.name}_"))
        elif field.kind != "records":
            found.append((prefix + field.name, field.physical_type or "text"))
    return tuple(found)
