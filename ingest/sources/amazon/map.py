"""Maps Amazon's removal shipment detail to manifests: a removal order is an RTV, a tracking number an AWB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ingest.readers.table import Batch, Cell
from ingest.sources.base import Mapper, Recognition, SourceSettings
from ingest.validation.judge import MappedBatch

DEFAULT_SETTINGS: Mapping[str, Any] = {
    "platform_code": "AMAZON",
    "origin_node": "AMAZON-FC",
    "destination_node": "HUB",
    "transporter_codes": {},
    "ownership_model": "own_stock",
}
_DIRECT = {
    "rtv_no": "order_id",
    "created_at": "requested_at",
    "awb_no": "tracking_number",
    "platform_sku": "sku",
    "qty": "shipped_quantity",
    "reason_code": "disposition",
}
_KEPT = ("fnsku", "shipped_at", "order_type", "carrier")


def mapper(recognition: Recognition, settings: SourceSettings) -> Mapper:
    """Maps the batches of one file, in order: equal rows are told apart across all of them."""
    seen: Counter[tuple[Cell, ...]] = Counter()
    return lambda batch: _mapped(batch, recognition, settings, seen)


def _mapped(
    batch: Batch, recognition: Recognition, settings: SourceSettings, seen: Counter[tuple[Cell, ...]]
) -> MappedBatch:
    """The batch as manifest lines. `unit_value` stays empty: this report does not know it."""
    count = len(batch.row_nos)
    empty: list[Cell] = [None] * count
    roles = {
        recognition.columns[header]: values
        for header, values in zip(batch.header, batch.columns, strict=True)
        if header in recognition.columns
    }
    carriers: Mapping[str, str] = settings["transporter_codes"]
    columns: dict[str, list[Cell]] = {field: roles.get(role, empty) for field, role in _DIRECT.items()}
    columns |= {
        name: [str(settings[name])] * count
        for name in ("platform_code", "origin_node", "destination_node", "ownership_model")
    }
    columns["transporter_code"] = [
        carriers.get(name, name) if name else None for name in roles.get("carrier", empty)
    ]
    columns["line_no"] = _line_numbers(roles, seen)
    extra = {role: roles[role] for role in _KEPT if role in roles}
    extra |= {
        header: values
        for header, values in zip(batch.header, batch.columns, strict=True)
        if header not in recognition.columns
    }
    return MappedBatch(batch.row_nos, columns, extra, batch.broken)


def _line_numbers(roles: Mapping[str, list[Cell]], seen: Counter[tuple[Cell, ...]]) -> list[Cell]:
    """A line is named by what it is, not by where it stands: reports of overlapping days then agree."""
    names = ("order_id", "tracking_number", "sku", "fnsku", "disposition", "shipped_at")
    present = [roles[name] for name in names if name in roles]
    numbers: list[Cell] = []
    for row in zip(*present, strict=True):
        seen[row] += 1
        plain = "/".join(cell or "-" for cell in row[1:])
        numbers.append(plain if seen[row] == 1 else f"{plain}/{seen[row]}")
    return numbers
