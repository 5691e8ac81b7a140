"""Bring every file that waits, in the drop folder, at partners or in the inbox, into the raw tables."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from rtv_airflow.assets import ARRIVALS, RAW
from rtv_airflow.defaults import dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=[ARRIVALS], **dag_defaults(__doc__ or ""))
def ingest_files() -> None:
    """Receive, load in batches, check the sets; the raw asset is updated when rows were loaded."""

    @task
    def receive_files() -> list[list[int]]:
        from ingest.ways.configured import ways_in
        from rtv_commands.load import plan_loads
        from rtv_commands.receive import receive_drop_folder
        from rtv_commands.receive_parcels import receive_parcels

        run = current_run()
        dropped = receive_drop_folder(
            run.dsn, run.open_store(), run.settings.drop_folder, actor=run.actor, now=run.now
        )
        for refusal in dropped.refused:
            run.log.warning("%s", refusal)
        for door in receive_parcels(
            run.dsn,
            run.open_store(),
            ways_in(run.settings),
            actor=run.actor,
            now=run.now,
            max_bytes=run.settings.intake.max_file_bytes,
        ):
            for refused in door.refused:
                run.log.warning("%s", refused)
            if door.failure:
                run.log.error("%s: %s %s", door.failure.code, door.failure.fact, door.failure.remedy)
        return plan_loads(run.dsn)

    @task(map_index_template="{{ batch_name }}")
    def load_files(file_ids: list[int]) -> dict[str, int]:
        from airflow.sdk import get_current_context

        from rtv_commands.load import load_files as load

        run = current_run()
        get_current_context()["batch_name"] = f"files {file_ids[0]} to {file_ids[-1]}"  # type: ignore[typeddict-unknown-key]
        return load(run.dsn, run.open_store(), file_ids, now=run.now).counts()

    @task
    def confirm_new_rows(counts: list[dict[str, int]]) -> int:
        from airflow.sdk.exceptions import AirflowSkipException

        changed = sum(count["rows_loaded"] for count in counts)
        if changed == 0:
            raise AirflowSkipException("No new rows: every file was seen before, is empty or in quarantine.")
        return changed

    @task(outlets=[RAW])
    def check_raw() -> dict[str, Any]:
        from rtv_commands.check import check_raw as check

        run = current_run()
        return check(run.dsn, run_id=run.run_id, now=run.now).counts()

    loaded = load_files.expand(file_ids=receive_files())
    confirm_new_rows(loaded) >> check_raw()


ingest_files()
