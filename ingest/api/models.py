"""What the API takes and answers. Captures and gate receipts have the columns of their contracts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
]
RecordId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]{7,63}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
# A film of a box lasts minutes; an amount has to fit a numeric column.
Positive = Annotated[int, Field(ge=1, le=100_000)]
Money = Annotated[Decimal, Field(ge=0, le=Decimal(10) ** 9, max_digits=12, decimal_places=2)]

_AT = "2026-11-02T10:15:30+05:30"
_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Body(BaseModel):
    """A request body: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", str_max_length=2000)


class SignIn(Body):
    """Who sits down at which station."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "node_code": "FC-BLR",
                "bay_code": "BAY-1",
                "station_code": "ST-1",
                "operator_code": "OP-7",
                "pin": "482913",
            }
        }
    )
    tenant_code: Code = "default"
    node_code: Code
    bay_code: Code
    station_code: Code
    operator_code: Code
    pin: Annotated[str, StringConstraints(pattern=r"^\d{4,12}$")]


class Session(BaseModel):
    """A signed session."""

    token: str
    operator_code: str
    operator_name: str
    tenant_code: str
    node_code: str
    bay_code: str
    station_code: str
    expires_at: datetime
    server_time: datetime


class GateReceipt(Body):
    """Cartons change hands at the gate."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "receipt_id": "gr-01JBXK7M2Q4W",
                "node_code": "FC-BLR",
                "bay_code": "BAY-1",
                "awb_no": "AWB1234567890",
                "handover_at": _AT,
                "cartons_received": 3,
                "weight_kg": 12.4,
                "seal_state": "intact",
                "pod_remark": "1 carton wet",
                "operator_code": "OP-7",
            }
        }
    )
    receipt_id: RecordId
    node_code: Code
    bay_code: Code
    camera_code: Code | None = None
    awb_no: Code
    rtv_no: Code | None = None
    handover_at: AwareDatetime
    cartons_received: Annotated[int, Field(ge=0, le=100_000)]
    weight_kg: Annotated[Decimal, Field(ge=0, le=100_000, max_digits=9, decimal_places=3)] | None = None
    seal_state: Literal["intact", "broken", "missing"]
    pod_remark: Remark | None = None
    operator_code: Code
    sop_code: Code | None = None
    sop_version: Positive | None = None
    sop_shown_at: AwareDatetime | None = None


class Video(Body):
    """The unboxing film, uploaded before; `uri` is filled in from its SHA-256."""

    uri: str | None = None
    sha256: Sha256
    started_at: AwareDatetime
    duration_seconds: Annotated[Decimal, Field(gt=0, le=86_400, max_digits=9, decimal_places=3)]


class Photo(Body):
    """One still, uploaded before."""

    uri: str | None = None
    sha256: Sha256
    taken_at: AwareDatetime
    kind: Literal["label", "carton", "seal", "item", "defect"]


class Signature(Body):
    """The drawn signature of whoever handed over, uploaded before as a picture."""

    uri: str | None = None
    sha256: Sha256
    taken_at: AwareDatetime


class ReceivedAtGate(GateReceipt):
    """A gate receipt with what proves it: photos and the signature of whoever delivered."""

    signature: Signature | None = None
    photos: list[Photo] = Field(default_factory=list, max_length=200)


