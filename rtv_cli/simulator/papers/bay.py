"""What the receiving node writes: the gate's count, one capture a carton, the CFA's own GRN."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from rtv_cli.simulator.catalogue import World, platform_sku
from rtv_cli.simulator.codes import element_string, synthetic_sha256
from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.model import Pile, Return
from rtv_cli.simulator.papers.columns import kilograms, money
from rtv_cli.simulator.papers.transport import CARTON_GRAMS
from rtv_cli.simulator.sinks import Inputs

SECONDS_TO_FIRST_ITEM, SECONDS_AN_ITEM = 14, 9


def write_gate_receipt(case: Return, world: World, inputs: Inputs) -> None:
    """Cartons, weight, seal and remark at handover."""
    if not case.is_at_gate:
        return
    arrived = [carton for carton in case.cartons if carton.lost_at not in ("pickup", "transit", "gate")]
    goods = sum(pile.grams for pile in case.piles if case.fate_of(pile) is None)
    weight = kilograms(goods + CARTON_GRAMS * len(arrived))
    node = case.destination
    camera = world.camera_at(node.node_code, case.bay_code).camera_code
    rtv_no = case.rtv_no if case.is_announced and case.index % 3 == 0 else ""
    place = (f"GR-{case.awb_no}", node.node_code, case.bay_code, camera, case.awb_no, rtv_no)
    counted = (
        _local(case, case.handover_at),
        len(arrived),
        weight,
        "broken" if case.is_seal_broken else "intact",
        case.pod_remark,
        case.operator_code,
    )
    inputs.write("gate_receipts", node.node_code, (*place, *counted))


def _local(case: Return, at: datetime) -> str:
    return at.astimezone(ZoneInfo(case.destination.timezone)).isoformat()


def opened_cartons(case: Return) -> list[tuple[int, datetime, list[Pile]]]:
    """The cartons that the bay has opened: number, when, and what lay in it."""
    if case.progress not in ("partly_opened", "closed"):
        return []
    by_carton: dict[int, list[Pile]] = {}
    for pile in case.seen_piles():
        by_carton.setdefault(pile.carton, []).append(pile)
    opened: list[tuple[int, datetime, list[Pile]]] = []
    at = case.opened_at
    for number, carton in enumerate(case.cartons):
        if carton.lost_at is None and carton.is_opened:
            piles = by_carton.get(number, [])
            opened.append((number, at, piles))
            at += timedelta(seconds=SECONDS_TO_FIRST_ITEM + SECONDS_AN_ITEM * len(piles) + 60)
    return opened


def write_captures(case: Return, world: World, inputs: Inputs) -> None:
    """One capture a carton, the last one marked as such when the consignment is done."""
    opened = opened_cartons(case)
    roll = dice(world.seed, "capture", case.index)
    for place, (number, started_at, piles) in enumerate(opened):
        is_last = case.progress == "closed" and place == len(opened) - 1
        record = _capture(case, number, started_at, piles) | {
            "items": list(_items(case, piles, started_at, roll))
        }
        inputs.write_record("qc_captures", case.destination.node_code, record | {"is_last_carton": is_last})


def _capture(case: Return, number: int, started_at: datetime, piles: list[Pile]) -> dict[str, Any]:
    capture_id = f"CAP-{case.awb_no}-{number + 1}"
    ended_at = started_at + timedelta(seconds=SECONDS_TO_FIRST_ITEM + SECONDS_AN_ITEM * len(piles) + 6)
    node = case.destination.node_code
    record: dict[str, Any] = {
        "capture_id": capture_id,
        "node_code": node,
        "bay_code": case.bay_code,
        "station_code": f"{node}-{case.bay_code}-S1",
        "operator_code": case.operator_code,
        "awb_no": case.awb_no,
        "started_at": _local(case, started_at),
        "ended_at": _local(case, ended_at),
        "is_synthetic": True,
    }
    if case.is_announced and case.index % 2 == 0:
        record["rtv_no"] = case.rtv_no
    if case.platform.names_cartons and case.is_announced:
        record["carton_no"] = case.cartons[number].carton_no
    record["video"] = {
        "uri": f"synthetic/films/{capture_id}.webm",
        "sha256": synthetic_sha256("film", capture_id),
        "started_at": _local(case, started_at),
        "duration_seconds": int((ended_at - started_at).total_seconds()),
    }
    if any(pile.condition in ("damaged", "leaking") for pile in piles):
        photo = {"uri": f"synthetic/photos/{capture_id}.jpg", "sha256": synthetic_sha256("photo", capture_id)}
        record["photos"] = [photo | {"taken_at": _local(case, ended_at), "kind": "damage"}]
    return record


def _items(case: Return, piles: list[Pile], started_at: datetime, roll: Random) -> Iterator[dict[str, Any]]:
    zone = ZoneInfo(case.destination.timezone)
    for item_no, pile in enumerate(piles, 1):
        seen_at = started_at + timedelta(seconds=SECONDS_TO_FIRST_ITEM + SECONDS_AN_ITEM * (item_no - 1))
        item: dict[str, Any] = {
            "item_no": item_no,
            "qty": pile.qty,
            "seen_at": seen_at.astimezone(zone).isoformat(),
        }
        yield item | _scan(case, pile, roll) | _verdict(pile, roll)


def _scan(case: Return, pile: Pile, roll: Random) -> dict[str, Any]:
    sku, batch = pile.sku, pile.batch
    if sku is None:
        return {"scanned_code": pile.foreign_code}
    way = roll.random()
    if batch is None:
        if way < 0.85:
            return {"scanned_code": sku.gtin}
        if way < 0.95:
            return {"scanned_code": sku.sku_code}
        return {"scanned_code": platform_sku(case.platform.code, sku)}
    mrp_minor = sku.mrp_minor if pile.printed_mrp_minor is None else pile.printed_mrp_minor
    printed = {
        "batch_no": batch.batch_no,
        "expiry_on": batch.expiry_on.isoformat(),
        "mrp": money(mrp_minor),
    }
    if pile.printed_mrp_minor is not None:
        return {"scanned_code": sku.gtin, **printed}
    if way < 0.25:
        return {"scanned_code": element_string(sku.gtin, batch.batch_no, batch.expiry_on)}
    if way < 0.35:
        return {"scanned_code": element_string(sku.gtin, batch.batch_no, batch.expiry_on), **printed}
    if way < 0.45:
        return {"scanned_code": sku.sku_code, "sku_code": sku.sku_code, **printed}
    return {"scanned_code": sku.gtin, **printed}


def _verdict(pile: Pile, roll: Random) -> dict[str, Any]:
    chance = roll.random()
    if pile.condition in ("damaged", "leaking"):
        cause = {"damage_cause": pile.damage_cause} if pile.damage_cause else {}
        return {
            "grade": "C" if chance < 0.7 else "D",
            "defects": [pile.condition],
            **cause,
            "seal_state": "intact",
        }
    if pile.condition == "used":
        return {"grade": "C", "defects": ["used"], "seal_state": "opened"}
    if pile.condition == "incomplete":
        missing = [{"sku_code": code, "qty": qty} for code, qty in pile.missing_components]
        return {"grade": "B", "missing_components": missing, "seal_state": "intact"}
    if chance < 0.04:
        return {"grade": "B", "defects": ["packaging"], "seal_state": "intact"}
    return {"grade": "A" if chance < 0.9 else "B", "seal_state": "intact"}


def write_goods_receipt(case: Return, inputs: Inputs) -> None:
    """A CFA books its own count."""
    node = case.destination
    if node.node_role != "cfa" or case.progress != "closed" or not case.is_announced:
        return
    counted: dict[tuple[str, str], list[int]] = {}
    for pile in case.seen_piles():
        if pile.sku:
            key = (pile.sku.sku_code, pile.batch.batch_no if pile.batch else "")
            tally = counted.setdefault(key, [0, 0])
            tally[pile.condition != "sound"] += pile.qty
    booked_on = (case.opened_at + timedelta(days=1)).date().isoformat()
    for number, ((sku_code, batch_no), (sound, failed)) in enumerate(counted.items(), 1):
        head = (node.node_code, f"GRN-{case.awb_no}", booked_on, case.awb_no, case.rtv_no, number)
        row = (*head, sku_code, batch_no, sound + failed, sound, failed, "restock" if not failed else "hold")
        inputs.write("goods_receipts", node.party_code, row)
