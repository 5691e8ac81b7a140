"""The truth of a world, counted from the history of its units and never from what was written about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults import Discrepancy, all_faults
from rtv_cli.simulator.model import LineKey, Pile, Return

LINE_QUANTITIES = (
    "declared_qty",
    "received_qty",
    "accepted_qty",
    "condition_failed_qty",
    "short_qty",
    "wrong_item_in_place_qty",
    "pending_qty",
    "excess_qty",
    "substituted_qty",
    "foreign_qty",
)
RECEIVED = ("accepted_qty", "condition_failed_qty", "excess_qty", "substituted_qty", "foreign_qty")


def discrepancies(case: Return, world: World) -> Iterator[Discrepancy]:
    """Every discrepancy that this return's history holds, rule by rule."""
    for fault in all_faults().values():
        yield from fault.truth(case, world)


def rtv_lines(case: Return) -> Iterator[dict[str, Any]]:
    """The quantities of each RTV line; none for goods that no manifest names."""
    if not case.is_announced:
        return
    counted: dict[LineKey, dict[str, int]] = {
        line.key: dict.fromkeys(LINE_QUANTITIES, 0) for line in case.lines
    }
    for pile in case.piles:
        for key, quantity in _entries(case, pile):
            counted.setdefault(key, dict.fromkeys(LINE_QUANTITIES, 0))[quantity] += pile.qty
    if case.repeated_as:
        yield from _repeated_lines(case)
    prices = {line.key: line.price_minor for line in case.lines}
    for key, row in counted.items():
        row["received_qty"] = sum(row[name] for name in RECEIVED)
        yield {
            "platform_code": case.platform.code,
            "rtv_no": case.rtv_no,
            "sku_code": key.sku_code,
            "batch_no": key.batch_no,
            **row,
            "declared_value_minor": row["declared_qty"] * prices.get(key, 0),
            "is_final": row["pending_qty"] == 0,
        }


def _repeated_lines(case: Return) -> Iterator[dict[str, Any]]:
    """The lines of the document that repeats this one: all short, since nothing came on it."""
    for line in case.lines:
        yield {
            "platform_code": case.platform.code,
            "rtv_no": case.repeated_as,
            "sku_code": line.key.sku_code,
            "batch_no": line.key.batch_no,
            **dict.fromkeys(LINE_QUANTITIES, 0),
            "declared_qty": line.declared_qty,
            "short_qty": line.declared_qty,
            "declared_value_minor": line.declared_qty * line.price_minor,
            "is_final": True,
        }


def _entries(case: Return, pile: Pile) -> Iterator[tuple[LineKey, str]]:
    """Which line and quantity the pile's units count in."""
    is_seen = case.is_seen(pile)
    if pile.declared is None:
        if is_seen:
            yield _own_key(pile), "foreign_qty" if pile.foreign_code else "excess_qty"
        return
    yield pile.declared, "declared_qty"
    if not is_seen:
        yield pile.declared, "short_qty" if _is_known_lost(case, pile) else "pending_qty"
    elif pile.is_replaced:
        yield pile.declared, "wrong_item_in_place_qty"
        yield _own_key(pile), "substituted_qty"
    else:
        yield pile.declared, "accepted_qty" if pile.condition == "sound" else "condition_failed_qty"


def _own_key(pile: Pile) -> LineKey:
    return LineKey(pile.sku.sku_code if pile.sku else None, pile.batch.batch_no if pile.batch else None)


def _is_known_lost(case: Return, pile: Pile) -> bool:
    return (
        case.is_lost
        or case.fate_of(pile) == "unsent"
        or (case.progress == "closed" and case.fate_of(pile) is not None)
    )


@dataclass(slots=True)
class Totals:
    """The sums of a world's truth."""

    rtvs: int = 0
    rtv_lines: int = 0
    units: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LINE_QUANTITIES, 0))
    discrepancies: dict[str, dict[str, int]] = field(default_factory=dict)

    def add_line(self, row: dict[str, Any]) -> None:
        """Count a line."""
        self.rtv_lines += 1
        for name in LINE_QUANTITIES:
            self.units[name] += row[name]

    def add_discrepancy(self, row: Discrepancy) -> None:
        """Count a discrepancy under its rule."""
        tally = self.discrepancies.setdefault(row.rule_code, {"rows": 0, "qty": 0, "value_minor": 0})
        tally["rows"] += 1
        tally["qty"] += row.discrepancy_qty
        tally["value_minor"] += row.value_minor or 0


class TruthBook:
    """Writes the truth where the pipeline does not look: a folder of its own, for its owner's eyes only."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._discrepancies = (folder / "discrepancies.jsonl").open("wb")
        self._lines = (folder / "rtv_lines.jsonl").open("wb")
        self.totals = Totals()

    def add(self, case: Return, world: World) -> None:
        """Write what is true of one return."""
        self.totals.rtvs += case.is_announced
        for line in rtv_lines(case):
            self.totals.add_line(line)
            self._lines.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        for row in discrepancies(case, world):
            self.totals.add_discrepancy(row)
            self._discrepancies.write(orjson.dumps(asdict(row), option=orjson.OPT_APPEND_NEWLINE))

    def close(self, world: World) -> None:
        """Finish the files and write the totals."""
        self._discrepancies.close()
        self._lines.close()
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        about = {
            "seed": world.seed,
            "size": world.size.name,
            "as_of": world.as_of.isoformat(),
            "is_synthetic": True,
        }
        (self._folder / "totals.json").write_bytes(orjson.dumps(about | asdict(self.totals), option=options))
