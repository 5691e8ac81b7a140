"""Every night, remove evidence that is past its retention and uploads nobody finished."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, task

from rtv_airflow.defaults import MEDIA_QUEUE, dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=CronTriggerTimetable("30 20 * * *", timezone="UTC"), **dag_defaults(__doc__ or ""))
def retain_media() -> None:
    """What is removed is written to the audit trail; the seal log keeps its entry."""

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

    remove_expired()


retain_media()
