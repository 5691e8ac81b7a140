"""`rtv quarantine`: what could not be loaded, and how it is emptied."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.errors import InvalidInput

if TYPE_CHECKING:
    from rtv_commands.mend import Choice, MendSummary

group = typer.Typer(
    no_args_is_help=True, help="Rows and files that could not be loaded: look, mend, send in again."
)

Tenant = Annotated[str, typer.Option(help="Whose quarantine.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Rows = Annotated[list[int] | None, typer.Option("--row", help="A row, by its number; may be given again.")]
Code = Annotated[str | None, typer.Option(help="All rows refused with this code.")]
ContractName = Annotated[str | None, typer.Option("--contract", help="Only rows of this contract.")]
FileId = Annotated[int | None, typer.Option("--file", help="Only this file.")]


@group.command("list")
@guarded
def list_causes(tenant: Tenant = "default", as_json: AsJson = False) -> None:
    """Open rows by cause, and files that could not be read at all."""
    from rtv_cli.context import open_context
    from rtv_commands.quarantine import list_quarantine

    found = list_quarantine(open_context(tenant).dsn, tenant)
    if as_json:
        print_json(asdict(found))
        return
    print_table(
        "Rows by cause", found.causes, ["error_code", "contract_name", "column_name", "row_count", "example"]
    )
    print_table("Files", found.files, ["file_id", "file_name", "error_code", "error_fact", "error_remedy"])


@group.command("show")
@guarded
def show(
    *,
    row: Rows = None,
    code: Code = None,
    contract: ContractName = None,
    file: FileId = None,
    tenant: Tenant = "default",
    limit: Annotated[int, typer.Option(help="At most so many rows.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Open rows with place, value, reason and remedy; --json has everything they hold."""
    from rtv_cli.context import open_context
    from rtv_commands.quarantine import show_rows

    found = show_rows(
        open_context(tenant).dsn,
        tenant,
        row_ids=row,
        error_code=code,
        contract_name=contract,
        file_id=file,
        limit=limit,
    )
    if as_json:
        print_json(found)
        return
    columns = [
        "quarantined_row_id",
        "file_name",
        "sheet_name",
        "row_no",
        "column_name",
        "bad_value",
        "error_code",
        "error_fact",
        "error_remedy",
    ]
    print_table("Quarantined rows", found, columns)


@group.command("mend")
@guarded
def mend(
    *,
    change: Annotated[
        list[str], typer.Option("--set", help="column=value, in every chosen row; repeatable.")
    ],
    row: Rows = None,
    code: Code = None,
    contract: ContractName = None,
    file: FileId = None,
    tenant: Tenant = "default",
    as_json: AsJson = False,
) -> None:
    """Change cells of the chosen rows and send them in again."""
    from rtv_cli.context import open_context
    from rtv_commands.mend import mend_rows
    from rtv_core.objects import open_store

    choice, changes = _choice(row, code, contract, file), dict(_change(text) for text in change)
    context = open_context(tenant)
    summary = mend_rows(
        context.dsn, open_store(context.settings), choice, changes, actor=context.actor, now=datetime.now(UTC)
    )
    _print(summary, as_json)


@group.command("replay")
@guarded
def replay(
    *,
    row: Rows = None,
    code: Code = None,
    contract: ContractName = None,
    file: FileId = None,
    whole_file: Annotated[
        int | None, typer.Option(help="A file that was quarantined whole, by its number.")
    ] = None,
    tenant: Tenant = "default",
    as_json: AsJson = False,
) -> None:
    """Send rows in again as they are, or read a whole file once more."""
    from rtv_cli.context import open_context
    from rtv_commands.mend import MendSummary, replay_rows
    from rtv_commands.replay import replay_file
    from rtv_core.objects import open_store

    choice = _choice(row, code, contract, file) if whole_file is None else None
    context, now = open_context(tenant), datetime.now(UTC)
    store = open_store(context.settings)
    if choice is None and whole_file is not None:
        loaded = replay_file(context.dsn, store, whole_file, actor=context.actor, now=now)
        _print(MendSummary(loaded.rows_in if loaded else 0, (loaded,) if loaded else ()), as_json)
    elif choice is not None:
        _print(replay_rows(context.dsn, store, choice, actor=context.actor, now=now), as_json)


def _choice(row: list[int] | None, code: str | None, contract: str | None, file: int | None) -> Choice:
    from rtv_commands.mend import Choice

    if not row and code is None and file is None:
        raise InvalidInput(
            "No row is chosen", remedy="Name rows with --row, --code or --file.", code="NOTHING_CHOSEN"
        )
    return Choice(row or None, code, contract, file)


def _change(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInput(
            f"{text!r} is no column=value", remedy="Write --set column=value.", code="CHANGE_INVALID"
        )
    return name.strip(), value or None


def _print(summary: MendSummary, as_json: bool) -> None:
    if as_json:
        print_json(asdict(summary))
        return
    columns = [
        "file_name",
        "file_status",
        "rows_in",
        "rows_loaded",
        "rows_superseded",
        "rows_quarantined",
        "error_fact",
    ]
    print_table(f"{summary.rows} rows sent in again", [asdict(file) for file in summary.files], columns)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="quarantine")
