"""The demo: start everything, send a synthetic world through it, wait until the last message is sent."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rtv_cli.context import embedded_postgres
from rtv_cli.local.serve import launch, wait_until_ready
from rtv_cli.simulator.world import make_world
from rtv_commands.approve_claim import approve_claim
from rtv_commands.build_bundle import build_bundle
from rtv_commands.look_for_work import describe_arrivals, describe_due_messages
from rtv_commands.register_operator import register_operator
from rtv_core.airflow_state import AirflowState, read_airflow_state
from rtv_core.errors import InvalidInput, ResourceExhausted, TerminalError
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.model.claim import ClaimStatus
from rtv_core.objects import open_store
from rtv_core.settings import Settings, read_settings
from rtv_core.warehouse.build_summary import discrepancies_by_rule
from rtv_core.warehouse.claim_store import list_claims
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.totals import last_load_and_build, pipeline_totals

Progress = Callable[[str], None]

FILMS = 20
APPROVED = 3
TENANT = "default"
OPERATOR = "OP-DEMO"
CHAIN = ("cut_evidence_clips", "assemble_claims", "send_outbound")


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo shows at its end."""

    addresses: dict[str, str]
    sign_in: dict[str, str]
    totals: dict[str, int]
    by_rule: list[dict[str, Any]]
    dags: dict[str, str | None]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "is_synthetic": True,
            "addresses": self.addresses,
            "sign_in": self.sign_in,
            "totals": self.totals,
            "discrepancies_by_rule": self.by_rule,
            "dags": self.dags,
            "seconds": round(self.seconds, 1),
        }


def run_demo(
    settings: Settings, *, size: str, seed: int, own_films: Path | None, on_progress: Progress
) -> DemoResult:
    """Run the demo, or resume one that was stopped; the hub stays up afterwards.

    Raises `InvalidInput` for a footage folder that is none, `ServiceUnavailable` when a process does
    not start, `TerminalError` when a DAG fails, `ResourceExhausted` when the pipeline takes too long.
    """
    if own_films is not None and not own_films.is_dir():
        raise InvalidInput(
            f"{own_films} is no folder",
            remedy="Name a folder with films: make demo FOOTAGE=DIR.",
            code="FOOTAGE_FOLDER",
        )
    began = time.monotonic()
    folder = settings.home_folder / "demo"
    note = folder / "world.json"
    process = launch(settings)
    if not note.exists():
        on_progress(f"making a synthetic world ({size}, seed {seed})")
        _make(folder, size=size, seed=seed, own_films=own_films, on_progress=on_progress)
    wait_until_ready(settings, process, lambda name: on_progress(f"{name} is ready"))
    settings = read_settings()
    dsn = embedded_postgres(settings).dsn()
    if not note.exists():
        pin = _register(dsn, folder)
        _lay(folder, settings)
        note.write_text(json.dumps({"size": size, "seed": seed, "pin": pin}), encoding="utf-8")
        on_progress("the world lies in the drop folder")
    dags = _wait_for_chain(settings, dsn, on_progress)
    kept = json.loads(note.read_text(encoding="utf-8"))
    if _approve_like_a_person(settings, dsn, on_progress):
        dags = _wait_for_chain(settings, dsn, on_progress)
    with connect(dsn, application_name="rtv-demo") as connection:
        totals = pipeline_totals(connection)
        rules = discrepancies_by_rule(connection)
    return DemoResult(
        addresses={
            "dashboard": f"http://{settings.dashboard.host}:{settings.dashboard.port}",
            "returns QC app": f"http://{settings.api.host}:{settings.api.port}",
            "Airflow": f"http://{settings.airflow.host}:{settings.airflow.port}",
            "warehouse": dsn,
        },
        sign_in={
            "user": settings.dashboard.user,
            "password": settings.dashboard.password.get_secret_value() if settings.dashboard.password else "",
            "operator": OPERATOR,
            "pin": kept["pin"],
        },
        totals=totals,
        by_rule=[
            {
                "rule": rule.rule_code,
                "discrepancies": rule.discrepancy_count,
                "quantity": rule.discrepancy_qty,
                "value_minor": rule.value_minor,
                "currency": rule.currency_code,
            }
            for rule in rules
        ],
        dags=dags,
        seconds=time.monotonic() - began,
    )


def _make(folder: Path, *, size: str, seed: int, own_films: Path | None, on_progress: Progress) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The world ends now, so that its deadlines are ahead of whoever looks at it.
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    told: dict[str, int] = {}

    def report(what: str, done: int, total: int) -> None:
        share = 10 * done // max(total, 1)
        if told.get(what) != share:
            told[what] = share
            on_progress(f"{what}: {done} of {total}")

    truth = folder.parent.with_name(f"{folder.parent.name}.truth")
    make_world(
        folder / "world",
        size=size,
        seed=seed,
        films=FILMS,
        own_films=own_films,
        truth=truth,
        as_of=today,
        on_progress=report,
    )


