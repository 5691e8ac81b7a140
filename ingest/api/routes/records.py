"""Captures, gate receipts and pickups: kept before they are answered, once per Idempotency-Key."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel

from ingest.api.models import PROBLEMS, Accepted, Capture, Pickup, Problem, ReceivedAtGate
from ingest.api.security import Caller, CurrentCaller, CurrentSettings, Now, PartnerOrCaller
from ingest.bay_inbox import BayAnswer, BayDoor
from rtv_commands.receive_capture import receive_capture
from rtv_commands.receive_gate_receipt import receive_gate_receipt
from rtv_commands.receive_pickup import receive_pickup
from rtv_core.objects import ObjectStore
from rtv_core.settings import Settings

router = APIRouter(tags=["records"])
IdempotencyKey = Annotated[
    str,
    Header(
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own key of this record: the same key and body again changes nothing.",
    ),
]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    409: {"model": Problem, "description": "A film or photo it names is not complete in the store yet"},
}


def _door(request: Request, caller: Caller, settings: Settings, now: Now) -> BayDoor:
    return BayDoor(
        dsn=settings.warehouse_dsn(),
        store=cast(ObjectStore, request.app.state.store),
        actor=caller.actor,
        node_code=caller.node_code,
        now=now,
    )


def _say(answer: BayAnswer, response: Response) -> Accepted:
    response.status_code = answer.status
    response.headers["Idempotency-Replayed"] = str(answer.is_replay).lower()
    return Accepted(**answer.body)


def _as_row(body: BaseModel) -> dict[str, Any]:
    return body.model_dump(mode="json")


@router.post("/v1/gate-receipts", status_code=202, responses=_ANSWERS)
def post_gate_receipt(
    *,
    body: ReceivedAtGate,
    idempotency_key: IdempotencyKey,
    request: Request,
    response: Response,
    caller: CurrentCaller,
    settings: CurrentSettings,
    now: Now,
) -> Accepted:
    """Record a handover at the gate, after its photos and signature are in the store."""
    door = _door(request, caller, settings, now)
    return _say(receive_gate_receipt(door, _as_row(body), idempotency_key=idempotency_key), response)


@router.post("/v1/captures", status_code=202, responses=_ANSWERS)
def post_capture(
    *,
    body: Capture,
    idempotency_key: IdempotencyKey,
    request: Request,
    response: Response,
    caller: CurrentCaller,
    settings: CurrentSettings,
    now: Now,
) -> Accepted:
    """Record what was found in a carton, after its film and photos are complete in the store."""
    door = _door(request, caller, settings, now)
    return _say(receive_capture(door, _as_row(body), idempotency_key=idempotency_key), response)


@router.post("/v1/pickups", status_code=202, responses=_ANSWERS)
def post_pickup(
    *,
    body: Pickup,
    idempotency_key: IdempotencyKey,
    request: Request,
    response: Response,
    caller: PartnerOrCaller,
    settings: CurrentSettings,
    now: Now,
) -> Accepted:
    """Record cartons that leave the platform's dock, after film, photos and signature are in the store.

    A transporter's own key may say what it picked up itself, without film or photos.
    """
    door = _door(request, caller, settings, now)
    return _say(receive_pickup(door, _as_row(body), idempotency_key=idempotency_key), response)
