"""Index new footage, cut a clip for every discrepancy that says where to look, and seal it."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from rtv_airflow.assets import EVIDENCE, MARTS
from rtv_airflow.defaults import MEDIA_QUEUE, dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=[MARTS], **dag_defaults(__doc__ or ""))
def cut_evidence_clips() -> None:
    """Batches of clips are mapped to the queue `media`, so that a host with the films can take them."""

    @task(queue=MEDIA_QUEUE)
    def index_footage() -> dict[str, int]:
        from rtv_commands.index_footage import index_footage as index

        run = current_run()
        folder = run.settings.footage_folder
        folder.mkdir(parents=True, exist_ok=True)
        return index(run.dsn, run.open_store(), folder, now=run.now).counts()

    @task
    def plan_clips() -> list[list[dict[str, Any]]]:
        from rtv_commands.plan_clips import plan_clips as plan

        run = current_run()
        size = run.settings.evidence.clip_batch_size
        wanted = [
            request.as_dict()
            for request in plan(run.dsn, margin_seconds=run.settings.evidence.margin_seconds)
        ]
        return [wanted[start : start + size] for start in range(0, len(wanted), size)]

    @task(queue=MEDIA_QUEUE)
    def cut_clips(requests: list[dict[str, Any]]) -> dict[str, int]:
        from rtv_commands.cut_clips import cut_clips as cut
        from rtv_core.model.window import ClipRequest

        run = current_run()
        return cut(
            run.dsn,
            run.open_store(),
            [ClipRequest.from_dict(entry) for entry in requests],
            settings=run.settings,
            now=run.now,
        ).counts()

    @task(queue=MEDIA_QUEUE, trigger_rule="none_failed")
    def present_clips() -> dict[str, Any]:
        from rtv_commands.present_clips import present_clips as present

        run = current_run()
        return present(run.dsn, run.open_store(), settings=run.settings, now=run.now).as_dict()

    @task(outlets=[EVIDENCE], trigger_rule="none_failed")
    def make_checkpoint() -> dict[str, Any]:
        from rtv_commands.seal_entries import seal_checkpoint

        run = current_run()
        return seal_checkpoint(run.dsn, run.settings, now=run.now).as_dict()

    planned = plan_clips()
    index_footage() >> planned
    cut_clips.expand(requests=planned) >> present_clips() >> make_checkpoint()


cut_evidence_clips()
