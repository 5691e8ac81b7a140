"""`rtv evidence judge`, `judge-captures`: what films prove, read from their picture."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.commands.evidence import JsonOption, TenantOption, evidence
from rtv_cli.output import errors, guarded, print_json, print_table


@guarded
def judge_command(
    path: Annotated[Path, typer.Argument(metavar="FILM", help="The recording of one unboxing.")],
    label: Annotated[
        str | None, typer.Option("--label", help="The AWB or RTV number on the parcel, as its code says it.")
    ] = None,
    scanned: Annotated[
        list[str] | None, typer.Option("--scanned", help="A code that the operator scanned; repeat for each.")
    ] = None,
    declared_seconds: Annotated[
        float | None, typer.Option("--lasted", help="Seconds that the capture took by the bay's clock.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a film proves: label legible, one unbroken take, items seen. Exit code 1 when it is broken."""
    from rtv_commands.judge_film import judge_film

    with errors.status("Watching the film"):
        facts = judge_film(path, label=label, scanned=scanned or [], declared_seconds=declared_seconds)
    if as_json:
        print_json(facts.as_dict())
    else:
        questions = {
            "label legible before opening": facts.label_legible,
            "one unbroken take": facts.one_take,
            "sealed until opened": facts.sealed_until_opened,
            **{f"seen: {text}": fact for text, fact in facts.items_seen.items()},
        }
        print_table(
            f"{path.name}: {facts.frames} frames in {facts.seconds:.1f} s",
            [
                {"question": name, "answer": fact.answer.replace("_", " "), "why": fact.reason}
                for name, fact in questions.items()
            ],
        )
        if facts.seen_never_scanned:
            print_table("Seen but never scanned", [{"code": text} for text in facts.seen_never_scanned])
    if facts.one_take.answer == "no":
        raise typer.Exit(1)


@guarded
def judge_captures_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Judge the film of each capture that waits, and keep what it proves."""
    from rtv_cli.context import open_context
    from rtv_commands.judge_captures import captures_to_judge, judge_captures
    from rtv_core.objects import open_store

    context = open_context(tenant)
    with errors.status("Watching films"):
        summary = judge_captures(
            context.dsn,
            open_store(context.settings),
            captures_to_judge(context.dsn, tenant_code=tenant),
            now=datetime.now(UTC),
        )
    if as_json:
        print_json(summary.counts())
    else:
        print_table("Films", [summary.counts()])


def register(_app: typer.Typer) -> None:
    """Attach the commands to `rtv evidence`."""
    evidence.command("judge")(judge_command)
    evidence.command("judge-captures")(judge_captures_command)
