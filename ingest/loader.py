"""Loads one file of the inbox: read, recognise, map, judge, stage, settle, move; all of it or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.contracts.registry import contract
from ingest.inbox import fetch
from ingest.judging import judged_batches
from ingest.opening import open_file
from ingest.quarantine import keep_rejected, left_out_rows
from ingest.recognition import Part, Recognised, recognise
from ingest.staging import Stager, stage_table
from ingest.tenant_rules import mappings_for, settings_of, unknowable_in
from ingest.validation.errors import REMEDIES
from rtv_core.errors import InvalidInput
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse import inbox_store, raw_store
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.mapping_store import note_mapping
from rtv_core.warehouse.revision_store import quarantine_conflicts

# A kill is rarely the file's fault, so the limit is high; files often tried wait behind the others.
MAX_ATTEMPTS = 100
MAX_FACT = 2_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What became of one file and of each of its rows."""

    file_id: int
    file_name: str
    file_status: str
    contract_name: str | None = None
    source_name: str | None = None
    rows_in: int = 0
    rows_loaded: int = 0
    rows_superseded: int = 0
    rows_quarantined: int = 0
    error_code: str | None = None
    error_fact: str | None = None
    error_remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a file by what became of them."""

    rows_in: int = 0
    quarantined: int = 0
    loaded: int = 0
    superseded: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


def load(
    connection: Connection,
    store: ObjectStore,
    file_id: int,
    *,
    now: datetime,
    on_rows: Progress | None = None,
) -> LoadedFile | None:
    """Load a waiting file, exactly once whatever is killed; None when it waits no longer."""
    with connection.transaction():
        inbox_store.count_attempt(connection, file_id)
    with connection.transaction():
        file = inbox_store.claim_file(connection, file_id)
        if file is None:
            return None
        if file["attempts"] > MAX_ATTEMPTS:
            return _quarantined(connection, file, _gave_up(file))
        try:
            with connection.transaction():
                return _load(connection, store, file, now, on_rows)
        except InvalidInput as error:
            return _quarantined(connection, file, error)
        except raw_store.ValueRefused as error:
            return _quarantined(connection, file, _refused(error))


def _gave_up(file: dict[str, Any]) -> InvalidInput:
    return InvalidInput(
        f"The file could not be loaded in {file['attempts'] - 1} attempts",
        remedy="Read the logs of those attempts, then replay the file.",
        code="LOAD_GAVE_UP",
    )


def _refused(error: Exception) -> InvalidInput:
    return InvalidInput(
        f"The warehouse refuses a value of this file: {str(error).strip().splitlines()[0]}",
        remedy="Look for the value, correct it and send the file again.",
        code="VALUE_REFUSED",
    )


def _quarantined(connection: Connection, file: dict[str, Any], error: InvalidInput) -> LoadedFile:
    fact = "".join(letter if letter.isprintable() else "\ufffd" for letter in error.fact)[:MAX_FACT]
    inbox_store.quarantine_file(connection, file["file_id"], error.code, fact, error.remedy)
    return LoadedFile(
        file["file_id"],
        file["file_name"],
        "quarantined",
        error_code=error.code,
        error_fact=fact,
        error_remedy=error.remedy,
    )


def _load(
    connection: Connection, store: ObjectStore, file: dict[str, Any], now: datetime, on_rows: Progress | None
) -> LoadedFile:
    with tempfile.TemporaryDirectory(prefix="rtv-load-") as folder:
        path = Path(folder) / "file"
        fetch(store, file["object_key"], path)
        mappings = mappings_for(connection, file["tenant_code"], file["received_at"], file["way_in"])
        document = open_file(path, file["file_name"])
        found = recognise(file["file_name"], document, mappings=mappings)
        rejected = [*left_out_rows(found.left_out), *found.unread]
        keep_rejected(connection, file, found.contract_names[0], rejected, now=now)
        counts = Counts(len(rejected), len(rejected))
        straight = _straight_rows(connection, file, found, now, _after(counts.rows_in, on_rows))
        if straight:
            return _finish(connection, file, found, counts + straight, now)
        for part in found.parts:
            counts += _copy_rows(connection, file, part, now, _after(counts.rows_in, on_rows))
    # Always in the same order, so that two loads of several contracts cannot wait for each other.
    for part in sorted(found.parts, key=lambda part: part.recognition.contract_name):
        counts += _settle(connection, file, part, now)
    return _finish(connection, file, found, counts, now)


def _straight_rows(
    connection: Connection, file: dict[str, Any], found: Recognised, now: datetime, on_rows: Progress | None
) -> Counts | None:
    """Copy the rows of a file straight to raw, as long as none of their keys is met a second time.

    None, and nothing is written, where fates have to be settled in a stage.
    """
    part = found.parts[0]
    target = contract(part.recognition.contract_name)
    # A revision is compared with its document as a whole; files of several contracts lock them in order.
    if len(found.parts) > 1 or target.supersession == "revision":
        return None
    if not raw_store.try_lock_contract(connection, file["tenant_code"], target.name):
        return None
    try:
        with connection.transaction():
            counts = _copy_rows(connection, file, part, now, on_rows, is_straight=True)
    except raw_store.KeyStands:
        return None
    return replace(counts, loaded=counts.rows_in - counts.quarantined)


def _copy_rows(
    connection: Connection,
    file: dict[str, Any],
    part: Part,
    now: datetime,
    on_rows: Progress | None,
    *,
    is_straight: bool = False,
) -> Counts:
    """Judge every row of a part and copy it to the stage (or straight to raw), or to quarantine."""
    tenant = file["tenant_code"]
    target = contract(part.recognition.contract_name)
    unknowable = unknowable_in(connection, file["file_id"], file["way_in"], target.name)
    recognition = replace(part.recognition, unknowable=part.recognition.unknowable | unknowable)
    settings = settings_of(connection, tenant, recognition.source_name)
    rows_in = refused = 0
    with Stager(connection, target, file["file_id"], tenant, now if is_straight else None) as stager:
        for batch, judged in judged_batches(part.table, recognition, settings):
            stager.add(judged)
            if judged.rejected:
                stager.pause()
                keep_rejected(
                    connection, file, target.name, judged.rejected, now=now, sheet_name=part.table.sheet_name
                )
            rows_in, refused = rows_in + batch.row_count, refused + len(judged.rejected)
            if on_rows:
                on_rows(rows_in)
    return Counts(rows_in, refused)


def _after(rows_before: int, on_rows: Progress | None) -> Progress | None:
    """Progress over the parts of a file."""
    return (lambda rows_in: on_rows(rows_before + rows_in)) if on_rows else None


def _settle(connection: Connection, file: dict[str, Any], part: Part, now: datetime) -> Counts:
    """Move what is staged for a contract to its raw table, each row to its fate."""
    target, tenant, file_id = contract(part.recognition.contract_name), file["tenant_code"], file["file_id"]
    table = stage_table(target)
    refused = 0
    raw_store.lock_contract(connection, tenant, target.name)
    if target.supersession != "position":
        raw_store.analyze_stage(connection, table)
    if target.supersession == "revision":
        # A mended row is an excerpt of its document: it adds a line.
        is_whole = part.recognition.documents_are_whole and file["way_in"] not in ("mend", "replay")
        refused = quarantine_conflicts(
            connection,
            table,
            file_id=file_id,
            tenant_code=tenant,
            sheet_name=part.table.sheet_name,
            is_whole=is_whole,
            remedy=REMEDIES["REVISION_CONFLICT"],
            at=now,
        )
    if target.supersession != "position":
        raw_store.beat_within_file(connection, table, file_id, target.supersession)
        raw_store.beat_by_current(connection, table, file_id, tenant, target.supersession)
        raw_store.supersede_standing(connection, table, file_id, tenant, now)
    fates = raw_store.move_to_raw(connection, table, file_id, tenant, now)
    return Counts(0, refused, fates.loaded, fates.superseded)


def _finish(
    connection: Connection, file: dict[str, Any], found: Recognised, counts: Counts, now: datetime
) -> LoadedFile:
    contract_names = " + ".join(found.contract_names)
    inbox_store.finish_file(
        connection,
        file["file_id"],
        contract_name=contract_names,
        source_name=found.source_name,
        rows_in=counts.rows_in,
        rows_loaded=counts.loaded,
        rows_superseded=counts.superseded,
        rows_quarantined=counts.quarantined,
        loaded_at=now,
    )
    note_mapping(connection, file["file_id"], found.parts[0].recognition.mapping_id)
    return LoadedFile(
        file["file_id"],
        file["file_name"],
        "loaded",
        contract_names,
        found.source_name,
        counts.rows_in,
        counts.loaded,
        counts.superseded,
        counts.quarantined,
    )
