"""`rtv source`: which sources are known, and what a tenant says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.errors import InvalidInput

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]
NameArgument = Annotated[str, typer.Argument(help="Source, as `rtv source list` calls it.")]

source = typer.Typer(
    name="source", help="Sources: which are known, and what you say of them.", no_args_is_help=True
)


@source.command("list")
@guarded
def list_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Every source with its settings, and those you have set."""
    from rtv_cli.context import open_context
    from rtv_commands.set_source import list_sources

    found = list_sources(open_context(tenant).dsn, tenant)
    if as_json:
        print_json({"sources": found})
        return
    rows = [
        {
            "source": one["source_name"],
            "settings": ", ".join(f"{name}={value}" for name, value in one["defaults"].items() if value),
            "set by you": ", ".join(f"{name}={value}" for name, value in one["set"].items()),
        }
        for one in found
    ]
    print_table("Sources", rows)


@source.command("set")
@guarded
def set_command(
    name: NameArgument,
    settings: Annotated[
        list[str],
        typer.Argument(help="NAME=VALUE: destination_node=CFA-1, node_codes.BLR7=AMZ-BLR7."),
    ],
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Set what a source's files never name, and what their codes mean; later files are read by it."""
    values: dict[str, str] = {}
    for text in settings:
        key, sign, value = text.partition("=")
        if not (key and sign and value):
            raise InvalidInput(
                f"{text} sets nothing", remedy="Write it as NAME=VALUE.", code="SOURCE_SETTING_INVALID"
            )
        values[key] = value
    _change(name, values, [], tenant, as_json=as_json)


@source.command("unset")
@guarded
def unset_command(
    name: NameArgument,
    settings: Annotated[list[str], typer.Argument(help="Names: destination_node, node_codes.BLR7.")],
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Take back what was set; what every tenant starts with holds again."""
    _change(name, {}, settings, tenant, as_json=as_json)


def _change(name: str, values: dict[str, str], unset: list[str], tenant: str, *, as_json: bool) -> None:
    from rtv_cli.context import open_context
    from rtv_commands.set_source import change_source

    context = open_context(tenant)
    settings = change_source(
        context.dsn, name, values=values, unset=unset, actor=context.actor, now=datetime.now(UTC)
    )
    if as_json:
        print_json({"source_name": name, "set": settings})
        return
    said = ", ".join(f"{key}={value}" for key, value in settings.items()) or "nothing"
    typer.echo(f"{name}: {said} is set.")


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(source)