def _register(dsn: str, folder: Path) -> str:
    pin = f"{secrets.randbelow(10**6):06d}"
    nodes = folder / "world" / "inputs"
    first = sorted(nodes.glob("cameras*"))[0].read_text(encoding="utf-8").splitlines()
    header, row = (line.split(",") for line in first[:2])
    register_operator(
        dsn,
        operator_code=OPERATOR,
        operator_name="Demo operator (synthetic)",
        node_code=row[header.index("node_code")],
        pin=pin,
        actor=Actor(ActorKind.JOB, "demo", frozenset({Role.ADMIN}), TENANT),
        now=datetime.now(UTC),
    )
    return pin


def _lay(folder: Path, settings: Settings) -> None:
    world = folder / "world"
    if (world / "footage").exists():
        shutil.copytree(world / "footage", settings.footage_folder, dirs_exist_ok=True)
    drop = settings.drop_folder / TENANT
    drop.mkdir(parents=True, exist_ok=True)
    for source in sorted((world / "inputs").iterdir()):
        part = drop / f".{source.name}.part"
        shutil.copyfile(source, part)
        part.rename(drop / source.name)


def _approve_like_a_person(settings: Settings, dsn: str, on_progress: Progress) -> bool:
    """Approve the ready claims worth most and write their bundles, as a person does on the page Claims."""
    now = datetime.now(UTC)
    actor = Actor(ActorKind.PERSON, "demo (approves by itself)", frozenset({Role.ADMIN}), TENANT)
    with connect(dsn, application_name="rtv-demo") as connection:
        ready = list_claims(connection, TENANT, [ClaimStatus.READY.value])
        approved = list_claims(connection, TENANT, [ClaimStatus.APPROVED.value])
    if approved or not ready:
        return False
    worth_most = sorted(ready, key=lambda claim: (-claim.claimed_minor, claim.claim_no))[:APPROVED]
    store = open_store(settings)
    for claim in worth_most:
        approve_claim(dsn, claim.claim_no, claim.row_version, actor, now, "Approved by the demo.")
        build_bundle(dsn, store, claim.claim_no, settings=settings, actor=actor, now=now)
    on_progress(f"approved {len(worth_most)} of {len(ready)} ready claims; the rest wait for you")
    return True


def _wait_for_chain(
    settings: Settings, dsn: str, on_progress: Progress, *, wait_seconds: float = 900
) -> dict[str, str | None]:
    end = time.monotonic() + wait_seconds
    told = ""
    while time.monotonic() < end:
        password = settings.dashboard.password.get_secret_value() if settings.dashboard.password else ""
        airflow = read_airflow_state(settings.airflow, user=settings.dashboard.user, password=password)
        failed = [dag for dag in airflow.dags if dag.state == "failed"]
        if failed:
            raise TerminalError(
                f"The DAG {failed[0].dag_id} failed in run {failed[0].run_id}",
                remedy=f"Open {airflow.address}, read the failed task's log, mend it and run the demo again.",
                code="DAG_FAILED",
            )
        stage = _describe(settings, dsn, airflow)
        if not stage:
            return {dag.dag_id: dag.state for dag in airflow.dags}
        if stage != told:
            on_progress(stage)
            told = stage
        # A question to Airflow is a sign-in and one request a DAG, of the processors that do the work.
        time.sleep(2)
    raise ResourceExhausted(
        f"The pipeline was not through after {wait_seconds:.0f} s; it was at: {told}",
        remedy="Look at the DAGs in Airflow; run the demo again to go on waiting.",
        code="DEMO_TIMEOUT",
    )


def _describe(settings: Settings, dsn: str, airflow: AirflowState) -> str:
    """What the pipeline is doing; empty when everything that came in has gone all the way through."""
    running = sorted(dag.dag_id for dag in airflow.dags if dag.state in ("running", "queued"))
    if running:
        return f"Airflow runs {', '.join(running)}"
    if describe_arrivals(dsn, settings.drop_folder):
        return "files wait for Airflow"
    with connect(dsn, application_name="rtv-demo") as connection:
        loaded_at, build_started_at, published_at = last_load_and_build(connection)
    if loaded_at is None or build_started_at is None or published_at is None or build_started_at < loaded_at:
        return "the build waits for Airflow"
    runs = {dag.dag_id: dag for dag in airflow.dags}
    for dag_id in CHAIN:
        dag = runs.get(dag_id)
        if dag is None or dag.started_at is None or dag.started_at < published_at - timedelta(seconds=1):
            return f"{dag_id} waits for Airflow"
    return "messages wait for Airflow" if describe_due_messages(dsn) else ""
