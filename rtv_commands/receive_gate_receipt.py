"""Receives a handover at the gate: cartons, seal, weight, remark; kept as a file of the inbox, once.

Its photos and signature become papers of the consignment, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.bay_inbox import BayAnswer, BayDoor, receive_once, require_node
from ingest.bay_media import handover_media, keep_papers
from rtv_core.identity import Role
from rtv_core.warehouse.bay_activity import handover_of, note_activity
from rtv_core.warehouse.connection import Connection

ROUTE = "gate-receipts"
PAPERS = frozenset({"photos", "signature"})


def receive_gate_receipt(door: BayDoor, receipt: Mapping[str, Any], *, idempotency_key: str) -> BayAnswer:
    """Keep one gate receipt; the same key again answers the same, with another body it is refused.

    Raises `ConflictError` (`MEDIA_NOT_COMPLETE`) while a photo or the signature is still on its way.
    """
    door.actor.require(Role.OPERATOR, Role.BAY_LEAD, Role.MACHINE)
    require_node(door.node_code, str(receipt["node_code"]))

    def record(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = {name: value for name, value in receipt.items() if value is not None and name not in PAPERS}
        keep_papers(
            connection,
            door,
            receipt,
            record_id=str(receipt["receipt_id"]),
            on=str(receipt["handover_at"]),
            media=handover_media(receipt),
        )
        cartons = int(receipt["cartons_received"])
        activity = handover_of("gate_receipt", receipt, cartons=cartons, accepted_at=door.now)
        note_activity(connection, door.actor.tenant_code, activity)
        return f"gate_receipts_{receipt['receipt_id']}.jsonl", row

    return receive_once(door, route=ROUTE, idempotency_key=idempotency_key, request=receipt, record=record)
