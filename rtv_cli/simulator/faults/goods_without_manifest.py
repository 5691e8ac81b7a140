"""Goods that arrive and that no manifest names."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class GoodsWithoutManifest(Fault):
    """A consignment of delisted articles, so that it fits no open RTV by chance."""

    rule_code = "goods_without_manifest"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Write no manifest; `fresh` came so lately that there is still time for one."""
        case.is_announced = False
        case.is_debited = False
        case.is_fresh = how == "fresh"

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment, when the days of grace are over."""
        if case.is_announced or case.is_fresh:
            return
        scanned = sum(pile.qty for pile in case.seen_piles())
        yield Discrepancy(
            self.rule_code, None, None, None, None, None, case.awb_no, scanned, "platform", None
        )


FAULT = GoodsWithoutManifest()
