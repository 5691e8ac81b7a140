"""What is signed and sealed in a bundle: notes and keys (C2SP), entries of the log; in `verify.py`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, NamedTuple

from rtv_core.evidence.bundle_files.ed25519 import ed25519_verify

Files = dict[str, tuple[str, int, bytes | None]]
Key = tuple[str, bytes]


class Broken(Exception):
    """What makes a bundle broken."""


class Log(NamedTuple):
    """The seal log as its checkpoint states it."""

    size: int
    root: bytes


def content_of(files: Files, path: str) -> bytes:
    content = files[path][2] if path in files else None
    if content is None:
        raise Broken(f"the bundle lacks {path}, or it is too large")
    return content


def parse_key(text: str, kind: int = 1) -> Key:
    """A verifier key `<name>+<hash>+<key>` as (name, public bytes); `kind` 4 is a witness's."""
    parts = text.strip().split("+", 2)
    name, stated, encoded = parts if len(parts) == 3 else ("", "", "")
    raw = exact_base64(encoded)
    if len(raw) != 33 or raw[0] != kind or key_hash(name, raw[1:], kind).hex() != stated:
        raise Broken("this is no verifier key")
    return name, raw[1:]


def key_hash(name: str, public: bytes, kind: int = 1) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def exact_base64(text: str) -> bytes:
    try:
        raw = binascii.a2b_base64(text.encode("ascii"))
    except ValueError:
        raw = b""
    if not raw or base64.b64encode(raw).decode() != text:
        raise Broken("a signature or key is not written in its one way")
    return raw


def open_note(content: bytes, key: Key, label: str) -> str:
    """The text of a signed note that carries exactly one signature, that of `key`."""
    name, public = key
    text, separator, line = content.decode("utf-8").rpartition("\n\n")
    prefix = f"\N{EM DASH} {name} "
    if not separator or not line.startswith(prefix) or not line.endswith("\n") or line.count("\n") != 1:
        raise Broken(f"{label} is not signed by {name}")
    blob = exact_base64(line[len(prefix) : -1])
    text += "\n"
    if blob[:4] != key_hash(name, public) or not ed25519_verify(public, text.encode(), blob[4:]):
        raise Broken(f"the signature of {label} does not hold")
    return text


def canonical_json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def inclusion_root(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that a leaf hash and its proof lead to (RFC 9162, 2.1.3.2), or None."""
    if not 0 <= index < size:
        return None
    position, last, value = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if position & 1 or position == last:
            value = hashlib.sha256(b"\x01" + step + value).digest()
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + step).digest()
        position, last = position >> 1, last >> 1
    return value if last == 0 else None


def entry_in_log(log: Log, proof: dict[str, Any], label: str) -> dict[str, Any]:
    """The sealed entry of a proof, when it stands in the log."""
    leaf = hashlib.sha256(b"\x00" + proof["entry"].encode()).digest()
    steps = [bytes.fromhex(step) for step in proof["hashes"]]
    if (
        proof["tree_size"] != log.size
        or inclusion_root(leaf, proof["leaf_index"], log.size, steps) != log.root
    ):
        raise Broken(f"{label} does not stand in the seal log")
    entry: dict[str, Any] = json.loads(proof["entry"])
    return entry


def sealed_films(proof: dict[str, Any]) -> list[str]:
    """The hashes a sealed entry vouches for: its own, and those its sealed manifest names."""
    entry, manifest = json.loads(proof["entry"]), proof["manifest"]
    if hashlib.sha256(manifest.encode()).hexdigest() != entry.get("manifest_sha256"):
        return [entry["sha256"]]
    return [entry["sha256"], *(file["sha256"] for file in json.loads(manifest).get("files", []))]
