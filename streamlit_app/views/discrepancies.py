"""Discrepancies: the queue, filtered by the address, paged in SQL, selected by id."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from rtv_core.warehouse.marts import discrepancies as reads
from streamlit_app.components.downloads import show_export
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import link, title
from streamlit_app.components.why import show_why
from streamlit_app.session import PageContext, page_context, published
from streamlit_app.words import NOTHING, count, grouped, money, short_money, until, words

PAGE_ROWS = 50
SORT_WORDS = {"deadline": "Deadline", "value": "Value", "newest": "Newest first", "age": "Oldest first"}
STANDING_WORDS = {"open": "Not filed yet", "unclaimed": "In no claim", "filed": "Filed", "all": "All"}
DUE_WORDS = {"": "Any", "0": "Missed", "7": "7 days", "30": "30 days"}


def _from_address(as_of: datetime) -> tuple[reads.Filters, str, int]:
    query = st.query_params
    due = query.get("due", "")
    filters = reads.Filters(
        standing=query.get("standing", "open") if query.get("standing", "open") in STANDING_WORDS else "open",
        rule_codes=query.get_all("rule"),
        platform_codes=query.get_all("platform"),
        liable_party_codes=query.get_all("party"),
        confidences=query.get_all("confidence"),
        due_from=as_of if due in {"7", "30"} else None,
        due_before=as_of + timedelta(days=int(due)) if due in DUE_WORDS and due else None,
        text=query.get("find") or None,
    )
    sort = query.get("sort", "deadline") if query.get("sort", "deadline") in SORT_WORDS else "deadline"
    page = query.get("page", "1")
    return filters, sort, max(int(page), 1) if page.isdigit() else 1


def _to_address(name: str, value: str | list[str] | None) -> None:
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]
    if name != "page" and "page" in st.query_params:
        del st.query_params["page"]


def _changed(name: str) -> None:
    value = st.session_state[f"filter.{name}"]
    _to_address(name, value)


def _control(name: str, value: Any) -> str:
    """The key of a filter's control, holding what the address says."""
    key = f"filter.{name}"
    st.session_state[key] = value
    return key


def show() -> None:
    """Draw the page from one snapshot."""
    context = page_context()
    title(
        "Discrepancies", "What does not agree, why, and who owes it. The address keeps the filters: share it."
    )
    with context.reads() as connection:
        build, as_of = published(connection)
        if build is None:
            show_empty("Nothing is built yet", "Run `rtv build`, or let the DAG transform_warehouse run.")
            return
        filters, sort, page = _from_address(as_of)
        _show_filters(filters, sort, reads.choices(connection, context.tenant_code))
        totals = reads.queue_totals(connection, context.tenant_code, filters)
        pages = max((totals.discrepancies + PAGE_ROWS - 1) // PAGE_ROWS, 1)
        page = min(page, pages)
        rows = reads.queue_page(
            connection,
            context.tenant_code,
            filters,
            sort=sort,
            limit=PAGE_ROWS,
            offset=(page - 1) * PAGE_ROWS,
        )
    st.html(
        f'<div class="rtv-equation"><span><b>{grouped(totals.discrepancies)}</b> '
        f"<span>{'discrepancy' if totals.discrepancies == 1 else 'discrepancies'}</span></span>"
        f"<span><b>{money(totals.value_minor)}</b> <span>in dispute</span></span></div>"
    )
    if not rows:
        show_empty(
            "No discrepancy fits these filters",
            "Clear a filter, or choose All. An empty queue without filters means that everything agrees.",
        )
        return
    chosen = _show_queue(rows, as_of)
    _show_pages(page, pages)
    _show_actions(chosen, filters, context)


def _show_filters(filters: reads.Filters, sort: str, choices: reads.Choices) -> None:
    top = st.container(key="filters-top").columns([10, 6, 9, 6], vertical_alignment="bottom")
    top[0].text_input(
        "Find",
        key=_control("find", filters.text or ""),
        placeholder="RTV, AWB, SKU, batch, word of the reason",
        on_change=_changed,
        args=("find",),
    )
    top[1].selectbox(
        "Standing",
        list(STANDING_WORDS),
        key=_control("standing", filters.standing),
        format_func=STANDING_WORDS.__getitem__,
        on_change=_changed,
        args=("standing",),
    )
    due = st.query_params.get("due", "")
    top[2].segmented_control(
        "Deadline",
        list(DUE_WORDS),
        key=_control("due", due if due in DUE_WORDS else ""),
        format_func=DUE_WORDS.__getitem__,
        on_change=_changed,
        args=("due",),
    )
    top[3].selectbox(
        "Order",
        list(SORT_WORDS),
        key=_control("sort", sort),
        format_func=SORT_WORDS.__getitem__,
        on_change=_changed,
        args=("sort",),
    )
    below = st.container(key="filters-below").columns(4)
    lists = (
        ("rule", "Cause", choices.rule_codes, filters.rule_codes),
        ("platform", "Platform", choices.platform_codes, filters.platform_codes),
        ("party", "Owed by", choices.liable_party_codes, filters.liable_party_codes),
        ("confidence", "Confidence", ["high", "medium", "low"], filters.confidences),
    )
    for column, (name, label, options, value) in zip(below, lists, strict=True):
        column.multiselect(
            label,
            options,
            key=_control(name, [item for item in value if item in options]),
            format_func=words if name in {"rule", "confidence"} else str,
            placeholder="All",
            on_change=_changed,
            args=(name,),
        )


def _frame(rows: Sequence[reads.Discrepancy], as_of: datetime) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Due": until(row.due_at, as_of),
                "Cause": words(row.rule_code),
                "Return": row.rtv_no or row.awb_no or NOTHING,
                "Platform": row.platform_code or NOTHING,
                "SKU": row.sku_code or NOTHING,
                "Batch": row.batch_no or NOTHING,
                "Expected": row.expected_qty,
                "Found": row.observed_qty,
                "Off by": row.discrepancy_qty,
                "Value ₹": None if row.value_minor is None else row.value_minor / 100,
                "Owed by": row.liable_party_code or words(row.liable_role),
                "Confidence": words(row.confidence),
                "Film": {"cut": "Yes", "no_footage": "No footage", "failed": "Failed"}.get(
                    row.clip_status or "", NOTHING
                ),
                "Claim": words(row.claim_status)
                if row.claim_status
                else ("Not final" if not row.is_final else NOTHING),
            }
            for row in rows
        ]
    )


