"""Receive and load files in one go: what `rtv ingest` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.inbox import MAX_FILE_BYTES, ReceivedFile, keep
from ingest.loader import LoadedFile, load
from rtv_core.claims.answers import carry_waiting
from rtv_core.errors import NotFound
from rtv_core.identity import Actor
from rtv_core.objects.base import ObjectStore
from rtv_core.warehouse.connection import Connection, connect


@dataclass(frozen=True, slots=True)
class IngestedFile:
    """One file: how it was received, and what became of it; `loaded` is None for a repeat."""

    path: Path
    received: ReceivedFile
    loaded: LoadedFile | None


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What one call of `ingest_paths` did."""

    files: tuple[IngestedFile, ...]

    @property
    def repeats(self) -> int:
        """Files whose bytes were here already."""
        return sum(file.received.is_repeat for file in self.files)

    @property
    def quarantined_files(self) -> int:
        """Files that could not be read at all."""
        return sum(
            file.loaded is not None and file.loaded.file_status == "quarantined" for file in self.files
        )

    @property
    def rows_in(self) -> int:
        """Source rows read."""
        return sum(file.loaded.rows_in for file in self.files if file.loaded)

    @property
    def rows_loaded(self) -> int:
        """Rows that are current."""
        return sum(file.loaded.rows_loaded for file in self.files if file.loaded)

    @property
    def rows_superseded(self) -> int:
        """Rows that lost against another version on arrival."""
        return sum(file.loaded.rows_superseded for file in self.files if file.loaded)

    @property
    def rows_quarantined(self) -> int:
        """Rows refused with a reason."""
        return sum(file.loaded.rows_quarantined for file in self.files if file.loaded)


OnProgress = Callable[[IngestedFile], None]


def ingest_paths(
    dsn: str,
    store: ObjectStore,
    paths: Iterable[Path],
    *,
    actor: Actor,
    now: datetime,
    on_progress: OnProgress | None = None,
    max_bytes: int = MAX_FILE_BYTES,
) -> IngestSummary:
    """Receive and load files and folders (all their files, by name). The tenant is the actor's.

    Rows that are wrong go to quarantine and never stop a load. Raises `NotFound` for a path that is not
    there, before anything is received.
    """
    found = list(_files(paths))
    done: list[IngestedFile] = []
    with connect(dsn, autocommit=True, application_name="rtv-ingest") as connection:
        for path in found:
            file = _ingest(connection, store, path, actor=actor, now=now, max_bytes=max_bytes)
            done.append(file)
            if on_progress:
                on_progress(file)
    with connect(dsn, application_name="rtv-claims") as connection:
        carry_waiting(connection, now=now)
    return IngestSummary(tuple(done))


def _ingest(
    connection: Connection, store: ObjectStore, path: Path, *, actor: Actor, now: datetime, max_bytes: int
) -> IngestedFile:
    with connection.transaction():
        received = keep(
            connection,
            store,
            path,
            file_name=path.name,
            way_in="cli",
            actor=actor,
            now=now,
            max_bytes=max_bytes,
        )
    # A repeat may still wait: the process that received it may have been killed before it loaded it.
    return IngestedFile(path, received, load(connection, store, received.file_id, now=now))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
            )
        elif path.is_file():
            yield path
        else:
            raise NotFound(f"{path} is not there", remedy="Check the path.", code="PATH_NOT_FOUND")
