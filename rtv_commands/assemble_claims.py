"""Groups final discrepancies into claims: makes, mends and empties open ones, never touches approved ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from rtv_core.claims.answers import carry_waiting
from rtv_core.claims.assemble import AssemblyPlan, plan_assembly
from rtv_core.claims.film_proof import filmed_captures, shown_lines
from rtv_core.claims.payloads import claim_payload
from rtv_core.claims.readiness import ProofAtHand, missing_proof, status_for
from rtv_core.claims.states import OPEN_TO_REBUILD, check_transition
from rtv_core.identity import Actor, ActorKind
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.outbound.outbox import enqueue
from rtv_core.warehouse import claim_sources, claim_store, film_store
from rtv_core.warehouse.connection import Connection, connect


@dataclass(slots=True)
class Assembled:
    """What an assembly did."""

    created: int = 0
    changed: int = 0
    emptied: int = 0
    adjusted: int = 0
    became_ready: int = 0
    became_draft: int = 0

    def counts(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


def assemble_claims(dsn: str, *, actor: Actor, now: datetime) -> Assembled:
    """Bring the open claims in line with the marts; the same marts again change nothing.

    A job assembles for every tenant, a person for their own.
    """
    tenant = None if actor.kind is ActorKind.JOB else actor.tenant_code
    done = Assembled()
    with connect(dsn, application_name="rtv-claims") as connection:
        claim_store.lock_assembly(connection)
        carry_waiting(connection, now=now)
        plan = plan_assembly(
            claim_sources.claimable_discrepancies(connection, tenant),
            claim_store.list_claims(connection, tenant, lock=True),
            claim_store.highest_sequences(connection, tenant),
        )
        _carry_out(connection, plan, done, actor, now)
        open_statuses = [status.value for status in OPEN_TO_REBUILD]
        for claim in claim_store.list_claims(connection, tenant, open_statuses):
            _settle_readiness(connection, claim, done, actor, now)
    return done


def _carry_out(
    connection: Connection, plan: AssemblyPlan, done: Assembled, actor: Actor, now: datetime
) -> None:
    for new in plan.new:
        claim_id = claim_store.insert_claim(
            connection, new.group, new.sequence, is_terms_unverified=new.is_terms_unverified, now=now
        )
        claim_store.record_creation(connection, claim_id, new.group, new.sequence, actor=actor, now=now)
        claim_store.replace_lines(
            connection, claim_id, new.lines, is_terms_unverified=new.is_terms_unverified, now=now
        )
        done.created += 1
    for change in plan.changed:
        claim_store.replace_lines(
            connection,
            change.claim.claim_id,
            change.lines,
            is_terms_unverified=change.is_terms_unverified,
            now=now,
        )
        done.changed += 1
    for claim in plan.emptied:
        claim_store.replace_lines(
            connection, claim.claim_id, (), is_terms_unverified=claim.is_terms_unverified, now=now
        )
        claim_store.set_status(
            connection,
            claim,
            ClaimStatus.DROPPED,
            actor=actor,
            now=now,
            note="No discrepancy stands any more.",
        )
        done.emptied += 1
    for one in plan.adjustments:
        done.adjusted += claim_store.add_adjustment(
            connection, one.claim.claim_id, one.discrepancy_key,
            claimed=(one.claimed_qty, one.claimed_minor), current=(one.current_qty, one.current_minor),
            now=now,
        )  # fmt: skip


def _settle_readiness(
    connection: Connection, claim: Claim, done: Assembled, actor: Actor, now: datetime
) -> None:
    keys = frozenset(line.discrepancy_key for line in claim.lines)
    sealed = claim_sources.sealed_clips(connection, claim.group.tenant_code, keys, until=now)
    clips = [clip for clip in sealed if clip.may_leave]
    judged = film_store.judged_films(
        connection, claim.group.tenant_code, [capture_id for capture_id, _ in filmed_captures(clips)]
    )
    shown, against = shown_lines(claim.lines, clips, judged)
    proof = ProofAtHand(shown, len(claim_sources.documents_of(connection, claim.group)), against)
    missing = missing_proof(claim.group.claim_reason, keys, proof)
    claim_store.set_proof(
        connection, claim.claim_id, missing, claim_sources.claim_due_at(connection, claim.group), now
    )
    status = status_for(missing)
    if status is claim.status:
        return
    check_transition(claim.status, status)
    claim_store.set_status(connection, claim, status, actor=actor, now=now, note="; ".join(missing) or None)
    if status is ClaimStatus.READY:
        ready = claim_store.read_claim(connection, claim.group.tenant_code, claim.claim_no)
        enqueue(
            connection,
            tenant_code=claim.group.tenant_code,
            topic="claim.ready",
            channel="webhook",
            subject_key=f"{claim.claim_no}#{ready.row_version}",
            payload=claim_payload(ready),
            now=now,
        )
        done.became_ready += 1
    else:
        done.became_draft += 1
