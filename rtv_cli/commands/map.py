"""`rtv map`: how the columns of a partner's file are read, suggested, previewed and saved."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.errors import InvalidInput

if TYPE_CHECKING:
    from rtv_commands.map_columns import MappingDraft, SavedMapping

_COLUMNS = ("field", "required", "column", "constant", "is_taken", "confidence", "reason", "examples")
_LISTED = (
    "mapping_name",
    "contract_name",
    "file_pattern",
    "effective_from",
    "effective_to",
    "file_count",
    "saved_by",
    "saved_at",
)


@guarded
def map_columns(
    *,
    file: Annotated[Path | None, typer.Argument(help="A file of the partner.")] = None,
    contract: Annotated[
        str | None, typer.Option(help="What its rows are, for example rtv_manifests.")
    ] = None,
    chosen: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="field=column; field= leaves it out; line_no=@counted numbers lines; unit_value=@unknown "
            "does without. Repeatable.",
        ),
    ] = None,
    constant: Annotated[
        list[str] | None, typer.Option(help="field=value, the same in every row; repeatable.")
    ] = None,
    save: Annotated[
        str | None, typer.Option(metavar="NAME", help="Save the mapping under this name.")
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(help="Names of the files it is for, as blinkit_*.csv; unset: as this file's."),
    ] = None,
    effective_from: Annotated[
        str | None,
        typer.Option(help="First day of receipt it counts for; unset: the day such files wait since."),
    ] = None,
    effective_to: Annotated[str | None, typer.Option(help="Last day of receipt it counts for.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show what is saved, and nothing else.")] = False,
    tenant: Annotated[str, typer.Option(help="Whose files.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Suggest which column plays which role, show it on the file's own rows, and save it for the next files.

    A mapping saved under NAME before is the start of the next one: what still stands keeps its role.
    """
    from rtv_cli.context import open_context
    from rtv_commands.map_columns import MappingRequest, draft_mapping, list_mappings, save_mapping

    if listed:
        _print_list(list_mappings(open_context(tenant).dsn, tenant), as_json=as_json)
        return
    if file is None:
        raise InvalidInput("No file is named", remedy="Name a file, or use --list.", code="NOTHING_CHOSEN")
    request = MappingRequest(contract, save, pattern, _pairs("--set", chosen), _pairs("--constant", constant))
    since, until = _day("--effective-from", effective_from), _day("--effective-to", effective_to)
    context = open_context(tenant)
    found = draft_mapping(context.dsn, file, request, tenant_code=tenant)
    saved = None
    if save is not None:
        saved = save_mapping(
            context.dsn,
            found,
            actor=context.actor,
            now=datetime.now(UTC),
            effective_from=since,
            effective_to=until,
        )
    if as_json:
        print_json(_document(file, found, saved))
    else:
        _print(file, found, saved)


def _document(file: Path, found: MappingDraft, saved: SavedMapping | None) -> dict[str, Any]:
    from rtv_commands.map_columns import field_rows

    return {
        "file": str(file),
        "contract_name": found.mapping.contract_name,
        "file_pattern": found.mapping.file_pattern,
        "columns": field_rows(found),
        "unused": list(found.draft.unused),
        "missing": list(found.draft.missing),
        "preview": asdict(found.preview),
        "saved": {"mapping_name": found.mapping.mapping_name, **asdict(saved)} if saved else None,
    }


def _print(file: Path, found: MappingDraft, saved: SavedMapping | None) -> None:
    from rtv_commands.map_columns import field_rows

    preview = found.preview
    shown = [
        row
        | {
            "required": "yes" if row["required"] else "",
            "is_taken": "yes" if row["is_taken"] else "no",
            "examples": ", ".join(row["examples"]),
        }
        for row in field_rows(found)
        if row["required"] or row["column"] or row["constant"]
    ]
    print_table(f"{file.name} as {found.mapping.contract_name}", shown, _COLUMNS)
    if found.draft.unused:
        typer.echo(f"Kept beside the row: {', '.join(found.draft.unused)}")
    print_table("The first rows", preview.rows)
    typer.echo(
        f"{preview.rows_in} rows: {preview.rows_sound} sound, {preview.rows_refused} refused; "
        f"files named {found.mapping.file_pattern}"
    )
    if preview.refused:
        print_table("Refused rows", preview.refused)
    if found.draft.missing:
        typer.echo(f"Still missing: {', '.join(found.draft.missing)}; name them with --set or --constant.")
    if saved is None:
        typer.echo("Nothing is saved; add --save NAME.")
        return
    typer.echo(
        f"Saved as {found.mapping.mapping_name}, for files received from {saved.effective_from} (UTC) on."
    )
    for row in saved.waiting_files:
        typer.echo(f"  {row['file_name']} waits: rtv quarantine replay --whole-file {row['file_id']}")


def _print_list(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
    else:
        print_table("Mappings", rows, _LISTED)


def _pairs(option: str, texts: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts or []:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(
                f"{text!r} is no field=value", remedy=f"Write {option} field=value.", code="CHANGE_INVALID"
            )
        pairs[name.strip()] = value.strip()
    return pairs


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(
            f"{text!r} is no date", remedy=f"Write {option} YYYY-MM-DD.", code="DATE_INVALID"
        ) from None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("map")(map_columns)
