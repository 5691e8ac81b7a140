"""A paper that should have travelled along and that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return


class DocumentMissing(Fault):
    """The challan or the lorry receipt of a consignment is lost."""

    rule_code = "document_missing"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Lose one of the two."""
        case.lost_papers = (roll.choice(("challan", "lr")),)

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a lost paper of goods that were picked up."""
        if case.is_announced and case.is_collected:
            for _ in case.lost_papers:
                yield self.alert_row(case, is_of_consignment=False)


FAULT = DocumentMissing()
