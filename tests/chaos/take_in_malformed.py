"""Takes in malformed files one after the other and prints, as JSON, what broke which promise.

Run by the tests in a process of its own, with the arguments of `main`. A file that crashes it ends it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import hashlib
import json
import re
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ingest.inbox import keep
from ingest.loader import LoadedFile, load
from rtv_core.identity import job
from rtv_core.objects.base import content_key
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import Connection, connect
from tests.chaos.malformed_files import Malformed, malformed_file

MAX_SECONDS = 30
MAX_MEGABYTES = 512
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_CODE = re.compile(r"[A-Z][A-Z0-9_]+")


def peak_megabytes() -> float:
    """The most memory this process has held since it last asked; what is free is given back first."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    ctypes.CDLL(None).malloc_trim(0)
    pa.default_memory_pool().release_unused()
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return int(found[1]) / 1024 if found else 0.0


def _broken(file: LoadedFile | None) -> str | None:
    """Which promise the outcome of a file breaks."""
    if file is None:
        return "neither loaded nor quarantined"
    if file.file_status == "quarantined":
        told = _CODE.fullmatch(file.error_code or "") and file.error_fact and file.error_remedy
        return None if told else "quarantined without code, fact or remedy"
    adds_up = file.rows_in == file.rows_loaded + file.rows_superseded + file.rows_quarantined
    return None if adds_up else f"rows do not add up: {file}"


def take_in(connection: Connection, store: FolderStore, made: Malformed, path: Path) -> tuple[str, list[str]]:
    """Take one file in: what became of it, and which promises were broken."""
    path.write_bytes(made.content)
    faulthandler.dump_traceback_later(MAX_SECONDS, exit=True)
    peak_megabytes()
    began = time.monotonic()
    with connection.transaction():
        kept = keep(connection, store, path, file_name=made.file_name, way_in="cli", actor=job("t"), now=NOW)
    file = None if kept.is_repeat else load(connection, store, kept.file_id, now=NOW)
    faulthandler.cancel_dump_traceback_later()
    peak = peak_megabytes()
    seconds = time.monotonic() - began
    found = [] if kept.is_repeat else [said for said in [_broken(file)] if said]
    with store.open(content_key("inbox", kept.sha256)) as stream:
        if stream.read() != made.content or kept.sha256 != hashlib.sha256(made.content).hexdigest():
            found.append("not kept byte for byte")
    if peak > MAX_MEGABYTES:
        found.append(f"held {peak:.0f} MB")
    if seconds > MAX_SECONDS:
        found.append(f"took {seconds:.0f} s")
    return (file.error_code or file.file_status) if file else "repeat", found


def _tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def main(dsn: str, folder: Path, seed: int, first: int, count: int) -> None:
    """Take the files in; the last line of the output counts what became of them."""
    fates: Counter[str] = Counter()
    store, path = FolderStore(folder / "store"), folder / "file"
    with connect(dsn, autocommit=True, application_name="rtv-malformed") as connection:
        for number in range(first, first + count):
            made = malformed_file(seed, number)
            # Named before it is taken in, so that a process that ends in it can be told apart.
            _tell(number=number, kind=made.kind, fates=dict(fates))
            fate, broken = take_in(connection, store, made, path)
            fates[fate] += 1
            for said in broken:
                _tell(number=number, kind=made.kind, broken=said)
    _tell(fates=dict(fates))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))
