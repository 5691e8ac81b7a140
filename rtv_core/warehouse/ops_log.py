"""What builds did: one row a build, a stage and a dbt node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rtv_core.errors import ConflictError
from rtv_core.warehouse.connection import Connection, fetch_all


@dataclass(frozen=True, slots=True)
class NodeOutcome:
    """How one dbt node ended. `failures` counts the rows a failed test found."""

    node_id: str
    resource_type: str
    node_status: str
    message: str | None
    failures: int | None
    rows_affected: int | None
    duration_seconds: float


def begin_stage(connection: Connection, run_id: str, as_of: datetime, stage: str) -> int:
    """Note that a stage of a run starts, and the build with the first of them; returns the build's id."""
    build_id: int = fetch_all(
        connection,
        "insert into ops.builds (run_id, as_of) values (%s, %s) on conflict (run_id) do update "
        "set as_of = excluded.as_of, failed_at = null, failure = null returning build_id",
        (run_id, as_of),
    )[0]["build_id"]
    connection.execute(
        "insert into ops.build_stages (build_id, stage) values (%s, %s) on conflict (build_id, stage) "
        "do update set started_at = clock_timestamp(), finished_at = null, is_success = null",
        (build_id, stage),
    )
    return build_id


def end_stage(
    connection: Connection, build_id: int, stage: str, outcomes: Sequence[NodeOutcome], *, failure: str | None
) -> None:
    """Note how a stage ended; a failure marks the whole build failed."""
    connection.execute(
        "update ops.build_stages set finished_at = clock_timestamp(), is_success = %s "
        "where build_id = %s and stage = %s",
        (failure is None, build_id, stage),
    )
    if failure is not None:
        connection.execute(
            "update ops.builds set failed_at = clock_timestamp(), failure = %s where build_id = %s",
            (failure, build_id),
        )
    connection.execute(
        "delete from ops.dbt_results where stage = %s "
        "and run_id = (select run_id from ops.builds where build_id = %s)",
        (stage, build_id),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.dbt_results (run_id, stage, node_id, resource_type, node_status, message, "
            "failures, rows_affected, duration_seconds) "
            "select run_id, %s, %s, %s, %s, %s, %s, %s, %s from ops.builds where build_id = %s",
            [
                (stage, o.node_id, o.resource_type, o.node_status, o.message, o.failures, o.rows_affected,
                 o.duration_seconds, build_id)
                for o in outcomes
            ],
        )  # fmt: skip


def require_audited(connection: Connection, build_id: int, stages: Sequence[str]) -> None:
    """Refuse unless the candidate is this build's own: every stage passed, and no other build ran since."""
    passed = {
        row["stage"]
        for row in fetch_all(
            connection, "select stage from ops.build_stages where build_id = %s and is_success", (build_id,)
        )
    }
    missing = [stage for stage in stages if stage not in passed]
    if missing:
        raise ConflictError(
            f"Build {build_id} has not passed: {', '.join(missing)}",
            remedy="Run the stages in order, or `rtv build`; nothing was published.",
            code="BUILD_NOT_AUDITED",
        )
    others = fetch_all(
        connection,
        "select other.build_id from ops.build_stages as other "
        "where other.build_id <> %(build)s and other.stage = any(%(stages)s) and other.started_at > "
        "(select min(started_at) from ops.build_stages where build_id = %(build)s) limit 1",
        {"build": build_id, "stages": list(stages)},
    )
    if others:
        raise ConflictError(
            f"Build {others[0]['build_id']} ran while build {build_id} was being made",
            remedy="Build again: the candidate holds rows of both. Nothing was published.",
            code="BUILD_OVERTAKEN",
        )
