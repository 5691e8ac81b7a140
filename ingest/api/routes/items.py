"""Items looked for by hand: part of a name or code, and what an item looks like."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentCaller, CurrentSettings
from rtv_core.errors import NotFound
from rtv_core.warehouse import item_store
from rtv_core.warehouse.connection import connect

router = APIRouter(tags=["reads"])
_MOST = 24
_MAX_WORDS = 8


class FoundItem(BaseModel):
    """An item of the item master."""

    sku_code: str
    gtin: str
    title: str
    category: str
    mrp: float = Field(description="Maximum retail price in rupees.")
    is_kit: bool
    platform_skus: list[str]
    picture_sha256: str | None = Field(description="Its picture is at /v1/pictures/<picture_sha256>.")


class FoundItems(BaseModel):
    """Items in which each word of the question occurs, best first."""

    items: list[FoundItem]
    is_cut: bool = Field(description=f"More than {_MOST} fit; these are the first.")


@router.get("/v1/items", responses=PROBLEMS)
def find_items(
    caller: CurrentCaller,
    settings: CurrentSettings,
    q: Annotated[
        str, Query(min_length=2, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["rose 100"])
    ],
) -> FoundItems:
    """Items whose SKU code, GTIN, title or platform SKU holds every word of `q`, in any case."""
    words = q.lower().split()[:_MAX_WORDS]
    if not words:
        return FoundItems(items=[], is_cut=False)
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        found = item_store.find_items(connection, caller.actor.tenant_code, words, most=_MOST + 1)
    return FoundItems(items=[FoundItem(**row) for row in found[:_MOST]], is_cut=len(found) > _MOST)


@router.get(
    "/v1/pictures/{picture_sha256}",
    response_class=Response,
    responses={**PROBLEMS, 200: {"content": {"image/webp": {}}}},
)
def get_picture(
    request: Request,
    caller: CurrentCaller,
    settings: CurrentSettings,
    picture_sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
) -> Response:
    """What one of the tenant's items looks like: a square WebP of 320 pixels, for ever under this address."""
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        key = item_store.picture_key(connection, caller.actor.tenant_code, picture_sha256)
    if key is None:
        raise NotFound(
            f"No item has the picture {picture_sha256}",
            remedy="Use the picture_sha256 of an item.",
            code="PICTURE_NOT_FOUND",
        )
    return Response(
        request.app.state.store.get_bytes(key),
        media_type="image/webp",
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )
