"""Where things stand: the caller and the hub, and the changes of consignments for who keeps in step."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from ingest.api.models import PROBLEMS, Code
from ingest.api.security import CurrentCaller, CurrentSettings, Now, PartnerOrCaller
from rtv_core.warehouse import bay_reads
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.status_store import status_changes

router = APIRouter(tags=["status"])
_CHANGE: JsonDict = {
    "cursor": 4711,
    "changed_at": "2026-11-02T05:02:11Z",
    "consignment_key": "0a3f6f0e5b6c4a0f9a43a4dbb8f2c0de",
    "transporter_code": "SWIFT",
    "awb_no": "AWB1234567890",
    "platform_code": "AMAZON",
    "rtv_no": "RTV-2026-0711",
    "origin_node": "AMZ-BLR4",
    "destination_node": "FC-BLR",
    "node_code": "FC-BLR",
    "bay_code": "BAY-1",
    "stage": "in_qc",
    "is_qc_complete": False,
    "declared_qty": 60,
    "scanned_qty": 24,
    "declared_cartons": 3,
    "picked_up_cartons": 3,
    "delivered_cartons": 3,
    "gate_cartons": 2,
    "captured_cartons": 1,
    "gate_seal_state": "intact",
    "pod_remark": "1 carton short",
    "picked_up_at": "2026-10-30T06:00:00+00:00",
    "delivered_at": "2026-11-02T04:30:00+00:00",
    "handover_at": "2026-11-02T04:45:30+00:00",
    "qc_started_at": "2026-11-02T05:00:00+00:00",
    "qc_completed_at": None,
    "units_by_grade": {"A": 20, "D": 4},
}


class ConsignmentChange(BaseModel):
    """One consignment as it stood when something of it changed; webhook `consignment.status` says it too."""

    model_config = ConfigDict(json_schema_extra={"example": _CHANGE})
    cursor: int = Field(description="Number of the change; ask for what comes `after` it.")
    changed_at: datetime
    consignment_key: str
    transporter_code: str | None
    awb_no: str | None
    platform_code: str | None
    rtv_no: str | None
    origin_node: str | None
    destination_node: str | None
    node_code: str | None
    bay_code: str | None
    stage: str = Field(
        description="declared, picked_up, in_transit, delivered, at_gate, in_qc, closed, lost or withdrawn."
    )
    is_qc_complete: bool
    declared_qty: int | None
    scanned_qty: int | None
    declared_cartons: int | None
    picked_up_cartons: int | None
    delivered_cartons: int | None
    gate_cartons: int | None
    captured_cartons: int | None
    gate_seal_state: str | None
    pod_remark: str | None
    picked_up_at: datetime | None
    delivered_at: datetime | None
    handover_at: datetime | None
    qc_started_at: datetime | None
    qc_completed_at: datetime | None
    units_by_grade: dict[str, int]


class ConsignmentChanges(BaseModel):
    """A page of changes, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"items": [_CHANGE], "next_after": 4711, "has_more": False}}
    )
    items: list[ConsignmentChange]
    next_after: int = Field(description="Keep it, and send it as `after` the next time.")
    has_more: bool = Field(description="Ask again at once.")


@router.get("/v1/status", responses=PROBLEMS)
def get_status(caller: CurrentCaller, settings: CurrentSettings, now: Now) -> dict[str, Any]:
    """Who you are to the hub, its clock, and how many files of the API wait, are loaded or quarantined."""
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        files = bay_reads.file_counts(connection, caller.actor.tenant_code)
    return {
        "server_time": now,
        "actor": caller.actor.name,
        "tenant_code": caller.actor.tenant_code,
        "node_code": caller.node_code,
        "files": {state: files.get(state, 0) for state in ("received", "loading", "loaded", "quarantined")},
    }


@router.get("/v1/status/consignments", responses=PROBLEMS)
def get_consignment_changes(
    caller: PartnerOrCaller,
    settings: CurrentSettings,
    after: Annotated[
        int, Query(ge=0, le=2**63 - 1, description="`next_after` of the last page; 0: all.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    awb: Annotated[Code | None, Query(description="Only this AWB, as the consignment writes it.")] = None,
) -> ConsignmentChanges:
    """What changed of the tenant's consignments since a cursor; of its own, for a key or session of one node.

    A partner's key sees those that are its own: of its platform, carried by it, or at a node of its.

    Each change is the whole status as of then: the last one of a consignment is how it stands. It appears
    after the build that saw it.
    """
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        found = status_changes(
            connection,
            caller.actor.tenant_code,
            after=after,
            limit=limit + 1,
            node_code=caller.node_code,
            party_code=caller.actor.party_code,
            awb_no=awb,
        )
    page = found[:limit]
    return ConsignmentChanges(
        items=[
            ConsignmentChange(
                cursor=change.status_change_id,
                changed_at=change.changed_at,
                consignment_key=change.consignment_key,
                **change.consignment_status,
            )
            for change in page
        ],
        next_after=page[-1].status_change_id if page else after,
        has_more=len(found) > limit,
    )
