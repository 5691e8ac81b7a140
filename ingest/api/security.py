"""Who calls: an operator's signed session or a machine's API key, and how often one may try."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ingest.api.problems import TooManyTries
from rtv_commands.issue_api_key import PREFIX, check_api_key
from rtv_core.errors import ConfigurationError, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import Settings

_SALT = "rtv-bay-session"
# Tells the OpenAPI what caller_of reads; the reading, and the answer to who has none, are ours.
_DECLARED = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="The token of `POST /v1/sessions`, or an API key (`rtv api-key add`).",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor, and the station he sits at when he is an operator."""

    actor: Actor
    node_code: str | None
    station_code: str | None = None
    bay_code: str | None = None


class Sessions:
    """Signs and reads operator sessions: tenant, node, station, bay, operator."""

    def __init__(self, secret: str, hours: float) -> None:
        if len(secret) < 32:
            raise ConfigurationError(
                "RTV_API__SESSION_SECRET has fewer than 32 characters",
                remedy="Set 32 or more random characters, for example from `openssl rand -hex 32`.",
                code="SESSION_SECRET_SHORT",
            )
        self._serializer = URLSafeTimedSerializer(secret, salt=_SALT)
        self.length = timedelta(hours=hours)

    def sign(self, caller: Caller) -> str:
        """A token for this operator at this station."""
        return self._serializer.dumps(
            {
                "tenant": caller.actor.tenant_code,
                "operator": caller.actor.name,
                "node": caller.node_code,
                "station": caller.station_code,
                "bay": caller.bay_code,
            }
        )

    def read(self, token: str) -> Caller:
        """The operator of a token; `NotPermitted` when it is forged or too old."""
        try:
            held = self._serializer.loads(token, max_age=int(self.length.total_seconds()))
        except BadSignature:
            raise NotPermitted(
                "The session has ended or is not ours", remedy="Sign in again.", code="SESSION_REFUSED"
            ) from None
        actor = Actor(ActorKind.PERSON, held["operator"], frozenset({Role.OPERATOR}), held["tenant"])
        return Caller(actor, held["node"], held["station"], held["bay"])


class TryLimit:
    """So many tries a minute for each name; the next one waits."""

    def __init__(self, tries: int, seconds: float = 60.0) -> None:
        self.tries, self.seconds = tries, seconds
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def count(self, *names: str) -> None:
        """Count a try for each of these names; `TooManyTries` says how long to wait."""
        at = time.monotonic()
        with self._lock:
            for name in names:
                seen = self._seen[name]
                while seen and seen[0] <= at - self.seconds:
                    seen.popleft()
                if len(seen) >= self.tries:
                    wait = int(seen[0] + self.seconds - at) + 1
                    raise TooManyTries(
                        f"More than {self.tries} tries a minute",
                        remedy=f"Wait {wait} seconds and try again.",
                        retry_after_seconds=wait,
                    )
                seen.append(at)
            if len(self._seen) > 10_000:
                self._seen = defaultdict(deque, {key: seen for key, seen in self._seen.items() if seen})

    def forget(self, name: str) -> None:
        """Someone got in: his earlier tries no longer count."""
        with self._lock:
            self._seen.pop(name, None)


def settings_of(request: Request) -> Settings:
    """The settings this app was made with."""
    return cast(Settings, request.app.state.settings)


def now_utc() -> datetime:
    """The instant of a request."""
    return datetime.now(UTC)


def caller_of(request: Request, _: Annotated[Any, Depends(_DECLARED)]) -> Caller:
    """Who calls, by `Authorization: Bearer <session or API key>`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotPermitted(
            "The request names nobody",
            remedy="Sign in with POST /v1/sessions, or send an API key, as Authorization: Bearer ….",
            code="SESSION_REFUSED",
        )
    if token.startswith(PREFIX):
        actor, node_code = check_api_key(settings_of(request).warehouse_dsn(), token)
        return Caller(actor, node_code)
    sessions: Any = request.app.state.sessions
    return cast(Sessions, sessions).read(token)


CurrentCaller = Annotated[Caller, Depends(caller_of)]
CurrentSettings = Annotated[Settings, Depends(settings_of)]
Now = Annotated[datetime, Depends(now_utc)]
