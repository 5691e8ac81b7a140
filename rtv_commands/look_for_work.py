"""Says whether work waits: files in the drop folder or the inbox, messages that are due."""

from __future__ import annotations

from pathlib import Path

from rtv_core.warehouse.connection import connect
from rtv_core.warehouse.work import due_messages, pending_files


def describe_arrivals(dsn: str, drop_folder: Path) -> str:
    """A text that changes whenever other files wait; empty when none do."""
    dropped = sorted(
        f"{path.relative_to(drop_folder)}:{path.stat().st_size}"
        for path in [*drop_folder.glob("*"), *drop_folder.glob("*/*")]
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and path.suffix != ".part"
    )
    with connect(dsn, application_name="rtv-look") as connection:
        count, newest = pending_files(connection)
    if not dropped and not count:
        return ""
    return f"{len(dropped)} dropped ({', '.join(dropped[:3])}), {count} received (newest {newest})"


def describe_due_messages(dsn: str) -> str:
    """A text that changes whenever other messages are due; empty when none are."""
    with connect(dsn, application_name="rtv-look") as connection:
        count, newest = due_messages(connection)
    return f"{count} due (newest {newest})" if count else ""
