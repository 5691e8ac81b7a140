#!/usr/bin/env python3
"""Checks a proof bundle of RTV Hub with nothing but Python's standard library.

KEY is the hub's verifier key (`<name>+<hash>+<key>`) or a file that holds it. It must come to you by
another way than the bundle: whoever can change a bundle can also sign it anew with a key of their own.

Exit codes: 0 proven (unchanged, and signed by the key you trust), 3 intact, signer unknown, 1 broken.
A copy of this program inside a bundle proves nothing by itself: use a copy you trust.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rtv_core.evidence.bundle_files.derived import check_derived, check_shown
from rtv_core.evidence.bundle_files.ed25519 import ed25519_verify
from rtv_core.evidence.bundle_files.signed import (
    Broken,
    Files,
    Key,
    Log,
    canonical_json,
    content_of,
    entry_in_log,
    exact_base64,
    key_hash,
    open_note,
    parse_key,
    sealed_films,
)
from rtv_core.evidence.bundle_files.stamps import Moment, Times, check_times, read_stamp, written_moment

PROVEN, UNKNOWN_SIGNER, BROKEN = "proven", "intact_unknown_signer", "broken"
EXIT_CODES = {PROVEN: 0, UNKNOWN_SIGNER: 3, BROKEN: 1}
BUNDLE_FORMAT = "rtv-hub/bundle/v1"
MAX_ENTRIES, MAX_TEXT_BYTES = 10_000, 4 * 1024**2
STATEMENT, STATEMENT_NOTE = "seal/bundle.json", "seal/bundle.note"
CHECKPOINT, KEY_FILE = "seal/checkpoint.note", "seal/key.txt"
COSIGNATURES = "seal/cosignatures.json"
STAMP, FACTS, LETTER = "seal/timestamp.tsr", "data/facts.json", "data/letter.pdf"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SEALED = ("data/clips/", "seal/proofs/", "data/presentation/", "seal/derived/")
NO_LOG = Log(0, b"")
REQUIRED = ("bag-info.txt", FACTS, "verify.py", "verify.html")
LETTER_MARK = re.compile(rb"facts-sha256:([0-9a-f]{64})")
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}/){1,8}[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")


_MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, struct.error)


def local_header(name: bytes, crc: int, size: int) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\3\4", 10, 0, 0, 0, 0x21, crc, size, size, len(name), 0) + name


def central_header(name: bytes, crc: int, size: int, offset: int) -> bytes:
    fixed = (0x314, 10, 0, 0, 0, 0x21, crc, size, size, len(name), 0, 0, 0, 0, 0o100644 << 16, offset)
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", *fixed) + name


def end_record(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def read_container(stream: BinaryIO) -> tuple[str, Files]:
    """The files of a bundle: path below the bag's folder → (sha256, size, content if it is small text)."""
    stream.seek(0, 2)
    length = stream.tell()
    stream.seek(max(length - 22, 0))
    end = stream.read(22)
    count, size, offset = struct.unpack("<H2I", end[10:20])
    if end != end_record(count, size, offset) or offset + size + 22 != length or count > MAX_ENTRIES:
        raise Broken("the end of the container was changed, or something was added after it")
    stream.seek(offset)
    entries = list(_central_entries(stream.read(size), count))
    files: Files = {}
    position, bag, known = 0, "", set[str]()
    for name, crc, entry_size, entry_offset in entries:
        if entry_offset != position:
            raise Broken("the container has a gap, or its files overlap")
        text = name.decode("ascii")
        bag = bag or text.split("/")[0]
        path = _path_below(bag, text, known)
        header = local_header(name, crc, entry_size)
        stream.seek(position)
        if stream.read(len(header)) != header:
            raise Broken(f"the container's entry for {path} was changed")
        files[path] = _read_content(stream, path, crc, entry_size)
        position += len(header) + entry_size
    if position != offset or list(files) != sorted(files):
        raise Broken("the container has bytes that belong to no file, or its files are not in order")
    return bag, files


def _central_entries(directory: bytes, count: int) -> Iterator[tuple[bytes, int, int, int]]:
    at = 0
    for _ in range(count):
        crc, size, _, name_length, offset = struct.unpack("<3IH12xI", directory[at + 16 : at + 46])
        name = directory[at + 46 : at + 46 + name_length]
        header = central_header(name, crc, size, offset)
        if directory[at : at + len(header)] != header:
            raise Broken("the container's directory was changed")
        at += len(header)
        yield name, crc, size, offset
    if at != len(directory):
        raise Broken("the container's directory names more than it counts")


