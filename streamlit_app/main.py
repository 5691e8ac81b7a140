"""The router: style, navigation, who is signed in. Run by `streamlit_app.app`."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from rtv_core.errors import RtvError
from rtv_core.warehouse.marts.today import is_synthetic
from streamlit_app.components.notices import guarded, show_error
from streamlit_app.components.theme import apply_theme
from streamlit_app.session import PageContext, page_context, published
from streamlit_app.views import (
    bay,
    claims,
    data_health,
    discrepancies,
    evidence,
    mappings,
    rtv,
    today,
    upload,
)
from streamlit_app.words import at

MARK = Path(__file__).with_name("mark.svg")


def pages() -> dict[str, list[st.Page]]:
    """Every page, by what it is for."""
    return {
        "Work": [
            st.Page(guarded(today.show), title="Today", icon=":material/today:", default=True),
            st.Page(
                guarded(discrepancies.show),
                title="Discrepancies",
                icon=":material/rule:",
                url_path="discrepancies",
            ),
            st.Page(guarded(bay.show), title="Bay", icon=":material/qr_code_scanner:", url_path="bay"),
            st.Page(guarded(claims.show), title="Claims", icon=":material/gavel:", url_path="claims"),
        ],
        "Look closer": [
            st.Page(guarded(rtv.show), title="RTV", icon=":material/package_2:", url_path="rtv"),
            st.Page(
                guarded(evidence.show), title="Evidence", icon=":material/videocam:", url_path="evidence"
            ),
        ],
        "Files": [
            st.Page(guarded(upload.show), title="Upload", icon=":material/upload_file:", url_path="upload"),
            st.Page(guarded(mappings.show), title="Mappings", icon=":material/schema:", url_path="mappings"),
        ],
        "Trust": [
            st.Page(
                guarded(data_health.show),
                title="Data health",
                icon=":material/monitor_heart:",
                url_path="data-health",
            )
        ],
    }


def show_person(context: PageContext) -> None:
    """Who is signed in, what is shown, and the way out."""
    with context.reads() as connection:
        build, _ = published(connection)
        synthetic = is_synthetic(connection, context.tenant_code)
    shown = f"Built as of {at(build.as_of, context.zone)}" if build else "Nothing is built yet"
    mark = '<span class="rtv-badge">Synthetic data</span><br>' if synthetic else ""
    st.sidebar.html(
        f'<div class="rtv-person">{mark}{escape(shown)}<br>Signed in as '
        f"<b>{escape(context.actor.name)}</b> · "
        '<a href="/sign-out" target="_self">Sign out</a></div>'
    )


def main() -> None:
    """Draw the frame, then the page."""
    st.set_page_config(page_title="RTV Hub", page_icon=str(MARK), layout="wide")
    apply_theme()
    st.logo(str(MARK.with_name("logo.svg")), icon_image=str(MARK), size="large")
    page = st.navigation(pages())
    try:
        context = page_context()
    except RtvError as error:
        show_error(error)
        return
    page.run()
    try:
        show_person(context)
    except RtvError as error:
        st.sidebar.caption(error.code)


main()
