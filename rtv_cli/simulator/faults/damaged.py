"""Units that arrive broken or leaking."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of, units_by_line
from rtv_cli.simulator.model import Line, Pile, Return
from rtv_cli.simulator.names import SEGMENTS


class Damaged(Fault):
    """In transit when the carton shows it or the POD remarks it, in the platform's storage otherwise."""

    rule_code = "damaged"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Damage a part of some lines: `by_rate` perhaps none, `rough_ride` with a remark on the POD."""
        lines = case.untouched_lines()
        chance = world.size.rates.damaged_line
        chosen = [line for line in lines if roll.random() < chance]
        if how != "by_rate":
            chosen = chosen or lines[-1:]
        for line in chosen:
            self._damage(case, line, roll)
        if how == "rough_ride":
            case.pod_remark = "Carton crushed and wet, remarked at unloading"

    def _damage(self, case: Return, line: Line, roll: Random) -> None:
        leaks = any(segment.leaks for segment in SEGMENTS if segment.brand_code == case.brand_code)
        has_short = any(pile.lost_at == "packing" for pile in case.piles)
        part = some_of(case, line, roll, most_pct=60)
        part.condition = "leaking" if leaks and roll.random() < 0.7 else "damaged"
        # A carton that shows damage would cast doubt on who answers for a short beside it.
        part.damage_cause = roll.choice(
            ("storage", "unknown", "") if has_short else ("carton", "carton", "storage", "")
        )
        case.touched.add(line.key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line and liable role, as soon as the units are seen."""
        broken = [pile for pile in case.seen_piles() if pile.condition in ("damaged", "leaking")]
        in_transit = [pile for pile in broken if _is_transit(case, pile)]
        for line, qty in units_by_line(case, in_transit):
            yield self.line_row(case, line, qty, "transporter", case.transporter_code)
        for line, qty in units_by_line(case, [pile for pile in broken if not _is_transit(case, pile)]):
            yield self.line_row(case, line, qty)


def _is_transit(case: Return, pile: Pile) -> bool:
    return pile.damage_cause == "carton" or bool(case.pod_remark)


FAULT = Damaged()
