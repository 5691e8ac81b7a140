"""Empty states that say what to do, and error states with code, fact and remedy: never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from rtv_core.errors import NotPermitted, RtvError, TransientError


def show_error(error: RtvError) -> None:
    """An error of ours as a card: fact, remedy, code."""
    kind = "wait" if isinstance(error, TransientError) else "stop"
    action = '<a href="/sign-in" target="_self">Sign in</a>' if isinstance(error, NotPermitted) else ""
    st.html(
        f'<div class="rtv-notice rtv-{kind}" role="alert"><h3>{escape(error.fact)}</h3>'
        f"<p>{escape(error.remedy)}</p><code>{escape(error.code)}</code>{action}</div>"
    )


def show_empty(fact: str, remedy: str) -> None:
    """Nothing to show, and what would change that."""
    st.html(f'<div class="rtv-notice rtv-empty"><h3>{escape(fact)}</h3><p>{escape(remedy)}</p></div>')


def guarded(page: Callable[[], None]) -> Callable[[], None]:
    """A page that shows our errors instead of raising them."""

    def run() -> None:
        try:
            page()
        except RtvError as error:
            show_error(error)
            if isinstance(error, TransientError) and st.button("Try again", type="primary"):
                st.rerun()

    run.__name__ = page.__module__.rsplit(".", 1)[-1]
    return run
