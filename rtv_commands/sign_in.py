"""Sign in to the dashboard: compares in constant time and slows guessing down."""

from __future__ import annotations

import hmac
from collections import deque
from datetime import datetime, timedelta

from rtv_core.errors import ConfigurationError, NotPermitted, ResourceExhausted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import DashboardSettings

MAX_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=5)


class SignInGuard:
    """Counts failed sign-ins of one process; refuses for a while after too many."""

    def __init__(self) -> None:
        self._failures: deque[datetime] = deque(maxlen=MAX_FAILURES)

    def check(self, now: datetime) -> None:
        """Raise `ResourceExhausted` when the last failures came too fast."""
        while self._failures and now - self._failures[0] > FAILURE_WINDOW:
            self._failures.popleft()
        if len(self._failures) >= MAX_FAILURES:
            wait = self._failures[0] + FAILURE_WINDOW - now
            raise ResourceExhausted(
                f"{MAX_FAILURES} sign-ins failed within {FAILURE_WINDOW.seconds // 60} minutes",
                remedy=f"Wait {int(wait.total_seconds()) + 1} seconds, then try again.",
                code="SIGN_IN_THROTTLED",
            )

    def note_failure(self, now: datetime) -> None:
        """Remember one failed attempt."""
        self._failures.append(now)


def sign_in(
    dashboard: DashboardSettings, user: str, password: str, *, guard: SignInGuard, now: datetime
) -> Actor:
    """The actor behind a name and a password; `NotPermitted` when they do not fit."""
    if dashboard.password is None or dashboard.session_secret is None:
        raise ConfigurationError(
            "The dashboard has no password or session secret",
            remedy="Set RTV_DASHBOARD__PASSWORD and RTV_DASHBOARD__SESSION_SECRET; `rtv demo` "
            "generates them.",
            code="SIGN_IN_UNSET",
        )
    guard.check(now)
    is_user = hmac.compare_digest(user.strip().encode(), dashboard.user.encode())
    is_password = hmac.compare_digest(password.encode(), dashboard.password.get_secret_value().encode())
    if not (is_user and is_password):
        guard.note_failure(now)
        raise NotPermitted(
            "That name and password do not fit",
            remedy="Check both; `rtv demo` prints the ones it generated.",
            code="SIGN_IN_REFUSED",
        )
    return Actor(ActorKind.PERSON, dashboard.user, frozenset({Role.ADMIN}))
