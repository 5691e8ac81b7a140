"""`rtv claim`: list claims, build them and their bundles, approve and file them, record answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.errors import InvalidInput

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]
VersionOption = Annotated[
    int, typer.Option("--row-version", help="The version you read; a claim that changed since is left alone.")
]
ClaimArgument = Annotated[str, typer.Argument(help="Claim number.")]

claim = typer.Typer(name="claim", help="Claims: list, build, approve, file, answer.", no_args_is_help=True)


@claim.command("list")
@guarded
def list_command(
    status: Annotated[list[str] | None, typer.Option("--status", help="Only claims in this state.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """List claims with their state, amount, due date and what proof is missing."""
    from rtv_cli.context import open_context
    from rtv_core.claims.payloads import claim_payload
    from rtv_core.model.money import format_minor
    from rtv_core.warehouse import claim_store
    from rtv_core.warehouse.connection import connect

    with connect(open_context(tenant).dsn) as connection:
        claims = claim_store.list_claims(connection, tenant, status or ())
    if as_json:
        print_json(
            {
                "claims": [
                    {**claim_payload(one), "row_version": one.row_version, "bundle_sha256": one.bundle_sha256}
                    for one in claims
                ]
            }
        )
        return
    rows = [
        {
            "claim": one.claim_no,
            "state": one.status.value,
            "amount": format_minor(one.claimed_minor, one.group.currency_code),
            "due": one.due_at.date() if one.due_at else None,
            "version": one.row_version,
            "missing": "; ".join(one.missing_proof),
        }
        for one in claims
    ]
    print_table("Claims", rows)


@claim.command("build")
@guarded
def build_command(
    claim_no: Annotated[
        str | None, typer.Argument(help="Claim whose bundle is written; none: all there is to do.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Also write the claim's bundle to this file.")
    ] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Assemble claims from the discrepancies, and write the proof bundles of approved ones."""
    from rtv_cli.context import open_context
    from rtv_commands.assemble_claims import assemble_claims
    from rtv_commands.build_bundle import build_bundle, build_ready_bundles
    from rtv_commands.hand_out_bundle import hand_out_bundle
    from rtv_core.objects import open_store

    context = open_context(tenant)
    store, now = open_store(context.settings), datetime.now(UTC)
    result: dict[str, Any]
    if to is not None and claim_no is None:
        raise InvalidInput("--to needs a claim number", remedy="Name the claim.", code="CLAIM_NOT_NAMED")
    if claim_no is not None:
        built = build_bundle(
            context.dsn, store, claim_no, settings=context.settings, actor=context.actor, now=now
        )
        result = {"claim_no": claim_no, "bundle": store.uri(built.object_key), "sha256": built.sha256}
        if to is not None:
            hand_out_bundle(context.dsn, claim_no, built.sha256, actor=context.actor, now=now)
            store.download(built.object_key, to)
            result["file"] = str(to)
    else:
        assembled = assemble_claims(context.dsn, actor=context.actor, now=now).counts()
        bundles = build_ready_bundles(
            context.dsn, store, settings=context.settings, actor=context.actor, now=now
        ).counts()
        result = {"claims": assembled, "bundles": bundles}
    _show(result, as_json)


@claim.command("approve")
@guarded
def approve_command(
    claim_no: ClaimArgument,
    row_version: VersionOption,
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Approve a ready claim and write its proof bundle."""
    from rtv_cli.context import open_context
    from rtv_commands.approve_claim import approve_claim
    from rtv_commands.build_bundle import build_bundle
    from rtv_core.objects import open_store

    context = open_context(tenant)
    now = datetime.now(UTC)
    approve_claim(context.dsn, claim_no, row_version, context.actor, now, note=note)
    store = open_store(context.settings)
    built = build_bundle(
        context.dsn, store, claim_no, settings=context.settings, actor=context.actor, now=now
    )
    _show(
        {
            "claim_no": claim_no,
            "claim_status": "approved",
            "bundle": store.uri(built.object_key),
            "sha256": built.sha256,
        },
        as_json,
    )


@claim.command("file")
@guarded
def file_command(
    claim_no: ClaimArgument,
    row_version: VersionOption,
    reference: Annotated[str | None, typer.Option(help="The party's own number of the case.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Mark an approved claim, whose bundle is written, as filed."""
    from rtv_cli.context import open_context
    from rtv_commands.file_claim import file_claim

    context = open_context(tenant)
    filed = file_claim(
        context.dsn, claim_no, row_version, context.actor, datetime.now(UTC), reference=reference
    )
    _show(
        {"claim_no": claim_no, "claim_status": filed.status.value, "row_version": filed.row_version}, as_json
    )


@claim.command("answer")
@guarded
def answer_command(
    *,
    claim_no: ClaimArgument,
    status: Annotated[str, typer.Argument(help="What they answered: accepted, part_accepted, rejected, …")],
    row_version: VersionOption,
    amount: Annotated[
        str | None, typer.Option(help="Amount they grant or take back, in whole units.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Coded reason of a rejection or a cut.")] = None,
    reference: Annotated[str | None, typer.Option(help="Their number of the answer.")] = None,
    note: Annotated[str | None, typer.Option(help="In words.")] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Record what the other side answered to a filed claim."""
    from rtv_cli.amounts import read_amount
    from rtv_cli.context import open_context
    from rtv_commands.record_outcome import record_outcome
    from rtv_core.model.claim import ClaimStatus

    if status not in set(ClaimStatus):
        raise InvalidInput(
            f"{status} is no state of a claim",
            remedy=f"Use one of: {', '.join(ClaimStatus)}.",
            code="OUTCOME_UNKNOWN",
        )
    context = open_context(tenant)
    moved = record_outcome(
        context.dsn,
        claim_no,
        row_version,
        ClaimStatus(status),
        actor=context.actor,
        now=datetime.now(UTC),
        amount_minor=None if amount is None else read_amount(amount),
        rejection_code=code,
        reference=reference,
        note=note,
    )
    _show(
        {"claim_no": claim_no, "claim_status": moved.status.value, "row_version": moved.row_version}, as_json
    )


@claim.command("answers")
@guarded
def answers_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Carry answers that came in by file to their claims, and list those that could not be."""
    from rtv_cli.context import open_context
    from rtv_commands.carry_answers import carry_answers
    from rtv_core.warehouse.connection import connect
    from rtv_core.warehouse.settlement_store import refused_answers

    context = open_context(tenant)
    zone = context.settings.dashboard.reporting_timezone
    carried = carry_answers(context.dsn, now=datetime.now(UTC), reporting_timezone=zone).counts()
    with connect(context.dsn) as connection:
        refused = refused_answers(connection, tenant)
    if as_json:
        print_json({**carried, "answers": refused})
        return
    typer.echo(f"carried: {carried['carried']}")
    print_table("Answers without a claim they fit", refused)


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(result)
        return
    for name, value in result.items():
        typer.echo(f"{name}: {value}")


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(claim)
