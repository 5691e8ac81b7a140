"""Every night, ask transporters where their open consignments are; no scan that a push lost stays lost."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, task

from rtv_airflow.defaults import dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=CronTriggerTimetable("0 19 * * *", timezone="UTC"), **dag_defaults(__doc__ or ""))
def pull_tracking() -> None:
    """Answers land in the inbox as files; nobody is asked unless RTV_INBOUND__PULLS names him."""

    @task
    def ask_transporters() -> dict[str, int]:
        from rtv_commands.pull_tracking import pull_tracking as pull

        run = current_run()
        done = pull(run.dsn, run.open_store(), run.settings.inbound.pulls, now=run.now)
        for summary in done:
            if summary.failure:
                run.log.warning("%s: %s %s", summary.name, summary.failure.fact, summary.failure.remedy)
        return {
            "transporters": len(done),
            "awbs": sum(summary.awbs for summary in done),
            "answers": sum(len(summary.file_ids) for summary in done),
            "awbs_left": sum(summary.awbs_left for summary in done),
        }

    ask_transporters()


pull_tracking()
