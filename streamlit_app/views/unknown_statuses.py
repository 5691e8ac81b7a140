"""Carriers' codes that nothing knows: their events move nothing until somebody says what they mean."""

from __future__ import annotations

from html import escape

import streamlit as st

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts import health as reads
from streamlit_app.components.pieces import section, table
from streamlit_app.session import PageContext
from streamlit_app.words import NOTHING, at, grouped

CODES_SHOWN = 50


def show_unknown_statuses(connection: Connection, context: PageContext) -> None:
    """The codes with an example each, and what to send; nothing when every code is known."""
    found = reads.unknown_statuses(connection, context.tenant_code, limit=CODES_SHOWN)
    if not found:
        return
    section("Waiting for a meaning")
    rows = [
        [
            f"<code>{escape(code.raw_code or NOTHING)}</code><br>"
            f"<small>{escape(code.transporter_code)}</small>",
            f"{escape(code.example_text or NOTHING)}<br><small>AWB {escape(code.example_awb_no)}</small>",
            grouped(code.awb_count),
            grouped(code.event_count),
            escape(at(code.last_event_at, context.zone)),
        ]
        for code in found
    ]
    headings = ["Code", "For example", "AWBs", "Events", "Last"]
    table(headings, rows, numeric=[2, 3], caption="Unknown tracking codes")
    st.caption(
        "These scans are loaded and move nothing: no table says what their code means. Send a file of "
        "`tracking_statuses` (transporter_code, raw_code, status, leg); the next build takes it in, also for "
        "what came before."
    )
