"""Writes the proof bundle of an approved claim into the object store."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from rtv_core.claims.certificate import FILE_NAME as CERTIFICATE
from rtv_core.claims.certificate import section_63_certificate
from rtv_core.claims.facts_sheet import facts_sheet
from rtv_core.claims.film_proof import film_facts, filmed_captures
from rtv_core.claims.letter import claim_letter
from rtv_core.claims.package import bundled_films, bundled_presentations, document_name, facts_document
from rtv_core.claims.payloads import claim_payload
from rtv_core.claims.states import OPEN_TO_REBUILD
from rtv_core.errors import ConflictError, IntegrityError
from rtv_core.evidence.bundle import BundleContents, LogProof, SealedFilm, SealedPresentation, write_bundle
from rtv_core.evidence.seal import (
    SealKey,
    append_entry,
    canonical_json,
    ensure_seal_key,
    inclusion_proof,
    make_checkpoint,
    sealed_entry,
)
from rtv_core.evidence.stamping import ensure_stamp
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.model.claim import Claim, ClaimStatus
from rtv_core.objects import ObjectStore, content_key
from rtv_core.objects.fetching import Mismatch, fetch_object
from rtv_core.outbound.outbox import enqueue
from rtv_core.settings import Settings
from rtv_core.warehouse import bay_store, claim_sources, claim_store, film_store, footage_store, witness_store
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.claim_sources import ClipOnRecord
from rtv_core.warehouse.connection import connect

# A larger document stays named by its hash: a bundle must still be sent by mail.
_PAPER_BYTES = 20 * 2**20


@dataclass(frozen=True, slots=True)
class BuiltBundle:
    """A proof bundle in the store."""

    claim_no: str
    object_key: str
    sha256: str
    size_bytes: int
    clip_count: int


@dataclass(slots=True)
class BuiltBundles:
    """What a round of building did."""

    built: int = 0
    clips: int = 0
    size_bytes: int = 0

    def counts(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


def build_bundle(
    dsn: str, store: ObjectStore, claim_no: str, *, settings: Settings, actor: Actor, now: datetime
) -> BuiltBundle:
    """Write the bundle of an approved claim; the same claim again gives the same bytes.

    Announces `bundle.built` and seals the bundle's hash. Raises `ConflictError` before approval.
    """
    actor.require(Role.CLAIMS, Role.MACHINE)
    key = ensure_seal_key(settings.seal_key_file, settings.seal.origin)
    with connect(dsn, application_name="rtv-claims") as connection:
        claim = claim_store.read_claim(connection, actor.tenant_code, claim_no)
    with tempfile.TemporaryDirectory(prefix="rtv-bundle-") as scratch:
        target = Path(scratch) / "bundle.zip"
        contents = _gather(
            dsn, store, claim, key=key, seal_key_file=settings.seal_key_file, scratch=Path(scratch), now=now
        )
        with target.open("wb") as sink:
            sha256 = write_bundle(sink, contents, key)
        object_key = content_key("bundles", sha256, ".zip")
        size = target.stat().st_size
        store.put_file(object_key, target, sha256=sha256)
    built = BuiltBundle(claim_no, object_key, sha256, size, len(contents.films))
    _record(dsn, built, key, actor, now)
    return built


def build_ready_bundles(
    dsn: str, store: ObjectStore, *, settings: Settings, actor: Actor, now: datetime
) -> BuiltBundles:
    """Write the bundle of every approved claim that has none yet: a job's of every tenant, else one's own."""
    tenant = None if actor.kind is ActorKind.JOB else actor.tenant_code
    with connect(dsn, application_name="rtv-claims") as connection:
        approved = claim_store.list_claims(connection, tenant, [ClaimStatus.APPROVED.value])
    done = BuiltBundles()
    for claim in approved:
        if claim.bundle_sha256 is None:
            owner = replace(actor, tenant_code=claim.group.tenant_code)
            built = build_bundle(dsn, store, claim.claim_no, settings=settings, actor=owner, now=now)
            done.built += 1
            done.clips += built.clip_count
            done.size_bytes += built.size_bytes
    return done


def _gather(
    dsn: str,
    store: ObjectStore,
    claim: Claim,
    *,
    key: SealKey,
    seal_key_file: Path,
    scratch: Path,
    now: datetime,
) -> BundleContents:
    if claim.approved_at is None or claim.status in OPEN_TO_REBUILD:
        raise ConflictError(
            f"Claim {claim.claim_no} is {claim.status}, not approved",
            remedy="Approve it first; a bundle holds what a person has approved.",
            code="CLAIM_NOT_APPROVED",
        )
    tenant = claim.group.tenant_code
    with connect(dsn, application_name="rtv-claims") as connection:
        keys = [line.discrepancy_key for line in claim.lines]
        sealed = claim_sources.sealed_clips(connection, tenant, keys, until=claim.approved_at)
        clips = [clip for clip in sealed if clip.may_leave]
        captures = [capture_id for capture_id, _ in filmed_captures(clips)]
        judged = film_store.judged_films(connection, tenant, captures, until=claim.approved_at)
        documents = claim_sources.documents_of(connection, claim.group)
        cameras = claim_sources.cameras_of(connection, tenant, [clip.camera_code for clip in clips])
        party = claim_sources.party_of(connection, tenant, claim.group.party_code)
        last_leaf = max(_leaves(clips), default=None)
        store_check = footage_store.lock_check_on(connection, claim.approved_at.date()) if clips else None
        covering = claim_sources.covering_checkpoint(connection, last_leaf) if last_leaf is not None else None
        # What came after the approval is left out: the same claim again gives the same bytes.
        cosigned = witness_store.cosignatures(connection, covering[0], claim.approved_at) if covering else []
    if last_leaf is not None and covering is None:
        made = make_checkpoint(dsn, key, now)
        covering = (made.tree_size, made.note)
    stamp = ensure_stamp(dsn, seal_key_file, covering[1], now) if covering else None
    facts = facts_document(claim, party, clips, documents, films=film_facts(clips, judged))
    payload = {
        "facts.json": canonical_json(facts),
        "facts.xlsx": facts_sheet(facts, claim.approved_at),
        "letter.pdf": claim_letter(facts, claim.approved_at),
    }
    payload |= _papers(dsn, store, tenant, documents)
    if clips:
        payload[CERTIFICATE] = section_63_certificate(
            facts, bundled_films(clips), cameras,
            presentations=list(bundled_presentations(clips).values()), payload=dict(payload),
            made_at=claim.approved_at,
        )  # fmt: skip
    tree_size = covering[0] if covering else 0
    return BundleContents(
        claim_no=claim.claim_no,
        tenant_code=tenant,
        signed_at=claim.approved_at,
        payload=payload,
        films=_films(dsn, store, clips, tree_size, scratch),
        presentations=_presentations(dsn, store, clips, tree_size, scratch),
        checkpoint_note=covering[1] if covering else None,
        tree_size=tree_size,
        timestamp=stamp,
        cosignatures=cosigned,
        store_check=store_check,
    )


def _papers(
    dsn: str, store: ObjectStore, tenant_code: str, documents: Sequence[dict[str, Any]]
) -> dict[str, bytes]:
    """The documents whose bytes the tenant sent us, by their place in the bundle; the others stay hashes."""
    papers: dict[str, bytes] = {}
    with connect(dsn, application_name="rtv-claims") as connection:
        for document in documents:
            kept = bay_store.completed_upload(connection, tenant_code, document["sha256"])
            if kept is None or kept["size_bytes"] > _PAPER_BYTES:
                continue
            paper = store.get_bytes(kept["object_key"])
            if hashlib.sha256(paper).hexdigest() != document["sha256"]:
                raise IntegrityError(
                    f"Document {document['document_no']} in the store is not the one that was sent",
                    remedy="Restore the object from its backup; its row names the hash it must have.",
                    code="DOCUMENT_HASH_MISMATCH",
                    expected=document["sha256"],
                )
            suffix = PurePosixPath(kept["object_key"]).suffix
            papers[f"documents/{document_name(document)}{suffix}"] = paper
    return papers


def _films(
    dsn: str, store: ObjectStore, clips: list[ClipOnRecord], tree_size: int, scratch: Path
) -> dict[str, SealedFilm]:
    films: dict[str, SealedFilm] = {}
    for film in bundled_films(clips):
        path = scratch / film.name
        store.download(film.object_key, path)
        proof = _log_proof(dsn, film.leaf_index, tree_size)
        manifest = canonical_json(film.manifest).decode()
        films[film.name] = SealedFilm(path, film.sha256, proof, manifest)
    return films


def _leaves(clips: Sequence[ClipOnRecord]) -> list[int]:
    """Every place of the seal log that the bundle proves."""
    shown = [clip.presentation.leaf_index for clip in clips if clip.presentation]
    return [*(clip.leaf_index for clip in clips), *shown]


def _presentations(
    dsn: str, store: ObjectStore, clips: Sequence[ClipOnRecord], tree_size: int, scratch: Path
) -> dict[str, SealedPresentation]:
    found: dict[str, SealedPresentation] = {}
    for one in bundled_presentations(clips).values():
        made, clip = one.presentation, one.clip
        files: dict[str, Path] = {}
        for name, file in made.files.items():
            files[name] = scratch / f"{one.folder}-{name}"
            mismatch = Mismatch(
                "CLIP_HASH_MISMATCH",
                f"{name}, made of clip {clip.clip_id}, is not in the store as its record names it",
                "the record",
            )
            fetch_object(store, file["object_key"], files[name], sha256=file["sha256"], mismatch=mismatch)
        found[one.folder] = SealedPresentation(
            files,
            made.signed.record,
            made.signed.note,
            _log_proof(dsn, made.leaf_index, tree_size),
            _log_proof(dsn, clip.leaf_index, tree_size),
            canonical_json(clip.manifest).decode(),
        )
    return found


def _log_proof(dsn: str, leaf_index: int, tree_size: int) -> LogProof:
    entry = sealed_entry(dsn, leaf_index).canonical.decode()
    return LogProof(entry, leaf_index, inclusion_proof(dsn, leaf_index, tree_size))


def _record(dsn: str, built: BuiltBundle, key: SealKey, actor: Actor, now: datetime) -> None:
    """Note the bundle on the claim, in the seal log and in the outbox; the same bytes again say nothing."""
    with connect(dsn, application_name="rtv-claims") as connection:
        claim = claim_store.read_claim(connection, actor.tenant_code, built.claim_no, lock=True)
        if claim.bundle_sha256 == built.sha256:
            return
        claim_store.mark_bundled(connection, claim, built.object_key, built.sha256)
        detail = {"bundle_sha256": built.sha256, "size_bytes": built.size_bytes, "clips": built.clip_count}
        write_audit(
            connection,
            tenant_code=actor.tenant_code,
            actor=actor,
            verb="bundle_built",
            object_kind="claim",
            object_id=built.claim_no,
            now=now,
            detail=detail,
        )
        claim = claim_store.read_claim(connection, actor.tenant_code, built.claim_no)
        enqueue(
            connection,
            tenant_code=actor.tenant_code,
            topic="bundle.built",
            channel="webhook",
            subject_key=f"{built.claim_no}#{built.sha256}",
            payload={**claim_payload(claim), **detail},
            now=now,
        )
        entry = {
            "kind": "bundle", "tenant_code": actor.tenant_code, "claim_no": built.claim_no,
            "sha256": built.sha256, "size_bytes": built.size_bytes,
        }  # fmt: skip
        append_entry(connection, key, entry, now)
