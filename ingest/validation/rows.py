"""Checks that need more than one cell of a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa

from ingest.contracts.registry import Contract
from ingest.validation.errors import CellError

Columns = dict[str, pa.Array]
Finding = tuple[int, str, CellError]
_PAISA = Decimal("0.01")


def check_rows(contract: Contract, columns: Columns, *, skip: Collection[int]) -> Iterator[Finding]:
    """The rows that contradict themselves; rows in `skip` are refused already."""
    check = _CHECKS.get(contract.name)
    if check is None:
        return
    for position, name, error in check(columns):
        if position not in skip:
            yield position, name, error


def _totals(columns: Columns) -> Iterator[Finding]:
    names = ("qty", "unit_value", "tax_amount", "total_amount")
    for position, row in enumerate(zip(*(columns[name].to_pylist() for name in names), strict=True)):
        if None in row:
            continue
        qty, unit_value, tax, total = (Decimal(value) for value in row)
        expected = (qty * unit_value).quantize(_PAISA, ROUND_HALF_UP) + tax
        if expected != total:
            yield (
                position,
                "total_amount",
                CellError(
                    "TOTAL_MISMATCH", f"total_amount is {total}, qty x unit_value + tax_amount is {expected}"
                ),
            )


def _sku_or_platform_sku(columns: Columns) -> Iterator[Finding]:
    pairs = zip(columns["sku_code"].to_pylist(), columns["platform_sku"].to_pylist(), strict=True)
    for position, (sku, platform_sku) in enumerate(pairs):
        if sku is None and platform_sku is None:
            yield (
                position,
                "sku_code",
                CellError("SKU_MISSING", "Neither sku_code nor platform_sku is filled in"),
            )


def _ends_after_start(columns: Columns) -> Iterator[Finding]:
    pairs = zip(columns["started_at"].to_pylist(), columns["ended_at"].to_pylist(), strict=True)
    for position, (started, ended) in enumerate(pairs):
        if started is None or ended is None:
            continue
        start, end = datetime.fromisoformat(started), datetime.fromisoformat(ended)
        # A naive and a zoned time are compared in staging, where the node's zone is known.
        if (start.tzinfo is None) == (end.tzinfo is None) and end < start:
            yield (
                position,
                "ended_at",
                CellError("ENDED_BEFORE_STARTED", f"ended_at {ended} lies before {started}"),
            )


_CHECKS: dict[str, Callable[[Columns], Iterator[Finding]]] = {
    "debit_notes": _totals,
    "stock_movements": _sku_or_platform_sku,
    "qc_captures": _ends_after_start,
    "footage": _ends_after_start,
}
