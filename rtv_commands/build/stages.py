"""The stages of a build and what each one runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from rtv_commands.build.run_dbt import DbtRun, explain_failure
from rtv_core.errors import InvalidInput
from rtv_core.warehouse.build_summary import RuleTotal, discrepancies_by_rule, rows_per_mart
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.ops_log import NodeOutcome, begin_stage, end_stage, require_audited
from rtv_core.warehouse.publish_store import publish_candidate, reset_candidate

STAGES = ("staging", "matching", "discrepancies", "marts", "publish")
_SELECTED = {
    "staging": ("resource_type:seed", "fqn:rtv_hub.staging"),
    "matching": (
        "fqn:rtv_hub.intermediate.core",
        "fqn:rtv_hub.intermediate.matching",
        "fqn:rtv_hub.intermediate.legs",
        "fqn:rtv_hub.intermediate.units",
    ),
    "discrepancies": ("fqn:rtv_hub.intermediate.discrepancies", "fqn:rtv_hub.intermediate.money"),
    "marts": ("fqn:rtv_hub.marts", "fqn:rtv_hub.bi"),
}

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one stage did."""

    stage: str
    build_id: int
    model_count: int
    test_count: int
    changed_rows: int
    seconds: float

    def counts(self) -> dict[str, int]:
        """Its figures, for a task's return value."""
        return {
            "build_id": self.build_id,
            "models": self.model_count,
            "tests": self.test_count,
            "changed_rows": self.changed_rows,
        }


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What one published build holds."""

    build_id: int
    run_id: str
    as_of: datetime
    stages: tuple[StageResult, ...]
    rows_per_mart: dict[str, int]
    discrepancies: tuple[RuleTotal, ...]


def run_stage(
    dsn: str,
    stage: str,
    *,
    as_of: datetime,
    run_id: str,
    threads: int = 2,
    work_folder: Path | None = None,
    project_folder: Path | None = None,
    reporting_timezone: str = "Asia/Kolkata",
    on_progress: Progress | None = None,
) -> StageResult:
    """Run one stage of a build.

    Raises an `RtvError` that names the failed tests or models; readers then still see the build before.
    `work_folder` keeps what dbt has parsed, between runs of one warehouse.
    """
    if stage not in STAGES:
        raise InvalidInput(
            f"No stage is called {stage}", remedy=f"Use one of: {', '.join(STAGES)}.", code="STAGE_UNKNOWN"
        )
    run = DbtRun(
        dsn,
        as_of=as_of,
        reporting_timezone=reporting_timezone,
        threads=threads,
        work_folder=work_folder,
        project_folder=project_folder,
    )
    return _run(run, stage, run_id, on_progress)


def build_warehouse(
    dsn: str,
    *,
    as_of: datetime,
    run_id: str,
    threads: int = 2,
    work_folder: Path | None = None,
    project_folder: Path | None = None,
    reporting_timezone: str = "Asia/Kolkata",
    on_progress: Progress | None = None,
) -> BuildResult:
    """Run all stages; readers see the new build only when every test has passed."""
    run = DbtRun(
        dsn,
        as_of=as_of,
        reporting_timezone=reporting_timezone,
        threads=threads,
        work_folder=work_folder,
        project_folder=project_folder,
    ).parsed()
    stages = tuple(_run(run, stage, run_id, on_progress) for stage in STAGES)
    with connect(dsn, application_name="rtv-build") as connection:
        return BuildResult(
            stages[-1].build_id,
            run_id,
            as_of,
            stages,
            rows_per_mart(connection),
            tuple(discrepancies_by_rule(connection)),
        )


def _run(run: DbtRun, stage: str, run_id: str, on_progress: Progress | None) -> StageResult:
    started = monotonic()
    with connect(run.dsn, application_name="rtv-build") as connection:
        build_id = begin_stage(connection, run_id, run.as_of, stage)
        if stage == "marts":
            reset_candidate(connection)
    if stage == "publish":
        changed = _publish(run.dsn, build_id)
        return StageResult(stage, build_id, 0, 0, changed, monotonic() - started)
    outcomes, broken = run.build(
        _SELECTED[stage], on_node=lambda text: on_progress(stage, text) if on_progress else None
    )
    failure = explain_failure(stage, outcomes, broken)
    with connect(run.dsn, application_name="rtv-build") as connection:
        end_stage(connection, build_id, stage, outcomes, failure=failure.fact if failure else None)
    if failure:
        raise failure
    return StageResult(
        stage, build_id, _count(outcomes, "model", "seed"), _count(outcomes, "test"), 0, monotonic() - started
    )


def _publish(dsn: str, build_id: int) -> int:
    with connect(dsn, application_name="rtv-publish") as connection:
        require_audited(connection, build_id, STAGES[:-1])
        changed = publish_candidate(connection, build_id)
        end_stage(connection, build_id, "publish", (), failure=None)
    return sum(changed.values())


def _count(outcomes: list[NodeOutcome], *resource_types: str) -> int:
    return sum(1 for outcome in outcomes if outcome.resource_type in resource_types)
