"""X12 messages as rows: 180, 812, 856, 861, 214, 940, 945 (segments as in release 004010 and later)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest.readers.edi.envelopes import Transaction
from ingest.sources.edi.values import MappedRow
from ingest.sources.edi.x12.adjustments import adjustments
from ingest.sources.edi.x12.manifests import despatch, returns, warehouse_order
from ingest.sources.edi.x12.receipts import receipts, shipped
from ingest.sources.edi.x12.tracking import tracking

_READERS: dict[str, Callable[[Transaction], Iterator[MappedRow]]] = {
    "180": returns,
    "214": tracking,
    "812": adjustments,
    "856": despatch,
    "861": receipts,
    "940": warehouse_order,
    "945": shipped,
}


def rows_of(transaction: Transaction) -> Iterator[MappedRow] | None:
    """The rows of a message; None when messages of its type are not read."""
    reader = _READERS.get(transaction.message_type)
    return reader(transaction) if reader else None
