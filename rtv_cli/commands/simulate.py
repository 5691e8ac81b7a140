"""`rtv simulate`: makes a synthetic world of returns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rtv_cli.output import errors, guarded, print_json


@guarded
def simulate(  # noqa: PLR0917 - the options of a command
    out: Annotated[Path, typer.Option("--out", help="Folder to write; inputs go to its `inputs`.")],
    size: Annotated[
        str, typer.Option("--size", help="small (66 RTVs), medium (2,000) or large (1 M lines).")
    ] = "small",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.", min=0)] = 1,
    truth: Annotated[
        Path | None, typer.Option("--truth", help="Folder of the truth; default: OUT.truth.")
    ] = None,
    films: Annotated[int, typer.Option("--films", help="How many camera films to make.", min=0)] = 0,
    own_films: Annotated[
        Path | None,
        typer.Option("--footage", help="A folder with films of yours, laid as the cameras' footage."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The instant at which the world is seen (ISO 8601).")
    ] = None,
    is_messy: Annotated[
        bool,
        typer.Option("--mess", help="Write the papers as careless parties would; the truth stays."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Make a synthetic world: the inputs as each party would write them, and its truth beside them."""
    from rtv_cli.simulator.mess import Careless
    from rtv_cli.simulator.world import make_world

    def report(what: str, done: int, total: int) -> None:
        if errors.is_terminal and not as_json:
            errors.print(f"{what}: {done} of {total}", end="\r")

    summary = make_world(
        out,
        size=size,
        seed=seed,
        films=films,
        own_films=own_films,
        truth=truth,
        as_of=_instant(as_of),
        mess=Careless(seed) if is_messy else None,
        on_progress=report,
    )
    if as_json:
        print_json(summary.as_dict())
        return
    typer.echo(f"Synthetic world: {summary.size}, seed {seed}, as of {summary.as_of.isoformat()}")
    counted = f"{summary.totals.rtvs} RTVs, {summary.totals.rtv_lines} lines in {len(summary.files)} files"
    typer.echo(f"{counted}: {summary.inputs}")
    typer.echo(f"Truth: {summary.truth}")
    if summary.films:
        typer.echo(f"{summary.films} films: {summary.footage}")


def _instant(text: str | None) -> datetime | None:
    from rtv_core.errors import InvalidInput

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f"{text} is no instant", remedy="Write it as 2026-11-16T12:00:00+05:30.", code="SIMULATOR_AS_OF"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)
