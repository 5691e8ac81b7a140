"""What a platform writes: manifests (or a removal report), debit notes, its stock ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rtv_cli.simulator.catalogue import World, platform_sku
from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.model import Line, Return
from rtv_cli.simulator.papers.columns import REMOVAL_REPORT, kilograms, money
from rtv_cli.simulator.sinks import Inputs

REASONS = ("unsold", "slow_moving", "end_of_season")


def write_manifest(case: Return, inputs: Inputs) -> None:
    """The manifest as the platform believes it; a revised one twice, a late one in a file of its own."""
    if not case.is_announced:
        return
    if case.platform.is_removal_report:
        _write_removal(case, inputs)
        return
    party = case.platform.code
    if case.is_revised:
        _write_revision(case, inputs, party, 1, surplus=3)
        _write_revision(case, inputs, "revisions", 2)
    else:
        _write_revision(case, inputs, "late" if case.is_late else party, "")
    if case.repeated_as:
        _write_revision(repetition_of(case), inputs, party, "")


def repetition_of(case: Return) -> Return:
    """The same document under another number, an hour later."""
    return replace(case, rtv_no=case.repeated_as, created_at=case.created_at + timedelta(hours=1))


def _write_revision(case: Return, inputs: Inputs, party: str, revision: int | str, surplus: int = 0) -> None:
    platform, reason = case.platform, case.refused_reason or REASONS[case.index % 3]
    head = (platform.code, case.rtv_no, revision, platform.ownership_model, _written_at(case))
    grams = sum(line.declared_qty * line.sku.unit_grams for line in case.lines) + 400 * len(
        case.declared_cartons
    )
    weight = kilograms(grams) if platform.names_cartons else ""
    way = (
        case.origin.node_code,
        case.destination.node_code,
        case.transporter_code,
        case.awb_no,
        len(case.declared_cartons),
        weight,
    )
    for number, (line, carton_no, qty) in enumerate(_declared(case), 1):
        expiry = line.batch.expiry_on.isoformat() if line.batch and _names_expiry(case, line) else ""
        goods = (platform_sku(platform.code, line.sku), line.sku.gtin, qty + (surplus if number == 1 else 0))
        batch = (money(line.price_minor), line.key.batch_no or "", expiry, reason)
        inputs.write("rtv_manifests", party, (*head, *way, number, carton_no, *goods, *batch))


def _names_expiry(case: Return, line: Line) -> bool:
    # A platform that lets a batch run out does not write its date down.
    aged = ("expired", "near_expiry")
    return line.key.batch_no is not None and all(pile.condition not in aged for pile in case.piles_of(line))


def _declared(case: Return) -> Iterator[tuple[Line, str, int]]:
    for line in case.lines:
        if not case.platform.names_cartons:
            yield line, "", line.declared_qty
            continue
        per_carton: dict[int, int] = {}
        for pile in case.piles_of(line):
            per_carton[pile.carton] = per_carton.get(pile.carton, 0) + pile.qty
        for carton, qty in sorted(per_carton.items()):
            yield line, case.cartons[carton].carton_no, qty


def _written_at(case: Return) -> str:
    local = case.created_at.astimezone(ZoneInfo(case.origin.timezone))
    return (local.replace(tzinfo=None) if case.platform.writes_naive_times else local).isoformat()


def _write_removal(case: Return, inputs: Inputs) -> None:
    zone = ZoneInfo(case.origin.timezone)
    asked, sent = case.created_at.astimezone(zone).isoformat(), case.picked_up_at.astimezone(zone).isoformat()
    for line in case.lines:
        goods = (
            platform_sku(case.platform.code, line.sku),
            f"X0{line.sku.gtin[4:12]}",
            "Sellable",
            line.declared_qty,
        )
        inputs.write(
            REMOVAL_REPORT,
            "amazon",
            (asked, case.rtv_no, sent, *goods, case.transporter_code, case.awb_no, "Return"),
        )


def write_debit_note(case: Return, world: World, inputs: Inputs) -> None:
    """A debit for all that the manifest names, whether it was sent or not."""
    if not case.is_debited:
        return
    debited_on = min(_debit_time(case, world), world.as_of).date().isoformat()
    for number, line in enumerate(case.lines, 1):
        price_minor = line.price_minor + case.debit_surcharge_minor.get(line.key, 0)
        value = line.declared_qty * price_minor
        tax = (value * case.debit_tax_pct.get(line.key, line.sku.gst_pct) + 50) // 100
        head = (case.platform.code, f"DN-{case.rtv_no}", debited_on, case.rtv_no, number)
        goods = (platform_sku(case.platform.code, line.sku), line.declared_qty, money(price_minor))
        inputs.write("debit_notes", case.platform.code, (*head, *goods, money(tax), money(value + tax)))


def _debit_time(case: Return, world: World) -> datetime:
    return case.picked_up_at + timedelta(days=1 + int(dice(world.seed, "debit", case.index).random() * 6))


def write_stock_movements(case: Return, inputs: Inputs) -> None:
    """One platform shares its stock ledger: what it took off its shelves for the return."""
    if case.platform.code != "KIRNALOOP" or not (case.is_collected and case.is_announced):
        return
    moved_at = (case.picked_up_at - timedelta(hours=4)).astimezone(ZoneInfo(case.origin.timezone)).isoformat()
    for line in case.lines:
        goods = ("", platform_sku(case.platform.code, line.sku), line.key.batch_no or "", -line.declared_qty)
        row = (
            case.platform.code,
            moved_at,
            case.origin.node_code,
            *goods,
            "VendorReturns",
            "SELLABLE",
            case.rtv_no,
        )
        inputs.write("stock_movements", case.platform.code, row)
