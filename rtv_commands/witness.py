"""Witnesses of the seal log: what the hub hands out and takes in, and what a counterparty does with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from rtv_core.errors import ConflictError, InvalidInput, NotFound, NotPermitted, ServiceUnavailable
from rtv_core.evidence.cosign import (
    Cosignature,
    next_size_seen,
    parse_witness_key,
    read_cosignature,
    signature_lines,
    witness_checkpoint,
)
from rtv_core.evidence.notes import SealKey, parse_checkpoint, parse_public_key
from rtv_core.evidence.seal import consistency_proof, ensure_seal_key
from rtv_core.settings import Settings
from rtv_core.warehouse import witness_store
from rtv_core.warehouse.connection import connect

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that was cosigned, and whether the hub had it from this witness before."""

    tree_size: int
    seen_before: int
    line: str
    is_new: bool


def cosigned_checkpoint(dsn: str) -> str:
    """The newest checkpoint with its witnesses' lines; `NotFound` before the first."""
    with connect(dsn, application_name="rtv-witness") as connection:
        note = witness_store.checkpoint_note(connection)
        if note is None:
            raise NotFound(
                "No checkpoint was signed yet", remedy="Run `rtv evidence seal`.", code="CHECKPOINT_NOT_FOUND"
            )
        lines = witness_store.cosignatures(connection, parse_checkpoint(note).tree_size)
    return note + "".join(f"{line}\n" for _, line in lines)


def consistency(dsn: str, old_size: int, new_size: int) -> list[str]:
    """The proof that the log of the old size is the beginning of the new, as hex."""
    return [step.hex() for step in consistency_proof(dsn, old_size, new_size)]


def accept_cosignatures(dsn: str, cosigned: str, *, settings: Settings, now: datetime) -> int:
    """Keep the lines that known witnesses put on one of our checkpoints; how many were new.

    Raises `ConflictError` for a checkpoint that is not ours, `NotPermitted` when no line is of a witness
    that the settings name.
    """
    tree_size = parse_checkpoint(cosigned).tree_size
    witnesses = [parse_witness_key(text) for text in settings.seal.witnesses]
    with connect(dsn, application_name="rtv-witness") as connection:
        ours = witness_store.checkpoint_note(connection, tree_size)
        if ours is None or _text(ours) != _text(cosigned):
            raise ConflictError(
                f"This is no checkpoint of ours over {tree_size} entries",
                remedy="Send the note as GET /v1/seal/checkpoint gave it, with the witness's line added.",
                code="CHECKPOINT_NOT_OURS",
            )
        found: list[Cosignature] = [
            signed
            for line in signature_lines(cosigned)[:16]
            for witness in witnesses
            if (signed := read_cosignature(ours, line, witness)) is not None
        ]
        if not found:
            raise NotPermitted(
                "No line of the note is of a witness that this hub knows",
                remedy="Name the witness's verifier key in RTV_SEAL__WITNESSES.",
                code="WITNESS_UNKNOWN",
            )
        return sum(
            witness_store.add_cosignature(
                connection, tree_size=tree_size, witness_key=one.witness_key, line=one.line,
                cosigned_at=one.cosigned_at, received_at=now,
            )
            for one in found
        )  # fmt: skip


def witness_key(key_file: Path, name: str) -> SealKey:
    """The witness's own key, made when it is not there."""
    if not name or any(letter in name for letter in "+ \n"):
        raise InvalidInput(
            f"{name!r} is no name of a witness",
            remedy="Use a name like `partner.example/witness`, without spaces and +.",
            code="WITNESS_NAME_INVALID",
        )
    return ensure_seal_key(key_file, name)


def cosign_over_http(hub_url: str, *, trust: str, key: SealKey, state: Path, now: datetime) -> Witnessed:
    """As a witness: fetch the newest checkpoint, see that it continues the last, cosign it, hand it in.

    Raises as `witness_checkpoint`; `NotPermitted` when the hub refuses; `ServiceUnavailable` without answer.
    """
    hub = parse_public_key(trust)
    before = next_size_seen(state)
    try:
        with httpx.Client(base_url=hub_url, timeout=_SECONDS, follow_redirects=False) as client:
            note = _plain(client.get("/v1/seal/checkpoint").raise_for_status().text)
            size = parse_checkpoint(note).tree_size
            proof: list[bytes] = []
            if 0 < before < size:
                answer = client.get(f"/v1/seal/consistency/{before}/{size}").raise_for_status()
                proof = [bytes.fromhex(step) for step in answer.json()["hashes"]]
            line = witness_checkpoint(note, proof, hub=hub, key=key, state=state, now=now)
            taken = client.post(
                "/v1/seal/cosignatures", content=f"{note}{line}\n", headers={"Content-Type": "text/plain"}
            ).raise_for_status()
            return Witnessed(size, before, line, taken.json()["accepted"] > 0)
    except httpx.HTTPStatusError as error:
        raise NotPermitted(
            f"The hub at {hub_url} refuses with status {error.response.status_code}: "
            f"{error.response.text[:300]}",
            remedy="Have the hub's owner name this witness's key in RTV_SEAL__WITNESSES.",
            code="HUB_REFUSES",
        ) from error
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise ServiceUnavailable(
            f"The hub at {hub_url} does not answer as it should: {error}",
            remedy="Check the address, and that the hub's API runs there.",
            code="HUB_UNAVAILABLE",
        ) from error


def _text(note: str) -> str:
    return note.rpartition("\n\n")[0]


def _plain(note: str) -> str:
    """The note with the hub's own line alone, the first."""
    return f"{_text(note)}\n\n{signature_lines(note)[0]}\n"
