"""`rtv audit`: who did what when, and whether that record is as it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import EXIT_FAILED, errors, guarded, print_json, print_table

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

audit = typer.Typer(name="audit", help="The audit trail: list it, verify it.", no_args_is_help=True)


@audit.command("verify")
@guarded
def verify_command(
    tenant: Annotated[str | None, typer.Option("--tenant", help="Only this tenant's chain.")] = None,
    trust: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="The hub's verifier key, got by another way; unset: the home's own."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute every row's hash and hold the chains against the seal log. Exit code 0: whole; 1: broken."""
    from rtv_cli.context import open_context
    from rtv_commands.seal_entries import verifier_key
    from rtv_commands.verify_audit import verify_audit

    context = open_context()
    if trust is None and context.settings.seal_key_file.exists():
        trust = verifier_key(context.settings)
    with errors.status("Reading the audit trail"):
        verdict = verify_audit(context.dsn, tenant_code=tenant, trust_key=trust)
    if as_json:
        print_json(verdict.as_dict())
    else:
        typer.echo("WHOLE" if verdict.is_whole else "BROKEN")
        typer.echo(f"  {verdict.rows_checked} rows in {len(verdict.chains)} chains")
        for chain in verdict.chains:
            sealed = f"sealed to {chain.sealed_no}" if chain.sealed_no else "not sealed yet"
            typer.echo(f"  {chain.tenant_code}: {chain.rows_checked} rows, {sealed}, head {chain.head_hash}")
            if chain.first_break is not None:
                typer.echo(f"    {chain.first_break.code}: {chain.first_break.fact}")
        if verdict.guard_break is not None:
            typer.echo(f"  {verdict.guard_break.code}: {verdict.guard_break.fact}")
        if not verdict.is_seal_signature_checked:
            typer.echo("  No signature of the seal log was checked: no checkpoint, or no verifier key.")
    raise typer.Exit(0 if verdict.is_whole else EXIT_FAILED)


@audit.command("list")
@guarded
def list_command(
    *,
    actor: Annotated[str | None, typer.Option("--actor", help="Only what this person or job did.")] = None,
    verb: Annotated[str | None, typer.Option("--verb", help="Only deeds of this kind.")] = None,
    object_id: Annotated[str | None, typer.Option("--object", help="Only what was done to this one.")] = None,
    since: Annotated[datetime | None, typer.Option("--since", help="Only from this time on (UTC).")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 50,
    tenant: Annotated[str, typer.Option("--tenant", help="Tenant to act in.")] = "default",
    as_json: JsonOption = False,
) -> None:
    """Who did what when, newest first."""
    from rtv_cli.context import open_context
    from rtv_core.warehouse import audit_trail
    from rtv_core.warehouse.connection import connect

    with connect(open_context(tenant).dsn) as connection:
        rows = audit_trail.list_audit(
            connection,
            tenant,
            actor_name=actor,
            verb=verb,
            object_id=object_id,
            since=since.replace(tzinfo=UTC) if since else None,
            limit=limit,
        )
    if as_json:
        print_json({"audit": rows})
        return
    columns = ["chain_no", "happened_at", "actor_name", "verb", "object_kind", "object_id"]
    print_table("Audit trail", rows, columns)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(audit)
