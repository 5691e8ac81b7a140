"""`rtv export`: a mart as XLSX, CSV or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.output import errors, guarded, print_json


@guarded
def export(  # noqa: PLR0917 - the options of a command
    mart: Annotated[str, typer.Argument(help="A table of schema marts, for example fct_discrepancies.")],
    to: Annotated[Path, typer.Option("--to", help="File to write; its suffix is .xlsx, .csv or .parquet.")],
    tenant: Annotated[str, typer.Option("--tenant", help="Brand whose rows are written.")] = "default",
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="COLUMN=VALUE; repeat it to narrow further or allow more values."),
    ] = None,
    believed_on: Annotated[
        str | None,
        typer.Option(
            "--believed-on", help="The rows as readers saw them at that instant (ISO 8601 with offset)."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Write a mart to a file: XLSX for people, CSV or Parquet for machines."""
    from rtv_cli.context import open_context
    from rtv_cli.instants import read_instant
    from rtv_commands.export_mart import export_mart

    context = open_context(tenant)
    instant = read_instant("--believed-on", believed_on, code="INSTANT_INVALID") if believed_on else None
    result = export_mart(
        context.dsn,
        mart,
        to.resolve(),
        tenant_code=tenant,
        reporting_timezone=context.settings.dashboard.reporting_timezone,
        filters=_filters(where or []),
        believed_on=instant,
    )
    if as_json:
        print_json({"mart": mart, "path": str(to), "rows": result.rows, "size_bytes": result.size_bytes})
    else:
        errors.print(
            f"{result.rows:,} rows of {mart} written to {to} ({result.size_bytes:,} bytes)", highlight=False
        )


def _filters(where: list[str]) -> dict[str, list[str]]:
    from rtv_core.errors import InvalidInput

    found: dict[str, list[str]] = {}
    for clause in where:
        column, separator, value = clause.partition("=")
        if not separator:
            raise InvalidInput(
                f"{clause!r} is no filter", remedy="Write COLUMN=VALUE.", code="FILTER_INVALID"
            )
        found.setdefault(column.strip(), []).append(value)
    return found


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)
