"""What the API takes has the columns of the contracts, no more and no less."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ingest.api.models import Capture, GateReceipt, Item, MissingComponent, Photo, Pickup, SopStep, Video
from ingest.contracts.registry import Field, contract

CAPTURE = contract("qc_captures")


def inner(name: str, within: tuple[Field, ...] = CAPTURE.fields) -> tuple[Field, ...]:
    return next(field.fields for field in within if field.name == name)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Capture, CAPTURE.fields),
        (GateReceipt, contract("gate_receipts").fields),
        (Video, inner("video")),
        (Photo, inner("photos")),
        (Item, inner("items")),
        (SopStep, inner("sop_steps")),
        (MissingComponent, inner("missing_components", inner("items"))),
    ],
)
def test_a_model_has_the_columns_of_its_contract(model: type[BaseModel], fields: tuple[Field, ...]) -> None:
    assert set(model.model_fields) == {field.name for field in fields}
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    # The hub fills a film's address in from its hash.
    assert needed == {field.name for field in fields if field.required} - {"uri"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"capture_id": "../../etc"},
        {"awb_no": ""},
        {"awb_no": "A\u0000B"},
        {"awb_no": "x" * 81},
        {"started_at": "2026-11-02T10:00:00"},
        {"tenant_code": "brand-b"},
        {"items": [{"item_no": 1}]},
    ],
)
def test_a_wrong_capture_is_refused(wrong: dict[str, Any]) -> None:
    body = {**Capture.model_config["json_schema_extra"]["example"], **wrong}  # type: ignore[index, dict-item]
    with pytest.raises(ValidationError):
        Capture.model_validate(body)


@pytest.mark.parametrize("model", [Capture, GateReceipt, Pickup])
def test_the_example_of_the_page_is_taken(model: type[BaseModel]) -> None:
    model.model_validate(model.model_config["json_schema_extra"]["example"])  # type: ignore[index, call-overload]
