"""Receives what an operator found in a carton: checked against its films, kept as a file of the inbox, once.

The capture becomes one line of JSON in `qc_captures_<id>.jsonl` and comes in like every other source. The
file's bytes depend on the request alone, so a repeat after any crash is the same file and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.bay_inbox import BayAnswer, BayDoor, receive_once, require_node
from rtv_core.errors import ConflictError, InvalidInput
from rtv_core.identity import Role
from rtv_core.warehouse import bay_store
from rtv_core.warehouse.bay_activity import Activity, note_activity
from rtv_core.warehouse.connection import Connection

ROUTE = "captures"


def receive_capture(door: BayDoor, capture: Mapping[str, Any], *, idempotency_key: str) -> BayAnswer:
    """Keep one capture whose film and photos are complete in the store.

    Raises `ConflictError` (`MEDIA_NOT_COMPLETE`) while a film or photo is still on its way: the sender keeps
    the capture queued behind its upload, so the warehouse never names a film that is not there.
    """
    door.actor.require(Role.OPERATOR, Role.BAY_LEAD, Role.MACHINE)
    require_node(door, str(capture["node_code"]))

    def record(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = _without_blanks(capture)
        if capture.get("video"):
            row["video"] = _kept_media(connection, door, capture["video"], "film")
        row["photos"] = [
            _kept_media(connection, door, photo, "photo") for photo in capture.get("photos") or []
        ]
        note_activity(connection, door.actor.tenant_code, _activity(door, capture))
        return f"qc_captures_{capture['capture_id']}.jsonl", row

    return receive_once(door, route=ROUTE, idempotency_key=idempotency_key, request=capture, record=record)


def _activity(door: BayDoor, capture: Mapping[str, Any]) -> Activity:
    """What a lead sees of a capture at once."""
    seconds = _seconds_between(str(capture["started_at"]), str(capture["ended_at"]))
    return Activity(
        "capture",
        str(capture["node_code"]),
        str(capture["bay_code"]),
        str(capture["operator_code"]),
        str(capture["awb_no"]),
        units=sum(int(item["qty"]) for item in capture.get("items") or []),
        cartons=1,
        work_seconds=seconds,
        accepted_at=door.now,
    )


def _seconds_between(started_at: str, ended_at: str) -> int:
    """Work time as the phone tells it, within a day: its clock is not to be trusted with more."""
    try:
        taken = datetime.fromisoformat(ended_at) - datetime.fromisoformat(started_at)
    except (ValueError, TypeError):
        return 0
    return min(max(int(taken.total_seconds()), 0), 86_400)


def _kept_media(connection: Connection, door: BayDoor, media: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The film or photo with the address of its kept bytes; only the tenant's own uploads can be named."""
    tenant, sha256 = door.actor.tenant_code, str(media["sha256"])
    upload = bay_store.completed_upload(connection, tenant, sha256)
    if upload is None:
        waiting = bay_store.open_uploads(connection, tenant, sha256)
        raise ConflictError(
            f"The {what} with SHA-256 {sha256} is " + ("not complete yet" if waiting else "not in the store"),
            remedy="Finish its upload (/v1/uploads), then send the capture again with the same key.",
            code="MEDIA_NOT_COMPLETE",
            sha256=sha256,
            upload_ids=[row["upload_id"] for row in waiting],
        )
    uri = door.store.uri(upload["object_key"])
    if media.get("uri") not in {None, "", uri}:
        raise InvalidInput(
            f"The {what} is kept at another address than {media['uri']}",
            remedy="Leave uri out; the hub fills it in from the SHA-256.",
            code="MEDIA_URI_WRONG",
        )
    return {**_without_blanks(media), "uri": uri}


def _without_blanks(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without the fields that are null: blank and absent are the same to the contract."""
    return {
        name: [_without_blanks(entry) if isinstance(entry, Mapping) else entry for entry in value]
        if isinstance(value, list)
        else value
        for name, value in record.items()
        if value is not None
    }
