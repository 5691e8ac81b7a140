"""Every DAG keeps the house's policy; the bag is never empty."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = {
    "ingest_files",
    "transform_warehouse",
    "cut_evidence_clips",
    "judge_films",
    "assemble_claims",
    "send_outbound",
    "tell_status",
    "watch_deadlines",
    "retain_media",
    "pull_tracking",
}


def test_every_file_is_one_dag_of_its_name(dag_bag: DagBag) -> None:
    assert dag_bag.import_errors == {}
    assert set(dag_bag.dags) == EXPECTED == {path.stem for path in (ROOT / "dags").glob("*.py")}
    for dag_id, dag in dag_bag.dags.items():
        assert Path(dag.fileloc).stem == dag_id


def test_every_dag_says_what_it_does_in_one_sentence(dag_bag: DagBag) -> None:
    for dag in dag_bag.dags.values():
        assert dag.description is not None
        assert dag.description[0].isupper()
        assert dag.description.rstrip().endswith(".")
        assert "\n" not in dag.description.strip()


def test_every_dag_runs_once_at_a_time_without_catch_up(dag_bag: DagBag) -> None:
    for dag in dag_bag.dags.values():
        assert dag.max_active_runs == 1
        assert dag.catchup is False
        assert dag.is_paused_upon_creation is False
        assert dag.dagrun_timeout is not None
        assert "rtv" in dag.tags


def test_every_task_has_an_owner_retries_and_a_bound(dag_bag: DagBag) -> None:
    tasks = [task for dag in dag_bag.dags.values() for task in dag.tasks]
    assert len(tasks) >= 18
    for task in tasks:
        assert task.owner == "rtv-hub"
        assert task.retries >= 1
        assert task.retry_policy is not None
        assert task.execution_timeout is not None
        assert task.execution_timeout <= timedelta(hours=1)


def test_films_are_touched_on_the_media_queue_only(dag_bag: DagBag) -> None:
    queues = {
        f"{task.dag_id}.{task.task_id}": task.queue for dag in dag_bag.dags.values() for task in dag.tasks
    }
    assert {name for name, queue in queues.items() if queue == "media"} == {
        "cut_evidence_clips.index_footage",
        "cut_evidence_clips.cut_clips",
        "judge_films.judge",
        "cut_evidence_clips.present_clips",
        "assemble_claims.present_clips",
        "retain_media.hold_open",
        "retain_media.remove_expired",
    }


def test_the_chain_from_file_to_message_has_no_gap(dag_bag: DagBag) -> None:
    """Each DAG waits for an asset that another DAG, or a watcher, updates."""
    updated = {outlet.name for dag in dag_bag.dags.values() for task in dag.tasks for outlet in task.outlets}
    waited = {
        dag_id: {asset.name for asset in dag.timetable.asset_condition.objects}
        for dag_id, dag in dag_bag.dags.items()
        if getattr(dag.timetable, "asset_condition", None)
    }
    assert waited["ingest_files"] == {"arrivals"}
    assert waited["transform_warehouse"] == {"raw"}
    assert waited["cut_evidence_clips"] == {"marts"}
    assert waited["judge_films"] == {"marts"}
    assert waited["assemble_claims"] == {"evidence"}
    assert waited["tell_status"] == {"marts"}
    assert waited["send_outbound"] == {"claims", "outbox"}
    watched = {"arrivals", "outbox"}
    assert set.union(*waited.values()) <= updated | watched
