"""Decides, once per column and over the whole file, which number of a numeric date is the day."""

from __future__ import annotations

from ingest.contracts.registry import contract
from ingest.readers.table import Table
from ingest.recognition import mapper
from ingest.sources.base import Recognition, SourceSettings
from ingest.validation.dates import DateOrder, prove_order

_KINDS = ("date", "expiry", "timestamp")


class DateOrders:
    """Reads the file a second time, and only when a date is met that is not written in ISO order."""

    def __init__(self, table: Table, recognition: Recognition, settings: SourceSettings) -> None:
        self._table = table
        self._recognition = recognition
        self._settings = settings
        self._orders: dict[str, DateOrder] | None = None

    def order_of(self, column: str) -> DateOrder:
        """What the column proves; unproven, what the other date columns of the file agree on."""
        if self._orders is None:
            self._orders = self._prove()
        own = self._orders.get(column, DateOrder.UNPROVEN)
        if own is not DateOrder.UNPROVEN:
            return own
        others = {order for order in self._orders.values() if order is not DateOrder.UNPROVEN}
        return others.pop() if len(others) == 1 and DateOrder.MIXED not in others else DateOrder.UNPROVEN

    def _prove(self) -> dict[str, DateOrder]:
        fields = contract(self._recognition.contract_name).fields
        names = [field.name for field in fields if field.kind in _KINDS]
        proofs: dict[str, set[DateOrder]] = {name: set() for name in names}
        to_contract = mapper(self._recognition, self._settings)
        for batch in self._table.batches():
            mapped = to_contract(batch)
            for name in names:
                proofs[name].add(prove_order(mapped.columns.get(name, [])))
        return {name: _joined(found) for name, found in proofs.items()}


def _joined(found: set[DateOrder]) -> DateOrder:
    told = found - {DateOrder.UNPROVEN}
    if len(told) > 1:
        return DateOrder.MIXED
    return told.pop() if told else DateOrder.UNPROVEN
