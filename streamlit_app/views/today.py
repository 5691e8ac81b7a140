"""Today: what to do now, by deadline and rupees at risk. Every number opens its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts import today as reads
from rtv_core.warehouse.marts.discrepancies import Filters, QueueTotals, queue_totals
from streamlit_app.components.charts import draw_ageing, draw_causes
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import Figure, anchor, figures, link, section, table, title
from streamlit_app.session import PageContext, page_context, published
from streamlit_app.words import count, day, grouped, money, short_money, until, words

SOON = timedelta(days=7)
CLOCKS_SHOWN = 12
POLL = timedelta(seconds=20)


def show() -> None:
    """Draw the page from one snapshot."""
    context = page_context()
    with context.reads() as connection:
        build, as_of = published(connection)
        title("Today", "What to do now, by deadline and by rupees at risk. Every figure opens its rows.")
        if build is None:
            show_empty(
                "Nothing is built yet",
                "Put files into the drop folder, or run `rtv ingest` and `rtv build`; this page "
                "then fills itself.",
            )
            return
        items = _figures(connection, context.tenant_code, as_of)
        clocks = reads.next_deadlines(connection, context.tenant_code, as_of=as_of, limit=CLOCKS_SHOWN)
        causes = reads.causes(connection, context.tenant_code)
        bands = reads.ageing(connection, context.tenant_code, as_of=as_of)
    _watch_for_news(context, build.build_id)
    figures(items)
    section("Clocks that run out next", "Within a day the dearest stands first.")
    _show_clocks(clocks, as_of, context)
    left, right = st.columns([6, 5], gap="large")
    with left:
        section("Where the money goes", "Value by cause, with the share so far.")
        if any(cause.value_minor for cause in causes):
            draw_causes(causes)
        else:
            show_empty("No cause has cost anything yet", "Discrepancies show here once they are valued.")
    with right:
        section("How old it is", "Value by age since first seen, by who is liable.")
        if bands:
            draw_ageing(bands)
        else:
            show_empty("Nothing is ageing", "Open discrepancies show here by age.")


def _watch_for_news(context: PageContext, shown_build: int) -> None:
    """Say that a newer build is there; the rows on screen move only when the person asks."""

    @st.fragment(run_every=POLL)
    def look() -> None:
        with context.reads() as connection:
            newest = reads.latest_build(connection)
        if newest is not None and newest.build_id != shown_build:
            label = "A newer build is published. Show it"
            if st.button(label, icon=":material/refresh:", type="primary"):
                st.rerun()

    look()


def _figures(connection: Connection, tenant_code: str, as_of: datetime) -> list[Figure]:
    """Each figure is counted by the read that its page lists by, so the rows it opens add up to it."""

    def queue(filters: Filters) -> QueueTotals:
        return queue_totals(connection, tenant_code, filters)

    work = reads.work(connection, tenant_code)
    soon = queue(Filters(due_from=as_of, due_before=as_of + SOON))
    missed = queue(Filters(due_before=as_of))
    everything = queue(Filters())
    return [
        Figure(
            "Due within 7 days",
            short_money(soon.value_minor),
            f"{count(soon.discrepancies, 'discrepancy', 'discrepancies')} to file",
            link("discrepancies", due="7"),
            "warn" if soon.discrepancies else "good",
        ),
        Figure(
            "Past its deadline",
            short_money(missed.value_minor),
            f"{count(missed.discrepancies, 'discrepancy', 'discrepancies')} not filed",
            link("discrepancies", due="0"),
            "bad" if missed.discrepancies else "good",
        ),
        Figure(
            "Open discrepancies",
            short_money(everything.value_minor),
            f"{grouped(everything.discrepancies)} not filed yet",
            link("discrepancies"),
        ),
        Figure(
            "Claims to approve",
            short_money(work.claims_ready_minor),
            f"{count(work.claims_ready, 'claim')} ready",
            link("claims", state="ready"),
            "warn" if work.claims_ready else "good",
        ),
        Figure(
            "Units not settled",
            grouped(work.pending_units),
            f"on {count(work.pending_rtvs, 'return')} still moving",
            link("rtv", pending="1"),
        ),
        Figure(
            "Rows in quarantine",
            grouped(work.quarantined_rows),
            "to mend and replay" if work.quarantined_rows else "every row was understood",
            link("data-health", part="quarantine"),
            "warn" if work.quarantined_rows else "good",
        ),
    ]


def _show_clocks(clocks: Sequence[reads.Deadline], as_of: datetime, context: PageContext) -> None:
    if not clocks:
        show_empty(
            "No clock is running", "Deadlines start when a discrepancy is found under a playbook in force."
        )
        return
    rows = []
    for clock in clocks:
        left = until(clock.due_at, as_of)
        near = "rtv-near" if clock.due_at - as_of < SOON else ""
        subject = (
            anchor(clock.rtv_no, link("rtv", platform=clock.platform_code, rtv=clock.rtv_no))
            if clock.rtv_no
            else escape(clock.awb_no or clock.invoice_no or "–")
        )
        lines = f"<br><small>{count(clock.clocks, 'clock')}</small>" if clock.clocks > 1 else ""
        rows.append(
            [
                f'<span class="nowrap {near}">{escape(left)}</span><br>'
                f"<small class=nowrap>{day(clock.due_at, context.zone)}</small>",
                f"{escape(words(clock.clock_code))}<br><small>{escape(words(clock.rule_code))}</small>",
                f"{subject}<br><small>{escape(clock.platform_code or '')}</small>",
                escape(clock.party_code or "–"),
                f"{money(clock.value_at_risk_minor)}{lines}",
            ]
        )
    headings = ["Due", "Clock", "Return", "Owed by", "At risk"]
    table(headings, rows, numeric=[4], caption="Clocks that run out next")
