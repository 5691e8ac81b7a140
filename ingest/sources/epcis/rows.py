"""What events mean under our contracts. There is no step "returning": papers and dispositions tell a return.

- Shipped under an authorisation to return (rma), or with the disposition returned: a manifest.
- Received, inspected, accepted: goods receipts; an inspection stands over the receipt of the same paper.
- Collected, departed, carried, arrived under a bill of lading (bol): events of the transporter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from ingest.readers.table import BrokenRow, Cell
from ingest.sources.epcis.events import Event, Goods

Row = dict[str, Cell]
_SHIPPED = frozenset({"shipping", "staging_outbound"})
_RECEIVED = frozenset({"receiving", "inspecting", "accepting", "unpacking", "stocking"})
_CARRIED = {
    "collecting": "picked_up",
    "loading": "picked_up",
    "departing": "in_transit",
    "transporting": "in_transit",
    "arriving": "at_destination_hub",
    "unloading": "at_destination_hub",
    "delivering": "delivered",
}
_SOUND = frozenset(
    {
        "",
        "in_progress",
        "in_transit",
        "conformant",
        "sellable_accessible",
        "sellable_not_accessible",
        "active",
    }
    | {"completeness_verified", "completeness_inferred", "returned", "available", "retail_sold"}
)
_GRN_PAPERS = ("recadv", "desadv", "rma", "inv", "po")
_REMEDY = "Send what was shipped under an rma, received, inspected, or carried under a bill of lading (bol)."
HEADERS: dict[str, tuple[str, ...]] = {
    "rtv_manifests": (
        "platform_code", "rtv_no", "created_at", "origin_node", "destination_node", "transporter_code",
        "awb_no", "line_no", "carton_no", "platform_sku", "gtin", "qty", "batch_no", "reason_code",
    ),
    "goods_receipts": (
        "node_code", "grn_no", "grn_on", "awb_no", "rtv_no", "line_no", "sku_code", "batch_no", "qty",
        "accepted_qty", "rejected_qty", "disposition",
    ),
    "transporter_events": (
        "transporter_code", "awb_no", "event_at", "leg", "status", "place", "cartons", "raw_code", "raw_text",
    ),
}  # fmt: skip


@dataclass(slots=True)
class Told:
    """The rows of a document by contract, and the events that mean nothing to us."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    unread: list[BrokenRow] = field(default_factory=list)
    wrong: int = 0


def told_by(events: Iterable[Event]) -> Told:
    """Every event as rows; goods packed into a carton before travel under the carton's number."""
    found, packed = Told(), dict[str, list[Goods]]()
    all_events = list(events)
    taken_back = {event.event_id for event in all_events if event.is_declared_wrong and event.event_id}
    for number, event in enumerate(all_events, 1):
        if event.is_declared_wrong or event.event_id in taken_back:
            found.wrong += 1
            continue
        if event.kind == "AggregationEvent" and event.action == "ADD" and event.step not in _RECEIVED:
            packed.setdefault(event.parent or "", []).extend(event.goods)
            continue
        contract_name, rows = _rows_of(event, packed)
        found.rows[contract_name] += rows
        if not rows:
            found.unread.append(_unread(number, event))
    return found


def _rows_of(event: Event, packed: dict[str, list[Goods]]) -> tuple[str, list[Row]]:
    """The contract that an event speaks to, and its rows; none for one that says nothing to us."""
    if event.step in _CARRIED and "bol" in event.papers:
        return "transporter_events", [_carried(event)]
    if event.step in _SHIPPED and ("rma" in event.papers or event.disposition == "returned"):
        return "rtv_manifests", _manifest(event, packed)
    if event.step in _RECEIVED:
        return "goods_receipts", _receipt(event, packed)
    return "", []


