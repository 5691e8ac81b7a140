"""Whether the proof of a claim is there, decided from facts alone."""

from __future__ import annotations

from dataclasses import dataclass

from rtv_core.model.claim import ClaimStatus

FILM_RULES = frozenset(
    {
        "carton_short_at_gate", "seal_broken", "unit_short", "wrong_sku", "kit_incomplete", "damaged",
        "expired", "near_expiry", "used_or_tampered", "batch_mismatch", "mrp_mismatch",
    }
)  # fmt: skip
"""Claim reasons that are shown by film."""

RECORD_RULES = frozenset(
    {
        "debit_without_goods",
        "duplicate_manifest",
        "not_permitted",
        "over_return",
        "price_variance",
        "tax_variance",
    }
)
"""Claim reasons that the party's own records show, which the facts carry. All others need a document."""


@dataclass(frozen=True, slots=True)
class ProofAtHand:
    """What stands in the store for one claim."""

    sealed_clip_keys: frozenset[str]
    """Discrepancies that at least one cut and sealed clip shows."""
    document_count: int
    """Documents of the RTV or consignment."""
    against_films: tuple[str, ...] = ()
    """What is said against the films of the discrepancies that no clip shows."""


def missing_proof(claim_reason: str, discrepancy_keys: frozenset[str], proof: ProofAtHand) -> tuple[str, ...]:
    """What is still missing before the claim can be approved; empty when it is ready."""
    if claim_reason in FILM_RULES:
        without = len(discrepancy_keys - proof.sealed_clip_keys)
        if not without:
            return ()
        return (f"sealed clip for {without} of {len(discrepancy_keys)} lines", *proof.against_films)
    if claim_reason in RECORD_RULES or proof.document_count or proof.sealed_clip_keys:
        return ()
    return ("a document of the RTV or the consignment",)


def status_for(missing: tuple[str, ...]) -> ClaimStatus:
    """Draft while proof is missing, else ready."""
    return ClaimStatus.DRAFT if missing else ClaimStatus.READY
