"""The bay's procedures, served to the app; it keeps them for work without a network."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentCaller
from ingest.sops import Procedure, load_procedures

router = APIRouter(tags=["reads"])
SOPS = Path(__file__).resolve().parents[3] / "docs" / "sops"


@lru_cache(maxsize=3)
def procedures(language: str) -> tuple[Procedure, ...]:
    """The procedures as they stood when this process first read them."""
    return tuple(load_procedures(SOPS, language))


@router.get("/v1/sops", responses=PROBLEMS)
def get_sops(
    caller: CurrentCaller, language: Annotated[Literal["en", "hi", "ta"], Query()] = "en"
) -> dict[str, Any]:
    """Procedures with code, version and steps, and the proof each step needs."""
    del caller
    return {"language": language, "sops": [procedure.as_dict() for procedure in procedures(language)]}
