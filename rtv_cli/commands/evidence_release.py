"""`rtv evidence release` and `disclosures`: what leaves the hub, and what left it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.commands.evidence import evidence
from rtv_cli.output import guarded, print_json, print_table

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]


@guarded
def release_command(
    *,
    clip: Annotated[int, typer.Argument(help="Number of the clip, as the Evidence page shows it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it leaves.")],
    to: Annotated[str, typer.Option("--to", help="To whom.")],
    file: Annotated[Path, typer.Option("--file", help="File to write.")],
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Release a sealed clip as it is, of a camera with masks too; it is written down before it leaves."""
    from rtv_cli.context import open_context
    from rtv_commands.release_clip import release_clip
    from rtv_core.objects import open_store

    context = open_context(tenant)
    store, now = open_store(context.settings), datetime.now(UTC)
    released = release_clip(
        context.dsn, store, clip, file, reason=reason, to=to, actor=context.actor, now=now
    )
    files = [str(path) for path in released.paths]
    if as_json:
        print_json({"clip_id": released.clip_id, "files": files, "sha256": released.sha256})
    else:
        typer.echo(f"Released clip {released.clip_id} to {to}: {', '.join(files)}")


@guarded
def disclosures_command(
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, newest first.")] = 200,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """What left the hub: bundles and released clips, to whom, for what, by whom and when."""
    from rtv_cli.context import open_context
    from rtv_core.warehouse.connection import connect
    from rtv_core.warehouse.marts.disclosures import disclosures

    with connect(open_context(tenant).dsn) as connection:
        rows = [asdict(row) for row in disclosures(connection, tenant, limit=limit)]
    if as_json:
        print_json({"disclosures": rows})
    else:
        print_table("Disclosures", rows)


def register(_app: typer.Typer) -> None:
    """Attach the commands to `rtv evidence`."""
    evidence.command("release")(release_command)
    evidence.command("disclosures")(disclosures_command)
