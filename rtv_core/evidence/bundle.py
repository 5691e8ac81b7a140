"""Writes a proof bundle: one deterministic BagIt in a stored zip, closed by a signed statement.

Every byte follows from the contents: fixed times, names in order, no extra fields. The statement names
each file with its hash and is signed by the hub; the tag manifest follows from all the rest.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from rtv_core.errors import IntegrityError, InvalidInput
from rtv_core.evidence import bagit
from rtv_core.evidence.bundle_files import verify as verifier
from rtv_core.evidence.bundle_files.derived import RECORDS, SHOWN
from rtv_core.evidence.notes import sign_note
from rtv_core.evidence.seal import SealKey, canonical_json, public_key_text

_CHUNK = 1 << 20
_FUTURE = "from __future__ import annotations\n"
_OWN_IMPORT = re.compile(
    r"^from rtv_core\.evidence\.bundle_files\.(\w+) import (?:\([^)]*\)|[^(\n]*)$", re.MULTILINE
)
_LARGEST = 2**32 - 2**24  # the zip stays in 32-bit sizes, which every tool reads


@dataclass(frozen=True, slots=True)
class LogProof:
    """An entry of the seal log, and the proof that it stands there."""

    entry: str
    leaf_index: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SealedFilm:
    """A clip as a local file, with its entry in the seal log."""

    path: Path
    sha256: str
    proof: LogProof
    manifest: str = "{}"
    """The clip's manifest as it was sealed: it names the parts of a clip that has several files."""


@dataclass(frozen=True, slots=True)
class SealedPresentation:
    """Files made of a sealed clip, by name, with the record that says how; the clip need not be there."""

    files: Mapping[str, Path]
    record: str
    note: str
    proof: LogProof
    clip: LogProof
    clip_manifest: str


@dataclass(frozen=True, slots=True)
class Timestamp:
    """The RFC 3161 response over the checkpoint, as DER, and whose it is."""

    response: bytes
    authority: str


@dataclass(frozen=True, slots=True)
class BundleContents:
    """What one bundle holds."""

    claim_no: str
    tenant_code: str
    signed_at: datetime
    payload: Mapping[str, bytes]
    films: Mapping[str, SealedFilm] = field(default_factory=dict)
    presentations: Mapping[str, SealedPresentation] = field(default_factory=dict)
    """By the name of the folder that holds its files."""
    checkpoint_note: str | None = None
    tree_size: int = 0
    timestamp: Timestamp | None = None
    cosignatures: Sequence[tuple[str, str]] = ()
    """Verifier key and signature line of each witness of the checkpoint."""
    store_check: Mapping[str, object] | None = None
    """What the store answered when it was last tried to remove what it retains; None before the first try."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One file to be written."""

    content: bytes | Path
    sha256: str
    size: int
    crc: int


def write_bundle(sink: BinaryIO, contents: BundleContents, key: SealKey) -> str:
    """Write the bundle and return the SHA-256 of its bytes.

    Raises `IntegrityError` when a film is not the one that was sealed, `InvalidInput` beyond 4 GiB.
    """
    bag = bagit.bag_name(contents.claim_no)
    parts = _payload(contents)
    parts |= {name: _bytes_part(content) for name, content in _tags(contents, parts, key).items()}
    statement = _statement(contents, bag, parts)
    note = sign_note(
        key, f"{verifier.BUNDLE_FORMAT}\n{contents.claim_no}\n{hashlib.sha256(statement).hexdigest()}\n"
    )
    parts[verifier.STATEMENT] = _bytes_part(statement)
    parts[verifier.STATEMENT_NOTE] = _bytes_part(note.encode())
    parts[verifier.TAG_MANIFEST] = _bytes_part(bagit.tag_manifest(_digests(parts)))
    return _write_container(sink, bag, parts)


def _payload(contents: BundleContents) -> dict[str, _Part]:
    parts = {f"data/{name}": _bytes_part(content) for name, content in contents.payload.items()}
    for name, film in contents.films.items():
        part = _file_part(film.path)
        if part.sha256 != film.sha256:
            raise IntegrityError(
                f"The clip {name} in the store is not the one that was sealed",
                remedy="Restore the object from its backup; the seal log names the hash it must have.",
                code="CLIP_HASH_MISMATCH",
                expected=film.sha256,
                found=part.sha256,
            )
        parts[f"data/clips/{name}"] = part
    for folder, presentation in contents.presentations.items():
        for name, path in presentation.files.items():
            parts[f"{SHOWN}{folder}/{name}"] = _file_part(path)
    return parts


