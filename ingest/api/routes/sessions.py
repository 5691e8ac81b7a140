"""Sign-in of an operator at a station."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request

from ingest.api.limits import TryLimit
from ingest.api.models import PROBLEMS, Session, SignIn
from ingest.api.security import Caller, CurrentSettings, Now, Sessions
from rtv_commands.register_operator import check_operator

router = APIRouter(tags=["sessions"])


@router.post("/v1/sessions", status_code=201, responses=PROBLEMS)
def sign_in(body: SignIn, request: Request, settings: CurrentSettings, now: Now) -> Session:
    """Sign in with operator code and PIN; the answer's token is sent as `Authorization: Bearer …`."""
    limit = cast(TryLimit, request.app.state.sign_in_limit)
    person = f"operator {body.tenant_code}/{body.operator_code}"
    limit.count(person, f"address {request.client.host if request.client else '?'}")
    actor, name = check_operator(
        settings.warehouse_dsn(),
        tenant_code=body.tenant_code,
        node_code=body.node_code,
        operator_code=body.operator_code,
        pin=body.pin,
        now=now,
    )
    limit.forget(person)
    sessions = cast(Sessions, request.app.state.sessions)
    token = sessions.sign(Caller(actor, body.node_code, body.station_code, body.bay_code))
    return Session(
        token=token,
        operator_code=body.operator_code,
        operator_name=name,
        tenant_code=actor.tenant_code,
        node_code=body.node_code,
        bay_code=body.bay_code,
        station_code=body.station_code,
        expires_at=now + sessions.length,
        server_time=now,
    )
