"""A claim is ready when its proof is there."""

from __future__ import annotations

from rtv_core.claims.readiness import FILM_RULES, RECORD_RULES, ProofAtHand, missing_proof, status_for
from rtv_core.model.claim import ClaimStatus

KEYS = frozenset({"a", "b"})


def test_a_claim_shown_by_film_needs_a_sealed_clip_for_each_line() -> None:
    assert missing_proof("damaged", KEYS, ProofAtHand(frozenset({"a"}), 9)) == (
        "sealed clip for 1 of 2 lines",
    )
    assert missing_proof("damaged", KEYS, ProofAtHand(KEYS | {"c"}, 0)) == ()


def test_a_claim_on_records_needs_a_document_or_a_clip() -> None:
    assert missing_proof("carton_short_at_pickup", KEYS, ProofAtHand(frozenset(), 0)) != ()
    assert missing_proof("carton_short_at_pickup", KEYS, ProofAtHand(frozenset(), 1)) == ()
    assert missing_proof("carton_lost_in_transit", KEYS, ProofAtHand(frozenset({"a"}), 0)) == ()


def test_a_claim_on_the_partys_own_records_needs_no_more() -> None:
    assert missing_proof("debit_without_goods", KEYS, ProofAtHand(frozenset(), 0)) == ()
    assert FILM_RULES.isdisjoint(RECORD_RULES)


def test_missing_proof_keeps_a_claim_a_draft() -> None:
    assert status_for(()) is ClaimStatus.READY
    assert status_for(("something",)) is ClaimStatus.DRAFT
