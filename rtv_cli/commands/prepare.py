"""`rtv prepare`: brings the databases up to this version."""

from __future__ import annotations

from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json


@guarded
def prepare(
    airflow: Annotated[bool, typer.Option("--airflow", help="Airflow's metadata and sign-in too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Bring the warehouse, and Airflow's metadata where asked, up to this version. Safe to call again."""
    from rtv_cli.context import with_warehouse
    from rtv_cli.local.airflow import migrate_metadata, write_sign_in
    from rtv_commands.prepare import prepare_warehouse
    from rtv_core.objects import open_store
    from rtv_core.settings import get_settings

    settings = with_warehouse(get_settings())
    applied = prepare_warehouse(settings.warehouse_dsn())
    open_store(settings)
    if airflow:
        write_sign_in(settings)
        migrate_metadata()
    if as_json:
        print_json({"migrations": applied, "airflow": airflow})
    else:
        typer.echo(f"Ready; migrations applied: {', '.join(applied) or 'none'}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("prepare")(prepare)
