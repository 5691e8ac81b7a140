"""Session cookies and film links: signed, of one purpose, running out."""

from __future__ import annotations

import itsdangerous
import pytest
from pydantic import SecretStr

from rtv_core.errors import ConfigurationError, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import DashboardSettings, Settings
from streamlit_app.tokens import (
    LINK_SECONDS,
    SESSION_SECONDS,
    open_link,
    open_session,
    seal_link,
    seal_session,
)

SETTINGS = Settings(dashboard=DashboardSettings(session_secret=SecretStr("s" * 40)))
OTHER = Settings(dashboard=DashboardSettings(session_secret=SecretStr("t" * 40)))
ACTOR = Actor(ActorKind.PERSON, "asha", frozenset({Role.CLAIMS, Role.OPS}), "brand_a")


def move_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = itsdangerous.TimestampSigner("x").get_timestamp()
    monkeypatch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda _self: now + seconds)


def test_a_session_comes_back_as_the_same_actor() -> None:
    assert open_session(SETTINGS, seal_session(SETTINGS, ACTOR)) == ACTOR


def test_a_forged_changed_or_foreign_session_is_nobody() -> None:
    sealed = seal_session(SETTINGS, ACTOR)
    link = seal_link(SETTINGS, "film", "7", "brand_a")
    for value in (None, "", sealed[:-1], "x" + sealed, seal_session(OTHER, ACTOR), link):
        assert open_session(SETTINGS, value) is None


def test_a_session_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal_session(SETTINGS, ACTOR)
    move_clock(monkeypatch, SESSION_SECONDS + 1)
    assert open_session(SETTINGS, sealed) is None


def test_a_link_opens_only_its_own_object() -> None:
    token = seal_link(SETTINGS, "film", "7", "brand_a")
    assert open_link(SETTINGS, "film", token, "7") == "brand_a"
    for kind, identifier in (("film", "8"), ("bundle", "7")):
        with pytest.raises(NotPermitted) as refused:
            open_link(SETTINGS, kind, token, identifier)
        assert refused.value.code == "LINK_FORGED"


def test_a_link_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    token = seal_link(SETTINGS, "film", "7", "brand_a")
    move_clock(monkeypatch, LINK_SECONDS + 1)
    with pytest.raises(NotPermitted) as refused:
        open_link(SETTINGS, "film", token, "7")
    assert refused.value.code == "LINK_EXPIRED"


def test_without_a_secret_nothing_is_signed() -> None:
    with pytest.raises(ConfigurationError):
        seal_session(Settings(), ACTOR)
