"""Units of a batch that this platform was never sold."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault, some_of, units_by_line
from rtv_cli.simulator.model import Batch, Return


class BatchMismatch(Fault):
    """The goods came from another channel: their batch is on no invoice to the platform."""

    rule_code = "batch_mismatch"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Swap a part of one line for units of such a batch."""
        lines = [line for line in case.untouched_lines() if line.batch]
        if lines:
            part = some_of(case, lines[0], roll)
            own = lines[0].batch
            part.condition = "strange_batch"
            part.batch = Batch(f"X{own.batch_no}", own.expiry_on) if own else None
            case.touched.add(lines[0].key)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a line, as soon as the units are seen."""
        seen = [pile for pile in case.seen_piles() if pile.condition == "strange_batch"]
        for line, qty in units_by_line(case, seen):
            yield self.line_row(case, line, qty)


FAULT = BatchMismatch()
