"""Evidence: the clips, the film at the moment, and whether its seal holds."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from rtv_core.warehouse.marts import evidence as reads
from rtv_core.warehouse.marts.disclosures import DisclosureRow, disclosures
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import Figure, anchor, badge, facts, figures, link, section, table, title
from streamlit_app.components.player import show_player
from streamlit_app.session import PageContext, page_context
from streamlit_app.words import NOTHING, at, count, grouped, short_money, words

CLIPS_SHOWN = 40
DISCLOSURES_SHOWN = 50
STATES = {"": "All", "cut": "With film", "no_footage": "No footage", "failed": "Failed"}


def _set_address(name: str) -> None:
    value = st.session_state[f"evidence.{name}"]
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
    st.query_params.pop("clip", None)


def show() -> None:
    """Draw the page from one snapshot."""
    context = page_context()
    title(
        "Evidence",
        "Films cut at the moment of handover and of each scan, hashed and sealed in an append-only log.",
    )
    with context.reads() as connection:
        counts = reads.clip_counts(connection, context.tenant_code)
        state = st.query_params.get("state", "")
        clips = reads.find_clips(
            connection,
            context.tenant_code,
            status=state if state in STATES and state else None,
            text=st.query_params.get("find"),
            limit=CLIPS_SHOWN,
            offset=0,
        )
        wanted = st.query_params.get("clip", "")
        chosen = reads.clip_of(connection, context.tenant_code, int(wanted)) if wanted.isdigit() else None
        left = disclosures(connection, context.tenant_code, limit=DISCLOSURES_SHOWN)
    figures(_figures(counts))
    _show_filters(state)
    if not clips:
        _show_nothing(counts)
        _show_disclosures(left, context)
        return
    _show_clip(chosen or clips[0], context)
    section("Clips", "The dearest discrepancy first. Open one to see it above.")
    _show_list(clips, context)
    _show_disclosures(left, context)


def _figures(counts: reads.ClipCounts) -> list[Figure]:
    return [
        Figure(
            "Clips with film",
            grouped(counts.cut),
            f"{grouped(counts.sealed)} sealed",
            link("evidence", state="cut"),
            "good",
        ),
        Figure(
            "No footage",
            grouped(counts.no_footage),
            "cameras that did not record",
            link("evidence", state="no_footage"),
            "warn" if counts.no_footage else "good",
        ),
        Figure(
            "Failed",
            grouped(counts.failed),
            "see the finding",
            link("evidence", state="failed"),
            "bad" if counts.failed else "good",
        ),
        Figure("Windows to cut", grouped(counts.windows_waiting), "discrepancies without a clip"),
    ]


def _show_filters(state: str) -> None:
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    st.session_state["evidence.state"] = state if state in STATES else ""
    st.session_state["evidence.find"] = st.query_params.get("find", "")
    left.text_input(
        "Find",
        key="evidence.find",
        placeholder="RTV, AWB, camera, SKU",
        on_change=_set_address,
        args=("find",),
    )
    right.segmented_control(
        "State",
        list(STATES),
        key="evidence.state",
        format_func=STATES.__getitem__,
        on_change=_set_address,
        args=("state",),
    )


def _show_nothing(counts: reads.ClipCounts) -> None:
    if counts.windows_waiting:
        show_empty(
            f"{count(counts.windows_waiting, 'window')} wait to be cut",
            "Index the footage and cut: `rtv evidence index FOLDER`, then `rtv evidence cut`; "
            "or let the DAG run.",
        )
    else:
        show_empty(
            "No clip fits",
            "Clear the filters. Clips are cut for discrepancies that name a time and a camera.",
        )


def _show_clip(clip: reads.Clip, context: PageContext) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_player(clip, context, key=f"player.{clip.clip_id}")
    with right:
        facts(clip_facts(clip, context))
        if clip.liability_reason:
            st.markdown(f"*{clip.liability_reason}*")


def clip_facts(clip: reads.Clip, context: PageContext) -> dict[str, str]:
    """What is known of a clip."""
    opened = (
        anchor(clip.rtv_no, link("rtv", platform=clip.platform_code, rtv=clip.rtv_no, d=clip.discrepancy_key))
        if clip.rtv_no
        else NOTHING
    )
    return {
        "Return": opened,
        "Shows": words(clip.rule_code),
        "Value": short_money(clip.value_minor),
        "AWB": f"<code>{clip.awb_no}</code>" if clip.awb_no else NOTHING,
        "Camera": clip.camera_code or (f"capture {clip.capture_id}" if clip.capture_id else NOTHING),
        "From": at(clip.window_start_at, context.zone, seconds=True),
        "To": at(clip.window_end_at, context.zone, seconds=True),
        "Cut": f"{words(clip.cut_mode)}, {at(clip.cut_at, context.zone)}",
    }


def _show_list(clips: Sequence[reads.Clip], context: PageContext) -> None:
    rows = [
        [
            anchor(f"Clip {clip.clip_id}", link("evidence", clip=clip.clip_id)),
            badge(clip.clip_status),
            words(clip.rule_code),
            anchor(clip.rtv_no, link("rtv", platform=clip.platform_code, rtv=clip.rtv_no))
            if clip.rtv_no
            else NOTHING,
            clip.camera_code or NOTHING,
            f'<span class="nowrap">{at(clip.window_start_at, context.zone)}</span>',
            badge("sealed", "good") if clip.leaf_index is not None else NOTHING,
            short_money(clip.value_minor),
        ]
        for clip in clips
    ]
    headings = ["Clip", "State", "Shows", "Return", "Camera", "At", "Seal", "Value"]
    table(headings, rows, numeric=[7], caption="Clips")


def _show_disclosures(left: Sequence[DisclosureRow], context: PageContext) -> None:
    """What left the hub; nothing while nothing did."""
    if not left:
        return
    section("What left the hub", "Bundles that were taken and sealed clips that were released, newest first.")
    rows = [
        [
            f'<span class="nowrap">{at(row.disclosed_at, context.zone)}</span>',
            anchor(f"Claim {row.claim_no}", link("claims", claim=row.claim_no))
            if row.claim_no
            else anchor(f"Clip {row.clip_id}", link("evidence", clip=row.clip_id)),
            escape(row.disclosed_to),
            escape(row.purpose),
            escape(row.disclosed_by),
            f"<code>{row.sha256[:16]}…</code>",
        ]
        for row in left
    ]
    table(["At", "What", "To", "For", "By", "SHA-256"], rows, caption="What left the hub")
