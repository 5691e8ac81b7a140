"""Cameras' clocks: how far each is ahead, how sure that is, and which one jumped."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.camera_clocks import CameraClock, camera_clocks
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import badge, section, table
from streamlit_app.session import PageContext
from streamlit_app.words import at, count, grouped


def show_camera_clocks(connection: Connection, context: PageContext) -> None:
    """A line for each camera, those with a fault first."""
    clocks = camera_clocks(connection, context.tenant_code, datetime.now(UTC))
    if not clocks:
        show_empty(
            "No camera is known", "Send a file of `cameras`; see docs/evidence.md for the time beacon."
        )
        return
    faulty = sum(bool(clock.faults) for clock in clocks)
    section(
        f"{count(faulty, 'camera')} with a clock that jumped" if faulty else "No clock jumped",
        "The offset is camera time less true time; each cut states the one it was made by.",
    )
    rows = [
        [
            escape(clock.camera_code),
            f"{clock.state.offset_seconds:+.2f} s",
            _width(clock),
            escape(clock.state.source),
            grouped(clock.measurements),
            at(clock.measured_at, context.zone),
            "<br>".join(badge(fault, "bad") for fault in clock.faults) or badge("steady", "good"),
        ]
        for clock in clocks
    ]
    headings = ["Camera", "Ahead", "Give or take", "From", "Measured", "Last", "State"]
    table(headings, rows, numeric=[1, 2, 4], caption="Camera clocks")


def _width(clock: CameraClock) -> str:
    width = clock.state.uncertainty_seconds
    return f"{width:.2f} s" if width is not None else "unknown"
