"""Signing in: the right pair only, never by default, slowed down after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from rtv_commands.sign_in import FAILURE_WINDOW, MAX_FAILURES, SignInGuard, sign_in
from rtv_core.errors import ConfigurationError, NotPermitted, ResourceExhausted
from rtv_core.identity import Role
from rtv_core.settings import DashboardSettings

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DASHBOARD = DashboardSettings(password=SecretStr("päss"), session_secret=SecretStr("s" * 40))


def test_the_right_pair_signs_in_as_administrator() -> None:
    actor = sign_in(DASHBOARD, " admin ", "päss", guard=SignInGuard(), now=NOW)
    assert (actor.name, actor.roles) == ("admin", frozenset({Role.ADMIN}))


@pytest.mark.parametrize(("user", "password"), [("admin", ""), ("admin", "pass"), ("root", "päss"), ("", "")])
def test_any_other_pair_is_refused_in_the_same_words(user: str, password: str) -> None:
    with pytest.raises(NotPermitted) as refused:
        sign_in(DASHBOARD, user, password, guard=SignInGuard(), now=NOW)
    assert (refused.value.code, refused.value.fact) == (
        "SIGN_IN_REFUSED",
        "That name and password do not fit",
    )


def test_an_unset_password_lets_nobody_in() -> None:
    for dashboard in (DashboardSettings(), DashboardSettings(password=SecretStr("x"))):
        with pytest.raises(ConfigurationError):
            sign_in(dashboard, "admin", "", guard=SignInGuard(), now=NOW)


def test_guessing_is_slowed_down_and_forgiven_later() -> None:
    guard = SignInGuard()
    for _ in range(MAX_FAILURES):
        with pytest.raises(NotPermitted):
            sign_in(DASHBOARD, "admin", "wrong", guard=guard, now=NOW)
    with pytest.raises(ResourceExhausted) as refused:
        sign_in(DASHBOARD, "admin", "päss", guard=guard, now=NOW + timedelta(seconds=1))
    assert refused.value.code == "SIGN_IN_THROTTLED"
    later = NOW + FAILURE_WINDOW + timedelta(seconds=1)
    assert sign_in(DASHBOARD, "admin", "päss", guard=guard, now=later).name == "admin"
