"""Every morning, announce each deadline that comes near, once."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, task

from rtv_airflow.assets import OUTBOX
from rtv_airflow.defaults import dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=CronTriggerTimetable("0 1 * * *", timezone="UTC"), **dag_defaults(__doc__ or ""))
def watch_deadlines() -> None:
    """Near deadlines become messages in the outbox."""

    @task(outlets=[OUTBOX])
    def announce_deadlines() -> dict[str, int]:
        from rtv_commands.announce_deadlines import announce_deadlines as announce

        run = current_run()
        return announce(run.dsn, now=run.now).counts()

    announce_deadlines()


watch_deadlines()
