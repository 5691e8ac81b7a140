"""The dashboard as one ASGI application: pages, sign-in, films, downloads and health.

uvicorn streamlit_app.app:app --host 127.0.0.1 --port 7481
"""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from rtv_core.errors import RtvError
from rtv_core.settings import Settings, get_settings
from streamlit_app.server.problems import answer_problem
from streamlit_app.server.routes import DashboardRoutes
from streamlit_app.server.security import SecurityHeaders, SessionGate

logger = logging.getLogger("rtv.dashboard")
# Film links carry tokens: they do not belong in logs.
logging.getLogger("uvicorn.access").disabled = True


def _note_script_error(error: Exception) -> None:
    """Log what a page did not foresee; the page itself shows no traceback (client.showErrorDetails)."""
    logger.error("A page failed", exc_info=error)


def create_app(settings: Settings) -> st.App:
    """The application under these settings."""
    return st.App(
        Path(__file__).with_name("main.py"),
        routes=DashboardRoutes(settings).all(),
        middleware=[Middleware(SecurityHeaders), Middleware(SessionGate, settings=settings)],
        exception_handlers={RtvError: answer_problem},
        on_script_error=_note_script_error,
    )


app = create_app(get_settings())
