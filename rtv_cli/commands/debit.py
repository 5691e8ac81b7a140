"""`rtv debit`: what is open on debit notes, and what of it is written off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]
NumberArgument = Annotated[int, typer.Argument(help="Number of the write-off.")]

debit = typer.Typer(
    name="debit", help="Debit notes: what is open, and what of it is written off.", no_args_is_help=True
)


@debit.command("list")
@guarded
def list_command(
    platform: Annotated[str | None, typer.Option(help="Only debits of this platform.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Debit lines with an open amount, the largest first."""
    from rtv_cli.context import open_context
    from rtv_core.model.money import format_minor
    from rtv_core.warehouse.connection import connect
    from rtv_core.warehouse.settlement_store import open_debit_lines

    with connect(open_context(tenant).dsn) as connection:
        lines = open_debit_lines(connection, tenant, platform)
    if as_json:
        print_json({"debit_lines": lines})
        return
    rows = [
        {
            "platform": line["platform_code"],
            "debit note": line["debit_note_no"],
            "line": line["debit_line_no"],
            "return": line["rtv_no"],
            "debited": format_minor(line["debited_minor"], line["currency_code"]),
            "disputed": format_minor(line["disputed_minor"], line["currency_code"]),
            "open": format_minor(line["open_minor"], line["currency_code"]),
        }
        for line in lines
    ]
    print_table("Open debit lines", rows)


@debit.command("write-off")
@guarded
def write_off_command(
    *,
    platform: Annotated[str, typer.Argument(help="Platform.")],
    debit_note: Annotated[str, typer.Argument(help="Number of the debit note.")],
    line: Annotated[str, typer.Argument(help="Line of the debit note.")],
    amount: Annotated[str, typer.Option(help="Amount in whole units, for example 1250.50.")],
    reason: Annotated[str, typer.Option(help="Why it is not pursued.")],
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Ask for a part of what is open on a debit line to be written off; another person approves."""
    from rtv_cli.amounts import read_amount
    from rtv_cli.context import open_context
    from rtv_commands.write_off import DebitLineName, request_write_off

    context = open_context(tenant)
    number = request_write_off(
        context.dsn,
        DebitLineName(platform, debit_note, line),
        read_amount(amount),
        reason,
        actor=context.actor,
        now=datetime.now(UTC),
    )
    if as_json:
        print_json({"write_off_id": number, "write_off_status": "requested"})
        return
    typer.echo(f"Write-off {number} is asked for. Approve it with `rtv debit approve {number}`.")


@debit.command("write-offs")
@guarded
def write_offs_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Write-offs, asked for and decided, newest first."""
    from rtv_cli.context import open_context
    from rtv_core.model.money import format_minor
    from rtv_core.warehouse.connection import connect
    from rtv_core.warehouse.settlement_store import list_write_offs

    with connect(open_context(tenant).dsn) as connection:
        found = list_write_offs(connection, tenant)
    if as_json:
        print_json({"write_offs": found})
        return
    rows = [
        {
            "no": row["write_off_id"],
            "debit line": f"{row['platform_code']} {row['debit_note_no']}/{row['debit_line_no']}",
            "amount": format_minor(row["amount_minor"], row["currency_code"]),
            "state": row["write_off_status"],
            "reason": row["reason"],
            "asked by": row["requested_by"],
            "decided by": row["decided_by"],
        }
        for row in found
    ]
    print_table("Write-offs", rows)


@debit.command("approve")
@guarded
def approve_command(
    number: NumberArgument,
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Approve a write-off; it counts from the next build on."""
    _decide(number, tenant, note, is_approved=True, as_json=as_json)


@debit.command("refuse")
@guarded
def refuse_command(
    number: NumberArgument,
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Refuse a write-off; the amount stays open."""
    _decide(number, tenant, note, is_approved=False, as_json=as_json)


def _decide(number: int, tenant: str, note: str | None, *, is_approved: bool, as_json: bool) -> None:
    from rtv_cli.context import open_context
    from rtv_commands.write_off import decide_write_off

    context = open_context(tenant)
    decide_write_off(
        context.dsn, number, is_approved=is_approved, actor=context.actor, now=datetime.now(UTC), note=note
    )
    status = "approved" if is_approved else "refused"
    if as_json:
        print_json({"write_off_id": number, "write_off_status": status})
        return
    typer.echo(f"Write-off {number} is {status}.")


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(debit)