def _tags(contents: BundleContents, payload: dict[str, _Part], key: SealKey) -> dict[str, bytes]:
    tags = {
        "bagit.txt": bagit.DECLARATION,
        "bag-info.txt": bagit.bag_info(
            contents.claim_no, contents.signed_at, [part.size for part in payload.values()]
        ),
        verifier.MANIFEST: bagit.payload_manifest(_digests(payload)),
        verifier.KEY_FILE: f"{public_key_text(key)}\n".encode(),
        "verify.py": carried_file("verify.py"),
        "verify.html": carried_file("verify.html"),
    }
    if contents.checkpoint_note is not None:
        tags[verifier.CHECKPOINT] = contents.checkpoint_note.encode()
    if contents.cosignatures:
        tags[verifier.COSIGNATURES] = canonical_json(
            [{"witness": key, "line": line} for key, line in contents.cosignatures]
        )
    if contents.timestamp is not None:
        tags[verifier.STAMP] = contents.timestamp.response
        tags[f"{verifier.STAMP.removesuffix('.tsr')}.txt"] = f"{contents.timestamp.authority}\n".encode()
    if contents.store_check is not None:
        tags["seal/store-check.json"] = canonical_json(contents.store_check)
    for name, film in contents.films.items():
        tags[f"seal/proofs/{name}.json"] = canonical_json(
            _proof_values(film.proof, contents.tree_size) | {"manifest": film.manifest}
        )
    for folder, shown in contents.presentations.items():
        clip = _proof_values(shown.clip, contents.tree_size) | {"manifest": shown.clip_manifest}
        tags[f"{RECORDS}{folder}.json"] = canonical_json(
            {
                "record": shown.record,
                "note": shown.note,
                "proof": _proof_values(shown.proof, contents.tree_size),
                "clip": clip,
            }
        )
    return tags


def _proof_values(proof: LogProof, tree_size: int) -> dict[str, object]:
    return {
        "entry": proof.entry,
        "leaf_index": proof.leaf_index,
        "tree_size": tree_size,
        "hashes": [step.hex() for step in proof.hashes],
    }


def carried_file(name: str) -> bytes:
    """A program that every bundle carries, as one file: each module of ours that it uses stands inside."""
    folder = resources.files("rtv_core.evidence.bundle_files")
    text = folder.joinpath(name).read_text(encoding="utf-8")
    inside = set[str]()

    def inlined(found: re.Match[str]) -> str:
        if found[1] in inside:
            return ""
        inside.add(found[1])
        module = folder.joinpath(f"{found[1]}.py").read_text(encoding="utf-8")
        return f"\n# --- {found[1]}\n{_OWN_IMPORT.sub(inlined, module.partition(_FUTURE)[2])}"

    return _OWN_IMPORT.sub(inlined, text).encode()


def _statement(contents: BundleContents, bag: str, parts: dict[str, _Part]) -> bytes:
    return canonical_json(
        {
            "format": verifier.BUNDLE_FORMAT,
            "bag": bag,
            "tenant_code": contents.tenant_code,
            "claim_no": contents.claim_no,
            "signed_at": contents.signed_at.isoformat(),
            "files": [
                {"path": path, "sha256": parts[path].sha256, "size": parts[path].size}
                for path in sorted(parts)
            ],
        }
    )


def _digests(parts: dict[str, _Part]) -> bagit.Digests:
    return {path: (part.sha256, part.size, None) for path, part in parts.items()}


def _bytes_part(content: bytes) -> _Part:
    return _Part(content, hashlib.sha256(content).hexdigest(), len(content), zlib.crc32(content))


def _file_part(path: Path) -> _Part:
    digest, crc, size = hashlib.sha256(), 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
    return _Part(path, digest.hexdigest(), size, crc)


def _write_container(sink: BinaryIO, bag: str, parts: dict[str, _Part]) -> str:
    total = sum(part.size + 2 * (len(path) + len(bag)) + 200 for path, part in parts.items())
    if total > _LARGEST or len(parts) > verifier.MAX_ENTRIES:
        raise InvalidInput(
            f"The bundle of {bag} would hold {total} bytes in {len(parts)} files",
            remedy="Split the claim, or cut shorter clips.",
            code="BUNDLE_TOO_LARGE",
        )
    digest, offset, directory = hashlib.sha256(), 0, b""

    def put(data: bytes) -> None:
        nonlocal offset
        sink.write(data)
        digest.update(data)
        offset += len(data)

    for path in sorted(parts):
        part, name = parts[path], f"{bag}/{path}".encode("ascii")
        directory += verifier.central_header(name, part.crc, part.size, offset)
        put(verifier.local_header(name, part.crc, part.size))
        if isinstance(part.content, bytes):
            put(part.content)
        else:
            with part.content.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    put(chunk)
    start = offset
    put(directory)
    put(verifier.end_record(len(parts), len(directory), start))
    return digest.hexdigest()
