"""Every night, hold what open claims need, remove evidence past its retention and unfinished uploads."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, task

from rtv_airflow.defaults import MEDIA_QUEUE, dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=CronTriggerTimetable("30 20 * * *", timezone="UTC"), **dag_defaults(__doc__ or ""))
def retain_media() -> None:
    """What open claims need is held first; removals are written to the audit trail."""

    @task(queue=MEDIA_QUEUE)
    def hold_open() -> dict[str, int]:
        from rtv_commands.hold_evidence import hold_evidence

        run = current_run()
        return hold_evidence(run.dsn, run.open_store(), actor=run.actor, now=run.now).counts()

    @task(queue=MEDIA_QUEUE)
    def remove_expired() -> dict[str, int]:
        from rtv_commands.retain_media import retain_media as retain

        run = current_run()
        return retain(
            run.dsn,
            run.open_store(),
            upload_folder=run.settings.upload_folder,
            retention_days=run.settings.evidence.retention_days,
            actor=run.actor,
            now=run.now,
        ).counts()

    hold_open() >> remove_expired()


retain_media()
