"""Turns judged rows into the text that Postgres copies, with each row's key hashed."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from hashlib import md5 as _md5
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pa_csv

from ingest.contracts.raw_columns import flat_columns
from ingest.contracts.registry import Contract
from ingest.readers.text_column import text_bytes
from ingest.validation.judge import JudgedBatch
from ingest.validation.records import ChildRow
from rtv_core.warehouse import raw_store
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.raw_store import StageTable

_NULL, _SEPARATOR = "\x00", "\x1f"
_OPTIONS = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_DIGEST_BYTES = 16


def stage_table(contract: Contract) -> StageTable:
    """The stage of a contract."""
    return StageTable(contract.name, flat_columns(contract.fields))


def key_digests(contract: Contract, judged: JudgedBatch, tenant_code: str, file_id: int) -> bytes:
    """md5 over tenant and natural key of each row, null a value of its own; without a key, its place."""
    if contract.natural_key:
        parts = [_key_part(name, judged) for name in contract.natural_key]
    else:
        parts = [pa.array([str(file_id)] * len(judged.row_nos)), judged.row_nos.cast(pa.string())]
    joined = pc.binary_join_element_wise(
        tenant_code, *parts, _SEPARATOR, null_handling="replace", null_replacement=_NULL
    )
    texts = joined.cast(pa.binary()).to_pylist()
    return b"".join([_md5(text, usedforsecurity=False).digest() for text in texts])


def _key_part(name: str, judged: JudgedBatch) -> pa.Array:
    if name == "raw_code_or_status":
        return pc.coalesce(judged.columns["raw_code"], judged.columns["status"])
    return judged.columns[name]


class Stager(AbstractContextManager["Stager"]):
    """Copies judged batches of one file to its contract's stage, or straight to raw; nested rows to raw.

    The copy stays open from batch to batch, so that the server works while the next one is judged; `pause`
    ends it, which everything else on the connection needs. Straight to raw, `add` and `pause` raise
    `KeyStands` when a row of the same key is there.
    """

    def __init__(
        self, connection: Connection, contract: Contract, file_id: int, tenant_code: str, at: datetime | None
    ) -> None:
        self.connection = connection
        self.contract = contract
        self.file_id = file_id
        self.tenant_code = tenant_code
        self.table = stage_table(contract)
        self._lead = ["\t".join((_written(tenant_code), str(file_id)))] if at else []
        self._tail = f"{at.isoformat()}\n" if at else "\\N\n"
        if not at:
            raw_store.create_stage(connection, self.table)
        self._rows = raw_store.RowCopy(connection, self.table, is_straight=at is not None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.end(kind, error, trace)

    def pause(self) -> None:
        """End the copy; the next batch begins another."""
        self._rows.end(None, None, None)

    def add(self, judged: JudgedBatch) -> None:
        """Copy one batch."""
        if not len(judged.row_nos):
            return
        _with_defaults(self.contract, judged)
        digests = key_digests(self.contract, judged, self.tenant_code, self.file_id)
        arrays = [
            judged.row_nos.cast(pa.string()),
            *(judged.columns[name] for name, _ in self.table.columns),
            pa.array(judged.extra or [None] * len(judged.row_nos), pa.string()),
            _hex_column(digests),
        ]
        if self.contract.natural_key:
            # In the order of the index of keys: the server then finds its pages at hand.
            order = pa.array(np.argsort(np.frombuffer(digests, dtype=">u8")[::2]))
            arrays = [array.take(order) for array in arrays]
        self._rows.write(_copy_text(self._lead, arrays, self._tail))
        if judged.children:
            self.pause()
            self._add_children(judged.children)

    def _add_children(self, children: list[tuple[int, ChildRow]]) -> None:
        by_table: dict[str, list[tuple[int, ChildRow]]] = defaultdict(list)
        for row_no, child in children:
            by_table[child.table].append((row_no, child))
        for name, rows in by_table.items():
            columns = tuple(rows[0][1].values)
            arrays = [
                pa.array([self.tenant_code] * len(rows)),
                pa.array([self.file_id] * len(rows)),
                pa.array([row_no for row_no, _ in rows]),
                pa.array([child.position for _, child in rows]),
                *(pa.array([child.values[column] for _, child in rows], pa.string()) for column in columns),
            ]
            names = ("tenant_code", "_file_id", "_row_no", "_position", *columns)
            raw_store.copy_children(self.connection, name, names, _as_csv(list(names), arrays))


def _with_defaults(contract: Contract, judged: JudgedBatch) -> None:
    """A manifest without revision is its first (ruling 4)."""
    if contract.supersession == "revision":
        judged.columns["revision_no"] = judged.columns["revision_no"].fill_null("1")


def _hex_column(digests: bytes) -> pa.Array:
    count, width = len(digests) // _DIGEST_BYTES, 2 * _DIGEST_BYTES
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(digests.hex().encode()))


def _copy_text(lead: Sequence[str], arrays: Sequence[pa.Array], tail: str) -> bytes:
    """The rows in the text form of COPY: what leads each row, its cells, what ends it."""
    cells = [_escaped(array) for array in arrays]
    rows = pc.binary_join_element_wise(
        *lead, *cells, tail, "\t", null_handling="replace", null_replacement="\\N"
    )
    return text_bytes(rows)


def _escaped(array: pa.Array) -> pa.Array:
    text = text_bytes(array)
    for mark, written in _ESCAPES.items():
        if mark.encode() in text:
            array = pc.replace_substring(array, mark, written)
    return array


def _written(text: str) -> str:
    for mark, written in _ESCAPES.items():
        text = text.replace(mark, written)
    return text


def _as_csv(names: list[str], arrays: list[pa.Array]) -> bytes:
    sink = io.BytesIO()
    pa_csv.write_csv(pa.table(arrays, names=names), sink, _OPTIONS)
    return sink.getvalue()
