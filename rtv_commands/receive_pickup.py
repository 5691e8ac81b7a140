"""Receives a pickup at the platform's dock: a transporter's event with its proofs, kept in the inbox, once.

The event becomes `transporter_events_<id>.jsonl`, what proves it (film, photos, signature) becomes
`documents_<id>.jsonl` of the same consignment; both are committed with the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.bay_inbox import BayAnswer, BayDoor, receive_once, require_node
from ingest.bay_media import handover_media, keep_papers, without_blanks
from rtv_core.errors import NotPermitted
from rtv_core.identity import Role
from rtv_core.warehouse.bay_activity import handover_of, note_activity
from rtv_core.warehouse.connection import Connection

ROUTE = "pickups"


def receive_pickup(door: BayDoor, pickup: Mapping[str, Any], *, idempotency_key: str) -> BayAnswer:
    """Keep one pickup whose film, photos and signature are complete in the store.

    Raises `ConflictError` (`MEDIA_NOT_COMPLETE`) while one of them is still on its way, `NotPermitted` when a
    partner sends what is not its own.
    """
    door.actor.require(Role.OPERATOR, Role.BAY_LEAD, Role.MACHINE, Role.PARTNER)
    if door.actor.party_code is not None:
        _require_own(door.actor.party_code, pickup)
    require_node(door.node_code, str(pickup["node_code"]))

    def record(connection: Connection) -> tuple[str, dict[str, Any]]:
        keep_papers(
            connection,
            door,
            pickup,
            record_id=str(pickup["pickup_id"]),
            on=str(pickup["picked_up_at"]),
            media=handover_media(pickup),
        )
        cartons = int(pickup["cartons"])
        activity = handover_of("pickup", pickup, cartons=cartons, accepted_at=door.now)
        note_activity(connection, door.actor.tenant_code, activity)
        return f"transporter_events_{pickup['pickup_id']}.jsonl", _event_of(pickup)

    return receive_once(door, route=ROUTE, idempotency_key=idempotency_key, request=pickup, record=record)


def _require_own(party_code: str, pickup: Mapping[str, Any]) -> None:
    """A partner speaks for itself alone, and names no film: those in the store are the house's."""
    if pickup["transporter_code"] != party_code:
        raise NotPermitted(
            f"The key is {party_code}'s, the pickup {pickup['transporter_code']}'s",
            remedy="Send your own pickups, with your own transporter_code.",
            code="PARTY_NOT_PERMITTED",
        )
    if handover_media(pickup):
        raise NotPermitted(
            "A partner's pickup names films, photos or a signature",
            remedy="Leave them out; what proves it is sent as a file of `documents`.",
            code="PARTNER_MEDIA_REFUSED",
        )


def _event_of(pickup: Mapping[str, Any]) -> dict[str, Any]:
    """The pickup as the scan a transporter would have sent; the place is the dock's node."""
    return without_blanks(
        {
            "transporter_code": pickup["transporter_code"],
            "awb_no": pickup["awb_no"],
            "event_at": pickup["picked_up_at"],
            "leg": "rtv",
            "status": "picked_up",
            "place": pickup["node_code"],
            "cartons": pickup["cartons"],
            "weight_kg": pickup.get("weight_kg"),
            "seal_state": pickup["seal_state"],
            "remark": pickup.get("remark"),
            "signed_by": pickup.get("signed_by"),
        }
    )
