"""`rtv picture`: what items look like, for whoever looks for one at a station."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json

JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

pictures = typer.Typer(help="Pictures of items.", no_args_is_help=True)


@pictures.command("add")
@guarded
def add(
    *,
    paths: Annotated[
        list[Path],
        typer.Argument(exists=True, help="Pictures named by SKU code or GTIN, or folders of them."),
    ],
    tenant: Annotated[str, typer.Option("--tenant", help="Tenant whose items these are.")] = "default",
    as_json: JsonFlag = False,
) -> None:
    """Take pictures (JPEG, PNG, WebP) as those of the items they are named after; the newest stands."""
    from rtv_cli.context import open_context
    from rtv_commands.add_pictures import add_pictures
    from rtv_core.objects import open_store

    context = open_context(tenant)
    files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    done = add_pictures(
        context.dsn,
        open_store(context.settings),
        [file for file in files if file.is_file() and not file.name.startswith(".")],
        actor=context.actor,
        now=datetime.now(UTC),
    )
    if as_json:
        print_json({"added": done.added, "unchanged": done.unchanged, "refused": done.refused})
    else:
        typer.echo(f"{len(done.added)} added, {len(done.unchanged)} unchanged, {len(done.refused)} refused.")
        for name, fact in done.refused.items():
            typer.echo(f"{name}: {fact}.")
    if done.refused:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(pictures, name="picture")
