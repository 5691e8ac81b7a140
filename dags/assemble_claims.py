"""Group final discrepancies into claims, make their films fit to show, write the bundles of approved ones."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from rtv_airflow.assets import CLAIMS, EVIDENCE
from rtv_airflow.defaults import MEDIA_QUEUE, dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=[EVIDENCE], **dag_defaults(__doc__ or ""))
def assemble_claims() -> None:
    """A person approves and files; this DAG only prepares what there is to decide."""

    @task
    def assemble() -> dict[str, int]:
        from rtv_commands.assemble_claims import assemble_claims as assemble_all

        run = current_run()
        return assemble_all(run.dsn, actor=run.actor, now=run.now).counts()

    @task(queue=MEDIA_QUEUE)
    def present_clips() -> dict[str, Any]:
        from rtv_commands.present_clips import present_clips as present

        run = current_run()
        return present(run.dsn, run.open_store(), settings=run.settings, now=run.now).as_dict()

    @task(outlets=[CLAIMS])
    def build_bundles() -> dict[str, int]:
        from rtv_commands.build_bundle import build_ready_bundles

        run = current_run()
        return build_ready_bundles(
            run.dsn, run.open_store(), settings=run.settings, actor=run.actor, now=run.now
        ).counts()

    assemble() >> present_clips() >> build_bundles()


assemble_claims()
