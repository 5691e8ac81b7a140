"""Holds what a person says about a mapping against the contract and the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.contracts.registry import Contract
from ingest.mapping.recorded import COUNTED, MARKS
from ingest.readers.table import normal_form
from ingest.validation.cells import read_cell
from ingest.validation.dates import DateOrder
from ingest.validation.errors import CellError
from rtv_core.errors import InvalidInput


def require_sound(
    contract: Contract, header: Sequence[str], chosen: Mapping[str, str], constants: Mapping[str, str]
) -> dict[str, str]:
    """Field to column as the header writes it. Raises `InvalidInput` for a choice that cannot be."""
    _require_fields(contract, [*chosen, *constants])
    both = sorted(name for name in chosen.keys() & constants.keys() if chosen[name])
    if both:
        raise _twice(f"{', '.join(both)} would have both a column and a constant")
    for name, value in constants.items():
        _require_constant(contract, name, value)
    columns = {
        name: _column(contract, header, name, column.strip())
        for name, column in chosen.items()
        if column.strip()
    }
    placed = [column for column in columns.values() if column not in MARKS]
    again = sorted({column for column in placed if placed.count(column) > 1})
    if again:
        raise _twice(f"{', '.join(again)} would stand for more than one field")
    return columns


def can_be_counted(contract: Contract, field_name: str) -> bool:
    """Whether a field may be numbered: it is the line's number within its document."""
    return field_name == contract.natural_key[-1] and field_name.endswith("line_no")


def can_be_unknown(contract: Contract, field_name: str) -> bool:
    """Whether rows may do without a required field: the models take a unit's value from the invoices."""
    return (contract.name, field_name) == ("rtv_manifests", "unit_value")


def _require_fields(contract: Contract, names: Sequence[str]) -> None:
    known = [field.name for field in contract.fields if field.kind not in ("record", "records")]
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise InvalidInput(
            f"{contract.name} has no column {', '.join(unknown)}",
            remedy=f"Its columns are {', '.join(known)}.",
            code="COLUMN_UNKNOWN",
        )


def _require_constant(contract: Contract, name: str, value: str) -> None:
    field = contract.field_named(name)
    assert field is not None
    try:
        read_cell(field, value.strip(), lambda: DateOrder.UNPROVEN)
    except CellError as error:
        raise InvalidInput(
            f"{name} cannot be {value!r} in every row: {error.fact}", remedy=error.remedy, code=error.code
        ) from error


def _column(contract: Contract, header: Sequence[str], name: str, column: str) -> str:
    if column in MARKS:
        can_be = can_be_counted if column == COUNTED else can_be_unknown
        if can_be(contract, name):
            return column
        raise InvalidInput(
            f"{name} cannot be {column}",
            remedy="Only line numbers can be counted and only a manifest's unit_value can be unknown; "
            "name a column or a constant.",
            code="MARK_NOT_ALLOWED",
        )
    alike = [column] if column in header else _alike(header, column)
    if len(alike) != 1:
        raise InvalidInput(
            f"The file has {'no' if not alike else 'more than one'} column {column!r} for {name}",
            remedy=f"Its columns are {', '.join(header[:60])}.",
            code="HEADER_UNKNOWN",
        )
    return alike[0]


def _alike(header: Sequence[str], column: str) -> list[str]:
    return [entry for entry in header if normal_form(entry) == normal_form(column)]


def _twice(fact: str) -> InvalidInput:
    return InvalidInput(
        fact,
        remedy="Give each field one column or one constant, and each column one field.",
        code="MAPPED_TWICE",
    )
