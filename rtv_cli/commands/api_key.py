"""`rtv api-key`: keys for machines and partners that call the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.identity import Role

JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Tenant = Annotated[str, typer.Option("--tenant", help="Tenant the key belongs to.")]

keys = typer.Typer(help="Keys for machines and partners that call the API.", no_args_is_help=True)


@keys.command("add")
@guarded
def add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    *,
    role: Annotated[
        list[Role] | None, typer.Option("--role", help="What it may do; repeat for each. Default: machine.")
    ] = None,
    node: Annotated[str | None, typer.Option("--node", help="Bind the key to one node.")] = None,
    party: Annotated[
        str | None,
        typer.Option("--party", help="A platform's, CFA's or transporter's key: it sees its own alone."),
    ] = None,
    tenant: Tenant = "default",
    as_json: JsonFlag = False,
) -> None:
    """Issue a key. It is shown once and kept as a hash."""
    from rtv_cli.context import open_context
    from rtv_commands.issue_api_key import issue_api_key

    context = open_context(tenant)
    roles = tuple(role or [Role.PARTNER if party else Role.MACHINE])
    key = issue_api_key(
        context.dsn,
        key_name=name,
        actor=context.actor,
        now=datetime.now(UTC),
        roles=roles,
        node_code=node,
        party_code=party,
    )
    if as_json:
        made = {"api_key": key, "key_name": name, "roles": [one.value for one in roles]}
        print_json({**made, "node_code": node, "party_code": party, "tenant_code": tenant})
    else:
        typer.echo(key)


@keys.command("list")
@guarded
def show(tenant: Tenant = "default", as_json: JsonFlag = False) -> None:
    """List the keys of a tenant; no secret is among what is kept."""
    from rtv_cli.context import open_context
    from rtv_core.warehouse.bay_store import api_keys
    from rtv_core.warehouse.connection import connect

    with connect(open_context(tenant).dsn) as connection:
        rows = api_keys(connection, tenant)
    if as_json:
        print_json(rows)
    else:
        print_table("API keys", [{**row, "roles": ", ".join(row["roles"])} for row in rows])


@keys.command("revoke")
@guarded
def revoke(
    key_id: Annotated[str, typer.Argument(help="Id of the key: the part between its underscores.")],
    tenant: Tenant = "default",
    as_json: JsonFlag = False,
) -> None:
    """Let a key open nothing from now on."""
    from rtv_cli.context import open_context
    from rtv_commands.revoke_api_key import revoke_api_key

    context = open_context(tenant)
    revoke_api_key(context.dsn, key_id, actor=context.actor, now=datetime.now(UTC))
    if as_json:
        print_json({"key_id": key_id, "tenant_code": tenant})
    else:
        typer.echo(f"{key_id} opens nothing any more.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(keys, name="api-key")
