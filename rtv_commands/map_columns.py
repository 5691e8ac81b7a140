"""Map the columns of a partner's file to a contract: suggest, preview, save, list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.contracts.registry import contract, contracts
from ingest.mapping.draft import Draft, draft, is_flat, likely_contracts
from ingest.mapping.patterns import pattern_of, require_narrow
from ingest.mapping.preview import Preview, preview
from ingest.mapping.recorded import MARKS, RecordedMapping, fingerprint, recorded_mapping
from ingest.opening import open_file
from ingest.readers.table import Document, Table, normal_form
from rtv_core.errors import InvalidInput, NotFound
from rtv_core.identity import MAPPERS, Actor
from rtv_core.warehouse import mapping_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, connect
from rtv_core.warehouse.quarantine_store import quarantined_files

MAX_NAME = 100
# A file refused with one of these may be read once its columns are mapped.
MAPPABLE = frozenset({"CONTRACT_UNKNOWN", "COLUMNS_DRIFTED", "MAPPING_DRIFT", "MAPPING_AMBIGUOUS"})


@dataclass(frozen=True, slots=True)
class MappingRequest:
    """What a person says of a mapping; what is None is taken from the one saved before, or proposed."""

    contract_name: str | None = None
    mapping_name: str | None = None
    file_pattern: str | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A mapping as it would be saved, with its suggestions and what it makes of the file's rows."""

    draft: Draft
    mapping: RecordedMapping
    preview: Preview


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping that is saved, from when it counts, and the files in quarantine that it is meant for."""

    mapping_id: int
    effective_from: date
    waiting_files: list[dict[str, Any]]


def draft_mapping(dsn: str, path: Path, request: MappingRequest, *, tenant_code: str) -> MappingDraft:
    """Suggest columns for the fields of a contract and judge the file's rows by them; nothing is saved.

    Raises `InvalidInput` for a file that cannot be read or a choice that cannot be, `NotFound` for no file.
    """
    if not path.is_file():
        raise NotFound(f"{path} is no file", remedy="Check the path.", code="PATH_NOT_FOUND")
    earlier = _earlier(dsn, tenant_code, request.mapping_name)
    document = open_file(path, path.name)
    target = contract(_contract_name(request, earlier, document))
    if not is_flat(target):
        raise InvalidInput(
            f"{target.name} holds nested records, no table's columns can be mapped to it",
            remedy="Send it as JSON Lines.",
            code="CONTRACT_NESTED",
        )
    drafts = [
        draft(target, table, chosen=request.chosen, constants=request.constants, earlier=earlier)
        for table in _tables(document, request)
    ]
    best = max(drafts, key=lambda found: len(found.columns))
    mapping = RecordedMapping(
        0,
        request.mapping_name or "",
        target.name,
        request.file_pattern or (earlier.file_pattern if earlier else pattern_of(path.name)),
        best.table.header,
        best.columns,
        best.constants,
    )
    return MappingDraft(best, mapping, preview(best, mapping))


def save_mapping(
    dsn: str,
    found: MappingDraft,
    *,
    actor: Actor,
    now: datetime,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> SavedMapping:
    """Save a draft for the actor's tenant. It counts for files received from `effective_from` on: unless said
    otherwise from the day the first file it is meant for was quarantined, else from today (UTC).

    Raises `InvalidInput` for a draft that is not whole, whose pattern is too wide or that fits no row.
    """
    actor.require(*MAPPERS)
    mapping = found.mapping
    _require_whole(found)
    require_narrow(mapping.file_pattern)
    with connect(dsn, application_name="rtv-map") as connection:
        waiting = _waiting(connection, actor.tenant_code, mapping)
        since = effective_from or min([now, *(row["received_at"] for row in waiting)]).astimezone(UTC).date()
        if effective_to is not None and effective_to < since:
            raise InvalidInput(
                f"The mapping would end on {effective_to}, before it begins on {since}",
                remedy="Give a later --effective-to.",
                code="PERIOD_INVALID",
            )
        mapping_id = mapping_store.insert_mapping(
            connection,
            actor,
            mapping_name=mapping.mapping_name,
            contract_name=mapping.contract_name,
            file_pattern=mapping.file_pattern,
            header=mapping.header,
            header_fingerprint=fingerprint(mapping.header),
            columns=mapping.columns,
            constants=mapping.constants,
            effective_from=since,
            effective_to=effective_to,
            saved_at=now,
        )
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="save_mapping",
            object_kind="column_mappings",
            object_id=str(mapping_id),
            detail={
                "mapping_name": mapping.mapping_name,
                "contract_name": mapping.contract_name,
                "columns": dict(mapping.columns),
                "constants": dict(mapping.constants),
                "effective_from": since.isoformat(),
            },
            now=now,
        )
    return SavedMapping(mapping_id, since, waiting)


def field_rows(found: MappingDraft) -> list[dict[str, Any]]:
    """One row a field of the contract: what it is read from, or what it might be, how sure, and why."""
    draft, suggested = found.draft, {entry.field_name: entry for entry in found.draft.suggestions}
    rows = []
    for role in draft.contract.fields:
        entry, column = suggested.get(role.name), draft.columns.get(role.name)
        shown = column or (entry.column if entry else None)
        chosen = 1.0 if column else None
        rows.append(
            {
                "field": role.name,
                "required": role.required,
                "column": shown,
                "constant": draft.constants.get(role.name),
                "is_taken": column is not None or role.name in draft.constants,
                "confidence": entry.confidence if entry else chosen,
                "reason": entry.reason if entry else ("chosen" if column else None),
                "examples": list(draft.samples.get(shown, ())[:3]) if shown else [],
            }
        )
    return rows


def mappable_contracts(path: Path) -> list[str]:
    """The contracts to which columns can be mapped, those that the file's columns speak for first."""
    likely = likely_contracts(open_file(path, path.name).tables[0])
    return [
        *likely,
        *sorted(name for name, found in contracts().items() if is_flat(found) and name not in likely),
    ]


