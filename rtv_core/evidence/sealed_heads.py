"""Heads of the audit trail in the seal log: put in with each checkpoint, read back from a proven log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rtv_core.errors import IntegrityError
from rtv_core.evidence import merkle
from rtv_core.evidence.notes import SealKey, VerifierKey, open_checkpoint, parse_checkpoint
from rtv_core.evidence.seal import append_entry
from rtv_core.warehouse import evidence_store
from rtv_core.warehouse.audit_trail import HEAD_KIND, unsealed_heads
from rtv_core.warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class SealedHeads:
    """What the log says of each tenant's chain (chain number → hash), and why it is not believed, if so."""

    by_tenant: dict[str, dict[int, str]] = field(default_factory=dict)
    is_signature_checked: bool = False
    broken: str | None = None


def seal_heads(connection: Connection, key: SealKey, now: datetime) -> int:
    """Seal the head of each chain that moved since it was last sealed; returns how many there were."""
    moved = unsealed_heads(connection)
    for tenant_code, (chain_no, row_hash) in moved.items():
        entry = {
            "kind": HEAD_KIND, "tenant_code": tenant_code, "chain_no": chain_no, "row_hash": row_hash,
        }  # fmt: skip
        append_entry(connection, key, entry, now)
    return len(moved)


def read_sealed_heads(connection: Connection, trust: VerifierKey | None) -> SealedHeads:
    """Hash the whole log anew, hold it against its last checkpoint, and return the heads that it holds.

    Entries after the last checkpoint are taken as they stand: no signature is over them yet.
    """
    note = evidence_store.latest_note(connection)
    found: dict[str, dict[int, str]] = {}
    try:
        checkpoint = None
        if note is not None:
            checkpoint = open_checkpoint(note, trust) if trust is not None else parse_checkpoint(note)
        size, root = (checkpoint.tree_size, checkpoint.root) if checkpoint else (0, merkle.EMPTY_ROOT)
        leaves = _leaves(connection, found)
        signed = merkle.root_of(leaf for _, leaf in zip(range(size), leaves, strict=False))
        for _unsigned in leaves:
            continue
    except IntegrityError as error:
        return SealedHeads(found, trust is not None, error.fact)
    broken = None
    if signed != root:
        broken = f"The seal log does not give the root of its checkpoint over {size} entries"
    return SealedHeads(found, checkpoint is not None and trust is not None, broken)


def _leaves(connection: Connection, found: dict[str, dict[int, str]]) -> Iterator[bytes]:
    """The hash of each leaf; puts the heads among them into `found`."""
    for place, row in enumerate(evidence_store.leaves_in_order(connection)):
        if row["leaf_index"] != place:
            raise _broken(f"The seal log lacks entry {place}")
        canonical = str(row["canonical"])
        if HEAD_KIND in canonical:
            _take_head(place, json.loads(canonical), found)
        yield merkle.leaf_hash(canonical.encode())


def _take_head(place: int, entry: Any, found: dict[str, dict[int, str]]) -> None:
    match entry:
        case {
            "kind": "audit_head",
            "tenant_code": str(tenant),
            "chain_no": int(number),
            "row_hash": str(value),
        }:
            found.setdefault(tenant, {})[number] = value
        case {"kind": "audit_head"}:
            raise _broken(f"Entry {place} of the seal log is no head of an audit chain")


def _broken(fact: str) -> IntegrityError:
    return IntegrityError(
        fact,
        remedy="Restore the warehouse from its backup; the log was changed outside the hub.",
        code="SEAL_LOG_BROKEN",
    )
