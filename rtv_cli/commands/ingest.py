"""`rtv ingest`: files and folders into the warehouse."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rtv_cli.output import errors, guarded, print_json, print_table

if TYPE_CHECKING:
    from rtv_commands.ingest import IngestedFile


_TOTALS = ("rows_in", "rows_loaded", "rows_superseded", "rows_quarantined", "repeats", "quarantined_files")


@guarded
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; what each is, is recognised.")],
    tenant: Annotated[str, typer.Option(help="The tenant the files belong to.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Receive files, judge every row and load what is sound; the rest goes to quarantine with its reason.

    Exit code 0 also when rows were quarantined; 2 when a whole file could not be read.
    """
    from rtv_cli.context import open_context
    from rtv_commands.ingest import ingest_paths
    from rtv_core.objects import open_store

    context = open_context(tenant)
    summary = ingest_paths(
        context.dsn,
        open_store(context.settings),
        paths,
        actor=context.actor,
        now=datetime.now(UTC),
        on_progress=lambda file: errors.print(
            f"{file.path.name}: {_outcome(file)}", highlight=False, markup=False
        ),
        max_bytes=context.settings.intake.max_file_bytes,
    )
    rows = [_row(file) for file in summary.files]
    if as_json:
        totals = {name: getattr(summary, name) for name in _TOTALS}
        print_json({"tenant": tenant, **totals, "files": rows})
    else:
        print_table(
            "Files",
            rows,
            [
                "file",
                "outcome",
                "contract_name",
                "rows_in",
                "rows_loaded",
                "rows_superseded",
                "rows_quarantined",
            ],
        )
    if summary.quarantined_files:
        raise typer.Exit(2)


def _outcome(file: IngestedFile) -> str:
    if file.loaded is None:
        return file.received.outcome
    if file.loaded.error_code:
        return f"{file.loaded.error_code}: {file.loaded.error_fact}. {file.loaded.error_remedy}"
    return f"{file.loaded.rows_loaded} of {file.loaded.rows_in} rows loaded"


def _row(file: IngestedFile) -> dict[str, Any]:
    loaded = asdict(file.loaded) if file.loaded else {}
    return {
        "file": str(file.path),
        "outcome": _outcome(file),
        "sha256": file.received.sha256,
        "is_repeat": file.received.is_repeat,
        "file_id": file.received.file_id,
        **loaded,
    }


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)
