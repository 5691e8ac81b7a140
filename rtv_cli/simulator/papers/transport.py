"""What a transporter writes: scans with counts and weights, and the papers that travel along."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rtv_cli.simulator.catalogue import World
from rtv_cli.simulator.codes import synthetic_sha256
from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.model import Return
from rtv_cli.simulator.papers.columns import kilograms
from rtv_cli.simulator.sinks import Inputs

NAIVE_WRITER = "SATPURAX"
CARTON_GRAMS = 400


def picked_up_grams(case: Return) -> int:
    """What the scale said at pickup."""
    cartons = case.cartons_after("pickup")
    packed = (
        pile.grams
        for pile in case.piles
        if pile.lost_at not in ("packing", "unsent")
        and case.cartons[pile.carton].lost_at != "pickup"
        and not case.cartons[pile.carton].is_surplus
    )
    return sum(packed) + CARTON_GRAMS * len(cartons)


def write_events(case: Return, world: World, inputs: Inputs) -> None:
    """Pickup, linehaul and delivery scans; goods without a manifest come by a van that scans nothing."""
    if not case.is_collected or not case.is_announced:
        return
    weight = kilograms(picked_up_grams(case))
    seal = "intact" if dice(world.seed, "seal", case.index).random() < 0.5 else ""
    taken, given = len(case.cartons_after("pickup")), len(case.cartons_after("pickup", "transit"))
    from_city, to_city = case.origin.city, case.destination.city
    _scan(
        case,
        inputs,
        case.picked_up_at,
        "picked_up",
        (from_city, taken, weight, "PU", "Shipment picked up", "", "", seal),
    )
    on_way = case.picked_up_at + timedelta(hours=9)
    _scan(case, inputs, on_way, "in_transit", (from_city, "", "", "IT", "Left origin hub", "", "", ""))
    if not case.is_at_gate:
        return
    signed = (
        "DL",
        "Delivered to consignee",
        case.pod_remark or ("", "OK")[case.index % 2],
        case.operator_code,
        "",
    )
    _scan(case, inputs, case.delivered_at, "delivered", (to_city, given, "", *signed))


def _scan(case: Return, inputs: Inputs, at: datetime, status: str, rest: tuple[object, ...]) -> None:
    local = at.astimezone(ZoneInfo(case.destination.timezone))
    written = (local.replace(tzinfo=None) if case.transporter_code == NAIVE_WRITER else local).isoformat()
    head = (case.transporter_code, case.awb_no, written, "rtv", status, "", "")
    inputs.write("transporter_events", case.transporter_code, (*head, *rest))


def write_documents(case: Return, inputs: Inputs) -> None:
    """Challan and LR of each consignment, and the POD once it is delivered."""
    if not case.is_collected or not case.is_announced:
        return
    taken_on = case.picked_up_at.astimezone(ZoneInfo(case.origin.timezone)).date().isoformat()
    given_on = case.delivered_at.astimezone(ZoneInfo(case.destination.timezone)).date().isoformat()
    papers = [("challan", f"DC-{case.rtv_no}", taken_on), ("lr", f"LR-{case.awb_no}", taken_on)]
    if case.is_at_gate:
        papers.append(("pod", f"POD-{case.awb_no}", given_on))
    for kind, number, issued_on in papers:
        if kind in case.lost_papers:
            continue
        where = (case.platform.code, case.rtv_no, case.awb_no, case.invoice_no if kind == "challan" else "")
        uri = f"synthetic/documents/{kind}/{number}.pdf"
        inputs.write(
            "documents", "all", (kind, number, issued_on, *where, uri, synthetic_sha256(kind, number))
        )