def _path_below(bag: str, name: str, known: set[str]) -> str:
    path = name[len(bag) + 1 :]
    if not _NAME.fullmatch(name) or not name.startswith(bag + "/"):
        raise Broken(f"the name {name!r} does not belong in a bundle")
    if path.lower() in known:
        raise Broken(f"the name {path} stands twice")
    known.add(path.lower())
    return path


def _read_content(stream: BinaryIO, path: str, crc: int, size: int) -> tuple[str, int, bytes | None]:
    digest, check, left, kept = hashlib.sha256(), 0, size, list[bytes]()
    is_text = size <= MAX_TEXT_BYTES and (
        path.startswith("seal/") or path.endswith(".txt") or path in (FACTS, LETTER)
    )
    while left:
        chunk = stream.read(min(left, 1 << 20))
        if not chunk:
            raise Broken(f"{path} is cut short")
        digest.update(chunk)
        check = zlib.crc32(chunk, check)
        left -= len(chunk)
        if is_text:
            kept.append(chunk)
    if check != crc:
        raise Broken(f"{path} was changed")
    return digest.hexdigest(), size, b"".join(kept) if is_text else None


# --- What the bundle says


def manifest_text(files: Files, is_payload: bool) -> bytes:
    lines = [
        f"{files[path][0]}  {path}\n" for path in sorted(files) if path.startswith("data/") == is_payload
    ]
    return "".join(lines).encode()


def check_manifests(files: Files) -> None:
    if missing := [path for path in REQUIRED if path not in files]:
        raise Broken(f"the bundle lacks {', '.join(missing)}")
    if content_of(files, "bagit.txt") != BAGIT:
        raise Broken("bagit.txt is not what it must be")
    if content_of(files, MANIFEST) != manifest_text(files, True):
        raise Broken("the payload is not what manifest-sha256.txt says")
    others = {path: facts for path, facts in files.items() if path != TAG_MANIFEST}
    if content_of(files, TAG_MANIFEST) != manifest_text(others, False):
        raise Broken("the tag files are not what tagmanifest-sha256.txt says")


def check_statement(bag: str, files: Files, key: Key) -> dict[str, Any]:
    """The signed statement names every file of the bundle but itself, its note and the tag manifest."""
    content = content_of(files, STATEMENT)
    text = open_note(content_of(files, STATEMENT_NOTE), key, "the bundle's statement")
    statement = json.loads(content)
    if not isinstance(statement, dict) or canonical_json(statement) != content:
        raise Broken("the statement is not written in its one way")
    wanted = f"{BUNDLE_FORMAT}\n{statement.get('claim_no')}\n{hashlib.sha256(content).hexdigest()}\n"
    if statement.get("format") != BUNDLE_FORMAT or text != wanted or statement.get("bag") != bag:
        raise Broken("the signature is not over this statement")
    own = (STATEMENT, STATEMENT_NOTE, TAG_MANIFEST)
    present = [
        {"path": path, "sha256": files[path][0], "size": files[path][1]}
        for path in sorted(files)
        if path not in own
    ]
    if statement.get("files") != present:
        raise Broken("the files are not those that were signed")
    return statement


def check_facts(statement: dict[str, Any], files: Files) -> None:
    """Facts, letter and films of the bundle are of one claim."""
    facts = json.loads(content_of(files, FACTS))
    if facts["claim_no"] != statement["claim_no"]:
        raise Broken("the facts are of another claim than the bundle")
    for clip in facts.get("clips", []):
        if clip["file"] is None:
            continue  # A film that stays with the hub: `check_shown` asks for its presentation.
        if clip["file"] not in files or files[clip["file"]][0] != clip["sha256"]:
            raise Broken(f"the facts name a film that is not {clip['file']}")
    if LETTER in files and set(LETTER_MARK.findall(content_of(files, LETTER))) != {files[FACTS][0].encode()}:
        raise Broken("the letter was not written from the facts of this bundle")


def open_log(files: Files, key: Key, signed_at: Moment) -> tuple[Log, Times]:
    """The log by its checkpoint, signed by the same key, and when that was stamped."""
    lines = open_note(content_of(files, CHECKPOINT), key, "the checkpoint").split("\n")
    if lines[0] != key[0] or lines[0] == BUNDLE_FORMAT or len(lines) != 4:
        raise Broken("the checkpoint is not of the signer's log")
    stamp = read_stamp(content_of(files, STAMP)) if STAMP in files else None
    if stamp is not None and stamp[0] != hashlib.sha256(content_of(files, CHECKPOINT)).digest():
        raise Broken("the timestamp is of another checkpoint")
    return Log(int(lines[1]), exact_base64(lines[2])), Times(signed_at, stamp[1] if stamp else None)


