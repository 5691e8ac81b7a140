"""Says whether work waits: files in the drop folder, the inbox or at a partner, messages that are due."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ingest.drop_folder import is_unfinished
from ingest.ways.parcels import WayIn
from rtv_core.errors import RtvError
from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.work import due_messages, pending_files


def describe_arrivals(dsn: str, drop_folder: Path) -> str:
    """A text that changes whenever other files wait; empty when none do."""
    dropped = sorted(
        described
        for path in [*drop_folder.glob("*"), *drop_folder.glob("*/*")]
        if not path.name.startswith(".")
        and not is_unfinished(path.name)
        and (described := _file(path, drop_folder))
    )
    with connect(dsn, application_name="rtv-look") as connection:
        count, newest = pending_files(connection)
    if not dropped and not count:
        return ""
    # Three names tell a person what waits; the mark over all of them tells the watcher that it changed.
    mark = hashlib.sha256("\n".join(dropped).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    names = ", ".join(dropped[:3])
    return f"{len(dropped)} dropped ({names}; {mark}), {count} received (newest {newest})"


def describe_parcels(ways: Iterable[WayIn]) -> tuple[str, tuple[RtvError, ...]]:
    """A text that changes whenever other files wait at the partners' doors, and the doors that stay shut."""
    said: list[str] = []
    failures: list[RtvError] = []
    for way in ways:
        try:
            with way:
                waiting = way.look().waiting
        except RtvError as error:
            failures.append(error)
            continue
        if waiting:
            marks = "\n".join(sorted(f"{parcel.place}:{parcel.version}" for parcel in waiting))
            mark = hashlib.sha256(marks.encode("utf-8", "surrogateescape")).hexdigest()[:8]
            said.append(f"{len(waiting)} at {way.name} ({waiting[0].place}; {mark})")
    return ", ".join(said), tuple(failures)


def describe_due_messages(dsn: str) -> str:
    """A text that changes whenever other messages are due; empty when none are."""
    with connect(dsn, application_name="rtv-look") as connection:
        count, newest = due_messages(connection)
    return f"{count} due (newest {newest})" if count else ""


def _file(path: Path, folder: Path) -> str:
    """Name and size of a file; empty when it is none, or was taken while this looked."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        return f"{path.relative_to(folder)}:{path.stat().st_size}"
    except FileNotFoundError:
        return ""
