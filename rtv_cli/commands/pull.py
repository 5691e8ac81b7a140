"""`rtv pull`: asks transporters where their open consignments are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.errors import ConfigurationError


@guarded
def pull(
    name: Annotated[
        str | None, typer.Argument(help="One of RTV_INBOUND__PULLS; without: all of them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Ask transporters for the scans of their open consignments, and load what they answer."""
    from rtv_cli.context import open_context
    from rtv_commands.load import load_files
    from rtv_commands.pull_tracking import pull_tracking
    from rtv_core.objects import open_store

    context = open_context()
    pulls = context.settings.inbound.pulls
    chosen = {key: found for key, found in pulls.items() if name in (None, key)}
    if not chosen:
        raise ConfigurationError(
            f"No transporter {name or 'at all'} is to be asked",
            remedy="Name it in RTV_INBOUND__PULLS; see docs/sources.md.",
            code="PULL_UNSET",
        )
    store, now = open_store(context.settings), datetime.now(UTC)
    done = pull_tracking(context.dsn, store, chosen, now=now)
    loaded = load_files(context.dsn, store, [i for summary in done for i in summary.file_ids], now=now)
    rows = [
        {
            "name": summary.name,
            "awbs": summary.awbs,
            "requests": summary.requests,
            "answers": len(summary.file_ids),
            "awbs_left": summary.awbs_left,
            "failure": summary.failure.fact if summary.failure else None,
        }
        for summary in done
    ]
    if as_json:
        print_json({"pulls": rows, **loaded.counts()})
    else:
        print_table("Asked", rows, tuple(rows[0]))
        typer.echo(f"{loaded.counts()['rows_loaded']} scans loaded")
    failure = next((summary.failure for summary in done if summary.failure), None)
    if failure:
        raise failure


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("pull")(pull)
