"""The quarantine, to be emptied: by cause, each row as its sheet has it, mended there and sent in again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from rtv_commands.map_columns import MAPPABLE
from rtv_commands.mend import Choice, MendSummary, mend_rows
from rtv_commands.quarantine import columns_of
from rtv_commands.replay import replay_file
from rtv_core.errors import RtvError
from rtv_core.identity import MENDERS
from rtv_core.objects.factory import open_store
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts import health as reads
from streamlit_app.components.notices import show_empty, show_error
from streamlit_app.components.pieces import anchor, link, section, table, way
from streamlit_app.session import PageContext
from streamlit_app.words import NOTHING, at, count, grouped, words

ROWS_SHOWN, MENDED_SHOWN, FILES_SHOWN = 50, 20, 20
DONE = "quarantine.done"
_WHERE, _WRONG = "Where", "What is wrong"


def show_quarantine(connection: Connection, context: PageContext) -> None:
    """Causes, the rows of the one that is open with what can be done about them, and what was done."""
    done = st.session_state.pop(DONE, None)
    if done:
        st.success(done)
    causes = reads.quarantine_causes(connection, context.tenant_code)
    whole = reads.files(connection, context.tenant_code, status="quarantined", limit=FILES_SHOWN, offset=0)
    if not causes and not whole:
        show_empty("Nothing is in quarantine", "Every file and every row that came in was understood.")
    if causes:
        _show_causes(causes)
    code, name = st.query_params.get("code"), st.query_params.get("of")
    if code and name:
        _show_cause(connection, context, code, name)
    elif causes:
        st.caption("Open a cause to see its rows and to mend them.")
    if whole:
        _show_files(context, whole)
    _show_mended(connection, context)


def _show_causes(causes: Sequence[reads.QuarantineCause]) -> None:
    rows = [
        [
            anchor(
                cause.error_code,
                link("data-health", part="quarantine", code=cause.error_code, of=cause.contract_name),
            )
            + f"<br><small>{escape(cause.contract_name)}"
            f"{escape('.' + cause.column_name) if cause.column_name else ''}</small>",
            escape(cause.example_fact),
            escape(cause.remedy),
            f"{grouped(cause.quarantined_rows)}<br><small>{count(cause.files, 'file')}</small>",
        ]
        for cause in causes
    ]
    table(["Cause", "For example", "Remedy", "Rows"], rows, numeric=[3], caption="Quarantine by cause")


def _show_cause(connection: Connection, context: PageContext, code: str, name: str) -> None:
    found = reads.quarantined_rows(
        connection, context.tenant_code, error_code=code, contract_name=name, limit=ROWS_SHOWN
    )
    section(f"{words(code.lower())} in {name}")
    if not found:
        show_empty("No row of this cause is open", "It was mended, or replayed and loaded.")
        return
    st.caption(
        "Each line is a row as its sheet has it, the refused columns first. Correct the cells "
        "and send the rows in again: what is still wrong comes back here."
    )
    shown, fields = sheet_rows(found), columns_of(name)
    ids = [row.quarantined_row_id for row in found]
    fixed = [column for column in shown.columns if column not in fields]
    edited = st.data_editor(
        shown,
        # What was typed belongs to these rows: others get an editor of their own.
        key=f"quarantine.rows.{code}.{name}.{ids[0]}.{ids[-1]}.{len(ids)}",
        hide_index=True,
        width="stretch",
        disabled=fixed if context.actor.may(*MENDERS) else True,
        column_config={_WRONG: st.column_config.TextColumn(width="large")},
    )
    if len(found) == ROWS_SHOWN:
        st.caption(f"The first {ROWS_SHOWN} rows are shown; a change for all reaches every row of the cause.")
    if not context.actor.may(*MENDERS):
        st.info("Rows are mended by people with the role ops or bay_lead.")
        return
    left, right = st.columns(2)
    changes = changed_cells(shown, edited, ids)
    label = f"Send {count(len(changes), 'mended row')} in again" if changes else "Send mended rows in again"
    if left.button(label, type="primary", disabled=not changes, width="stretch"):
        _act(context, [(Choice(row_ids=rows), cells) for cells, rows in grouped_by_cells(changes)])
    if right.button(
        "Send all in again as they are", width="stretch", help="Once a master or setting is right."
    ):
        _act(context, [(Choice(error_code=code, contract_name=name), {})])
    _offer_for_all(context, code, name, {row.column_name for row in found if row.column_name})


def _offer_for_all(context: PageContext, code: str, name: str, refused: set[str]) -> None:
    fields = columns_of(name)
    first = next((position for position, field in enumerate(fields) if field in refused), 0)
    with st.form(f"quarantine.all.{code}.{name}", border=True):
        st.markdown("**One value for every row of this cause**")
        left, right = st.columns(2)
        column = left.selectbox("Column", fields, index=first)
        value = right.text_input("Value", help="Blank empties the cell.")
        if st.form_submit_button("Set it in all and send them in again"):
            choice = Choice(error_code=code, contract_name=name)
            _act(context, [(choice, {column: value.strip() or None})])


def _act(context: PageContext, mends: Sequence[tuple[Choice, Mapping[str, str | None]]]) -> None:
    """Mend what was chosen, then say what became of it; replayed as they are when nothing changes."""
    store, done = open_store(context.settings), []
    try:
        with st.spinner("Sending the rows in again…"):
            for choice, cells in mends:
                way_in = "mend" if cells else "replay"
                now = datetime.now(UTC)
                done.append(
                    mend_rows(context.dsn, store, choice, cells, actor=context.actor, now=now, way_in=way_in)
                )
    except RtvError as error:
        show_error(error)
        return
    st.session_state[DONE] = told(done)
    st.rerun()


def told(done: Sequence[MendSummary]) -> str:
    """What became of rows that were sent in again, in a sentence."""
    files = [file for summary in done for file in summary.files]
    fates = {
        "loaded": sum(file.rows_loaded for file in files),
        "superseded": sum(file.rows_superseded for file in files),
        "in quarantine again": sum(file.rows_quarantined for file in files),
    }
    said = ", ".join(f"{grouped(rows)} {fate}" for fate, rows in fates.items() if rows)
    sent = count(sum(summary.rows for summary in done), "row")
    return f"{sent} sent in again: {said or 'nothing to load'}. The next build takes them in."


def sheet_rows(found: Sequence[reads.QuarantinedRow]) -> pd.DataFrame:
    """The rows as their sheets have them: where, what is wrong, refused columns, then the others."""
    refused = list(dict.fromkeys(row.column_name for row in found if row.column_name))
    others = list(dict.fromkeys(name for row in found for name in row.row_content))
    names = [*refused, *(name for name in others if name not in refused)]
    lines = [
        {
            _WHERE: ", ".join(filter(None, (row.file_name, row.sheet_name, f"row {row.row_no}"))),
            _WRONG: f"{row.error_fact}. {row.error_remedy}",
            **{name: _cell(row.row_content.get(name)) for name in names},
        }
        for row in found
    ]
    return pd.DataFrame(lines, columns=[_WHERE, _WRONG, *names], dtype=object)


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)


def changed_cells(
    shown: pd.DataFrame, edited: pd.DataFrame, ids: Sequence[int]
) -> dict[int, dict[str, str | None]]:
    """Quarantined row to the cells that a person changed in it."""
    found: dict[int, dict[str, str | None]] = defaultdict(dict)
    for name in shown.columns:
        for position, (before, after) in enumerate(zip(shown[name], edited[name], strict=True)):
            old, new = _text(before), _text(after)
            if old != new:
                found[ids[position]][str(name)] = new
    return dict(found)


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) or not str(value).strip() else str(value)


def grouped_by_cells(
    changes: Mapping[int, Mapping[str, str | None]],
) -> list[tuple[dict[str, str | None], list[int]]]:
    """Rows with the same changes go in together."""
    alike: dict[tuple[tuple[str, str | None], ...], list[int]] = defaultdict(list)
    for row_id, cells in changes.items():
        alike[tuple(sorted(cells.items()))].append(row_id)
    return [(dict(cells), rows) for cells, rows in alike.items()]


def _show_files(context: PageContext, whole: Sequence[reads.LoadedFile]) -> None:
    section("Files that could not be read", "Kept byte for byte; each is read again once its cause is gone.")
    for file in whole:
        facts, act = st.columns([5, 1], vertical_alignment="center")
        facts.markdown(f"**{file.file_name}** · `{file.error_code}` · {at(file.received_at, context.zone)}")
        facts.caption(f"{file.error_fact} {file.error_remedy}")
        if file.error_code in MAPPABLE:
            with act:
                way("Map its columns", link("mappings", file=file.file_id))
        if context.actor.may(*MENDERS) and act.button("Read again", key=f"quarantine.file.{file.file_id}"):
            _read_again(context, file.file_id)


def _read_again(context: PageContext, file_id: int) -> None:
    try:
        loaded = replay_file(
            context.dsn, open_store(context.settings), file_id, actor=context.actor, now=datetime.now(UTC)
        )
    except RtvError as error:
        show_error(error)
        return
    if loaded is not None and loaded.file_status == "loaded":
        st.session_state[DONE] = f"{loaded.file_name} is read: {grouped(loaded.rows_loaded)} rows loaded."
    elif loaded is not None:
        st.session_state[DONE] = f"{loaded.file_name} still cannot be read: {loaded.error_fact}"
    st.rerun()


def _show_mended(connection: Connection, context: PageContext) -> None:
    mended = reads.mended_rows(connection, context.tenant_code, limit=MENDED_SHOWN)
    if not mended:
        return
    section("Mended before")
    rows = [
        [
            f"{escape(row.file_name)}<br><small>row {grouped(row.row_no)}</small>",
            f"{escape(row.error_code)}<br><small>{escape(row.column_name or NOTHING)}</small>",
            f"<code>{escape(str(row.bad_value))}</code>" if row.bad_value is not None else NOTHING,
            escape(row.mended_by),
            f'<span class="nowrap">{at(row.mended_at, context.zone)}</span>',
        ]
        for row in mended
    ]
    table(["Where", "Cause", "Value", "By", "At"], rows, caption="Rows that were mended or replayed")
