"""RTV: one return. Where its units went, what happened when, and why each discrepancy stands."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

import streamlit as st

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts import rtvs as reads
from rtv_core.warehouse.marts.discrepancies import Discrepancy, discrepancies_of_rtv
from rtv_core.warehouse.marts.evidence import Clip, clips_of_rtv
from streamlit_app.components.charts import draw_custody, draw_timeline
from streamlit_app.components.downloads import show_export
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import Figure, anchor, badge, figures, link, section, table, title, way
from streamlit_app.components.player import show_player
from streamlit_app.components.why import show_sources, show_why
from streamlit_app.session import PageContext, page_context
from streamlit_app.words import NOTHING, at, count, day, grouped, money, short_money, words

LIST_ROWS = 60


def show() -> None:
    """One return when the address names one, else the list."""
    context = page_context()
    platform_code, rtv_no = st.query_params.get("platform"), st.query_params.get("rtv")
    with context.reads() as connection:
        if platform_code and rtv_no:
            _show_one(connection, context, platform_code, rtv_no)
        else:
            _show_list(connection, context)


def _find() -> None:
    text = st.session_state["rtv.find"]
    if text:
        st.query_params["find"] = text
    else:
        st.query_params.pop("find", None)


def _show_list(connection: Connection, context: PageContext) -> None:
    title(
        "Returns",
        "Every return with its stage and what does not agree. Open one to see its custody and its proof.",
    )
    text = st.query_params.get("find")
    st.session_state["rtv.find"] = text or ""
    st.text_input("Find", key="rtv.find", placeholder="RTV number, AWB, platform or node", on_change=_find)
    pending = bool(st.query_params.get("pending"))
    found = reads.find_rtvs(
        connection, context.tenant_code, text=text, is_pending=pending, limit=LIST_ROWS, offset=0
    )
    if pending:
        way("Only returns with units not settled are shown. Show all", link("rtv"))
    if not found:
        show_empty("No return fits", "Clear the search, or load manifests: `rtv ingest` and `rtv build`.")
        return
    rows = [
        [
            anchor(row.rtv_no, link("rtv", platform=row.platform_code, rtv=row.rtv_no))
            + f"<br><small>{escape(row.platform_code)}</small>",
            f"<span class=nowrap>{day(row.created_at, context.zone)}</span>",
            f"{escape(row.origin_node or NOTHING)} → {escape(row.destination_node or NOTHING)}",
            badge(row.stage or "declared", "good" if row.is_final else None),
            grouped(row.declared_qty),
            grouped(row.received_qty),
            grouped(row.short_qty),
            grouped(row.pending_qty),
            f"{short_money(row.value_minor)}<br><small>{grouped(row.discrepancies)} found</small>",
        ]
        for row in found
    ]
    headings = [
        "Return",
        "Written",
        "Route",
        "Stage",
        "Declared",
        "Received",
        "Short",
        "Pending",
        "In dispute",
    ]
    table(headings, rows, numeric=[4, 5, 6, 7, 8], caption="Returns")
    if len(found) == LIST_ROWS:
        st.caption(f"The newest {LIST_ROWS} are shown; search to find others.")


def _show_one(connection: Connection, context: PageContext, platform_code: str, rtv_no: str) -> None:
    lines = reads.lines_of(connection, context.tenant_code, platform_code, rtv_no)
    if not lines:
        title(rtv_no, f"A return of {platform_code}")
        show_empty(
            f"{platform_code} has no return {rtv_no}",
            "Check the number, or wait for the next build: a manifest that came in since is not "
            "in the marts yet.",
        )
        way("All returns", link("rtv"))
        return
    moments = reads.moments_of(connection, context.tenant_code, platform_code, rtv_no)
    movements = reads.movements_of(connection, context.tenant_code, platform_code, rtv_no)
    disputed = discrepancies_of_rtv(connection, context.tenant_code, platform_code, rtv_no)
    clips = clips_of_rtv(connection, context.tenant_code, platform_code, rtv_no)
    way("← All returns", link("rtv"))
    _show_head(platform_code, rtv_no, lines, moments, disputed)
    _show_custody(movements, moments, context)
    _show_disputed(connection, disputed, clips, context)
    _show_lines(lines, platform_code, rtv_no)
    _show_documents(reads.documents_of(connection, context.tenant_code, platform_code, rtv_no))


def _show_head(
    platform_code: str,
    rtv_no: str,
    lines: Sequence[reads.Line],
    moments: Sequence[reads.Moment],
    disputed: Sequence[Discrepancy],
) -> None:
    stages = sorted({line.stage or "declared" for line in lines})
    final = all(line.is_final for line in lines)
    awbs = sorted({moment.awb_no for moment in moments if moment.awb_no})
    marks = badge(", ".join(stages), "good" if final else None) + (
        badge("final", "good") if final else badge("pending")
    )
    title(
        rtv_no,
        f"A return of {platform_code}" + (f", travelling on {', '.join(awbs)}" if awbs else ""),
        badges=marks,
    )
    declared = sum(line.declared_qty for line in lines)
    accepted = sum(line.accepted_qty for line in lines)
    failed = sum(line.condition_failed_qty for line in lines)
    missing = sum(line.short_qty + line.wrong_item_in_place_qty for line in lines)
    value = sum(row.value_minor or 0 for row in disputed if not row.is_overlay)
    figures(
        [
            Figure(
                "Declared", grouped(declared), money(sum(line.declared_value_minor or 0 for line in lines))
            ),
            Figure("Accepted", grouped(accepted), "units in sound condition", tone="good"),
            Figure("Failed", grouped(failed), "damaged, expired or used", tone="warn" if failed else "plain"),
            Figure("Missing", grouped(missing), "short or another item", tone="bad" if missing else "plain"),
            Figure("In dispute", short_money(value), count(len(disputed), "discrepancy", "discrepancies")),
        ]
    )


def _show_custody(
    movements: Sequence[reads.Movement], moments: Sequence[reads.Moment], context: PageContext
) -> None:
    left, right = st.columns([1, 1], gap="large")
    with left:
        section("Where the units went", "The custody ledger: what leaves one account arrives in another.")
        if movements:
            draw_custody(movements)
        else:
            show_empty("Nothing has moved yet", "The ledger starts with the first pickup event or scan.")
    with right:
        section("What happened when", "One lane a party; each mark is a row of a file.")
        if moments:
            draw_timeline(moments, context.zone)
    if not moments:
        return
    with st.expander(
        f"{count(len(moments), 'entry', 'entries')} of the timeline, each with its file and row"
    ):
        rows = [
            [
                f'<span class="nowrap">{at(moment.happened_at, context.zone)}</span>',
                f"{badge(moment.moment_kind)} {escape(moment.title)}",
                escape(moment.place or NOTHING),
                NOTHING if moment.cartons is None else grouped(moment.cartons),
                escape(moment.note or ""),
                f"{escape(moment.file_name)}<br><small>row {grouped(moment.row_no)}</small>",
            ]
            for moment in moments
        ]
        table(["At", "What", "Where", "Cartons", "Note", "Source"], rows, numeric=[3], caption="Timeline")


def _label(row: Discrepancy) -> str:
    subject = row.sku_code or row.awb_no or ""
    return " · ".join(part for part in (words(row.rule_code), subject, short_money(row.value_minor)) if part)


def _choose() -> None:
    st.query_params["d"] = st.session_state["rtv.chosen"]


def _show_disputed(
    connection: Connection, disputed: Sequence[Discrepancy], clips: Sequence[Clip], context: PageContext
) -> None:
    section("Why it does not agree", "The reason, the rows of both sides, and the film at the moment.")
    if not disputed:
        show_empty("Everything agrees", "No discrepancy stands on this return.")
        return
    by_key = {row.discrepancy_key: row for row in disputed}
    wanted = st.query_params.get("d", "")
    chosen = by_key.get(wanted, disputed[0])
    st.session_state["rtv.chosen"] = chosen.discrepancy_key
    st.selectbox(
        f"Discrepancy (1 of {len(disputed)})" if len(disputed) > 1 else "Discrepancy",
        list(by_key),
        key="rtv.chosen",
        format_func=lambda key: _label(by_key[key]),
        on_change=_choose,
    )
    show_why(chosen, context.zone, href=None)
    left, right = st.columns(2, gap="medium")
    with left:
        rows = reads.declared_rows(connection, context.tenant_code, chosen.discrepancy_key)
        show_sources("What was declared", rows, context.zone, empty="No manifest row names it.")
    with right:
        rows = reads.observed_rows(connection, context.tenant_code, chosen.discrepancy_key)
        show_sources(
            "What was observed", rows, context.zone, empty="Nobody recorded it: that is the finding."
        )
    _show_film([clip for clip in clips if clip.discrepancy_key == chosen.discrepancy_key], chosen, context)


def _show_film(clips: Sequence[Clip], chosen: Discrepancy, context: PageContext) -> None:
    st.markdown("**The film at the moment**")
    if clips:
        best, *others = sorted(clips, key=lambda clip: (clip.clip_status != "cut", clip.clip_id))
        show_player(best, context, key=f"rtv.player.{best.clip_id}")
        if others:
            ways = [
                anchor(f"Clip {clip.clip_id}", link("evidence", clip=clip.clip_id)) for clip in others[:12]
            ]
            st.html(f'<div class="rtv-back">Other cameras and moments: {" · ".join(ways)}</div>')
    elif chosen.window_start_at is not None:
        show_empty(
            "The clip is not cut yet",
            f"Its window is {at(chosen.window_start_at, context.zone, seconds=True)} to "
            f"{at(chosen.window_end_at, context.zone, seconds=True)}; the DAG cut_evidence_clips cuts it.",
        )
    else:
        show_empty(
            "No film can show this",
            "Nobody handled the goods where a camera stands: documents are its proof.",
        )


def _law(pairs: Sequence[tuple[str, int]]) -> str:
    total, *parts = pairs
    shown = " ".join(
        f"<span>{'=' if first is total else '+'}</span><span><b>{grouped(second[1])}</b> "
        f"<span>{second[0]}</span></span>"
        for first, second in pairwise(pairs)
    )
    tone = "good" if total[1] == sum(value for _, value in parts) else "bad"
    return (
        f'<div class="rtv-equation"><span><b>{grouped(total[1])}</b> <span>{total[0]}</span></span> {shown} '
        f"{badge('adds up' if tone == 'good' else 'does not add up', tone)}</div>"
    )


def _show_lines(lines: Sequence[reads.Line], platform_code: str, rtv_no: str) -> None:
    section("Lines", "Both laws of units, line by line and in total.")

    def total(name: str) -> int:
        return sum(int(getattr(line, name)) for line in lines)

    st.html(
        _law(
            [
                ("declared", total("declared_qty")),
                ("accepted", total("accepted_qty")),
                ("failed condition", total("condition_failed_qty")),
                ("short", total("short_qty")),
                ("wrong item in place", total("wrong_item_in_place_qty")),
                ("pending", total("pending_qty")),
            ]
        )
        + _law(
            [
                ("received", total("received_qty")),
                ("accepted", total("accepted_qty")),
                ("failed condition", total("condition_failed_qty")),
                ("excess", total("excess_qty")),
                ("substituted", total("substituted_qty")),
                ("foreign", total("foreign_qty")),
            ]
        )
    )
    names = (
        "declared_qty", "accepted_qty", "condition_failed_qty", "short_qty",
        "wrong_item_in_place_qty", "pending_qty",
        "received_qty", "excess_qty", "substituted_qty", "foreign_qty",
    )  # fmt: skip
    rows = [
        [
            f"{escape(line.sku_code or 'Foreign items')}<br><small>{escape(line.sku_title or '')}</small>",
            escape(line.batch_no or NOTHING),
            *(grouped(value) if (value := int(getattr(line, name))) else "·" for name in names),
            f"{badge(line.match_confidence or 'low')}<br><small "
            f"class=nowrap>{escape(words(line.match_method))}</small>",
        ]
        for line in lines
    ]
    headings = ["SKU", "Batch", *(words(name.removesuffix("_qty")) for name in names), "Match"]
    headings[6] = "Wrong item"
    table(headings, rows, numeric=range(2, 12), caption="Lines of the return")
    show_export(
        "fct_rtv_lines", {"platform_code": [platform_code], "rtv_no": [rtv_no]}, label="Download lines"
    )


def _show_documents(documents: Sequence[reads.Document]) -> None:
    section("Documents")
    if not documents:
        show_empty(
            "No document names this return",
            "Put invoices, gate passes, PODs and e-way bills into the drop folder.",
        )
        return
    rows = [
        [
            escape(words(document.document_type)),
            escape(document.document_no or NOTHING),
            NOTHING if document.document_on is None else f"{document.document_on:%d %b %Y}",
            f"<code>{escape((document.sha256 or '')[:16])}…</code>" if document.sha256 else NOTHING,
        ]
        for document in documents
    ]
    table(["Document", "Number", "Dated", "SHA-256"], rows, caption="Documents")
