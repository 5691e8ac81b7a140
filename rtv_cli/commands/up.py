"""`rtv up` and `rtv stop`: the hub's processes on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json


@guarded
def up(quiet: Annotated[bool, typer.Option("--quiet", help="Only say what is ready.")] = False) -> None:
    """Run the hub on this machine until Ctrl-C: Postgres, S3, API, dashboard and Airflow."""
    from rtv_cli.local.serve import serve
    from rtv_core.logs import configure_logs
    from rtv_core.settings import get_settings

    settings = get_settings()
    configure_logs(settings.log)
    if not quiet:
        typer.echo("Starting; Ctrl-C stops everything.", err=True)
    serve(settings, lambda name: typer.echo(f"ready: {name}", err=True))


@guarded
def stop(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Stop the hub that runs for this home; no process is left."""
    from rtv_cli.local.serve import stop_served
    from rtv_core.settings import get_settings

    was_running = stop_served(get_settings())
    if as_json:
        print_json({"was_running": was_running})
    else:
        typer.echo("Stopped." if was_running else "Nothing was running.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("up")(up)
    app.command("stop")(stop)
