"""Reads a recognised table batch by batch, mapped and judged: the same for loading, reading and previews."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.contracts.registry import contract
from ingest.date_orders import DateOrders
from ingest.readers.table import Batch, Table
from ingest.recognition import mapper
from ingest.sources.base import Recognition, SourceSettings
from ingest.validation.judge import JudgedBatch, judge


def judged_batches(
    table: Table, recognition: Recognition, settings: SourceSettings
) -> Iterator[tuple[Batch, JudgedBatch]]:
    """Each batch as it was read and as it was judged."""
    target = contract(recognition.contract_name)
    to_contract, orders = mapper(recognition, settings), DateOrders(table, recognition, settings)
    for batch in table.batches():
        yield batch, judge(target, to_contract(batch), orders.order_of, recognition.unknowable)
