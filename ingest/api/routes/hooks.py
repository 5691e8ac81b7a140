"""Pushed messages: a transporter's or platform's webhook, kept before it is answered."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from ingest.api.limits import CallLimit
from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentSettings, Now
from rtv_commands.receive_hook import PushedMessage, receive_hook
from rtv_core.objects import ObjectStore

router = APIRouter(tags=["hooks"])


class Pushed(BaseModel):
    """A pushed message as it was taken."""

    file_id: int = Field(description="The file of the inbox that holds it.")
    is_replay: bool = Field(description="The same message was here before; nothing was done.")


@router.post("/v1/hooks/{name}", status_code=202, responses=PROBLEMS)
async def post_hook(
    name: Annotated[
        str, Path(pattern=r"^[a-z0-9_-]{1,40}$", description="Name of the hook in the settings.")
    ],
    request: Request,
    settings: CurrentSettings,
    now: Now,
) -> Pushed:
    """Take one message of a configured sender. Kept when answered; read and loaded after."""
    message = PushedMessage(name, dict(request.headers.items()), await request.body())
    if name in settings.inbound.hooks:
        cast(CallLimit, request.app.state.calls).count(f"hook {name}", settings.api.key_calls_per_minute)
    kept = await run_in_threadpool(
        receive_hook,
        settings.warehouse_dsn(),
        cast(ObjectStore, request.app.state.store),
        settings.inbound.hooks,
        message,
        now=now,
    )
    return Pushed(file_id=kept.file_id, is_replay=kept.is_repeat)
