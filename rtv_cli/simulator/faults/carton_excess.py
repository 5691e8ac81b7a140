"""A carton more than anybody counted before the gate."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Carton, Pile, Return


class CartonExcess(Fault):
    """Another return's carton got into this one; its units are an excess."""

    rule_code = "carton_excess"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Add a carton with units of one line."""
        lines = case.untouched_lines()
        if not lines:
            return
        line = roll.choice(lines)
        case.cartons.append(Carton(f"{case.rtv_no}-X01", is_surplus=True))
        case.piles.append(Pile(between(roll, 2, 6), len(case.cartons) - 1, None, line.sku, line.batch))
        case.touched.add(line.key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment at the gate, without a value; the units have rows of their own."""
        surplus = sum(carton.is_surplus for carton in case.cartons)
        if surplus and case.is_at_gate:
            key = (case.platform.code, case.rtv_no, None, None, case.transporter_code, case.awb_no)
            yield Discrepancy(self.rule_code, *key, surplus, "platform", None)


FAULT = CartonExcess()
