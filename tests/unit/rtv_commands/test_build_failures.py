"""What a build says when it fails: which test, how many rows, and what to do."""

from __future__ import annotations

from rtv_commands.build.run_dbt import explain_failure
from rtv_core.errors import ConfigurationError, IntegrityError, ServiceUnavailable
from rtv_core.warehouse.ops_log import NodeOutcome


def _outcome(
    node_id: str, status: str, message: str | None = None, failures: int | None = None
) -> NodeOutcome:
    return NodeOutcome(node_id, node_id.split(".", maxsplit=1)[0], status, message, failures, None, 0.1)


def test_a_stage_that_passed_has_no_failure() -> None:
    outcomes = [_outcome("model.rtv_hub.fct_rtvs", "success"), _outcome("test.rtv_hub.assert_x", "pass")]
    assert explain_failure("marts", outcomes, None) is None


def test_a_failed_test_is_named_with_its_rows() -> None:
    outcomes = [
        _outcome("test.rtv_hub.assert_units_add_up", "fail", "Got 3 results", 3),
        _outcome("test.rtv_hub.unique_fct_rtvs_rtv_key.ab12cd", "fail", "Got 1 result", 1),
        _outcome("model.rtv_hub.fct_later", "skipped"),
    ]
    error = explain_failure("marts", outcomes, None)
    assert isinstance(error, IntegrityError)
    assert error.fact == (
        "Stage marts failed: test assert_units_add_up found 3 rows; test unique_fct_rtvs_rtv_key found 1 row"
    )
    assert error.facts["nodes"] == [outcome.node_id for outcome in outcomes[:2]]


def test_a_failed_model_tells_what_the_database_said() -> None:
    error = explain_failure(
        "matching", [_outcome("model.rtv_hub.int_x", "error", "column\n  y is unknown")], None
    )
    assert isinstance(error, IntegrityError)
    assert "model int_x: column y is unknown" in error.fact


def test_a_lost_warehouse_is_worth_another_try() -> None:
    said = "server closed the connection unexpectedly"
    assert isinstance(
        explain_failure("marts", [_outcome("model.rtv_hub.a", "error", said)], None), ServiceUnavailable
    )


def test_a_broken_project_is_told_apart() -> None:
    error = explain_failure("staging", [], RuntimeError("two models with the name a"))
    assert isinstance(error, ConfigurationError)
    assert error.code == "DBT_BROKEN"