def pattern_for(file_name: str) -> str:
    """The pattern of names that files like this one have: what changes from file to file is a star."""
    return pattern_of(file_name)


def list_mappings(dsn: str, tenant_code: str) -> list[dict[str, Any]]:
    """Every mapping ever saved in a tenant, by name, the newest first."""
    with connect(dsn, application_name="rtv-map") as connection:
        return mapping_store.all_mappings(connection, tenant_code)


def _earlier(dsn: str, tenant_code: str, mapping_name: str | None) -> RecordedMapping | None:
    if mapping_name is None:
        return None
    _require_name(mapping_name)
    with connect(dsn, application_name="rtv-map") as connection:
        row = mapping_store.latest_mapping(connection, tenant_code, mapping_name)
    return recorded_mapping(row) if row else None


def _contract_name(request: MappingRequest, earlier: RecordedMapping | None, document: Document) -> str:
    if request.contract_name:
        return request.contract_name
    if earlier:
        return earlier.contract_name
    likely = ", ".join(likely_contracts(document.tables[0])) or "none by its columns"
    raise InvalidInput(
        "It is not said what the rows of this file are",
        remedy=f"Name the contract with --contract; likely: {likely}.",
        code="CONTRACT_NOT_NAMED",
    )


def _tables(document: Document, request: MappingRequest) -> list[Table]:
    """The tables with every column a person named; without one the first, whose refusal names its own."""
    named = {normal_form(column) for column in request.chosen.values() if column and column not in MARKS}
    having = [table for table in document.tables if named <= set(map(normal_form, table.header))]
    return having or list(document.tables[:1])


def _require_whole(found: MappingDraft) -> None:
    missing = found.draft.missing
    _require_name(found.mapping.mapping_name)
    _require_readable(found.mapping.header)
    if missing:
        doubtful = [
            f"--set {entry.field_name}={entry.column!r}"
            for entry in found.draft.suggestions
            if entry.field_name in missing
        ]
        perhaps = f" Perhaps: {' '.join(doubtful)}." if doubtful else ""
        raise InvalidInput(
            f"The required fields {', '.join(missing)} of {found.mapping.contract_name} have no column",
            remedy=f"Name each with --set field=column, or its value for all rows with --constant.{perhaps}",
            code="MAPPING_INCOMPLETE",
            missing=list(missing),
        )
    if found.preview.rows_in and not found.preview.rows_sound:
        first = found.preview.refused[0]
        raise InvalidInput(
            f"No row of the file would load; row {first['row']}: {first['fact']}",
            remedy="Choose other columns with --set, or correct the file.",
            code="MAPPING_FITS_NO_ROW",
        )


def _require_name(name: str) -> None:
    if not name.strip() or not name.isprintable() or len(name) > MAX_NAME:
        raise InvalidInput(
            f"{name[:MAX_NAME]!r} is no name for a mapping",
            remedy=f"Save it under a name of at most {MAX_NAME} letters: --save NAME.",
            code="MAPPING_NAMELESS",
        )


def _require_readable(header: tuple[str, ...]) -> None:
    unreadable = [column for column in header if "\x00" in column]
    if unreadable:
        raise InvalidInput(
            f"Columns are named with NUL characters: {unreadable!r}",
            remedy="Export the file again; a program has padded or cut it.",
            code="TEXT_NUL",
        )


def _waiting(connection: Connection, tenant_code: str, mapping: RecordedMapping) -> list[dict[str, Any]]:
    return [
        row
        for row in quarantined_files(connection, tenant_code)
        if row["error_code"] in MAPPABLE and mapping.fits_name(row["file_name"])
    ]
