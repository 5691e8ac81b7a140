"""Who calls: an operator's signed session or a machine's API key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ingest.api.limits import CallLimit
from rtv_commands.issue_api_key import PREFIX, check_api_key
from rtv_core.errors import ConfigurationError, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import Settings

_SALT = "rtv-bay-session"
# Tells the OpenAPI what anyone_known reads; the reading, and the answer to who has none, are ours.
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


async def settings_of(request: Request) -> Settings:
    """The settings this app was made with. Async, as nothing here is worth a thread."""
    return cast(Settings, request.app.state.settings)


async def now_utc() -> datetime:
    """The instant of a request."""
    return datetime.now(UTC)


def anyone_known(
    request: Request,
    settings: Annotated[Settings, Depends(settings_of)],
    _: Annotated[Any, Depends(_DECLARED)],
) -> Caller:
    """Who calls, by `Authorization: Bearer <session or API key>`, and not too often; partners too."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotPermitted(
            "The request names nobody",
            remedy="Sign in with POST /v1/sessions, or send an API key, as Authorization: Bearer ….",
            code="SESSION_REFUSED",
        )
    calls = cast(CallLimit, request.app.state.calls)
    if token.startswith(PREFIX):
        actor, node_code = check_api_key(settings.warehouse_dsn(), token)
        calls.count(f"key {actor.tenant_code}/{actor.name}", settings.api.key_calls_per_minute)
        return Caller(actor, node_code)
    caller = cast(Sessions, request.app.state.sessions).read(token)
    station = f"station {caller.actor.tenant_code}/{caller.node_code}/{caller.station_code}"
    calls.count(station, settings.api.station_calls_per_minute)
    return caller


def caller_of(caller: Annotated[Caller, Depends(anyone_known)]) -> Caller:
    """Who calls, of the house: a route that does not say otherwise is not for partners."""
    if Role.PARTNER in caller.actor.roles:
        raise NotPermitted(
            "A partner's key does not open this",
            remedy="Ask GET /v1/status/consignments for your own consignments; POST /v1/pickups takes your "
            "own pickups.",
            code="PARTNER_NOT_PERMITTED",
        )
    return caller


PartnerOrCaller = Annotated[Caller, Depends(anyone_known)]
CurrentCaller = Annotated[Caller, Depends(caller_of)]
CurrentSettings = Annotated[Settings, Depends(settings_of)]
Now = Annotated[datetime, Depends(now_utc)]
