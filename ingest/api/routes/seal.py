"""The seal log's checkpoints for witnesses: anyone may read them, a known witness's line is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentSettings, Now
from rtv_commands.witness import accept_cosignatures, consistency, cosigned_checkpoint
from rtv_core.errors import InvalidInput

router = APIRouter(tags=["seal"])
_Size = Annotated[int, Path(ge=0, le=2**53)]


class Proof(BaseModel):
    """That one state of the log is the beginning of another (RFC 9162, 2.1.4)."""

    hashes: list[str] = Field(description="SHA-256 hashes as hex, in the order of the proof.")


class Accepted(BaseModel):
    """Cosignatures as they were taken."""

    accepted: int = Field(description="How many were not here before.")


@router.get("/v1/seal/checkpoint", response_class=Response, responses=PROBLEMS)
def checkpoint(settings: CurrentSettings) -> Response:
    """The newest checkpoint, a signed note (C2SP) with the lines of its witnesses."""
    return Response(cosigned_checkpoint(settings.warehouse_dsn()), media_type="text/plain; charset=utf-8")


@router.get("/v1/seal/consistency/{old_size}/{new_size}", responses=PROBLEMS)
def consistency_proof(old_size: _Size, new_size: _Size, settings: CurrentSettings) -> Proof:
    """The proof that the log of the old size is the beginning of the log of the new one."""
    return Proof(hashes=consistency(settings.warehouse_dsn(), old_size, new_size))


@router.post("/v1/seal/cosignatures", responses=PROBLEMS)
async def cosignatures(request: Request, settings: CurrentSettings, now: Now) -> Accepted:
    """Take a checkpoint's note with a witness's line. The signature is the proof: no session is needed."""
    try:
        note = (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "The note is not UTF-8", remedy="Send the note as text.", code="CHECKPOINT_INVALID"
        ) from error
    dsn = settings.warehouse_dsn()
    return Accepted(
        accepted=await run_in_threadpool(accept_cosignatures, dsn, note, settings=settings, now=now)
    )
