"""Units that came back, allocated to the invoice they are credited against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AllocatedUnits:
    """Units of one SKU and batch that came back and were allocated to one line of an invoice."""

    tenant_code: str
    platform_code: str
    rtv_no: str
    invoice_no: str
    invoice_line_no: str
    sku_code: str
    batch_no: str | None
    allocated_qty: int
    unit_price_minor: int
    gst_rate: Decimal
    credit_note_due_on: date | None
    currency_code: str = "INR"