def _show_queue(rows: Sequence[reads.Discrepancy], as_of: datetime) -> list[reads.Discrepancy]:
    """The table; what is ticked belongs to the ids shown, so other rows never inherit a tick."""
    keys = [row.discrepancy_key for row in rows]
    shown = hashlib.sha256("|".join(keys).encode()).hexdigest()[:16]
    event = st.dataframe(
        _frame(rows, as_of),
        key=f"queue.{shown}",
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        height=min(35 * len(rows) + 38, 620),
        column_config={"Value ₹": st.column_config.NumberColumn(format="accounting", width=104)},
        placeholder=NOTHING,
    )
    by_key = {row.discrepancy_key: row for row in rows}
    chosen_keys = [keys[position] for position in event.selection.rows if position < len(keys)]
    return [by_key[key] for key in chosen_keys]


def _show_pages(page: int, pages: int) -> None:
    if pages == 1:
        return
    left, middle, right = st.columns([1, 2, 1], vertical_alignment="center")
    left.button(
        "Previous", disabled=page == 1, on_click=_to_address, args=("page", str(page - 1)), width="stretch"
    )
    middle.markdown(f"<div style='text-align:center'>Page {page} of {pages}</div>", unsafe_allow_html=True)
    right.button(
        "Next", disabled=page == pages, on_click=_to_address, args=("page", str(page + 1)), width="stretch"
    )


def _export_filters(chosen: Sequence[reads.Discrepancy], filters: reads.Filters) -> dict[str, list[str]]:
    if chosen:
        return {"discrepancy_key": [row.discrepancy_key for row in chosen]}
    kept = {
        "rule_code": filters.rule_codes,
        "platform_code": filters.platform_codes,
        "liable_party_code": filters.liable_party_codes,
        "confidence": filters.confidences,
    }
    return {name: values for name, values in kept.items() if values}


def _show_actions(chosen: Sequence[reads.Discrepancy], filters: reads.Filters, context: PageContext) -> None:
    value = sum(row.value_minor or 0 for row in chosen if not row.is_overlay)
    left, right = st.columns([3, 1], vertical_alignment="center")
    if chosen:
        left.markdown(f"**{count(len(chosen), 'row')} ticked**, {short_money(value)}")
    else:
        left.caption("Tick rows to add them up, to download only them, and to see why each one stands.")
    with right:
        show_export(
            "fct_discrepancies",
            _export_filters(chosen, filters),
            label="Download ticked" if chosen else "Download",
        )
    for row in chosen[:10]:
        where = (
            link("rtv", platform=row.platform_code, rtv=row.rtv_no, d=row.discrepancy_key)
            if row.rtv_no
            else None
        )
        show_why(row, context.zone, href=where)
    if len(chosen) > 10:
        st.caption(f"The reasons of the first 10 of {len(chosen)} ticked rows are shown.")