def check_clips(files: Files, log: Log, times: Times) -> int:
    """Every clip stands in the seal log; how many there are."""
    clips = [path for path in files if path.startswith("data/clips/")]
    proofs = [path for path in files if path.startswith("seal/proofs/")]
    wanted = {f"seal/proofs/{path[len('data/clips/') :]}.json": path for path in clips}
    if set(wanted) != set(proofs):
        raise Broken("clips and proofs do not belong together")
    for proof_path, clip_path in wanted.items():
        proof = json.loads(content_of(files, proof_path))
        if files[clip_path][0] not in sealed_films(proof):
            raise Broken(f"the proof of {clip_path} is about another film")
        check_times(clip_path, entry_in_log(log, proof, clip_path), times)
    return len(clips)


def check_cosignatures(files: Files) -> list[str]:
    """The keys of the witnesses (C2SP cosignature/v1) that signed the very checkpoint of this bundle."""
    if COSIGNATURES not in files:
        return []
    text = content_of(files, CHECKPOINT).decode().rpartition("\n\n")[0]
    found = json.loads(content_of(files, COSIGNATURES))
    for one in found:
        name, public = parse_key(one["witness"], 4)
        blob = exact_base64(one["line"].removeprefix(f"\N{EM DASH} {name} "))
        message = f"cosignature/v1\ntime {int.from_bytes(blob[4:12], 'big')}\n{text}\n".encode()
        if blob[:4] != key_hash(name, public, 4) or not ed25519_verify(public, message, blob[12:]):
            raise Broken(f"the cosignature of {name} is not over this checkpoint")
    return [one["witness"] for one in found]


def examine(stream: BinaryIO, trust: str | None = None) -> tuple[str, list[str], dict[str, Any]]:
    """Check a bundle: (verdict, findings, facts). `trust` is a verifier key's text, or None."""
    trusted = parse_key(trust) if trust is not None else None
    try:
        facts = _check_all(stream, trusted)
    except Broken as error:
        return BROKEN, [str(error)], {}
    except _MALFORMED as error:
        return BROKEN, [f"a part of the bundle is not what it must be: {type(error).__name__}"], {}
    findings = [
        f"{facts['files']} files are as they were signed",
        f"{facts['clips']} clips stand in the seal log",
        *(
            [f"{facts['presentations']} presentations are made of sealed clips, as their records say"]
            if facts["presentations"]
            else []
        ),
        *([f"the log's state is timestamped {facts['stamped_at']}"] if facts["stamped_at"] else []),
        *(f"the log's state is cosigned by {witness}" for witness in facts["witnesses"]),
    ]
    if trusted is None:
        findings.append("whose key signed it is not known: compare it with the hub's key, got by another way")
        return UNKNOWN_SIGNER, findings, facts
    return PROVEN, [*findings, f"signed by the key you trust, {trusted[0]}"], facts


def _check_all(stream: BinaryIO, trusted: Key | None) -> dict[str, Any]:
    bag, files = read_container(stream)
    check_manifests(files)
    signer_text = content_of(files, KEY_FILE).decode("ascii")
    signer = parse_key(signer_text)
    if trusted is not None and signer != trusted:
        raise Broken(f"the bundle is signed by {signer[0]} with another key than the one you trust")
    statement = check_statement(bag, files, signer)
    check_facts(statement, files)
    log, times = NO_LOG, Times(written_moment(statement["signed_at"]), None)
    if any(path.startswith(SEALED) for path in files):
        log, times = open_log(files, signer, times.signed_at)
    clips = check_clips(files, log, times)
    shown = check_derived(files, signer, log, times)
    check_shown(json.loads(content_of(files, FACTS)), shown)
    return {
        "claim_no": statement["claim_no"],
        "signed_at": statement["signed_at"],
        "signer": signer_text.strip(),
        "files": len(files),
        "clips": clips,
        "presentations": len(shown),
        "stamped_at": times.stamped_at.isoformat() if times.stamped_at else None,
        "witnesses": check_cosignatures(files),
    }


def read_trust(text: str) -> str:
    """A verifier key given as text, or as the path of a file that holds it."""
    if "+" in text and text.count("\n") <= 1:
        return text
    return Path(text).read_text(encoding="ascii")[:4096]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--trust", metavar="KEY")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        with given.bundle.open("rb") as stream:
            trust = read_trust(given.trust) if given.trust is not None else None
            verdict, findings, facts = examine(stream, trust)
    except (OSError, Broken, UnicodeDecodeError) as error:
        parser.error(f"cannot check: {error}")
    if given.json:
        lines = [json.dumps({"verdict": verdict, "findings": findings, "facts": facts}, indent=2)]
    else:
        lines = [verdict.replace("_", " ").upper(), *(f"  {finding}" for finding in findings)]
    sys.stdout.write("\n".join(lines) + "\n")
    return EXIT_CODES[verdict]


if __name__ == "__main__":
    sys.exit(main())
