"""A credit note as every ERP bridge gets it, decided from allocated units; and whether one read back fits."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rtv_core.model.credit_note import AllocatedUnits

TOPIC = "credit_note.draft"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line of a credit note, with the quantity that is credited."""

    sku_code: str
    qty: Decimal
    unit_price: Decimal
    gst_rate: Decimal


@dataclass(frozen=True, slots=True)
class PostedNote:
    """A credit note as the ERP says it stands."""

    number: str
    lines: tuple[NoteLine, ...]
    untaxed: Decimal
    tax: Decimal
    total: Decimal


def credit_note_id(tenant_code: str, platform_code: str, rtv_no: str, invoice_no: str) -> str:
    """Our id of a credit note, written into the ERP's document: the same return and invoice, the same id."""
    name = json.dumps([tenant_code, platform_code, rtv_no, invoice_no], ensure_ascii=False).encode()
    return f"RTVCN-{hashlib.sha256(name).hexdigest()[:20]}"


def credit_notes(units: Iterable[AllocatedUnits]) -> list[dict[str, Any]]:
    """The payloads of the credit notes for these units: one for each return and original invoice."""
    groups: dict[tuple[str, str, str, str, str], list[AllocatedUnits]] = defaultdict(list)
    for one in units:
        key = (one.tenant_code, one.platform_code, one.rtv_no, one.invoice_no, one.currency_code)
        groups[key].append(one)
    return [_payload(members) for _, members in sorted(groups.items())]


def _payload(members: list[AllocatedUnits]) -> dict[str, Any]:
    first = members[0]
    lines = sorted(members, key=lambda one: (one.invoice_line_no, one.sku_code, one.batch_no or ""))
    due = [one.credit_note_due_on for one in lines if one.credit_note_due_on is not None]
    notes = [_note_line(_line(one)) for one in lines]
    untaxed = sum((line.qty * line.unit_price for line in notes), Decimal(0))
    return {
        "credit_note_id": credit_note_id(
            first.tenant_code, first.platform_code, first.rtv_no, first.invoice_no
        ),
        "party_code": first.platform_code,
        "platform_code": first.platform_code,
        "rtv_no": first.rtv_no,
        "invoice_no": first.invoice_no,
        "currency_code": first.currency_code,
        "credit_note_due_on": min(due).isoformat() if due else None,
        "untaxed_minor": int(untaxed * 100),
        "tax_minor": int(exact_tax(notes).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100),
        "lines": [_line(one) for one in lines],
    }


def _line(one: AllocatedUnits) -> dict[str, Any]:
    return {
        "invoice_line_no": one.invoice_line_no,
        "sku_code": one.sku_code,
        "batch_no": one.batch_no,
        "qty": one.allocated_qty,
        "unit_price_minor": one.unit_price_minor,
        "gst_rate": str(one.gst_rate.normalize()),
    }


def _note_line(line: dict[str, Any]) -> NoteLine:
    return NoteLine(
        line["sku_code"],
        Decimal(line["qty"]),
        Decimal(line["unit_price_minor"]) / 100,
        Decimal(line["gst_rate"]),
    )


def exact_tax(lines: Iterable[NoteLine]) -> Decimal:
    """The tax on lines before any rounding."""
    return sum((line.qty * line.unit_price * line.gst_rate / 100 for line in lines), Decimal(0))


def differences(payload: dict[str, Any], posted: PostedNote) -> list[str]:
    """What the ERP's document says otherwise than ours; empty when it counts.

    Lines and the untaxed amount agree exactly. Tax may be rounded up or down to the paisa, once a rate,
    as the ERP does it.
    """
    ours = [_note_line(line) for line in payload["lines"]]
    found: list[str] = []
    if sorted(ours, key=_order) != sorted(posted.lines, key=_order):
        found.append(f"lines: sent {_say(ours)}, read back {_say(posted.lines)}")
    untaxed = sum((line.qty * line.unit_price for line in ours), Decimal(0))
    if posted.untaxed != untaxed:
        found.append(f"untaxed amount: sent {untaxed}, read back {posted.untaxed}")
    leeway = Decimal("0.005") * len({line.gst_rate for line in ours})
    if abs(posted.tax - exact_tax(ours)) > leeway:
        found.append(f"tax: sent {exact_tax(ours)}, read back {posted.tax}")
    if posted.total != posted.untaxed + posted.tax:
        found.append(f"total: {posted.total} is not {posted.untaxed} + {posted.tax}")
    return found


def _order(line: NoteLine) -> tuple[str, Decimal, Decimal, Decimal]:
    return line.sku_code, line.unit_price, line.gst_rate, line.qty


def _say(lines: Iterable[NoteLine]) -> str:
    return ", ".join(
        f"{line.qty} × {line.sku_code} at {line.unit_price} + {line.gst_rate} %" for line in lines
    )
