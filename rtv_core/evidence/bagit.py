"""The tag files of a BagIt bag (RFC 8493)."""

from __future__ import annotations

import re
from datetime import datetime

from rtv_core.evidence.bundle_files import verify as verifier

DECLARATION: bytes = verifier.BAGIT
Digests = dict[str, tuple[str, int, bytes | None]]


def bag_name(claim_no: str) -> str:
    """The folder of a claim's bag: the claim number in characters that every file system takes."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", claim_no)[:180].lstrip(".-")
    return name or "claim"


def bag_info(claim_no: str, signed_at: datetime, payload_sizes: list[int]) -> bytes:
    """`bag-info.txt`: what the bag is, from when, and how much payload it holds."""
    lines = [
        ("Source-Organization", "RTV Hub"),
        ("External-Identifier", re.sub(r"\s+", " ", claim_no)),
        ("External-Description", "Proof bundle of one claim"),
        ("Bagging-Date", signed_at.date().isoformat()),
        ("Payload-Oxum", f"{sum(payload_sizes)}.{len(payload_sizes)}"),
        ("Bag-Size", f"{sum(payload_sizes)} bytes"),
    ]
    return "".join(f"{label}: {value}\n" for label, value in lines).encode()


def payload_manifest(files: Digests) -> bytes:
    """`manifest-sha256.txt` over everything below `data/`."""
    found: bytes = verifier.manifest_text(files, True)
    return found


def tag_manifest(files: Digests) -> bytes:
    """`tagmanifest-sha256.txt` over everything else."""
    found: bytes = verifier.manifest_text(files, False)
    return found
