"""`rtv operator`: who may sign in at the bay's stations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table

JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Tenant = Annotated[str, typer.Option("--tenant", help="Tenant the operator works for.")]

operators = typer.Typer(help="Operators of the bay's stations.", no_args_is_help=True)


@operators.command("add")
@guarded
def add(
    *,
    code: Annotated[str, typer.Argument(help="Operator code, as signed in with.")],
    node: Annotated[str, typer.Option("--node", help="Node the operator works at.")],
    pin: Annotated[
        str,
        typer.Option("--pin", help="4 to 12 digits.", prompt=True, hide_input=True, confirmation_prompt=True),
    ],
    name: Annotated[str | None, typer.Option("--name", help="Name shown at the station.")] = None,
    tenant: Tenant = "default",
    as_json: JsonFlag = False,
) -> None:
    """Add an operator, or renew a known one's name, node and PIN."""
    from rtv_cli.context import open_context
    from rtv_commands.register_operator import register_operator

    context = open_context(tenant)
    register_operator(
        context.dsn,
        operator_code=code,
        operator_name=name or code,
        node_code=node,
        pin=pin,
        actor=context.actor,
        now=datetime.now(UTC),
    )
    if as_json:
        print_json({"operator_code": code, "node_code": node, "tenant_code": tenant})
    else:
        typer.echo(f"{code} may sign in at stations of {node}.")


@operators.command("list")
@guarded
def show(tenant: Tenant = "default", as_json: JsonFlag = False) -> None:
    """List the operators of a tenant."""
    from rtv_cli.context import open_context
    from rtv_core.warehouse.bay_store import operators as read_operators
    from rtv_core.warehouse.connection import connect

    with connect(open_context(tenant).dsn) as connection:
        rows = read_operators(connection, tenant)
    if as_json:
        print_json(rows)
    else:
        print_table("Operators", rows)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(operators, name="operator")
