"""`rtv read`: how a file is understood, without loading it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table


@guarded
def read(
    file: Annotated[Path, typer.Argument(help="The file.")],
    source: Annotated[str | None, typer.Option(help="Take it for a file of this source.")] = None,
    to: Annotated[Path | None, typer.Option(help="Write the sound rows, mapped, to this CSV.")] = None,
    tenant: Annotated[
        str | None, typer.Option(help="Read it with this tenant's source settings and mappings.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Show dialect, header, rows, contract and findings of a file; nothing is loaded."""
    from rtv_commands.read import read_file, tenant_rules

    rules = None
    if tenant is not None:
        # Only then is a warehouse needed: without a tenant a file is read on its own.
        from rtv_cli.context import open_context

        rules = tenant_rules(open_context(tenant).dsn, tenant, datetime.now(UTC))
    reading = read_file(file, source_name=source, to_csv=to, rules=rules)
    if as_json:
        print_json(asdict(reading))
    else:
        dialect = ", ".join(f"{name} {value!r}" for name, value in reading.dialect.items())
        typer.echo(f"{reading.file_name}: {reading.format_name}, {dialect}")
        for table in reading.tables:
            typer.echo(
                f"  table {table['sheet'] or '-'}, header in row {table['header_row']}: "
                f"{', '.join(table['header'])}"
            )
        if reading.error:
            typer.echo(f"  {reading.error['code']}: {reading.error['fact']}. {reading.error['remedy']}")
        else:
            typer.echo(f"  {reading.contract_name} of source {reading.source_name}, because {reading.reason}")
            typer.echo(
                f"  {reading.rows_in} rows: {reading.rows_sound} sound, {reading.rows_refused} refused"
            )
        for finding in reading.findings:
            typer.echo(f"  {finding}")
        if reading.examples:
            print_table("Refused rows", reading.examples)
    if reading.error:
        raise typer.Exit(2)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("read")(read)
