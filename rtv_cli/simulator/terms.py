"""The synthetic claim terms of each party, and what a loss is worth under them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from rtv_cli.simulator.catalogue import price_of
from rtv_cli.simulator.model import Platform, Sku


class Term(NamedTuple):
    """Basis, rate and tax of a claim."""

    basis: str
    rate_pct: int
    is_tax_included: bool


# So long does a platform have to hand over, and a transporter to deliver.
PICKUP_DUE_DAYS, DELIVERY_DUE_DAYS = 12, 9
# So long a receiving node has for its QC.
QC_DUE_HOURS = 240

UNVERIFIED = Term("invoice_price", 100, False)
PLATFORM_REASONS = (
    "carton_short_at_pickup",
    "unit_short",
    "wrong_sku",
    "damaged",
    "expired",
    "debit_without_goods",
)
TRANSPORTER_REASONS = ("carton_lost_in_transit", "carton_short_at_gate", "unit_short", "damaged")

# BIGORRA, SATPURAX and CFA-PAS have agreed on nothing: their claims are marked as unverified.
PARTY_TERMS = {
    "TEZMANDI": (PLATFORM_REASONS, Term("invoice_price", 100, True)),
    "KIRNALOOP": (PLATFORM_REASONS, Term("debit_value", 100, True)),
    "VASTRELLO": (PLATFORM_REASONS, Term("mrp", 50, False)),
    "AMAZON": (PLATFORM_REASONS, Term("unit_cost", 100, False)),
    "GARUDRA": (TRANSPORTER_REASONS, Term("invoice_price", 100, True)),
    "NIMBUSLINE": (TRANSPORTER_REASONS, Term("unit_cost", 100, False)),
    "PAVANIKA": (TRANSPORTER_REASONS, Term("mrp", 40, False)),
    "TRIVAHAN": (TRANSPORTER_REASONS, Term("invoice_price", 75, True)),
    "INDRAYAN": (TRANSPORTER_REASONS, Term("invoice_price", 100, False)),
    "CFA-DAK": (("carton_short_at_gate",), Term("invoice_price", 100, True)),
    "CFA-UTT": (("carton_short_at_gate",), Term("invoice_price", 50, False)),
}
EXCEPTIONS = {
    ("TEZMANDI", "damaged"): Term("invoice_price", 90, True),
    ("KIRNALOOP", "expired"): Term("invoice_price", 50, True),
}


def playbook() -> Iterable[tuple[str, str, Term]]:
    """Every agreed term: party, claim reason, term."""
    for party_code, (reasons, term) in PARTY_TERMS.items():
        for reason in reasons:
            yield party_code, reason, EXCEPTIONS.get((party_code, reason), term)


_AGREED = {(party, reason): term for party, reason, term in playbook()}


def claim_value(
    platform: Platform,
    party_code: str,
    rule_code: str,
    units: Iterable[tuple[Sku, int]],
    share: Fraction = Fraction(1),
) -> int:
    """What these units, or a share of each, are worth against that party: minor units, half up once."""
    term = _AGREED.get((party_code, rule_code), UNVERIFIED)
    total = sum(
        qty * _basis(platform, sku, term) * term.rate_pct * (100 + sku.gst_pct * term.is_tax_included)
        for sku, qty in units
    )
    return int(total * share + 5_000) // 10_000


def _basis(platform: Platform, sku: Sku, term: Term) -> int:
    if term.basis == "mrp":
        return sku.mrp_minor
    if term.basis == "unit_cost":
        return sku.unit_cost_minor
    # Manifest, debit note and every invoice state the same price of a SKU on a platform.
    return price_of(platform, sku)
