"""Upload: drop files here, see how each is understood, and send them in."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Protocol

import pandas as pd
import streamlit as st

from rtv_commands.load import LoadedFile, load_files
from rtv_commands.map_columns import MAPPABLE
from rtv_commands.read import Reading, TenantRules, read_file, tenant_rules
from rtv_commands.receive import receive_file
from rtv_core.errors import RtvError
from rtv_core.identity import Role
from rtv_core.objects.factory import open_store
from streamlit_app.components.notices import show_empty, show_error
from streamlit_app.components.pieces import anchor, badge, facts, link, section, table, title, way
from streamlit_app.session import PageContext, page_context
from streamlit_app.words import NOTHING, count, grouped, size

ROWS_SHOWN = 20
SENT = "upload.sent"
_FILES = "upload.files"
_ROUND = "upload.round"


class GivenFile(Protocol):
    """A file as the browser gives it."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """Its bytes."""


def show() -> None:
    """Draw the page."""
    context = page_context()
    title(
        "Upload",
        "Drop a partner's file: it is read here as the hub would read it. Nothing is sent before you say so.",
    )
    if not context.actor.may(Role.OPS, Role.BAY_LEAD, Role.FINANCE):
        show_empty("Files are sent in by ops, finance and bay leads", "Ask someone with one of these roles.")
        return
    _show_sent(st.session_state.pop(SENT, ()))
    given: Sequence[GivenFile] = st.file_uploader(
        "Files",
        accept_multiple_files=True,
        # A new round has an empty picker: what was sent in leaves it.
        key=f"{_FILES}.{st.session_state.get(_ROUND, 0)}",
        help="CSV, TSV, XLSX, XLS, XLSB, ODS, JSON, JSON Lines, XML, Parquet, PDF, EDI, or a ZIP of these.",
    )
    if not given:
        show_empty(
            "No file is chosen", "Larger ones come by the drop folder, S3, SFTP, mail or `rtv ingest`."
        )
        return
    if st.button(f"Send {count(len(given), 'file')} in", type="primary", icon=":material/upload:"):
        _send(context, given)
    rules = tenant_rules(context.dsn, context.tenant_code, datetime.now(UTC))
    for file in given:
        _show_file(file, rules)


def _show_file(file: GivenFile, rules: TenantRules) -> None:
    section(file.name, size(file.size))
    with tempfile.TemporaryDirectory(prefix="rtv-upload-") as name:
        path, rows = Path(name) / Path(file.name).name, Path(name) / "rows_of_it.csv"
        path.write_bytes(file.getvalue())
        try:
            with st.spinner("Reading…"):
                reading = read_file(path, rules=rules, to_csv=rows)
        except RtvError as error:
            show_error(error)
            st.caption("Sent in, it is kept as it is and waits in quarantine.")
            return
        _show_reading(reading)
        if rows.exists() and rows.stat().st_size:
            shown = pd.read_csv(rows, dtype=str, nrows=ROWS_SHOWN, keep_default_na=False)
            st.dataframe(shown, hide_index=True, width="stretch")
            st.caption(f"The first {ROWS_SHOWN} rows, as understood.")


def _show_reading(reading: Reading) -> None:
    verdict = badge("not recognised", "bad") if reading.error else badge("recognised", "good")
    told = {
        "Verdict": verdict,
        "Format": escape(reading.format_name),
        "Source": escape(reading.source_name or NOTHING),
        "Becomes": escape(reading.contract_name or NOTHING),
        "Rows": grouped(reading.rows_in) if not reading.error else NOTHING,
        "Would wait in quarantine": grouped(reading.rows_refused) if not reading.error else NOTHING,
    }
    facts(
        {**told, **{name.capitalize(): escape(repr(value)[1:-1]) for name, value in reading.dialect.items()}}
    )
    if reading.reason:
        st.caption(reading.reason)
    for finding in reading.findings:
        st.caption(f"• {finding}")
    if reading.error:
        st.warning(f"{reading.error['fact']}. {reading.error['remedy']}")
        if reading.error["code"] in MAPPABLE:
            st.caption("Send it in: it is kept, and its columns can then be mapped under Mappings.")
    if reading.examples:
        rows = [
            [
                grouped(int(example["row"])),
                escape(str(example["column"] or NOTHING)),
                f"<code>{escape(str(example['value']))}</code>" if example["value"] is not None else NOTHING,
                escape(str(example["fact"])),
                escape(str(example["remedy"])),
            ]
            for example in reading.examples
        ]
        table(
            ["Row", "Column", "Value", "Fact", "Remedy"],
            rows,
            numeric=[0],
            caption="Rows that would not load",
        )


def _send(context: PageContext, given: Sequence[GivenFile]) -> None:
    store, now = open_store(context.settings), datetime.now(UTC)
    try:
        with st.spinner("Keeping and loading…"):
            kept = [
                receive_file(
                    context.dsn,
                    store,
                    BytesIO(file.getvalue()),
                    file_name=file.name,
                    way_in="upload",
                    actor=context.actor,
                    now=now,
                )
                for file in given
            ]
            loaded = load_files(context.dsn, store, [file.file_id for file in kept], now=now).files
    except RtvError as error:
        show_error(error)
        return
    by_id = {file.file_id: file for file in loaded}
    st.session_state[SENT] = [(file.file_name, file.is_repeat, by_id.get(file.file_id)) for file in kept]
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()


def _show_sent(sent: Sequence[tuple[str, bool, LoadedFile | None]]) -> None:
    if not sent:
        return
    section("Sent in", "The next build takes the rows in.")
    rows = [[escape(name), *_fate(is_repeat=is_repeat, file=file)] for name, is_repeat, file in sent]
    headings = ["File", "State", "Rows in", "Loaded", "Superseded", "Quarantined"]
    table(headings, rows, numeric=[2, 3, 4, 5], caption="What became of each file")
    for _, _, file in sent:
        if file is not None and file.error_code in MAPPABLE:
            way(f"Map the columns of {file.file_name}", link("mappings", file=file.file_id))


def _fate(*, is_repeat: bool, file: LoadedFile | None) -> list[str]:
    if file is None:
        said = "the same bytes are here already" if is_repeat else "waits to be loaded"
        return [badge(said), NOTHING, NOTHING, NOTHING, NOTHING]
    if file.file_status == "quarantined":
        said = badge("quarantined", "bad") + f"<br><small>{escape(file.error_fact or '')}</small>"
        return [said, NOTHING, NOTHING, NOTHING, NOTHING]
    waiting = grouped(file.rows_quarantined)
    if file.rows_quarantined:
        waiting = anchor(waiting, link("data-health", part="quarantine"))
    counts = [grouped(rows) for rows in (file.rows_in, file.rows_loaded, file.rows_superseded)]
    return [badge("loaded", "good"), *counts, waiting]
