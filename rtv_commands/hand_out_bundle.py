"""Hands out a claim's bundle: what leaves is written down before its first byte does."""

from __future__ import annotations

import hashlib
from datetime import datetime

from rtv_core.identity import Actor
from rtv_core.warehouse import claim_store
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.disclosure_store import Disclosure, note_disclosure


def hand_out_bundle(
    dsn: str, claim_no: str, sha256: str, *, actor: Actor, now: datetime, link: str | None = None
) -> None:
    """Note in the disclosure log that the claim's bundle with these bytes leaves, for the claim's party.

    `link` is what it was asked for by: a download in pieces, or begun again, is one disclosure. Raises
    `NotFound` for a claim of nobody.
    """
    taken = hashlib.sha256(f"{actor.name}\n{link}".encode()).hexdigest() if link is not None else None
    with connect(dsn, application_name="rtv-disclose") as connection:
        claim = claim_store.read_claim(connection, actor.tenant_code, claim_no)
        what = Disclosure(
            "bundle", claim_no, sha256, disclosed_to=claim.group.party_code, purpose=f"claim {claim_no}",
            link_sha256=taken,
        )  # fmt: skip
        note_disclosure(connection, what, actor=actor, now=now)
