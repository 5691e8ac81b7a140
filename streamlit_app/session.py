"""Who looks, under which settings, at which warehouse: what every page starts from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from rtv_core.errors import NotPermitted
from rtv_core.identity import Actor
from rtv_core.settings import Settings, get_settings
from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import reading
from rtv_core.warehouse.marts.today import Build, latest_build
from streamlit_app.tokens import SESSION_COOKIE, open_session

ACTOR = "rtv.actor"


@dataclass(frozen=True, slots=True)
class PageContext:
    """Settings, the signed-in person and the reporting zone."""

    settings: Settings
    actor: Actor
    zone: ZoneInfo

    @property
    def tenant_code(self) -> str:
        """The brand whose rows are shown."""
        return self.actor.tenant_code

    @property
    def dsn(self) -> str:
        """The warehouse's address."""
        return self.settings.warehouse_dsn()

    @contextmanager
    def reads(self) -> Iterator[Connection]:
        """One snapshot of the warehouse for one page."""
        with reading(self.dsn) as connection:
            yield connection


def page_context() -> PageContext:
    """The context of this run; `NotPermitted` when the session has run out."""
    settings = get_settings()
    actor: Actor | None = st.session_state.get(ACTOR) or open_session(
        settings, st.context.cookies.get(SESSION_COOKIE)
    )
    if actor is None:
        raise NotPermitted(
            "Your session has run out", remedy="Sign in again: open /sign-in.", code="SESSION_EXPIRED"
        )
    return PageContext(settings, actor, ZoneInfo(settings.dashboard.reporting_timezone))


def published(connection: Connection) -> tuple[Build | None, datetime]:
    """The published build, and the instant it was built as of: what "now" means on a page."""
    build = latest_build(connection)
    return build, build.as_of if build else datetime.now(UTC)
