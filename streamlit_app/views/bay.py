"""Bay: what the bays do this minute, who works on what, which consignments wait, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape

import streamlit as st

from rtv_core.warehouse import bay_activity as reads
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.assignment_store import held_consignments
from rtv_core.warehouse.marts.today import latest_build
from streamlit_app.components.bay_assignments import QUIET, holder_of, offer_assignment, show_held
from streamlit_app.components.charts import draw_captures
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import Figure, anchor, badge, figures, link, section, table, title
from streamlit_app.session import PageContext, page_context
from streamlit_app.words import NOTHING, at, count, grouped, money, since, until

POLL = timedelta(seconds=2)
FIVE, HOUR, SHIFT = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=10)
LATEST_SHOWN, WAITING_SHOWN = 8, 50


def show() -> None:
    """Draw the page: the upper half moves by itself, the queue with each build."""
    context = page_context()
    title("Bay", "What the bays do this minute. A scan shows here within two seconds of being accepted.")
    _show_live(context)
    _show_waiting(context)


@st.fragment(run_every=POLL)
def _show_live(context: PageContext) -> None:
    now = datetime.now(UTC)
    with context.reads() as connection:
        hour = reads.captures_by_minute(connection, context.tenant_code, since=now - HOUR)
        shift = reads.pace(connection, context.tenant_code, since=now - SHIFT)
        latest = reads.latest_activity(connection, context.tenant_code, since=now - SHIFT, limit=LATEST_SHOWN)
        held = held_consignments(
            connection, context.tenant_code, node_code=None, now=now, limit=WAITING_SHOWN
        )
    captures, units = sum(row[1] for row in hour), sum(row[2] for row in hour)
    whole_minute = now.replace(second=0, microsecond=0)
    recent = sum(row[1] for row in hour if whole_minute - FIVE <= row[0] < whole_minute)
    working = [row for row in shift if now - row.last_at < QUIET]
    figures(
        [
            Figure("Captures a minute", f"{recent / 5:.1f}", "over the last five", tone="plain"),
            Figure("Units an hour", grouped(units), count(captures, "carton"), tone="plain"),
            Figure("At work", grouped(len(working)), "a carton within 15 minutes", tone="plain"),
        ]
    )
    if held:
        show_held(held, now, context)
    if not latest:
        show_empty(
            "Nothing came from the bays in this shift",
            "Receipts and captures show here as they are accepted.",
        )
        return
    if hour:
        draw_captures(hour, context.zone)
    left, right = st.columns([3, 2], gap="large")
    with left:
        section("By operator and bay", "In the last ten hours.")
        _show_pace(shift, now, context)
    with right:
        section("Just now")
        _show_latest(latest, context)


def _show_pace(shift: Sequence[reads.Pace], now: datetime, context: PageContext) -> None:
    if not shift:
        show_empty("No carton was opened", "Receipts at the gate came in; captures show here.")
        return
    rows = [
        [
            f"{escape(row.operator_code)}<br><small>{escape(row.node_code)} · {escape(row.bay_code)}</small>",
            grouped(row.captures),
            grouped(row.units),
            grouped(round(row.units * 3600 / row.work_seconds)) if row.work_seconds else NOTHING,
            f"{escape(row.last_awb_no)}<br><small>{at(row.last_at, context.zone)}</small>",
            badge("at work", "good") if now - row.last_at < QUIET else badge("quiet", "warn"),
        ]
        for row in shift
    ]
    headings = ["Operator", "Cartons", "Units", "Units an hour", "Last", "State"]
    table(headings, rows, numeric=[1, 2, 3], caption="Pace by operator and bay")


def _what(row: reads.Activity) -> str:
    if row.activity_kind == "capture":
        return count(row.units, "unit")
    return f"{count(row.cartons, 'carton')} {'picked up' if row.activity_kind == 'pickup' else 'at the gate'}"


def _show_latest(latest: Sequence[reads.Activity], context: PageContext) -> None:
    rows = [
        [
            at(row.accepted_at, context.zone, seconds=True),
            escape(row.awb_no),
            _what(row),
        ]
        for row in latest
    ]
    table(["At", "AWB", "What"], rows, caption="Accepted last")


def _show_waiting(context: PageContext) -> None:
    now = datetime.now(UTC)
    with context.reads() as connection:
        if latest_build(connection) is None:
            return
        found = reads.waiting_consignments(connection, context.tenant_code, now=now, limit=WAITING_SHOWN)
        operators = bay_store.operators(connection, context.tenant_code)
    section("Waiting at the gate", "By the next deadline, then by value. As of the published build.")
    if not found:
        show_empty("No consignment waits", "Everything that came to the gate was opened to the last carton.")
        return
    rows = [
        [
            f"{escape(row.awb_no)}<br><small>{_return_of(row)}</small>",
            f"{escape(row.node_code or NOTHING)}<br><small>{escape(row.bay_code or NOTHING)}</small>",
            f"{grouped(row.captured_cartons or 0)} of {grouped(row.gate_cartons or 0)}",
            f"{grouped(row.scanned_qty)} of {grouped(row.declared_qty)}",
            f"{since(row.handover_at, now)}<br><small>{at(row.handover_at, context.zone)}</small>",
            until(row.due_at, now) if row.due_at else NOTHING,
            money(row.declared_value_minor) if row.declared_value_minor is not None else NOTHING,
            f"{escape(row.worked_on_by)}<br><small>{at(row.worked_on_at, context.zone)}</small>"
            if row.worked_on_by
            else NOTHING,
            holder_of(row) if row.assignment_id else NOTHING,
        ]
        for row in found
    ]
    headings = [
        "AWB",
        "Where",
        "Cartons",
        "Units",
        "Waits",
        "Claim due",
        "Declared value",
        "Worked on by",
        "Assigned to",
    ]
    table(headings, rows, numeric=[2, 3, 6], caption="Consignments that wait for QC")
    offer_assignment(found, operators, context)


def _return_of(row: reads.Waiting) -> str:
    if row.platform_code is None or row.rtv_no is None:
        return escape(row.platform_code or "blind")
    return anchor(
        f"{row.platform_code} {row.rtv_no}", link("rtv", platform=row.platform_code, rtv=row.rtv_no)
    )
