"""Who is to open which consignment: given out by leads, handed over by who has it, ended with his shift."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from ingest.api.models import PROBLEMS, Body, Code, Problem
from ingest.api.security import CurrentCaller, CurrentSettings, Now
from ingest.bay_inbox import require_node
from rtv_commands.assign_consignment import Wish, assign_consignment
from rtv_commands.end_shift import end_shift
from rtv_core.identity import LEADS, Role
from rtv_core.model.assignment import Assignee, Assignment, Consignment
from rtv_core.warehouse.assignment_store import Held, held_consignments
from rtv_core.warehouse.connection import connect

router = APIRouter(tags=["assignments"])
_MOST = 1000
_ASSIGNMENT: JsonDict = {
    "assignment_id": 812,
    "node_code": "FC-BLR",
    "awb_no": "AWB1234567890",
    "bay_code": "BAY-1",
    "operator_code": "OP-8",
    "handed_over_from": "OP-7",
    "assigned_by": "OP-7",
    "assigned_at": "2026-11-02T07:30:00Z",
    "lapses_at": "2026-11-02T18:30:00Z",
}
_WORK: JsonDict = {"captures": 2, "worked_on_by": "OP-8", "worked_on_at": "2026-11-02T08:02:10Z"}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    404: {"model": Problem, "description": "No gate receipt of the node names the AWB"},
    409: {"model": Problem, "description": "Somebody else was quicker: it stands otherwise than was seen"},
}


class Assign(Body):
    """Who is to have a consignment at the gate; neither operator nor bay takes it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "node_code": "FC-BLR",
                "awb_no": "AWB1234567890",
                "operator_code": "OP-8",
                "bay_code": "BAY-1",
                "seen_assignment_id": 811,
            }
        }
    )
    node_code: Code
    awb_no: Code
    operator_code: Code | None = None
    bay_code: Code | None = None
    seen_assignment_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None, description="The assignment that stood when you looked; null when none did."
    )


class Assigned(BaseModel):
    """Who has the consignment now; null for nobody."""

    model_config = ConfigDict(json_schema_extra={"example": {"assignment": _ASSIGNMENT}})
    assignment: Assignment | None


class Assignments(BaseModel):
    """What is assigned now, the longest held first, with who opened a carton of it last."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"server_time": "2026-11-02T08:05:00Z", "items": [{**_ASSIGNMENT, **_WORK}]}
        }
    )
    server_time: datetime
    items: list[Held]


class ShiftEnded(BaseModel):
    """What was assigned to the operator and waits again."""

    model_config = ConfigDict(json_schema_extra={"example": {"left": [_ASSIGNMENT]}})
    left: list[Assignment]


@router.put("/v1/assignments", responses=_ANSWERS)
def put_assignment(body: Assign, caller: CurrentCaller, settings: CurrentSettings, now: Now) -> Assigned:
    """Assign a consignment, hand it over, or take it back; the same again changes nothing.

    Leads (`bay_lead`, `ops`) give out what waits at the gate of their node. An operator hands over, or gives
    back, what is his. It stands until the shift of its operator ends.
    """
    require_node(caller.node_code, body.node_code)
    wish = Wish(
        Consignment(body.node_code, body.awb_no),
        Assignee(body.operator_code, body.bay_code),
        body.seen_assignment_id,
    )
    shift = timedelta(hours=settings.api.session_hours)
    made = assign_consignment(settings.warehouse_dsn(), wish, shift=shift, actor=caller.actor, now=now)
    return Assigned(assignment=made)


@router.get("/v1/assignments", responses=PROBLEMS)
def get_assignments(
    caller: CurrentCaller,
    settings: CurrentSettings,
    now: Now,
    node_code: Annotated[Code | None, Query(description="Only this node; a station's own by itself.")] = None,
) -> Assignments:
    """Who has which consignment now, at the caller's node or at each."""
    caller.actor.require(Role.OPERATOR, Role.MACHINE, *LEADS)
    if node_code is not None:
        require_node(caller.node_code, node_code)
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        items = held_consignments(
            connection,
            caller.actor.tenant_code,
            node_code=node_code or caller.node_code,
            now=now,
            limit=_MOST,
        )
    return Assignments(server_time=now, items=items)


@router.post("/v1/shifts/end", responses=PROBLEMS)
def post_shift_end(caller: CurrentCaller, settings: CurrentSettings, now: Now) -> ShiftEnded:
    """End the operator's shift: what is assigned to him, and was not handed over, waits again."""
    return ShiftEnded(left=end_shift(settings.warehouse_dsn(), actor=caller.actor, now=now))
