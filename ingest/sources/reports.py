"""Reports of platforms as data: which columns play which roles, and which contract each row becomes.

A report is recognised when every role that it cannot do without is played by exactly one column, however the
header is dressed. Its rows are laid out as tables of the contracts' own fields, a table a contract, so that a
report of returns and disposals fills two; each row goes to the first target that wants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.readers.table import Batch, BrokenRow, Cell, Table, batch_of, normal_form
from ingest.sources.base import Recognition
from rtv_core.errors import InvalidInput

Row = Mapping[str, Cell]
Value = str | Callable[[Row], Cell]


def _always(row: Row) -> bool:
    del row
    return True


def _never(row: Row) -> bool:
    del row
    return False


@dataclass(frozen=True, slots=True)
class Target:
    """What rows become: each field by the role that fills it, or by what makes it from the row."""

    contract_name: str
    fields: Mapping[str, Value]
    wants: Callable[[Row], bool] = _always
    # The roles that name a line where the report numbers none; equal lines are counted.
    line_named_by: tuple[str, ...] = ()
    # Which field holds that name, and which one the document it is counted in.
    line_field: str = "line_no"
    document_field: str = "rtv_no"
    # False: the report is an excerpt, so it may add lines to a document but never take any away.
    documents_are_whole: bool = True
    unknowable: frozenset[str] = frozenset()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a source: its columns by role (normal form of the header) and what its rows become."""

    title: str
    roles: Mapping[str, tuple[str, ...]]
    targets: tuple[Target, ...]
    optional: frozenset[str] = frozenset()
    # Of these optional roles at least one is played.
    one_of: frozenset[str] = frozenset()
    # Words of the file's name that this report needs, where its columns are common ones.
    named: tuple[str, ...] = ()
    # Rows that are no part of returns (payments, totals), and what a person calls them.
    passes_over: Callable[[Row], bool] = _never
    passed_over: str = ""
    # Makes a clean cell of what this source writes: prefixes, literals for null.
    clean: Callable[[str], Cell] = field(default=lambda text: text)


def find_report(
    reports: Sequence[Report], file_name: str, table: Table
) -> tuple[Report, dict[str, str]] | None:
    """The report that a table is, and its columns by role; None when it is none of these."""
    for report in reports:
        columns = _played(report, file_name, table.header)
        if columns is not None:
            return report, columns
    return None


def _played(report: Report, file_name: str, header: Sequence[str]) -> dict[str, str] | None:
    name = normal_form(file_name)
    if report.named and not any(word in name for word in report.named):
        return None
    normal = [(entry, normal_form(entry)) for entry in header]
    columns: dict[str, str] = {}
    for role, names in report.roles.items():
        players = [entry for entry, form in normal if form in names and entry not in columns]
        if len(players) == 1:
            columns[players[0]] = role
        elif players or role not in report.optional:
            return None
    return columns if not report.one_of or report.one_of & set(columns.values()) else None


def parts_of(
    source_name: str, report: Report, columns: Mapping[str, str], table: Table
) -> list[tuple[Table, Recognition]]:
    """A report's rows as tables of contracts, with how each was recognised."""
    wanted = _wanted(report, columns, table)
    if not wanted and report.passed_over:
        wanted = {report.targets[0].contract_name}
    if not wanted:
        raise InvalidInput(
            f"The {report.title} holds no rows",
            remedy="Export it for a span of days that has some.",
            code="REPORT_EMPTY",
        )
    said = (f"{report.passed_over} are no part of returns and are passed over",) if report.passed_over else ()
    parts = []
    for target in (target for target in report.targets if target.contract_name in wanted):
        found = Recognition(
            source_name,
            target.contract_name,
            f"its columns are those of the {report.title}",
            {name: name for name in _fields(target)},
            documents_are_whole=target.documents_are_whole,
            unknowable=target.unknowable,
            findings=(*target.findings, *said, *_readings(target, columns)),
        )
        parts.append((_laid_out(report, target, columns, table), found))
    return parts


def _wanted(report: Report, columns: Mapping[str, str], table: Table) -> set[str]:
    """The contracts that some row goes to; it stops looking when all of them have one."""
    found: set[str] = set()
    for batch in table.batches():
        found.update(_target_of(report, row).contract_name for _, row in _rows(report, columns, batch))
        if batch.broken:
            found.add(report.targets[0].contract_name)
        if len(found) == len(report.targets):
            break
    return found


def _target_of(report: Report, row: Row) -> Target:
    """The first target that wants a row, else the last one: none is dropped."""
    return next((target for target in report.targets if target.wants(row)), report.targets[-1])


def _rows(report: Report, columns: Mapping[str, str], batch: Batch) -> Iterator[tuple[int, Row]]:
    """Each row of a batch that is part of returns, by role, with its place in the batch."""
    pairs = zip(batch.header, batch.columns, strict=True)
    played = [(columns[name], values) for name, values in pairs if name in columns]
    for place in range(len(batch.row_nos)):
        row = {role: _clean(report, values[place]) for role, values in played}
        if not report.passes_over(row):
            yield place, row


def _clean(report: Report, cell: Cell) -> Cell:
    text = (cell or "").strip()
    return report.clean(text) if text else None


def _fields(target: Target) -> tuple[str, ...]:
    return (*target.fields, *([target.line_field] if target.line_named_by else []))


def _header(target: Target, columns: Mapping[str, str], table: Table) -> tuple[str, ...]:
    """The contract's fields, then what the report says beyond them under its own names."""
    fields = _fields(target)
    used = {value for value in target.fields.values() if isinstance(value, str)}
    kept = [name for name in table.header if columns.get(name) not in used and name not in fields]
    return (*fields, *kept)


def _readings(target: Target, columns: Mapping[str, str]) -> tuple[str, ...]:
    by_role = {role: name for name, role in columns.items()}
    return tuple(
        f"{by_role[value]} is read as {name}"
        for name, value in target.fields.items()
        if isinstance(value, str) and value in by_role
    )


def _laid_out(report: Report, target: Target, columns: Mapping[str, str], table: Table) -> Table:
    header = _header(target, columns, table)
    is_first = target is report.targets[0]

    def batches() -> Iterator[Batch]:
        seen: Counter[str] = Counter()
        for batch in table.batches():
            places = dict(zip(batch.header, batch.columns, strict=True))
            taken: list[tuple[int, list[Cell]]] = []
            for place, row in _rows(report, columns, batch):
                if _target_of(report, row) is not target:
                    continue
                made = _made(target, row, seen)
                cells = [made[name] if name in made else places[name][place] for name in header]
                taken.append((batch.row_nos[place], cells))
            broken: list[BrokenRow] = batch.broken if is_first else []
            if taken or broken:
                yield batch_of(header, taken, broken)

    return Table(table.sheet_name, header, table.header_row_no, batches)


def _made(target: Target, row: Row, seen: Counter[str]) -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for name, value in target.fields.items():
        made[name] = row.get(value) if isinstance(value, str) else value(row)
    if target.line_named_by:
        plain = "/".join(row.get(role) or "-" for role in target.line_named_by)
        document = f"{made.get(target.document_field)}\x1f{plain}"
        seen[document] += 1
        made[target.line_field] = plain if seen[document] == 1 else f"{plain}/{seen[document]}"
    return made


def constant(text: str) -> Callable[[Row], Cell]:
    """A field with one value for all rows."""
    return lambda _: text


def first_filled(*roles: str) -> Callable[[Row], Cell]:
    """The first of these roles that is filled."""
    return lambda row: next((row[role] for role in roles if row.get(role)), None)
