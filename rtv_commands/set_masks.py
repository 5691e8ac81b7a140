"""Says which parts of a camera's picture nobody outside is to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rtv_core.errors import InvalidInput, NotFound
from rtv_core.identity import Actor, Role
from rtv_core.model.mask import Mask
from rtv_core.warehouse import footage_store, presentation_store
from rtv_core.warehouse.connection import connect


def set_masks(
    dsn: str, camera_code: str, masks: Sequence[Mask], *, reason: str, actor: Actor, now: datetime
) -> None:
    """Put masks in force for a camera from `now` on, in place of those before; none ends them.

    Raises `NotFound` for a camera nobody told of, `InvalidInput` without a reason, `NotPermitted`.
    """
    actor.require(Role.OPS)
    if not reason.strip():
        raise InvalidInput(
            "Masks are set for a reason", remedy="Say why, in words.", code="MASK_REASON_MISSING"
        )
    with connect(dsn, application_name="rtv-masks") as connection:
        if camera_code not in footage_store.cameras(connection, actor.tenant_code):
            raise NotFound(
                f"There is no camera {camera_code}",
                remedy="Load it by the contract `cameras` first; `rtv read` shows how a file is understood.",
                code="CAMERA_UNKNOWN",
            )
        presentation_store.set_masks(
            connection, camera_code, masks, reason=reason.strip(), actor=actor, now=now
        )
