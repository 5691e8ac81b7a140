"""Runs dbt in this process: the one place that knows its arguments, its environment and its results."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg.conninfo import conninfo_to_dict

from rtv_commands.build.keep_connections import kept_connections
from rtv_core.errors import (
    ConfigurationError,
    IntegrityError,
    InvalidInput,
    NotPermitted,
    RtvError,
    ServiceUnavailable,
)
from rtv_core.warehouse.ops_log import NodeOutcome

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

PROJECT_FOLDER = Path(__file__).resolve().parents[2] / "dbt_project"
# A build sorts and hashes whole tables in a few sessions; the server's own work_mem is for small readers.
_BUILD_SETTINGS = (
    "-c work_mem=128MB -c maintenance_work_mem=256MB -c enable_nestloop=off -c enable_mergejoin=off"
)
_GOOD = {"success", "pass", "no-op"}
_LOST = ("could not connect", "connection refused", "server closed the connection", "terminating connection")


def default_work_folder(dsn: str) -> Path:
    """A private folder under the temporary one, the same for every run on one warehouse."""
    target = conninfo_to_dict(dsn)
    name = repr((str(PROJECT_FOLDER), target.get("host"), target.get("port"), target.get("dbname")))
    root = Path(tempfile.gettempdir()) / f"rtv-dbt-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    if root.stat().st_uid != os.getuid():
        raise NotPermitted(
            f"{root} belongs to another user",
            remedy="Set TMPDIR to a folder of your own.",
            code="WORK_FOLDER_TAKEN",
        )
    return root / hashlib.sha256(name.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DbtRun:
    """dbt on one warehouse, as of one instant."""

    dsn: str
    as_of: datetime
    reporting_timezone: str
    threads: int
    work_folder: Path | None = None
    project_folder: Path | None = None
    manifest: Any = None

    def __post_init__(self) -> None:
        """Refuse an instant without an offset: it would mean another time on another machine."""
        if self.as_of.tzinfo is None:
            raise InvalidInput(
                "as_of carries no offset",
                remedy="Write it as 2026-11-30T23:59:59+05:30.",
                code="AS_OF_INVALID",
            )

    def parsed(self) -> DbtRun:
        """The same run with the project parsed once; an error of parsing shows in the first stage."""
        answer = self._answer("parse")
        return replace(self, manifest=answer.result) if answer.success else self

    def build(
        self, selected: Sequence[str], *, on_node: Callable[[str], None]
    ) -> tuple[list[NodeOutcome], BaseException | None]:
        """Build and test what is selected; unit tests stay with the test suite."""
        return self.invoke(
            "build",
            "--select", *selected,
            "--exclude-resource-type", "unit_test",
            "--indirect-selection", "buildable",
            on_node=on_node,
        )  # fmt: skip

    def invoke(
        self, *arguments: str, on_node: Callable[[str], None] | None = None
    ) -> tuple[list[NodeOutcome], BaseException | None]:
        """Run one dbt command; returns how its nodes ended, and what broke dbt itself."""
        answer = self._answer(*arguments, on_node=on_node)
        return _outcomes(answer), answer.exception

    def _answer(self, *arguments: str, on_node: Callable[[str], None] | None = None) -> dbtRunnerResult:
        from dbt.cli.main import dbtRunner

        project = str(self.project_folder or PROJECT_FOLDER)
        folder = self.work_folder or default_work_folder(self.dsn)
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            *arguments,
            "--project-dir", project, "--profiles-dir", project,
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
            "--log-level", "none", "--log-level-file", "none", "--quiet", "--no-write-json",
        ]  # fmt: skip
        with self._environment(), kept_connections():
            return dbtRunner(self.manifest, callbacks=[_teller(on_node)] if on_node else []).invoke(command)

    @contextmanager
    def _environment(self) -> Iterator[None]:
        """dbt's own inputs, for as long as it runs; it also moves into its project folder."""
        target = conninfo_to_dict(self.dsn)
        inputs = {
            "DBT_HOST": str(target.get("host") or "127.0.0.1"),
            "DBT_PORT": str(target.get("port") or 5432),
            "DBT_USER": str(target.get("user") or ""),
            "DBT_ENV_SECRET_PASSWORD": str(target.get("password") or ""),
            "DBT_DBNAME": str(target.get("dbname") or ""),
            "DBT_THREADS": str(self.threads),
            "DBT_AS_OF": self.as_of.isoformat(),
            "DBT_REPORTING_TIMEZONE": self.reporting_timezone,
            "DO_NOT_TRACK": "1",
            "PGOPTIONS": _BUILD_SETTINGS,
        }
        before, folder = dict(os.environ), Path.cwd()
        os.environ.update(inputs)
        try:
            yield
        finally:
            for name in inputs:
                os.environ.pop(name, None)
            os.environ.update({name: before[name] for name in inputs if name in before})
            os.chdir(folder)


def explain_failure(
    stage: str, outcomes: Sequence[NodeOutcome], broken: BaseException | None
) -> RtvError | None:
    """The error of a stage that did not end well, or None."""
    bad = [o for o in outcomes if o.node_status not in _GOOD | {"skipped"}]
    if broken is None and not bad:
        return None
    said = " ".join(str(broken or "").split()) or " ".join((bad[0].message or "").split())
    if any(word in said.lower() for word in _LOST):
        return ServiceUnavailable(
            f"The warehouse was lost in stage {stage}: {said[:300]}",
            remedy="Start it, then build again; readers still see the build before.",
            code="WAREHOUSE_LOST",
        )
    if not bad:
        return ConfigurationError(
            f"dbt could not run stage {stage}: {said[:600]}",
            remedy="Run `dbt parse` in dbt_project; readers still see the build before.",
            code="DBT_BROKEN",
        )
    return IntegrityError(
        f"Stage {stage} failed: {'; '.join(_sentence(o) for o in bad[:5])}"
        + (f"; and {len(bad) - 5} more" if len(bad) > 5 else ""),
        remedy="Nothing was published: readers still see the build before. "
        "ops.dbt_results names every node of the run; mend the input or the model, then build again.",
        code="BUILD_FAILED",
        stage=stage,
        nodes=[o.node_id for o in bad],
    )


def _sentence(outcome: NodeOutcome) -> str:
    name = outcome.node_id.split(".", 2)[-1]
    if outcome.resource_type == "test" and outcome.node_status == "fail":
        name = name.rsplit(".", 1)[0] if "." in name else name
        return f"test {name} found {outcome.failures} row{'s' if outcome.failures != 1 else ''}"
    return f"{outcome.resource_type} {name}: {' '.join((outcome.message or '').split())[:300]}"


def _outcomes(answer: dbtRunnerResult) -> list[NodeOutcome]:
    results: Any = getattr(answer.result, "results", None) or []
    return [
        NodeOutcome(
            node_id=result.node.unique_id,
            resource_type=str(result.node.resource_type),
            node_status=str(result.status),
            message=result.message,
            failures=result.failures,
            rows_affected=(result.adapter_response or {}).get("rows_affected"),
            duration_seconds=result.execution_time,
        )
        for result in results
    ]


def _teller(on_node: Callable[[str], None]) -> Callable[[Any], None]:
    def tell(event: Any) -> None:
        if event.info.name == "NodeFinished":
            node = event.data.node_info
            on_node(f"{node.resource_type} {node.node_name}: {node.node_status}")

    return tell
