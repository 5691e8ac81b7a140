"""`rtv period`: months whose books are closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.errors import InvalidInput

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]

period = typer.Typer(name="period", help="Months whose books are closed.", no_args_is_help=True)


@period.command("list")
@guarded
def list_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Closed months, and how many allocations each has fixed."""
    from rtv_cli.context import open_context
    from rtv_core.warehouse.connection import connect
    from rtv_core.warehouse.settlement_store import closed_periods

    with connect(open_context(tenant).dsn) as connection:
        found = closed_periods(connection, tenant)
    if as_json:
        print_json({"periods": found})
        return
    print_table("Closed months", found)


@period.command("close")
@guarded
def close_command(
    month: Annotated[str, typer.Argument(help="The month, for example 2026-10.")],
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Close a month: its allocations stay, and later debits of it count in the next open one."""
    from rtv_cli.context import open_context
    from rtv_commands.close_period import close_period

    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InvalidInput(
            f"{month} is no month", remedy="Give it as 2026-10.", code="PERIOD_INVALID"
        ) from None
    context = open_context(tenant)
    fixed = close_period(context.dsn, first, actor=context.actor, now=datetime.now(UTC))
    if as_json:
        print_json({"period_on": first.isoformat(), "fixed_allocations": fixed})
        return
    typer.echo(f"{month} is closed; {fixed} allocations to invoices are fixed.")


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(period)
