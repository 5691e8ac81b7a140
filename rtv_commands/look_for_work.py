"""Says whether work waits: files in the drop folder or the inbox, messages that are due."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.work import due_messages, pending_files


def describe_arrivals(dsn: str, drop_folder: Path) -> str:
    """A text that changes whenever other files wait; empty when none do."""
    dropped = sorted(
        described
        for path in [*drop_folder.glob("*"), *drop_folder.glob("*/*")]
        if not path.name.startswith(".")
        and path.suffix != ".part"
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
