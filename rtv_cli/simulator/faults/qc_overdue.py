"""Goods that lay at the gate longer than agreed before the QC was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from typing_extensions import override

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.dice import between
from rtv_cli.simulator.faults.base import Discrepancy, Fault
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.papers.bay import opened_cartons
from rtv_cli.simulator.terms import QC_DUE_HOURS


class QcOverdue(Fault):
    """The bay opened the cartons days too late."""

    rule_code = "qc_overdue"

    @override
    def inject(self, case: Return, how: str, roll: Random, world: World) -> None:
        """Let the cartons stand."""
        case.opened_at = case.handover_at + timedelta(hours=QC_DUE_HOURS + between(roll, 2, 9))

    @override
    def truth(self, case: Return, world: World) -> Iterator[Discrepancy]:
        """One row a consignment whose QC ended after the hours agreed, or has not ended by then."""
        if not (case.is_announced and case.is_at_gate):
            return
        ended_at = opened_cartons(case)[-1][1] if case.progress == "closed" else world.as_of
        if ended_at > case.handover_at + timedelta(hours=QC_DUE_HOURS):
            yield self.alert_row(case, is_of_consignment=True)


FAULT = QcOverdue()
