"""Compute what is true about the returns, stage by stage, and publish it as one build."""

from __future__ import annotations

from airflow.sdk import dag, task

from rtv_airflow.assets import RAW, STAGE_ASSETS
from rtv_airflow.defaults import dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=[RAW], **dag_defaults(__doc__ or ""))
def transform_warehouse() -> None:
    """One task a dbt stage; a failed test stops the chain before anything is published."""

    @task
    def choose_as_of() -> str:
        return current_run().now.isoformat()

    def stage_task(stage: str, as_of: object) -> object:
        @task(task_id=f"build_{stage}", outlets=[STAGE_ASSETS[stage]])
        def build(stage_name: str, instant: str) -> dict[str, int]:
            from datetime import datetime

            from rtv_commands.build import run_stage

            run = current_run()
            result = run_stage(
                run.dsn,
                stage_name,
                as_of=datetime.fromisoformat(instant),
                run_id=run.run_id,
                threads=run.settings.warehouse.dbt_threads,
            )
            return result.counts()

        return build(stage, as_of)

    as_of = choose_as_of()
    previous = None
    for stage in STAGE_ASSETS:
        built = stage_task(stage, as_of)
        if previous is not None:
            previous >> built  # type: ignore[operator]
        previous = built


transform_warehouse()
