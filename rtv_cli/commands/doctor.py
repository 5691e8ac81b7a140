"""`rtv doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table


@guarded
def doctor(
    settings: Annotated[
        bool, typer.Option("--settings", help="List every setting, its value and source.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Look at every part of this installation; exits 1 when something is wrong."""
    from rtv_cli.local.diagnosis import diagnose, explain_settings
    from rtv_core.settings import read_settings

    if settings:
        rows = explain_settings(read_settings())
        if as_json:
            print_json(rows)
        else:
            print_table("Settings", rows)
        return
    findings = [finding.as_dict() for finding in diagnose(read_settings())]
    if as_json:
        print_json(findings)
    else:
        print_table("Findings", findings, ["state", "subject", "fact", "remedy"])
    if any(finding["state"] == "wrong" for finding in findings):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)
