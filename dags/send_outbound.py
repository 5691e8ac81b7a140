"""Send every message that is due to its receiver, with one recorded row an attempt."""

from __future__ import annotations

from airflow.sdk import dag, task

from rtv_airflow.assets import CLAIMS, OUTBOX
from rtv_airflow.defaults import dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=(CLAIMS | OUTBOX), **dag_defaults(__doc__ or ""))
def send_outbound() -> None:
    """A message that is refused stays due until it is sent or parked with its reason."""

    @task
    def send_messages() -> dict[str, int]:
        from rtv_commands.send_outbound import send_outbound as send

        run = current_run()
        return send(run.dsn, run.settings, now=run.now).counts()

    send_messages()


send_outbound()
