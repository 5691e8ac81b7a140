"""Data health: what came in, what became of each row, what was checked, what was built, what ran."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from rtv_core.airflow_state import AirflowState, read_airflow_state
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts import health as reads
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import Figure, anchor, badge, figures, link, section, table, title
from streamlit_app.session import PageContext, page_context
from streamlit_app.views.camera_clocks import show_camera_clocks
from streamlit_app.views.quarantine import show_quarantine
from streamlit_app.views.unknown_statuses import show_unknown_statuses
from streamlit_app.words import NOTHING, at, count, grouped, size, words

FILES_SHOWN = 100
ROWS_SHOWN = 50
PARTS = {
    "files": "Files",
    "quarantine": "Quarantine",
    "checks": "Checks",
    "builds": "Builds",
    "dags": "DAG runs",
    "cameras": "Cameras",
}


def _choose_part() -> None:
    st.query_params.clear()
    st.query_params["part"] = st.session_state["health.part"] or "files"


def show() -> None:
    """Draw the part that the address names."""
    context = page_context()
    title("Data health", "Every file kept, every row accounted for, every check with its history.")
    part = st.query_params.get("part", "files")
    part = part if part in PARTS else "files"
    with context.reads() as connection:
        totals = reads.file_totals(connection, context.tenant_code)
        _show_totals(totals)
        st.session_state["health.part"] = part
        st.segmented_control(
            "Part",
            list(PARTS),
            key="health.part",
            format_func=PARTS.__getitem__,
            on_change=_choose_part,
            label_visibility="collapsed",
        )
        _DRAWN[part](connection, context)


def _show_totals(totals: reads.FileTotals) -> None:
    accounted = totals.rows_loaded + totals.rows_superseded + totals.rows_quarantined
    adds_up = accounted == totals.rows_in and not totals.unbalanced
    figures(
        [
            Figure(
                "Files",
                grouped(totals.files),
                f"{grouped(totals.files_pending)} waiting",
                link("data-health"),
                "plain",
            ),
            Figure(
                "Files not readable",
                grouped(totals.files_quarantined),
                "quarantined whole",
                link("data-health", part="files", state="quarantined"),
                "bad" if totals.files_quarantined else "good",
            ),
            Figure(
                "Rows in quarantine",
                grouped(totals.rows_waiting),
                "to mend and replay",
                link("data-health", part="quarantine"),
                "warn" if totals.rows_waiting else "good",
            ),
        ]
    )
    st.html(
        f'<div class="rtv-equation"><span><b>{grouped(totals.rows_in)}</b> <span>rows '
        "in</span></span> <span>=</span>"
        f"<span><b>{grouped(totals.rows_loaded)}</b> <span>loaded</span></span> <span>+</span>"
        f"<span><b>{grouped(totals.rows_superseded)}</b> <span>superseded</span></span> <span>+</span>"
        f"<span><b>{grouped(totals.rows_quarantined)}</b> <span>quarantined</span></span> "
        f"{badge('adds up' if adds_up else 'does not add up', 'good' if adds_up else 'bad')}</div>"
    )


def _show_files(connection: Connection, context: PageContext) -> None:
    state = st.query_params.get("state")
    files = reads.files(connection, context.tenant_code, status=state, limit=FILES_SHOWN, offset=0)
    if not files:
        show_empty("No file has come in", "Put one into the drop folder, or run `rtv ingest PATH`.")
        return
    rows = [
        [
            f"{escape(file.file_name)}<br><small>{escape(file.contract_name or 'not recognised')}"
            f" · {size(file.size_bytes)} · {file.sha256[:10]}…</small>"
            + (
                f"<br><small>{escape(file.error_fact)} {escape(file.error_remedy or '')}</small>"
                if file.error_fact
                else ""
            ),
            badge(file.file_status)
            + (f"<br><small>came again {count(file.repeats, 'time')}</small>" if file.repeats else ""),
            f'<span class="nowrap">{at(file.received_at, context.zone)}</span><br>'
            f"<small>{escape(file.way_in)}, {escape(file.received_by)}</small>",
            *(
                NOTHING if value is None else grouped(value)
                for value in (file.rows_in, file.rows_loaded, file.rows_superseded)
            ),
            _quarantined(file),
        ]
        for file in files
    ]
    headings = ["File", "State", "Received", "Rows in", "Loaded", "Superseded", "Quarantined"]
    table(headings, rows, numeric=[3, 4, 5, 6], caption="Files")
    if len(files) == FILES_SHOWN:
        st.caption(f"The newest {FILES_SHOWN} files are shown.")


def _quarantined(file: reads.LoadedFile) -> str:
    if not file.rows_quarantined:
        return NOTHING if file.rows_quarantined is None else "0"
    return anchor(grouped(file.rows_quarantined), link("data-health", part="quarantine"))


def _show_unlisted(connection: Connection, context: PageContext) -> None:
    """Loaded lines that take part in nothing until somebody says what they are."""
    found = reads.unlisted_lines(connection, context.tenant_code, limit=ROWS_SHOWN)
    if not found:
        return
    section("Waiting for a listing")
    rows = [
        [
            f"<code>{escape(line.platform_sku)}</code><br><small>{escape(line.platform_code)}</small>",
            f"{escape(line.example_rtv_no)}<br><small>{escape(line.example_file_name or NOTHING)}, "
            f"row {grouped(line.example_row_no or 0)}</small>",
            grouped(line.rtvs),
            grouped(line.units),
        ]
        for line in found
    ]
    table(["Article", "For example", "Returns", "Units"], rows, numeric=[2, 3], caption="Unlisted articles")
    st.caption(
        "These lines are loaded and take part in nothing: no listing and no GTIN says which SKU they are. "
        "Send a file of `listings`; the next build takes them in."
    )


def _show_quarantine(connection: Connection, context: PageContext) -> None:
    _show_unlisted(connection, context)
    show_unknown_statuses(connection, context)
    show_quarantine(connection, context)


def _show_checks(connection: Connection, context: PageContext) -> None:
    checks = reads.checks(connection, context.tenant_code)
    if not checks:
        show_empty(
            "Nothing was checked yet",
            "Great Expectations checks each raw table after a load; see the DAG ingest_files.",
        )
        return
    passed = sum(check.is_success is True for check in checks)
    section(
        f"{grouped(passed)} of {grouped(len(checks))} pass",
        "Failures first; the bars are the last twelve runs, newest right.",
    )
    rows = [
        [
            escape(check.suite_name),
            f"{escape(words(check.expectation.removeprefix('expect_')))}"
            f"<br><small>{escape(check.column_name or 'whole table')}</small>",
            _verdict(check),
            '<span class="rtv-history">'
            + "".join(f'<i class="{mark}"></i>' for mark in check.history)
            + "</span>",
            escape(check.failure or check.observed or ""),
            f'<span class="nowrap">{at(check.checked_at, context.zone)}</span>',
        ]
        for check in checks
    ]
    table(["Suite", "Expectation", "Result", "History", "Observed", "At"], rows, caption="Checks")


def _verdict(check: reads.CheckRun) -> str:
    if check.is_success is None:
        return badge("could not run", "warn")
    return badge("passes", "good") if check.is_success else badge("fails", "bad")


def _show_builds(connection: Connection, context: PageContext) -> None:
    builds = reads.builds(connection, limit=30)
    if not builds:
        show_empty("Nothing was built yet", "Run `rtv build`, or let the DAG transform_warehouse run.")
        return
    failed = reads.failed_nodes(connection, limit=30)
    if failed:
        section("What did not pass in the newest run")
        rows = [
            [
                escape(node.node_id),
                badge(node.node_status, "bad"),
                escape(node.stage),
                escape(node.message or ""),
            ]
            for node in failed
        ]
        table(["Node", "Result", "Stage", "Message"], rows, caption="Failed nodes")
    section("Builds", "Readers always see the newest published one; a failed build changes nothing.")
    rows = [
        [
            f"{build.build_id}<br><small>{escape(build.run_id)}</small>",
            _build_state(build),
            f'<span class="nowrap">{at(build.as_of, context.zone)}</span>',
            f'<span class="nowrap">{at(build.started_at, context.zone)}</span>',
            grouped(build.models),
            grouped(build.tests),
            f"{build.duration_seconds:.1f} s",
        ]
        for build in builds
    ]
    headings = ["Build", "State", "As of", "Started", "Models", "Tests", "dbt time"]
    table(headings, rows, numeric=[4, 5, 6], caption="Builds")


def _build_state(build: reads.BuildRun) -> str:
    if build.published_at:
        return badge("published", "good")
    if build.failed_at:
        return badge("failed", "bad") + f"<br><small>{escape(build.failure or '')}</small>"
    return badge("running")


@st.cache_data(ttl=5, show_spinner=False)
def _airflow(host: str, port: int, user: str) -> AirflowState:
    settings = page_context().settings
    secret = settings.dashboard.password
    password = secret.get_secret_value() if secret else ""
    address = settings.airflow.model_copy(update={"host": host, "port": port})
    return read_airflow_state(address, user=user, password=password)


def _show_dags(_connection: Connection, context: PageContext) -> None:
    settings = context.settings
    state = _airflow(settings.airflow.host, settings.airflow.port, settings.dashboard.user)
    if state.problem:
        show_empty(
            state.problem,
            f"Its address is {state.address}. Start it with `rtv up`; the other parts of this page stand.",
        )
        return
    if not state.dags:
        show_empty("Airflow knows no DAG yet", "New DAG files are found within half a minute.")
        return
    rows = [
        [
            f"{escape(dag.dag_id)}<br><small>{escape(dag.description or '')}</small>",
            badge(dag.state or "never ran") + (" " + badge("paused", "warn") if dag.is_paused else ""),
            '<span class="rtv-history">'
            + "".join(f'<i class="{_mark(run)}"></i>' for run in reversed(dag.history))
            + "</span>",
            f'<span class="nowrap">{at(dag.started_at, context.zone)}</span>',
            f"{(dag.ended_at - dag.started_at).total_seconds():.0f} s"
            if dag.started_at and dag.ended_at
            else NOTHING,
        ]
        for dag in state.dags
    ]
    table(["DAG", "Last run", "History", "Started", "Took"], rows, numeric=[4], caption="DAG runs")


def _mark(state: str) -> str:
    return {"success": "p", "failed": "f"}.get(state, "e")


_DRAWN: dict[str, Callable[[Connection, PageContext], None]] = {
    "files": _show_files,
    "quarantine": _show_quarantine,
    "checks": _show_checks,
    "builds": _show_builds,
    "dags": _show_dags,
    "cameras": show_camera_clocks,
}
