"""How one return really went, before anything goes wrong with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rtv_cli.simulator import names
from rtv_cli.simulator.catalogue import INDIA, World, batch_of, price_of
from rtv_cli.simulator.codes import awb_number
from rtv_cli.simulator.dice import between, dice
from rtv_cli.simulator.model import Batch, Carton, Line, LineKey, Pile, Platform, Return, Sku
from rtv_cli.simulator.plan import Plan

# Days before as_of on which the RTV is written, by how far it has come.
AGES = {
    "closed": (20, 75),
    "declared": (1, 6),
    "in_transit": (6, 9),
    "at_gate": (12, 15),
    "partly_opened": (12, 15),
}
NEVER_SENT_AGE = (30, 60)
# Faults of what is printed on a unit; they need an article with a batch.
BATCH_FAULTS = frozenset({"expired", "near_expiry", "batch_mismatch", "mrp_mismatch"})


class _Start(NamedTuple):
    """What is known of a return before its goods are picked."""

    world: World
    platform: Platform
    brand: str
    plan: Plan
    roll: Random


def is_removal(world: World, index: int) -> bool:
    """Whether this return comes by the removal report; the last ones do."""
    return index >= world.size.returns - world.size.removal_returns


def make_return(world: World, index: int, plan: Plan) -> Return:
    """The undisturbed history of return number `index`."""
    roll = dice(world.seed, "return", index)
    platform = (
        world.platforms[-1]
        if is_removal(world, index)
        else world.platforms[index % (len(world.platforms) - 1)]
    )
    brand = _brand(plan, roll)
    destination = roll.choice(world.receiving_nodes(brand))
    if platform.is_removal_report:
        destination = world.node(names.REMOVAL_DESTINATION)
    transporter, series = roll.choice(world.transporters)
    created_at, picked_up_at, delivered_at, handover_at = _times(world, plan, roll)
    invoiced_at = created_at - timedelta(days=between(roll, 30, 120))
    cartons = _cartons_wanted(platform, plan, roll)
    lines = _lines(_Start(world, platform, brand, plan, roll), invoiced_at, cartons)
    cartons = min(cartons, len(lines)) if platform.names_cartons else cartons
    rtv_no = f"{platform.code[:3]}-RTV-{world.seed % 1000:03d}{index:06d}"
    return Return(
        index=index,
        platform=platform,
        brand_code=brand,
        rtv_no=rtv_no,
        transporter_code=transporter,
        awb_no=awb_number(series, world.seed % 1000 * 100_000 + index),
        origin=roll.choice(platform.origin_nodes),
        destination=destination,
        bay_code=roll.choice(destination.bay_codes),
        operator_code=roll.choice(names.OPERATORS),
        created_at=handover_at + timedelta(days=between(roll, 1, 2)) if plan.is_late else created_at,
        picked_up_at=picked_up_at,
        delivered_at=delivered_at,
        handover_at=handover_at,
        opened_at=handover_at + timedelta(minutes=between(roll, 90, 240)),
        invoice_no=f"INV-{brand}-{world.seed % 1000:03d}{index:06d}",
        invoiced_at=invoiced_at,
        lines=lines,
        cartons=[Carton(f"{rtv_no}-C{number:02d}") for number in range(1, cartons + 1)],
        piles=_packed(platform, lines, cartons, roll),
        progress=plan.progress,
        is_debited=platform.ownership_model == "outright"
        and plan.progress != "declared"
        and roll.random() < 0.75,
        is_late=plan.is_late,
        is_revised=plan.is_revised,
    )


def _brand(plan: Plan, roll: Random) -> str:
    segments = list(names.SEGMENTS)
    if BATCH_FAULTS & set(plan.faults):
        segments = [segment for segment in segments if segment.has_batches]
    if "kit_incomplete" in plan.faults:
        segments = [segment for segment in segments if segment.has_kits]
    return roll.choice(segments).brand_code


def _times(world: World, plan: Plan, roll: Random) -> tuple[datetime, datetime, datetime, datetime]:
    midnight = world.as_of.astimezone(ZoneInfo(INDIA)).replace(hour=0, minute=0, second=0, microsecond=0)
    is_unsent = any(fault.startswith(("debit_without_goods", "consignment_lost")) for fault in plan.faults)
    age = between(roll, *(NEVER_SENT_AGE if is_unsent else AGES[plan.progress]))
    if "goods_without_manifest:fresh" in plan.faults:
        age = 10
    created_at = midnight - timedelta(days=age) + timedelta(minutes=between(roll, 600, 1020))
    picked_up_at = created_at.replace(hour=11) + timedelta(
        days=between(roll, 1, 4), minutes=between(roll, 0, 300)
    )
    delivered_at = picked_up_at + timedelta(days=between(roll, 2, 5), minutes=between(roll, -90, 90))
    if "goods_without_manifest:fresh" in plan.faults:
        delivered_at = midnight - timedelta(days=1) + timedelta(hours=9, minutes=between(roll, 0, 200))
    handover_at = delivered_at + timedelta(minutes=between(roll, 5, 40), seconds=between(roll, 0, 59))
    return created_at, picked_up_at, delivered_at, handover_at


def _cartons_wanted(platform: Platform, plan: Plan, roll: Random) -> int:
    has_many = plan.progress == "partly_opened" or any(fault.startswith("carton_") for fault in plan.faults)
    return between(roll, 2 if has_many else 1, 5 if platform.names_cartons else 3)


def _lines(start: _Start, invoiced_at: datetime, cartons: int) -> list[Line]:
    world, platform, roll = start.world, start.platform, start.roll
    is_blind = any(fault.startswith("goods_without_manifest") for fault in start.plan.faults)
    choice = world.delisted(start.brand) if is_blind else world.listed(start.brand)
    wanted = between(roll, world.size.least_lines, world.size.most_lines)
    count = min(wanted, len(choice) - 2 * (not is_blind))
    picked = roll.sample(choice, count)
    if "kit_incomplete" in start.plan.faults and not any(sku.is_kit for sku in picked):
        picked[0] = roll.choice([sku for sku in choice if sku.is_kit])
    if platform.names_batches and not is_blind and roll.random() < 0.2:
        picked.append(picked[0])
    lines: list[Line] = []
    for sku in picked:
        month_back = 45 if any(line.sku is sku for line in lines) else 15
        batch = batch_of(sku, (invoiced_at - timedelta(days=month_back)).date())
        key = LineKey(sku.sku_code, batch.batch_no if batch and platform.names_batches else None)
        if any(line.key == key for line in lines):
            continue
        qty = between(roll, 5, 24) if platform.names_cartons else between(roll, 3, 10) * cartons
        invoiced = qty * between(roll, 2, 4)
        lines.append(Line(key, sku, batch, qty, price_of(platform, sku), len(lines) + 1, invoiced))
    return lines


def _packed(platform: Platform, lines: list[Line], cartons: int, roll: Random) -> list[Pile]:
    """Named cartons hold a line or a part of it; unnamed ones are packed alike: a share is a carton's own."""
    piles: list[Pile] = []
    for rank, line in enumerate(lines):
        if not platform.names_cartons:
            each = line.declared_qty // cartons
            piles += [Pile(each, carton, line.key, line.sku, line.batch) for carton in range(cartons)]
            continue
        first = rank % cartons
        apart = line.declared_qty // 3 if cartons > 1 and roll.random() < 0.3 else 0
        piles.append(Pile(line.declared_qty - apart, first, line.key, line.sku, line.batch))
        if apart:
            piles.append(Pile(apart, (first + 1) % cartons, line.key, line.sku, line.batch))
    return piles


def other_batch(sku: Sku, case: Return) -> Batch | None:
    """The batch in which an article of the same invoice came."""
    return batch_of(sku, (case.invoiced_at - timedelta(days=15)).date())
