"""One return as an EPCIS 2.0 document: received, then inspected, with what was whole and what was not.

Follows the receiving and inspecting events of EPCIS 2.0 with persistent dispositions, in CBV 2.0's words.
Articles are named by GTIN (Digital Link); places and papers without a GS1 key by addresses of the hub.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from rtv_core.warehouse.marts.handling import Account, Found, HandedOver

Event = dict[str, Any]
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_GS1 = "https://id.gs1.org"
# A verdict as CBV says it; what it has no word for cannot be sold.
_DISPOSITIONS = {
    None: "conformant",
    "damaged": "damaged",
    "expired": "expired",
    "foreign_item": "mismatch_class",
    "wrong_sku": "mismatch_class",
    "batch_mismatch": "mismatch_class",
    "mrp_mismatch": "non_conformant",
}
_OTHER = "non_sellable_other"
_SSCC_DIGITS, _GLN_DIGITS = 18, 13


@dataclass(frozen=True, slots=True)
class Return:
    """Which return, in whose name the addresses stand, and in which zone a place without one is."""

    platform_code: str
    rtv_no: str
    origin: str
    timezone: str


def epcis_document(
    of: Return,
    handovers: Sequence[HandedOver],
    found: Sequence[Found],
    lines: Sequence[Account],
    *,
    created_at: datetime,
    is_one_carton: bool,
) -> Event:
    """The document, as JSON-LD. One carton is received by its number, a whole return by what it declared."""
    events = [
        *_received(of, handovers, found, lines, is_one_carton=is_one_carton),
        *_inspected(of, found, lines),
    ]
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "epcisBody": {"eventList": events},
    }


def _received(
    of: Return,
    handovers: Sequence[HandedOver],
    found: Sequence[Found],
    lines: Sequence[Account],
    *,
    is_one_carton: bool,
) -> Iterable[Event]:
    awbs = {entry.awb_no for entry in found}
    for place, handover in enumerate(entry for entry in handovers if entry.awb_no in awbs):
        cartons = sorted(
            {c for entry in found if entry.awb_no == handover.awb_no and (c := _sscc(entry.carton_no))}
        )
        goods: Event = {"epcList": [f"{_GS1}/00/{carton}" for carton in cartons]} if cartons else {}
        if not is_one_carton and place == 0:
            declared = [(line.gtin, line.sku_code, line.batch_no, line.declared_qty) for line in lines]
            goods["quantityList"] = _quantities(of, declared)
        yield (
            _event(of, "receiving", handover.handover_at, handover)
            | goods
            | {"disposition": "in_progress", "persistentDisposition": {"set": ["completeness_inferred"]}}
        )


def _inspected(of: Return, found: Sequence[Found], lines: Sequence[Account]) -> Iterable[Event]:
    is_whole = not any(line.short_qty or line.excess_qty or line.pending_qty for line in lines)
    completeness = "completeness_verified" if is_whole else "mismatch_quantity"
    for _, captured in groupby(found, key=lambda entry: entry.capture_id):
        entries = list(captured)
        for verdict in sorted({entry.condition_verdict for entry in entries}, key=lambda word: word or ""):
            alike = [entry for entry in entries if entry.condition_verdict == verdict]
            first = alike[0]
            counted = [
                (entry.gtin, entry.sku_code or entry.scanned_code, entry.batch_no, entry.qty)
                for entry in alike
            ]
            event = _event(of, "inspecting", first.ended_at, first)
            event |= {
                "eventID": _named(of, "inspecting", first.capture_id, verdict or ""),
                "disposition": _DISPOSITIONS.get(verdict, _OTHER),
                "quantityList": _quantities(of, counted),
            }
            if verdict is None:
                event["persistentDisposition"] = {"unset": ["completeness_inferred"], "set": [completeness]}
            yield event


def _event(of: Return, step: str, at: datetime, where: HandedOver | Found) -> Event:
    local = at.astimezone(ZoneInfo(where.timezone or of.timezone))
    offset, awb_no = local.strftime("%z"), where.awb_no
    place = {"id": _place(of, where.node_code)}
    papers = [{"type": "rma", "bizTransaction": _own(of, "rtv", of.platform_code, of.rtv_no)}]
    if awb_no:
        papers.append({"type": "bol", "bizTransaction": _own(of, "awb", awb_no)})
    return {
        "type": "ObjectEvent",
        "eventID": _named(of, step, at.isoformat(), awb_no or ""),
        "eventTime": local.isoformat(timespec="milliseconds"),
        "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:5]}",
        "action": "OBSERVE",
        "bizStep": step,
        "readPoint": place,
        "bizLocation": place,
        "bizTransactionList": papers,
        "sourceList": [{"type": "owning_party", "source": _own(of, "party", of.platform_code)}],
    }


def _quantities(
    of: Return, counted: Iterable[tuple[str | None, str | None, str | None, int]]
) -> list[dict[str, Any]]:
    return [
        {"epcClass": _article(of, gtin, code, batch_no), "quantity": qty}
        for gtin, code, batch_no, qty in counted
        if qty
    ]


def _article(of: Return, gtin: str | None, code: str | None, batch_no: str | None) -> str:
    batch = f"/10/{quote(batch_no, safe='')}" if batch_no else ""
    if gtin and gtin.isdecimal() and len(gtin) <= 14:
        return f"{_GS1}/01/{gtin.zfill(14)}{batch}"
    return _own(of, "article", code or "unknown") + batch


def _place(of: Return, node_code: str | None) -> str:
    if node_code and len(node_code) == _GLN_DIGITS and node_code.isdecimal():
        return f"{_GS1}/414/{node_code}"
    return _own(of, "place", node_code or "unknown")


def _sscc(carton_no: str | None) -> str | None:
    return carton_no if carton_no and len(carton_no) == _SSCC_DIGITS and carton_no.isdecimal() else None


def _own(of: Return, *parts: str) -> str:
    return f"https://{of.origin}/" + "/".join(quote(part, safe="") for part in parts)


def _named(of: Return, *parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, _own(of, of.platform_code, of.rtv_no, *parts))}"
