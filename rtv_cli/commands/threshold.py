"""`rtv threshold`: the bounds of the checks on sets of rows, and what a tenant sets over them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]
TableArgument = Annotated[str, typer.Argument(help="Raw table: a contract's name.")]
CheckArgument = Annotated[
    str, typer.Argument(help="rows, age_days, mean, filled_share, value_share or distinct.")
]
ColumnOption = Annotated[str, typer.Option("--column", help="Column; for value_share COLUMN=VALUE.")]
SourceOption = Annotated[str, typer.Option("--source", help="Of this source's rows only.")]

threshold = typer.Typer(
    name="threshold", help="Bounds of the checks on sets of rows, and their reasons.", no_args_is_help=True
)


@threshold.command("list")
@guarded
def list_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Every bound in force, why it holds, and who set it."""
    from rtv_cli.context import open_context
    from rtv_commands.set_threshold import list_thresholds

    found = list_thresholds(open_context(tenant).dsn, tenant)
    if as_json:
        print_json({"thresholds": found})
        return
    print_table("Thresholds", found)


@threshold.command("set")
@guarded
def set_command(  # noqa: PLR0917 - the options of a command
    table: TableArgument,
    check: CheckArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why it holds.")],
    column: ColumnOption = "",
    source: SourceOption = "",
    low: Annotated[float | None, typer.Option("--low", help="At least.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="At most.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Set a bound; without --low and --high the check is switched off. The next run of the checks uses it."""
    from rtv_cli.context import open_context
    from rtv_commands.set_threshold import change_threshold

    context = open_context(tenant)
    change_threshold(
        context.dsn,
        (table, source, column, check),
        low=low,
        high=high,
        reason=reason,
        actor=context.actor,
        now=datetime.now(UTC),
    )
    _say(table, check, "set", as_json=as_json)


@threshold.command("unset")
@guarded
def unset_command(  # noqa: PLR0917 - the options of a command
    table: TableArgument,
    check: CheckArgument,
    column: ColumnOption = "",
    source: SourceOption = "",
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Take back what was set; what every tenant starts with holds again."""
    from rtv_cli.context import open_context
    from rtv_commands.set_threshold import reset_threshold

    context = open_context(tenant)
    reset_threshold(context.dsn, (table, source, column, check), actor=context.actor, now=datetime.now(UTC))
    _say(table, check, "taken back", as_json=as_json)


def _say(table: str, check: str, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"table": table, "check": check, "outcome": what})
        return
    typer.echo(f"{check} of {table} is {what}.")


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(threshold)
