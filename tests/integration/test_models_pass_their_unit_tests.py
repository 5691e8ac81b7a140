"""dbt's own unit tests, all of them, on an empty warehouse: what a page of docs/rules shows is run here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rtv_commands.build.run_dbt import DbtRun, NodeOutcome
from rtv_commands.document_rules import read_rules

AS_OF = datetime(2026, 12, 31, tzinfo=UTC)
GOOD = {"success", "pass", "no-op"}


def _bad(outcomes: list[NodeOutcome]) -> list[tuple[str, str | None]]:
    return [(found.node_id, found.message) for found in outcomes if found.node_status not in GOOD]


@pytest.mark.slow
def test_every_model_passes_its_unit_tests(warehouse_dsn: str) -> None:
    run = DbtRun(warehouse_dsn, AS_OF, "Asia/Kolkata", 2).parsed()
    # A unit test asks the warehouse for the columns of its inputs, so these have to be there, empty.
    made, broken = run.invoke(
        "build", "--exclude-resource-type", "unit_test", "test", "snapshot", "--select", "fqn:rtv_hub.*"
    )
    assert (_bad(made), broken) == ([], None)
    told, broken = run.invoke("test", "--select", "test_type:unit")
    assert (_bad(told), broken) == ([], None)
    told_of = {found.node_id.split(".")[2] for found in told}
    assert {rule.model for rule in read_rules()} <= told_of
