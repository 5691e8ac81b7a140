"""Turns judged rows into the CSV that Postgres copies, with each row's key hashed."""

from __future__ import annotations

import io
from collections import defaultdict
from hashlib import md5 as _md5

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pa_csv

from ingest.contracts.raw_columns import flat_columns
from ingest.contracts.registry import Contract
from ingest.validation.judge import JudgedBatch
from ingest.validation.records import ChildRow
from rtv_core.warehouse import raw_store
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.raw_store import StageTable

_NULL, _SEPARATOR = "\x00", "\x1f"
_OPTIONS = pa_csv.WriteOptions(include_header=False, quoting_style="needed")


def stage_table(contract: Contract) -> StageTable:
    """The stage of a contract."""
    return StageTable(contract.name, flat_columns(contract.fields))


def key_hashes(contract: Contract, judged: JudgedBatch, tenant_code: str, file_id: int) -> list[str]:
    """md5 over tenant and natural key of each row, null a value of its own; without a key, its place."""
    if contract.natural_key:
        parts = [_key_part(name, judged) for name in contract.natural_key]
    else:
        parts = [pa.array([str(file_id)] * len(judged.row_nos)), judged.row_nos.cast(pa.string())]
    joined = pc.binary_join_element_wise(
        tenant_code, *parts, _SEPARATOR, null_handling="replace", null_replacement=_NULL
    )
    return [_md5(text, usedforsecurity=False).hexdigest() for text in joined.cast(pa.binary()).to_pylist()]


def _key_part(name: str, judged: JudgedBatch) -> pa.Array:
    if name == "raw_code_or_status":
        return pc.coalesce(judged.columns["raw_code"], judged.columns["status"])
    return judged.columns[name]


class Stager:
    """Copies judged batches of one file to its contract's stage, and their nested rows to raw."""

    def __init__(self, connection: Connection, contract: Contract, file_id: int, tenant_code: str) -> None:
        self.connection = connection
        self.contract = contract
        self.file_id = file_id
        self.tenant_code = tenant_code
        self.table = stage_table(contract)
        raw_store.create_stage(connection, self.table)

    def add(self, judged: JudgedBatch) -> None:
        """Stage one batch."""
        if not len(judged.row_nos):
            return
        _with_defaults(self.contract, judged)
        names = [name for name, _ in self.table.columns]
        arrays = [
            judged.row_nos,
            pa.array(key_hashes(self.contract, judged, self.tenant_code, self.file_id), pa.string()),
            pa.array(judged.extra or [None] * len(judged.row_nos), pa.string()),
            *(judged.columns[name] for name in names),
        ]
        payload = _as_csv(["_row_no", "_key_hash", "extra", *names], arrays)
        raw_store.copy_to_stage(self.connection, self.table, payload)
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


def _as_csv(names: list[str], arrays: list[pa.Array]) -> bytes:
    sink = io.BytesIO()
    pa_csv.write_csv(pa.table(arrays, names=names), sink, _OPTIONS)
    return sink.getvalue()
