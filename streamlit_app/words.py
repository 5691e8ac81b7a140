"""How figures, times and codes read on a page: rupees in Indian grouping, times in the reporting zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

NOTHING = "–"
SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£"}
RULE_WORDS = {
    "goods_without_manifest": "Goods without manifest",
    "debit_without_goods": "Debit without goods",
    "duplicate_manifest": "Duplicate manifest",
    "not_permitted": "Return not permitted",
    "over_return": "Over-return",
    "carton_short_at_pickup": "Carton short at pickup",
    "consignment_lost": "Consignment lost",
    "carton_lost_in_transit": "Carton lost in transit",
    "carton_short_at_gate": "Carton short at gate",
    "carton_excess": "Carton excess",
    "seal_broken": "Seal broken",
    "unit_short": "Unit short",
    "unit_excess": "Unit excess",
    "wrong_sku": "Wrong SKU",
    "foreign_item": "Foreign item",
    "kit_incomplete": "Kit incomplete",
    "mrp_mismatch": "MRP mismatch",
    "qc_overdue": "QC overdue",
}
CLOCK_WORDS = {
    "claim": "Claim window",
    "reply": "Reply",
    "appeal": "Appeal",
    "pod_request": "Ask for the POD",
    "transporter_notice": "Notice to the transporter",
    "credit_note": "Credit note",
    "eway_document": "E-way document",
}


def grouped(number: int) -> str:
    """A whole number in Indian grouping: 12,34,567."""
    digits = str(abs(number))
    head, tail = digits[:-3], digits[-3:]
    while len(head) > 2:
        tail, head = f"{head[-2:]},{tail}", head[:-2]
    return ("-" if number < 0 else "") + (f"{head},{tail}" if head else tail)


def money(minor: int | None, currency_code: str | None = "INR") -> str:
    """An amount in full: ₹1,23,456.00."""
    if minor is None:
        return NOTHING
    code = currency_code or "INR"
    symbol = SYMBOLS.get(code, f"{code} ")
    whole, rest = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{symbol}{grouped(whole)}.{rest:02d}"


def short_money(minor: int | None) -> str:
    """An amount at a glance: ₹12.4 L, ₹3.2 Cr."""
    if minor is None:
        return NOTHING
    rupees = abs(minor) / 100
    sign = "-" if minor < 0 else ""
    if rupees >= 1e7:
        return f"{sign}₹{rupees / 1e7:.2f} Cr"
    if rupees >= 1e5:
        return f"{sign}₹{rupees / 1e5:.2f} L"
    return f"{sign}₹{grouped(round(rupees))}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def at(moment: datetime | None, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """A time as the reporting zone shows it: 23 Nov 2026, 16:05."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(zone)
    return (
        f"{local.day} {local:%b %Y}, {local:%H:%M:%S}"
        if seconds
        else f"{local.day} {local:%b %Y}, {local:%H:%M}"
    )


def day(moment: datetime | None, zone: ZoneInfo) -> str:
    """A date as the reporting zone shows it: 23 Nov 2026."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def until(moment: datetime | None, now: datetime) -> str:
    """How long is left: in 3 days, today, 2 days over."""
    if moment is None:
        return "no clock"
    hours = (moment - now).total_seconds() / 3600
    if hours < 0:
        days = int(-hours // 24)
        return count(days, "day") + " over" if days else f"{max(int(-hours), 1)} h over"
    if hours < 48:
        return f"in {max(int(hours), 1)} h"
    return f"in {int(hours // 24)} days"


def since(moment: datetime, now: datetime) -> str:
    """How long ago: 5 min, 3 h, 2 days."""
    minutes = max(int((now - moment).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def size(count_of_bytes: int | None) -> str:
    """Bytes at a glance: 3.2 MB."""
    if count_of_bytes is None:
        return NOTHING
    value = float(count_of_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return NOTHING


def words(code: str | None) -> str:
    """A code as words: unit_short → Unit short."""
    if not code:
        return NOTHING
    return RULE_WORDS.get(code) or CLOCK_WORDS.get(code) or code.replace("_", " ").capitalize()
