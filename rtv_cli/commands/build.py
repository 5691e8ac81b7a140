"""`rtv build`: computes what is true about the returns and publishes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rtv_cli.output import errors, guarded, print_json, print_table

if TYPE_CHECKING:
    from rtv_commands.build import BuildResult


@guarded
def build(
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help="Instant that elapsed times are measured to (ISO 8601 with offset); now."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Build and test all marts, then publish them as one build; a failed test publishes nothing."""
    from datetime import UTC
    from uuid import uuid4

    from rtv_cli.context import open_context
    from rtv_cli.instants import read_instant
    from rtv_commands.build import build_warehouse

    instant = read_instant("--as-of", as_of, code="AS_OF_INVALID") if as_of else datetime.now(UTC)
    context = open_context()
    with errors.status("Building …") as status:
        result = build_warehouse(
            context.dsn,
            as_of=instant,
            run_id=context.settings.log.run_id or f"cli-{uuid4().hex[:12]}",
            threads=context.settings.warehouse.dbt_threads,
            work_folder=context.settings.home_folder / "dbt",
            reporting_timezone=context.settings.dashboard.reporting_timezone,
            on_progress=lambda stage, text: status.update(f"{stage}: {text}"),
        )
    if as_json:
        print_json(_document(result))
        return
    _print_summary(result)


def _document(result: BuildResult) -> dict[str, object]:
    return {
        "build_id": result.build_id,
        "run_id": result.run_id,
        "as_of": result.as_of.isoformat(),
        "seconds": round(sum(stage.seconds for stage in result.stages), 2),
        "stages": [{"stage": stage.stage, **stage.counts()} for stage in result.stages],
        "rows_per_mart": result.rows_per_mart,
        "discrepancies": [
            {
                "rule_code": total.rule_code,
                "title": total.title,
                "discrepancy_count": total.discrepancy_count,
                "discrepancy_qty": total.discrepancy_qty,
                "value_minor": total.value_minor,
                "currency_code": total.currency_code,
            }
            for total in result.discrepancies
        ],
    }


def _print_summary(result: BuildResult) -> None:
    seconds = sum(stage.seconds for stage in result.stages)
    typer.echo(f"Build {result.build_id} is published, as of {result.as_of.isoformat()} ({seconds:.1f} s)")
    print_table("Marts", [{"mart": name, "rows": count} for name, count in result.rows_per_mart.items()])
    print_table(
        "Discrepancies",
        [
            {
                "rule": total.title,
                "rows": total.discrepancy_count,
                "quantity": total.discrepancy_qty,
                "value": None if total.value_minor is None else f"{total.value_minor / 100:,.2f}",
                "currency": total.currency_code,
            }
            for total in result.discrepancies
        ],
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("build")(build)
