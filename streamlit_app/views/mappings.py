"""Mappings: which column of a partner's file plays which role, tried on its rows and saved for the next."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from rtv_commands.map_columns import (
    MAPPABLE,
    MappingDraft,
    MappingRequest,
    SavedMapping,
    draft_mapping,
    field_rows,
    list_mappings,
    mappable_contracts,
    pattern_for,
    save_mapping,
)
from rtv_commands.quarantine import copy_kept_file, list_quarantine
from rtv_commands.replay import replay_file
from rtv_core.errors import RtvError
from rtv_core.identity import MAPPERS
from rtv_core.objects.factory import open_store
from streamlit_app.components.notices import show_empty, show_error
from streamlit_app.components.pieces import section, table, title
from streamlit_app.session import PageContext, page_context
from streamlit_app.words import NOTHING, at, count, grouped

DONE = "mappings.done"
LEFT_OUT, COUNTED, UNKNOWN = "", "@counted", "@unknown"


def show() -> None:
    """Draw the page."""
    context = page_context()
    title("Mappings", "What the columns of a partner's file mean, said once for all its next files.")
    done = st.session_state.pop(DONE, None)
    if done:
        st.success(done)
    waiting = [
        file
        for file in list_quarantine(context.dsn, context.tenant_code).files
        if file["error_code"] in MAPPABLE
    ]
    if waiting:
        _show_waiting(context, waiting)
    else:
        show_empty(
            "No file waits for a mapping",
            "Send one in under Upload: a file nobody knows is kept and shown here.",
        )
    _show_saved(context)


def _show_waiting(context: PageContext, waiting: list[dict[str, Any]]) -> None:
    names = {int(file["file_id"]): str(file["file_name"]) for file in waiting}
    asked = st.query_params.get("file", "")
    ids = list(names)
    first = ids.index(int(asked)) if asked.isdigit() and int(asked) in names else 0
    file_id = st.selectbox("File", ids, index=first, format_func=names.__getitem__)
    said = next(file for file in waiting if file["file_id"] == file_id)
    st.caption(f"{said['error_fact']} {said['error_remedy']}")
    if not context.actor.may(*MAPPERS):
        st.info("Columns are mapped by people with the role ops.")
        return
    with tempfile.TemporaryDirectory(prefix="rtv-map-") as folder:
        path = copy_kept_file(
            context.dsn, open_store(context.settings), file_id, Path(folder), tenant_code=context.tenant_code
        )
        _draw_draft(context, file_id, path)


def _draw_draft(context: PageContext, file_id: int, path: Path) -> None:
    left, right, last = st.columns(3)
    contract = left.selectbox("Its rows are", mappable_contracts(path), key=f"mapping.contract.{file_id}")
    name = right.text_input(
        "Name of the mapping", value=path.stem, max_chars=100, key=f"mapping.name.{file_id}",
        help="A mapping saved under this name before is where this one starts.",
    )  # fmt: skip
    pattern = last.text_input(
        "For files called", value=pattern_for(path.name), key=f"mapping.pattern.{file_id}",
        help="A * stands for any letters: the date, the number.",
    )  # fmt: skip
    try:
        proposed = draft_mapping(
            context.dsn, path, MappingRequest(contract, name, pattern), tenant_code=context.tenant_code
        )
        edited = _edit_roles(proposed, f"mapping.roles.{file_id}.{contract}.{name}")
        chosen, constants = choices(_needed_first(proposed), edited)
        found = proposed
        if chosen or constants:
            request = MappingRequest(contract, name, pattern, chosen, constants)
            found = draft_mapping(context.dsn, path, request, tenant_code=context.tenant_code)
    except RtvError as error:
        show_error(error)
        return
    _show_preview(found)
    _offer_saving(context, found)


def _edit_roles(proposed: MappingDraft, key: str) -> pd.DataFrame:
    rows = _needed_first(proposed)
    columns = [*proposed.mapping.header, COUNTED, UNKNOWN]
    shown = pd.DataFrame(
        {
            "Field": [row["field"] for row in rows],
            "Needed": [bool(row["required"]) for row in rows],
            "Column": [row["column"] if row["is_taken"] else None for row in rows],
            "Same in every row": [row["constant"] or "" for row in rows],
            "Suggested": [row["column"] or "" for row in rows],
            "Sure": [row["confidence"] for row in rows],
            "Because": [row["reason"] or "" for row in rows],
            "For example": [", ".join(map(str, row["examples"])) for row in rows],
        }
    )
    edited: pd.DataFrame = st.data_editor(
        shown,
        key=key,
        hide_index=True,
        width="stretch",
        disabled=["Field", "Needed", "Suggested", "Sure", "Because", "For example"],
        column_config={
            "Column": st.column_config.SelectboxColumn(
                options=columns,
                help="@counted numbers the rows of a document; @unknown: the partner never says it.",
            ),
            "Sure": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent"),
        },
    )
    return edited


def _needed_first(proposed: MappingDraft) -> list[dict[str, Any]]:
    return sorted(field_rows(proposed), key=lambda row: not row["required"])


def choices(proposed: list[dict[str, Any]], edited: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """What a person chose otherwise than proposed: field to column (blank: none), and field to constant."""
    chosen: dict[str, str] = {}
    constants: dict[str, str] = {}
    for row, column, constant in zip(proposed, edited["Column"], edited["Same in every row"], strict=True):
        given, same = _written(column), _written(constant)
        if same != (row["constant"] or ""):
            constants[row["field"]] = same
        if given != ((row["column"] if row["is_taken"] else None) or LEFT_OUT):
            chosen[row["field"]] = given
    return {name: column for name, column in chosen.items() if not constants.get(name)}, constants


def _written(cell: Any) -> str:
    """What stands in a cell; an emptied one holds nothing, or what pandas makes of nothing."""
    return "" if cell is None or pd.isna(cell) else str(cell).strip()


def _show_preview(found: MappingDraft) -> None:
    section("Its rows, read so")
    preview = found.preview
    st.markdown(
        f"**{grouped(preview.rows_in)}** rows: **{grouped(preview.rows_sound)}** would load, "
        f"**{grouped(preview.rows_refused)}** would wait in quarantine."
    )
    if preview.rows:
        st.dataframe(pd.DataFrame(preview.rows).astype(str), hide_index=True, width="stretch")
    if preview.refused:
        st.dataframe(pd.DataFrame(preview.refused).astype(str), hide_index=True, width="stretch")
    if found.draft.unused:
        st.caption(f"Kept beside the row: {', '.join(found.draft.unused)}")
    if found.draft.missing:
        st.warning(f"Still without a column or a value: {', '.join(found.draft.missing)}.")


def _offer_saving(context: PageContext, found: MappingDraft) -> None:
    with st.form("mapping.save", border=True):
        since: date | None = st.date_input(
            "Received from", value=None, help="Unset: from the day the first of these files came in."
        )
        pressed = st.form_submit_button(
            "Save, and read the waiting files", type="primary", disabled=bool(found.draft.missing)
        )
    if not pressed:
        return
    try:
        now = datetime.now(UTC)
        saved = save_mapping(context.dsn, found, actor=context.actor, now=now, effective_from=since)
        told = _read_waiting(context, saved)
    except RtvError as error:
        show_error(error)
        return
    st.session_state[DONE] = (
        f"The mapping {found.mapping.mapping_name} counts from {saved.effective_from}. {told}"
    )
    st.query_params.clear()
    st.rerun()


def _read_waiting(context: PageContext, saved: SavedMapping) -> str:
    store, loaded, refused, rows = open_store(context.settings), 0, 0, 0
    for waiting in saved.waiting_files:
        file = replay_file(
            context.dsn, store, int(waiting["file_id"]), actor=context.actor, now=datetime.now(UTC)
        )
        if file is not None and file.file_status == "loaded":
            loaded, rows, refused = loaded + 1, rows + file.rows_loaded, refused + file.rows_quarantined
    if not loaded:
        return "No waiting file could be read by it."
    return f"{count(loaded, 'file')} read: {grouped(rows)} rows loaded, {grouped(refused)} in quarantine."


def _show_saved(context: PageContext) -> None:
    saved = list_mappings(context.dsn, context.tenant_code)
    if not saved:
        return
    section("Saved", "The newest of a name counts; what came in before stays as it was read.")
    table(
        ["Name", "Becomes", "Files called", "From", "Until", "Saved by", "At"],
        [_saved_row(row, context) for row in saved],
        caption="Saved mappings",
    )


def _saved_row(row: Mapping[str, Any], context: PageContext) -> list[str]:
    return [
        escape(str(row["mapping_name"])),
        escape(str(row["contract_name"])),
        f"<code>{escape(str(row['file_pattern']))}</code>",
        str(row["effective_from"]),
        str(row["effective_to"] or NOTHING),
        escape(str(row["saved_by"])),
        f'<span class="nowrap">{at(row["saved_at"], context.zone)}</span>',
    ]
