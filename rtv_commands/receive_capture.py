"""Receives what an operator found in a carton: checked against its films, kept as a file of the inbox, once.

The capture becomes one line of JSON in `qc_captures_<id>.jsonl` and comes in like every other source. The
file's bytes depend on the request alone, so a repeat after any crash is the same file and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.bay_inbox import BayAnswer, BayDoor, receive_once, require_node
from ingest.bay_media import kept_media, without_blanks
from rtv_core.identity import Role
from rtv_core.model.assignment import Consignment
from rtv_core.warehouse.assignment_store import end_assignment
from rtv_core.warehouse.bay_activity import Activity, note_activity
from rtv_core.warehouse.connection import Connection

ROUTE = "captures"


def receive_capture(door: BayDoor, capture: Mapping[str, Any], *, idempotency_key: str) -> BayAnswer:
    """Keep one capture whose film and photos are complete in the store.

    Raises `ConflictError` (`MEDIA_NOT_COMPLETE`) while a film or photo is still on its way: the sender keeps
    the capture queued behind its upload, so the warehouse never names a film that is not there.
    """
    door.actor.require(Role.OPERATOR, Role.BAY_LEAD, Role.MACHINE)
    require_node(door.node_code, str(capture["node_code"]))

    def record(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = without_blanks(capture)
        if capture.get("video"):
            row["video"] = kept_media(connection, door, capture["video"], "film")
        row["photos"] = [
            kept_media(connection, door, photo, "photo") for photo in capture.get("photos") or []
        ]
        note_activity(connection, door.actor.tenant_code, _activity(door, capture))
        if capture.get("is_last_carton"):
            _end_assignment(connection, door, capture)
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


def _end_assignment(connection: Connection, door: BayDoor, capture: Mapping[str, Any]) -> None:
    """Its last carton is open: nobody is to open another one of this consignment."""
    end_assignment(
        connection,
        door.actor.tenant_code,
        Consignment(str(capture["node_code"]), str(capture["awb_no"])),
        how="done",
        by=str(capture["operator_code"]),
        now=door.now,
    )


def _seconds_between(started_at: str, ended_at: str) -> int:
    """Work time as the phone tells it, within a day: its clock is not to be trusted with more."""
    try:
        taken = datetime.fromisoformat(ended_at) - datetime.fromisoformat(started_at)
    except (ValueError, TypeError):
        return 0
    return min(max(int(taken.total_seconds()), 0), 86_400)
