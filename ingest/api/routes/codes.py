"""Barcodes for the sheets a station prints: command cards and the practice box."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import zxingcpp
from fastapi import APIRouter, Path
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
_SCALE = 3


@lru_cache(maxsize=256)
def code_picture(text: str) -> str:
    """A Code 128 of a text as an SVG with its quiet zones; every hand scanner reads Code 128."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return str(zxingcpp.write_barcode_to_svg(made, scale=_SCALE, add_quiet_zones=True))


@router.get("/codes/{text}.svg")
def get_code(text: Annotated[str, Path(pattern=r"^[A-Z0-9-]{4,24}$")]) -> Response:
    """The picture of one code; upper-case letters, digits and hyphens only."""
    return Response(code_picture(text), media_type="image/svg+xml")
