"""Why one discrepancy stands: the warehouse's own sentence, what was counted, and the rows of both files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from rtv_core.warehouse.marts.discrepancies import Discrepancy
from rtv_core.warehouse.marts.rtvs import SourceRow
from streamlit_app.components.pieces import anchor, badge
from streamlit_app.words import NOTHING, at, grouped, money, words

SHOWN_ROWS = 3
SHOWN_FIRST = (
    "rtv_no", "line_no", "awb_no", "carton_no", "platform_sku", "sku_code", "qty",
    "unit_value", "batch_no", "expiry_on",
    "status", "event_at", "cartons", "weight_kg", "receipt_id", "handover_at",
    "cartons_received", "seal_state",
    "pod_remark", "capture_id", "started_at", "operator_code", "items",
)  # fmt: skip


def show_why(row: Discrepancy, zone: ZoneInfo, *, href: str | None) -> None:
    """The reason with its figures."""
    counted = f"expected {_number(row.expected_qty)}, found {_number(row.observed_qty)}"
    state = badge("final", "good") if row.is_final else badge("pending")
    overlay = badge("overlay: adds no value", "plain") if row.is_overlay else ""
    runner = f"<span>else: {escape(words(row.runner_up_role))}</span>" if row.runner_up_role else ""
    also = f"<span>also met: {escape(_also(row.also_met))}</span>" if row.also_met else ""
    opened = f"<span>{anchor('Open the return', href)}</span>" if href else ""
    subject = " · ".join(
        part for part in (row.sku_title or row.sku_code, row.batch_no and f"batch {row.batch_no}") if part
    )
    st.html(
        f'<div class="rtv-why"><h3>{escape(words(row.rule_code))}: '
        f"{money(row.value_minor, row.currency_code)} {state} "
        f"{overlay}</h3>"
        f'<div class="reason">{escape(row.liability_reason or "No reason was recorded.")}</div>'
        f'<div class="meta"><span>{escape(subject or row.awb_no or "")}</span><span>{counted}</span>'
        f"<span>owed by {escape(row.liable_party_code or words(row.liable_role))}</span>"
        f"<span>confidence {badge(row.confidence or 'low')}</span>{runner}{also}"
        f"<span>first seen {at(row.first_seen_at, zone)}</span>{opened}</div></div>"
    )


def show_sources(heading: str, rows: Sequence[SourceRow], zone: ZoneInfo, *, empty: str) -> None:
    """Rows of the files, each with its file, row and hash."""
    st.markdown(f"**{heading}**")
    if not rows:
        st.caption(empty)
    for row in rows[:SHOWN_ROWS]:
        _show_source(row, zone)
    if len(rows) > SHOWN_ROWS:
        with st.expander(f"{len(rows) - SHOWN_ROWS} more rows"):
            for row in rows[SHOWN_ROWS:]:
                _show_source(row, zone)


def _show_source(row: SourceRow, zone: ZoneInfo) -> None:
    known = [name for name in SHOWN_FIRST if row.values.get(name) is not None]
    cells = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(_text(name, row.values[name], zone))}</dd>" for name in known
    )
    st.html(
        f'<div class="rtv-source"><header>{escape(row.file_name)}, row {grouped(row.row_no)}'
        f"<small>{escape(row.contract_name)} · received {at(row.received_at, zone)} by "
        f"{escape(row.received_by)} · "
        f"SHA-256 {row.sha256[:12]}…</small></header><dl>{cells}</dl></div>"
    )


def _text(name: str, value: object, zone: ZoneInfo) -> str:
    if name.endswith("_at") and isinstance(value, str):
        return at(datetime.fromisoformat(value), zone, seconds=True)
    if isinstance(value, list):
        return "; ".join(_item(entry) if isinstance(entry, dict) else str(entry) for entry in value)
    return str(value)


def _item(entry: dict[str, object]) -> str:
    code = entry.get("sku_code") or entry.get("scanned_code") or "?"
    grade = f" grade {entry['grade']}" if entry.get("grade") else ""
    defects = f" ({entry['defects']})" if entry.get("defects") else ""
    return f"{entry.get('qty', 1)} × {code}{grade}{defects}"


def _also(codes: str) -> str:
    return ", ".join(words(code) for code in codes.split("|"))


def _number(value: int | None) -> str:
    return NOTHING if value is None else grouped(value)
