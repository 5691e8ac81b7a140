"""What the brand's own systems write: invoices of what it sold, credit notes for what came back."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from rtv_cli.simulator.catalogue import World, price_of
from rtv_cli.simulator.dice import dice
from rtv_cli.simulator.model import Batch, Return, Sku
from rtv_cli.simulator.papers.columns import money
from rtv_cli.simulator.sinks import Inputs

EXTRA_QTY = 24


def write_dispatch(case: Return, inputs: Inputs) -> None:
    """The invoice under which these articles were sold, in at least twice the quantity that comes back."""
    zone = ZoneInfo(case.destination.timezone)
    sent_at = case.invoiced_at.astimezone(zone)
    head = (sent_at.date().isoformat(), f"PO-{case.invoice_no[4:]}", case.platform.code)
    way = (f"{case.brand_code}-DC1", case.origin.node_code, (sent_at + timedelta(hours=3)).isoformat())
    sold: list[tuple[int, Sku, Batch | None, int]] = [
        (line.invoice_line_no, line.sku, line.batch, line.invoiced_qty) for line in case.lines
    ]
    for number, (sku, batch) in enumerate(case.also_invoiced, len(sold) + 1):
        sold.append((number, sku, batch, EXTRA_QTY))
    for line_no, sku, batch, qty in sold:
        printed = (batch.batch_no, batch.expiry_on.isoformat()) if batch else ("", "")
        price = (qty, money(price_of(case.platform, sku)), sku.gst_pct, money(sku.mrp_minor))
        inputs.write(
            "dispatches",
            case.brand_code,
            (case.invoice_no, line_no, *head, *way, sku.sku_code, *printed, *price),
        )


def write_credit_note(case: Return, world: World, inputs: Inputs) -> None:
    """For some older, debited returns: a credit note for the sound units, against their own invoice."""
    is_old = case.created_at < world.as_of - timedelta(days=40)
    if (
        not (is_old and case.is_debited and case.progress == "closed")
        or dice(world.seed, "credit", case.index).random() < 0.6
    ):
        return
    credited_on = (case.opened_at + timedelta(days=8)).date().isoformat()
    for number, line in enumerate(case.lines, 1):
        qty = sum(
            p.qty
            for p in case.piles_of(line)
            if case.is_seen(p) and p.condition == "sound" and not p.is_replaced
        )
        if not qty:
            continue
        tax = (qty * line.price_minor * line.sku.gst_pct + 50) // 100
        head = (
            f"CN-{case.rtv_no}",
            credited_on,
            case.platform.code,
            number,
            case.invoice_no,
            line.invoice_line_no,
        )
        tail = (
            f"DN-{case.rtv_no}",
            case.rtv_no,
            line.sku.sku_code,
            qty,
            money(qty * line.price_minor),
            money(tax),
        )
        inputs.write("credit_notes", "brands", (*head, *tail, "accepted"))
