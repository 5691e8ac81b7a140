"""Makes a world: the inputs as each party would write them, and the truth beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rtv_cli.simulator.catalogue import World, default_as_of, make_catalogue
from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.faults import all_faults
from rtv_cli.simulator.journey import is_removal, make_return
from rtv_cli.simulator.mess import Mess, Tidy
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.papers import bay, brand, platform, transport
from rtv_cli.simulator.papers.masters import write_masters
from rtv_cli.simulator.plan import Planner
from rtv_cli.simulator.sinks import Inputs, formats_of
from rtv_cli.simulator.sizes import size_named
from rtv_cli.simulator.truth import Totals, TruthBook
from rtv_core.errors import InvalidInput

Progress = Callable[[str, int, int], None]
LABEL_TEXT = (
    "SYNTHETIC. Everything in this folder was made by `rtv simulate`.\n"
    "Parties, people, goods and amounts are invented; no row describes a real company or return.\n"
)


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What was made, and where."""

    size: str
    seed: int
    as_of: datetime
    inputs: Path
    truth: Path
    footage: Path
    files: tuple[Path, ...]
    rows: dict[str, int]
    totals: Totals
    films: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "size": self.size,
            "seed": self.seed,
            "as_of": self.as_of.isoformat(),
            "is_synthetic": True,
            "inputs": str(self.inputs),
            "truth": str(self.truth),
            "footage": str(self.footage),
            "files": len(self.files),
            "rows": self.rows,
            "rtvs": self.totals.rtvs,
            "rtv_lines": self.totals.rtv_lines,
            "units": self.totals.units,
            "discrepancies": self.totals.discrepancies,
            "films": self.films,
        }


def plan_world(size: str, seed: int, as_of: datetime | None = None) -> World:
    """The standing part of the world of this size and seed."""
    return make_catalogue(size_named(size), seed, as_of or default_as_of(seed))


def returns_of(world: World) -> Iterator[Return]:
    """Every return of the world, one at a time, with what befell it."""
    planner = Planner(world.size, world.seed)
    faults = all_faults()
    for index in range(world.size.returns):
        plan = planner.plan(index, is_removal=is_removal(world, index))
        case = make_return(world, index, plan)
        for name in plan.faults:
            rule_code, _, how = name.partition(":")
            faults[rule_code].inject(case, how, dice(world.seed, rule_code, index), world)
        if case.progress == "partly_opened":
            for carton in case.cartons[len(case.cartons) // 2 or 1 :]:
                carton.is_opened = False
        yield case


def make_world(
    out: Path,
    *,
    size: str,
    seed: int,
    films: int = 0,
    own_films: Path | None = None,
    truth: Path | None = None,
    as_of: datetime | None = None,
    mess: Mess | None = None,
    on_progress: Progress | None = None,
) -> WorldSummary:
    """Write `out`/inputs, `out`/footage and the truth; the same bytes for the same size, seed and as_of."""
    world = plan_world(size, seed, as_of)
    truth_folder = _truth_folder(out, truth)
    mess = mess or Tidy()
    inputs = Inputs(out / "inputs", world.size.rows_a_file, formats_of(is_large=size == "large"), mess)
    book = TruthBook(truth_folder)
    (out / "SYNTHETIC.txt").write_text(LABEL_TEXT, encoding="utf-8")
    write_masters(world, inputs)
    for number, case in enumerate(returns_of(world), 1):
        _write_papers(case, world, inputs)
        book.add(case, world)
        if on_progress and (number % 100 == 0 or number == world.size.returns):
            on_progress("returns", number, world.size.returns)
    laid = 0
    if films:
        from rtv_cli.simulator.films import lay_films

        made = lay_films(out / "footage", world, films=films, own_films=own_films, on_progress=on_progress)
        laid = len(made)
        for film in made:
            inputs.write("footage", "all", film.footage_row())
    inputs.close()
    book.close(world)
    folders = (out / "inputs", truth_folder, out / "footage")
    return WorldSummary(
        size, seed, world.as_of, *folders, tuple(mess.files(inputs.paths)), inputs.rows, book.totals, laid
    )


def _write_papers(case: Return, world: World, inputs: Inputs) -> None:
    brand.write_dispatch(case, inputs)
    platform.write_manifest(case, inputs)
    transport.write_events(case, world, inputs)
    bay.write_gate_receipt(case, world, inputs)
    bay.write_captures(case, world, inputs)
    platform.write_debit_note(case, world, inputs)
    bay.write_goods_receipt(case, inputs)
    transport.write_documents(case, inputs)
    brand.write_credit_note(case, world, inputs)
    platform.write_stock_movements(case, inputs)


def _truth_folder(out: Path, truth: Path | None) -> Path:
    folder = (truth or out.with_name(f"{out.name}.truth")).resolve()
    if folder == out.resolve() or folder.is_relative_to(out.resolve()):
        raise InvalidInput(
            f"The truth must not lie under the inputs: {folder}",
            remedy="Name a folder beside the one of --out.",
            code="SIMULATOR_TRUTH_EXPOSED",
        )
    return folder
