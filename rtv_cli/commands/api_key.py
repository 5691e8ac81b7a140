"""`rtv api-key`: keys for machines that call the bay's API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json

keys = typer.Typer(help="Keys for machines that call the API.", no_args_is_help=True)


@keys.command("add")
@guarded
def add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    node: Annotated[str | None, typer.Option("--node", help="Bind the key to one node.")] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Tenant the key belongs to.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Issue a key. It is shown once and kept as a hash."""
    from rtv_cli.context import open_context
    from rtv_commands.issue_api_key import issue_api_key

    context = open_context(tenant)
    key = issue_api_key(
        context.dsn, key_name=name, actor=context.actor, node_code=node, now=datetime.now(UTC)
    )
    if as_json:
        print_json({"api_key": key, "key_name": name, "node_code": node, "tenant_code": tenant})
    else:
        typer.echo(key)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(keys, name="api-key")
