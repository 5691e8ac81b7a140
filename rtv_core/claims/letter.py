"""The claim letter as PDF/A: typeset by typst with fonts of our own, the same bytes on repeat."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from rtv_core.evidence.seal import canonical_json
from rtv_core.model.money import format_minor

REASONS = {
    "carton_short_at_pickup": ("Cartons short at pickup", "पिकअप पर कार्टन कम"),
    "carton_lost_in_transit": ("Cartons lost in transit", "रास्ते में कार्टन खो गए"),
    "carton_short_at_gate": ("Cartons short at the gate", "गेट पर कार्टन कम"),
    "consignment_lost": ("Consignment lost", "खेप खो गई"),
    "debit_without_goods": ("Debited, goods not returned", "डेबिट हुआ, माल वापस नहीं आया"),
    "duplicate_manifest": ("Return declared twice", "वापसी दो बार घोषित"),
    "unit_short": ("Units short", "इकाइयाँ कम"),
    "wrong_sku": ("Wrong product returned", "गलत उत्पाद वापस"),
    "kit_incomplete": ("Kit incomplete", "किट अधूरी"),
    "damaged": ("Goods damaged", "माल क्षतिग्रस्त"),
    "expired": ("Goods expired", "माल की अवधि समाप्त"),
    "near_expiry": ("Shelf life too short", "शेष अवधि कम"),
    "used_or_tampered": ("Goods used or tampered with", "माल प्रयुक्त या छेड़छाड़"),
    "batch_mismatch": ("Batch never supplied", "बैच कभी नहीं भेजा गया"),
    "mrp_mismatch": ("MRP differs", "एमआरपी भिन्न"),
    "price_variance": ("Price differs from the invoice", "मूल्य बीजक से भिन्न"),
    "tax_variance": ("Tax differs from the invoice", "कर बीजक से भिन्न"),
}
"""What a claim reason is called in the letter, in English and Hindi; others by their code."""

CARTON_REASONS = frozenset(
    {"carton_short_at_pickup", "carton_lost_in_transit", "carton_short_at_gate", "consignment_lost"}
)
"""Claim reasons that count cartons; all others count units."""


def claim_letter(facts: dict[str, Any], made_at: datetime) -> bytes:
    """The letter of one facts document as PDF/A-2u. Texts are data to the typesetter, never markup."""
    pdf = _compiler().compile(
        format="pdf",
        sys_inputs={"letter": json.dumps(_letter_data(facts, made_at), ensure_ascii=False)},
        pdf_standards="a-2u",
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    folder = Path(str(resources.files("rtv_core.claims")))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder / "fonts"]
    )
    return typst.Compiler(input=folder / "letter.typ", root=folder, font_paths=fonts)


def _letter_data(facts: dict[str, Any], made_at: datetime) -> dict[str, Any]:
    currency = facts["currency_code"]
    english, hindi = REASONS.get(facts["claim_reason"], (facts["claim_reason"], ""))
    return {
        # Stands in the file's keywords, by which a verifier finds that facts and letter belong together.
        "facts_mark": f"facts-sha256:{hashlib.sha256(canonical_json(facts)).hexdigest()}",
        "claim_no": facts["claim_no"],
        "letter_on": made_at.strftime("%d %B %Y"),
        "party_name": facts["party"]["party_name"] or facts["party"]["party_code"],
        "party_code": facts["party"]["party_code"],
        "gstin": facts["party"]["gstin"] or "",
        "reason": english,
        "reason_hi": hindi,
        "subject": _subject(facts),
        "claimed": facts["claimed"],
        "due": _open_until(facts["due_at"], made_at),
        "counted": "Cartons" if facts["claim_reason"] in CARTON_REASONS else "Units",
        "is_terms_unverified": facts["is_terms_unverified"],
        "approved_by": facts["approved_by"] or "",
        "lines": [
            {
                "sku": line["sku_code"] or "–",
                "batch": line["batch_no"] or "–",
                "qty": str(line["claimed_qty"]),
                "value": format_minor(line["claimed_minor"], currency),
                "why": str(line["facts"].get("liability_reason") or ""),
            }
            for line in facts["lines"]
        ],
        "clips": [
            {
                "file": clip["file"] or clip["presentation_film"],
                "from": _moment(clip["window_start_at"]),
                "to": _moment(clip["window_end_at"]),
                "sha256": clip["sha256"] if clip["file"] else clip["presentation_sha256"],
            }
            for clip in facts["clips"]
        ],
        "documents": [
            {"kind": one["document_type"], "no": one["document_no"], "on": one["document_on"] or ""}
            for one in facts["documents"]
        ],
    }


def _open_until(due_at: str | None, made_at: datetime) -> str:
    """The end of the claim's window, while it is open."""
    if due_at is None or datetime.fromisoformat(due_at) < made_at:
        return ""
    return _moment(due_at)


def _moment(written: str) -> str:
    """A time of the facts as the letter shows it."""
    return f"{datetime.fromisoformat(written).astimezone(UTC):%d %b %Y %H:%M:%S} UTC"


def _subject(facts: dict[str, Any]) -> str:
    parts = []
    if facts["rtv_no"]:
        parts.append(f"RTV {facts['rtv_no']}")
    if facts["platform_code"]:
        parts.append(f"platform {facts['platform_code']}")
    if facts["awb_no"]:
        parts.append(f"AWB {facts['awb_no']}")
    return ", ".join(parts)
