"""Finds which messages of an interchange are read, and lays their rows out as tables, one a contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.edi.envelopes import Transaction
from ingest.readers.edi.read import EdiDocument
from ingest.readers.edi.segments import EDIFACT
from ingest.readers.table import BATCH_ROWS, Batch, Table, batch_of
from ingest.sources.base import Recognition
from ingest.sources.edi import edifact, x12
from ingest.sources.edi.values import DESPATCH_MESSAGES, MappedRow
from ingest.validation.errors import REMEDIES, RejectedRow
from rtv_core.errors import InvalidInput

NAME = "edi"
# A message of goods seldom says what a unit is worth; it is then taken from the newest dispatch.
UNKNOWABLE = {"rtv_manifests": frozenset({"unit_value"})}
_FILE_FIELDS = {"documents": ("uri", "sha256")}


@dataclass(slots=True)
class _Found:
    """What one walk over the messages found for a contract."""

    messages: Counter[str] = field(default_factory=Counter)
    fields: dict[str, None] = field(default_factory=dict)


def recognise_document(
    document: EdiDocument,
) -> tuple[list[tuple[Table, Recognition]], list[RejectedRow]]:
    """The tables of an interchange with their contracts, and the messages that are not read.

    Raises `InvalidInput` when none of its messages is read.
    """
    found: dict[str, _Found] = {}
    unread: list[RejectedRow] = []
    for transaction in document.transactions():
        rows = _rows(transaction)
        if rows is None:
            unread.append(_unread(transaction))
            continue
        for row in rows:
            entry = found.setdefault(row.contract_name, _Found())
            entry.messages[f"{transaction.standard} {transaction.message_type}"] += 1
            entry.fields.update(dict.fromkeys(row.values))
    if not found:
        raise InvalidInput(
            "None of the messages holds rows of a return: "
            + ", ".join(sorted({row.sheet_name or "" for row in unread}) or ["they have no lines"]),
            remedy=REMEDIES["MESSAGE_NOT_READ"],
            code="MESSAGE_NOT_READ",
        )
    return [
        (_table(document, name, entry), _recognition(name, entry)) for name, entry in found.items()
    ], unread


def _rows(transaction: Transaction) -> Iterator[MappedRow] | None:
    return edifact.rows_of(transaction) if transaction.standard == EDIFACT else x12.rows_of(transaction)


def _unread(transaction: Transaction) -> RejectedRow:
    name = f"{transaction.standard} {transaction.message_type or 'without a type'}"
    return RejectedRow(
        max(transaction.first_segment_no, 1),
        None,
        None,
        "MESSAGE_NOT_READ",
        f"Messages of type {name} are not read (control number {transaction.control_no or 'blank'})",
        REMEDIES["MESSAGE_NOT_READ"],
        {"segments": [[segment.tag, *map(list, segment.elements)] for segment in transaction.segments[:200]]},
        f"{name} {transaction.control_no}".strip(),
    )


def _table(document: EdiDocument, contract_name: str, entry: _Found) -> Table:
    extra = _FILE_FIELDS.get(contract_name, ())
    header = tuple(dict.fromkeys([*entry.fields, *extra]))
    from_file = {"uri": f"inbox:{document.sha256}", "sha256": document.sha256}
    known = {name: from_file[name] for name in extra}

    def batches() -> Iterator[Batch]:
        waiting: list[tuple[int, list[str | None]]] = []
        for transaction in document.transactions():
            for row in _rows(transaction) or ():
                if row.contract_name != contract_name:
                    continue
                values = {**known, **row.values}
                waiting.append((row.segment_no, [values.get(name) or None for name in header]))
                if len(waiting) >= BATCH_ROWS:
                    yield batch_of(header, waiting, [])
                    waiting = []
        if waiting:
            yield batch_of(header, waiting, [])

    return Table(" + ".join(entry.messages), header, None, batches)


def _recognition(contract_name: str, entry: _Found) -> Recognition:
    told = ", ".join(f"{count} from {name}" for name, count in entry.messages.items())
    unknowable = UNKNOWABLE.get(contract_name, frozenset())
    findings = [f"rows of {contract_name}: {told}; each stands on the segment of its row number"]
    if unknowable:
        findings.append("a unit's value that no message states is taken from the newest dispatch price")
    return Recognition(
        NAME,
        contract_name,
        "its segments are those of an EDI interchange",
        {name: name for name in entry.fields} | {name: name for name in _FILE_FIELDS.get(contract_name, ())},
        # A return may leave in several despatches; each adds its own lines.
        documents_are_whole=not any(name.split()[-1] in DESPATCH_MESSAGES for name in entry.messages),
        unknowable=unknowable,
        findings=tuple(findings),
    )
