"""Judge from its picture what the film of each new capture proves."""

from __future__ import annotations

from airflow.sdk import dag, task

from rtv_airflow.assets import EVIDENCE, MARTS
from rtv_airflow.defaults import MEDIA_QUEUE, dag_defaults
from rtv_airflow.run import current_run


@dag(schedule=[MARTS], **dag_defaults(__doc__ or ""))
def judge_films() -> None:
    """Batches are mapped to the queue `media`; where nothing waits, nobody is told of new evidence."""

    @task
    def find_waiting() -> list[list[tuple[str, str]]]:
        from rtv_commands.judge_captures import captures_to_judge

        run = current_run()
        size = run.settings.evidence.clip_batch_size
        waiting = captures_to_judge(run.dsn)
        return [waiting[start : start + size] for start in range(0, len(waiting), size)]

    @task(queue=MEDIA_QUEUE)
    def judge(captures: list[list[str]]) -> dict[str, float]:
        from rtv_commands.judge_captures import judge_captures

        run = current_run()
        wanted = [(tenant_code, capture_id) for tenant_code, capture_id in captures]
        return judge_captures(run.dsn, run.open_store(), wanted, now=run.now).counts()

    @task(outlets=[EVIDENCE])
    def tell(judged: list[dict[str, float]]) -> int:
        return sum(int(batch["judged"]) for batch in judged)

    tell(judge.expand(captures=find_waiting()))


judge_films()
