"""`rtv verify BUNDLE`: is this proof bundle unchanged, and whose is it?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json


@guarded
def verify(
    bundle: Annotated[Path, typer.Argument(help="The bundle's zip file.")],
    trust: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="The hub's verifier key, or a file that holds it, got by another way."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Check every byte of a proof bundle. Exit code 0: proven; 3: intact, signer unknown; 1: broken."""
    from rtv_commands.verify_bundle import verify_bundle

    verdict = verify_bundle(bundle, trust)
    if as_json:
        print_json(
            {"verdict": verdict.outcome.value, "findings": list(verdict.findings), "facts": verdict.facts}
        )
    else:
        typer.echo(verdict.outcome.value.replace("_", " ").upper())
        for finding in verdict.findings:
            typer.echo(f"  {finding}")
    raise typer.Exit(verdict.exit_code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)
