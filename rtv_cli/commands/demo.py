"""`rtv demo`: the whole hub, shown on a synthetic world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rtv_cli.output import errors, guarded, print_json, print_table

if TYPE_CHECKING:
    from rtv_cli.local.demo import DemoResult


@guarded
def demo(
    size: Annotated[str, typer.Option("--size", help="small (66 RTVs), medium (2,000) or large.")] = "small",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same world.", min=0)] = 7,
    footage: Annotated[Path | None, typer.Option("--footage", help="A folder with films of yours.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Start everything here, send a synthetic world through it and show the result. Ctrl-C stops all."""
    import time

    from rtv_cli.local.demo import run_demo
    from rtv_cli.local.serve import stop_served
    from rtv_core.settings import get_settings

    settings = get_settings()
    began = time.monotonic()

    def tell(text: str) -> None:
        errors.print(f"[dim]{time.monotonic() - began:5.0f} s[/]  {text}", highlight=False)

    try:
        result = run_demo(settings, size=size, seed=seed, own_films=footage, on_progress=tell)
    except KeyboardInterrupt:
        errors.print("Stopping everything", highlight=False)
        stop_served(settings)
        raise typer.Exit(130) from None
    if as_json:
        print_json(result.as_dict())
    else:
        _show(result)


def _show(result: DemoResult) -> None:
    totals = result.totals
    print_table(
        "Discrepancies by rule (synthetic data)",
        [
            {
                "rule": row["rule"],
                "discrepancies": row["discrepancies"],
                "quantity": row["quantity"],
                "value": ""
                if row["value_minor"] is None
                else f"{row['currency']} {row['value_minor'] / 100:,.2f}",
            }
            for row in result.by_rule
        ],
    )
    typer.echo(
        f"\n{totals['rtvs']} RTVs, {totals['units_declared']} units declared, "
        f"{totals['units_received']} received; "
        f"{totals['discrepancies']} discrepancies\n"
        f"{totals['files_loaded']} files loaded, {totals['rows_in']} rows, "
        f"{totals['rows_quarantined']} in quarantine\n"
        f"{totals['clips_cut']} clips cut, {totals['clips_without_footage']} windows without footage\n"
        f"{totals['claims']} claims, {totals['bundles']} proof bundles; "
        f"{totals['messages_sent']} messages sent, {totals['messages_parked']} parked\n"
    )
    for name, address in result.addresses.items():
        typer.echo(f"{name:16}{address}")
    typer.echo(
        f"{'sign in':16}{result.sign_in['user']} / {result.sign_in['password']}  (dashboard and Airflow)\n"
        f"{'QC app':16}operator {result.sign_in['operator']} / PIN {result.sign_in['pin']}\n"
        f"\nThe hub stays up; `make stop` ends it. This took {result.seconds:.0f} s."
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)
