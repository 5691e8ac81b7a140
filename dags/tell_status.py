"""After each publish, tell the outside every consignment whose status changed."""

from __future__ import annotations

from airflow.sdk import dag, task

from rtv_airflow.assets import MARTS, OUTBOX
from rtv_airflow.defaults import dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=[MARTS], **dag_defaults(__doc__ or ""))
def tell_status() -> None:
    """Changes become rows of a log that is pulled, and messages where a receiver is set."""

    @task(outlets=[OUTBOX])
    def tell_changes() -> dict[str, int]:
        from rtv_commands.tell_status import tell_status as tell

        run = current_run()
        return tell(run.dsn, push=run.settings.outbound.webhook_url is not None, now=run.now).counts()

    tell_changes()


tell_status()