def _contents(event: Event, packed: dict[str, list[Goods]]) -> list[tuple[str | None, str, str | None, str]]:
    """Carton, article, batch and units; equal ones added up, in the order in which they stand."""
    counted: dict[tuple[str | None, str, str | None], int] = {}
    odd: list[tuple[str | None, str, str | None, str]] = []
    for carton, goods in _unpacked(event, packed):
        article = goods.key.gtin or ""
        where = (carton, article, goods.key.batch_no)
        qty = goods.qty or ""
        if qty.isdecimal():
            counted[where] = counted.get(where, 0) + int(qty)
        else:
            odd.append((*where, qty))
    return [*((*where, str(qty)) for where, qty in counted.items()), *odd]


def _unpacked(event: Event, packed: dict[str, list[Goods]]) -> Iterable[tuple[str | None, Goods]]:
    for goods in event.goods:
        if goods.key.sscc and goods.key.sscc in packed:
            yield from ((goods.key.sscc, inner) for inner in packed[goods.key.sscc])
        elif goods.key.sscc is None:
            yield event.parent, goods


def _manifest(event: Event, packed: dict[str, list[Goods]]) -> list[Row]:
    papers = event.papers
    return [
        {
            "platform_code": event.sources.get("owning_party") or event.sources.get("possessing_party"),
            "rtv_no": papers.get("rma") or papers.get("desadv"),
            "created_at": _local_time(event),
            "origin_node": event.sources.get("location") or event.place,
            "destination_node": event.destinations.get("location") or event.destinations.get("owning_party"),
            "transporter_code": event.destinations.get("possessing_party"),
            "awb_no": papers.get("bol"),
            "line_no": "/".join(filter(None, (carton, article, batch_no))),
            "carton_no": carton,
            "platform_sku": article,
            "gtin": article,
            "qty": qty,
            "batch_no": batch_no,
            "reason_code": event.disposition
            if event.disposition not in ("", "in_transit", "returned")
            else None,
        }
        for carton, article, batch_no, qty in _contents(event, packed)
    ]


def _receipt(event: Event, packed: dict[str, list[Goods]]) -> list[Row]:
    papers, is_sound = event.papers, event.disposition in _SOUND
    grn_no = next((papers[kind] for kind in _GRN_PAPERS if kind in papers), None) or event.event_id
    return [
        {
            "node_code": event.place,
            "grn_no": grn_no,
            "grn_on": (_local_time(event) or "")[:10] or None,
            "awb_no": papers.get("bol"),
            "rtv_no": papers.get("rma"),
            # An inspection of the sound units stands over their receipt; the others are a line of their own.
            "line_no": "/".join(
                filter(None, (carton, article, batch_no, None if is_sound else event.disposition))
            ),
            "sku_code": article,
            "batch_no": batch_no,
            "qty": qty,
            "accepted_qty": qty if is_sound else "0",
            "rejected_qty": "0" if is_sound else qty,
            "disposition": event.disposition or None,
        }
        for carton, article, batch_no, qty in _contents(event, packed)
    ]


def _carried(event: Event) -> Row:
    cartons = sum(goods.key.sscc is not None for goods in event.goods)
    return {
        "transporter_code": event.sources.get("possessing_party")
        or event.destinations.get("possessing_party"),
        "awb_no": event.papers["bol"],
        "event_at": _local_time(event),
        "leg": "rtv" if "rma" in event.papers or event.disposition == "returned" else None,
        "status": _CARRIED[event.step],
        "place": event.place,
        "cartons": str(cartons) if cartons else None,
        "raw_code": event.step,
        "raw_text": event.disposition or None,
    }


def _local_time(event: Event) -> str | None:
    """The instant with the offset of the place where it happened, so that its day is that place's day."""
    try:
        at = datetime.fromisoformat(event.at or "")
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{event.offset or ''}").tzinfo
    except ValueError:
        return event.at
    return at.astimezone(zone).isoformat() if at.tzinfo and zone else event.at


def _unread(number: int, event: Event) -> BrokenRow:
    fact = (
        f"Event {number} ({event.kind or 'of no kind'}, step {event.step or 'unnamed'}) says nothing that is "
        "reconciled here"
    )
    content: dict[str, object] = {"event": orjson.dumps(event.body).decode()[:10_000]}
    return BrokenRow(number, "EPCIS_EVENT_UNUSED", fact, _REMEDY, content)
