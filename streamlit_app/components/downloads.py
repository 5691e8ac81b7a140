"""Links that download rows as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st


def export_address(mart: str, file_format: str, filters: Mapping[str, Sequence[str]]) -> str:
    """Where a mart is downloaded from, narrowed by equality."""
    query = urlencode([(name, value) for name, values in filters.items() for value in values])
    return f"/export/{mart}.{file_format}" + (f"?{query}" if query else "")


def show_export(mart: str, filters: Mapping[str, Sequence[str]], *, label: str = "Download") -> None:
    """A menu of the three formats."""
    with st.popover(label, icon=":material/download:"):
        st.caption(
            "XLSX keeps identifiers as text, dates as dates and money as numbers, and explains its columns."
        )
        for file_format, name in (("xlsx", "Excel (.xlsx)"), ("csv", "CSV"), ("parquet", "Parquet")):
            st.html(
                '<a class="rtv-download" '
                f'href="{export_address(mart, file_format, filters).replace("&", "&amp;")}" '
                f'target="_self" download>{name}</a>'
            )
