"""`rtv epcis`: one return as an EPCIS 2.0 document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.output import errors, guarded, print_json


@guarded
def epcis(  # noqa: PLR0917 - the options of a command
    platform: Annotated[str, typer.Argument(help="The platform's code.")],
    rtv_no: Annotated[str, typer.Argument(help="The number of the return.")],
    to: Annotated[Path, typer.Option("--to", help="File to write, for example RTV-1.jsonld.")],
    carton: Annotated[str | None, typer.Option("--carton", help="One carton of it only.")] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Brand whose return it is.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Write what was received and inspected of a return as EPCIS 2.0 events, for the other side."""
    from rtv_cli.context import open_context
    from rtv_commands.export_epcis import export_epcis
    from rtv_core.exports.epcis import Return

    context = open_context(tenant)
    settings = context.settings
    of = Return(
        platform, rtv_no, settings.seal.origin.partition("/")[0], settings.dashboard.reporting_timezone
    )
    now = datetime.now(UTC)
    document = export_epcis(context.dsn, of, to.resolve(), tenant_code=tenant, now=now, carton_no=carton)
    events = len(document["epcisBody"]["eventList"])
    if as_json:
        print_json({"platform_code": platform, "rtv_no": rtv_no, "path": str(to), "events": events})
    else:
        errors.print(f"{events} events of {platform} {rtv_no} written to {to}", highlight=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("epcis")(epcis)
