"""Articles that are none of the brand's."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.codes import FOREIGN_PREFIX, ean13
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Pile, Return


class ForeignItem(Fault):
    """Somebody else's article lies in a carton; its code is valid and unknown to the master."""

    rule_code = "foreign_item"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Put it on top of what is there."""
        code = ean13(FOREIGN_PREFIX, between(roll, 1, 99_999_999))
        carton = between(roll, 0, len(case.cartons) - 1)
        case.piles.append(Pile(between(roll, 1, 3), carton, None, None, None, foreign_code=code))

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row for each item found."""
        for pile in case.seen_piles():
            if pile.foreign_code:
                key = (case.platform.code, case.rtv_no, None, None, None, None)
                yield Discrepancy(self.rule_code, *key, pile.qty, "platform", None)


FAULT = ForeignItem()
