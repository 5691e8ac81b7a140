"""`rtv dsn`: the warehouse's address."""

from __future__ import annotations

from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json


@guarded
def dsn(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Print the warehouse's address for psql and BI tools; starts the embedded Postgres when none is set."""
    from rtv_cli.context import open_context

    address = open_context().dsn
    if as_json:
        print_json({"dsn": address})
    else:
        typer.echo(address)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dsn")(dsn)