class Pickup(Body):
    """Cartons leave the platform's dock: what the collector saw before the transporter took over."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pickup_id": "pu-01JBXK5A9R2D",
                "node_code": "NYRA-DEL",
                "bay_code": "DOCK-4",
                "operator_code": "OP-21",
                "transporter_code": "SWIFT",
                "platform_code": "NYRA",
                "awb_no": "AWB1234567890",
                "rtv_no": "RTV-2026-0711",
                "picked_up_at": _AT,
                "cartons": 3,
                "weight_kg": 12.6,
                "seal_state": "intact",
                "remark": "1 carton retaped",
                "signed_by": "R. Iyer",
                "signature": {"sha256": _SHA, "taken_at": _AT},
            }
        }
    )
    pickup_id: RecordId
    node_code: Code
    bay_code: Code
    operator_code: Code
    transporter_code: Code
    platform_code: Code | None = None
    awb_no: Code
    rtv_no: Code | None = None
    picked_up_at: AwareDatetime
    cartons: Annotated[int, Field(ge=0, le=100_000)]
    weight_kg: Annotated[Decimal, Field(ge=0, le=100_000, max_digits=9, decimal_places=3)] | None = None
    seal_state: Literal["intact", "broken", "missing"]
    remark: Remark | None = None
    signed_by: Code | None = None
    signature: Signature | None = None
    video: Video | None = None
    photos: list[Photo] = Field(default_factory=list, max_length=200)


class MissingComponent(Body):
    """A component a kit lacks, per unit."""

    sku_code: Code
    qty: Positive


class Item(Body):
    """Units that look the same, scanned together."""

    item_no: Positive
    scanned_code: Code
    sku_code: Code | None = None
    qty: Positive
    grade: Literal["A", "B", "C", "D"]
    defects: list[Literal["damaged", "leaking", "used", "tampered", "packaging"]] = Field(
        default_factory=list, max_length=5
    )
    damage_cause: Literal["carton", "storage", "unknown"] | None = None
    batch_no: Code | None = None
    expiry_on: date | None = None
    mrp: Money | None = None
    seal_state: Literal["intact", "opened", "broken", "missing", "none"] | None = None
    missing_components: list[MissingComponent] = Field(default_factory=list, max_length=100)
    seen_at: AwareDatetime


class SopStep(Body):
    """A step of a procedure, and when the operator was first shown it."""

    sop_code: Code
    sop_version: Positive
    step_no: Positive
    item_no: Positive | None = None
    shown_at: AwareDatetime


class Capture(Body):
    """What an operator found when opening a carton."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "capture_id": "cap-01JBXK9V5T7Z",
                "node_code": "FC-BLR",
                "bay_code": "BAY-1",
                "station_code": "ST-1",
                "operator_code": "OP-7",
                "awb_no": "AWB1234567890",
                "carton_no": "1",
                "started_at": _AT,
                "ended_at": "2026-11-02T10:18:02+05:30",
                "is_last_carton": False,
                "video": {"sha256": _SHA, "started_at": _AT, "duration_seconds": 151.2},
                "items": [
                    {
                        "item_no": 1,
                        "scanned_code": "8901234567894",
                        "qty": 2,
                        "grade": "A",
                        "batch_no": "B-2311",
                        "expiry_on": "2027-03-31",
                        "mrp": 349,
                        "seal_state": "intact",
                        "seen_at": "2026-11-02T10:16:11+05:30",
                    }
                ],
            }
        }
    )
    capture_id: RecordId
    node_code: Code
    bay_code: Code
    station_code: Code
    operator_code: Code
    awb_no: Code
    rtv_no: Code | None = None
    carton_no: Code | None = None
    started_at: AwareDatetime
    ended_at: AwareDatetime
    is_last_carton: bool | None = None
    video: Video | None = None
    photos: list[Photo] = Field(default_factory=list, max_length=200)
    items: list[Item] = Field(max_length=5000)
    sop_steps: list[SopStep] = Field(default_factory=list, max_length=5000)


class Accepted(BaseModel):
    """The record is on disk and will be loaded."""

    file_name: str
    file_id: int
    sha256: str
    status: Literal["accepted"]


class Problem(BaseModel):
    """What went wrong, and what to do about it."""

    type: str
    title: str
    status: int
    code: str
    fact: str
    remedy: str
    facts: dict[str, Any] | None = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": what}
    for status, what in {
        401: "Nobody, or not known any more",
        403: "Not this actor",
        422: "The request is wrong; `facts.findings` says where",
        429: "Too many tries, calls or requests at once; Retry-After says how many seconds to wait",
        503: "The warehouse does not answer; send it again",
    }.items()
}
