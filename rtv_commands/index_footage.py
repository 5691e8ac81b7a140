"""Indexes films: each is read once, its samples are noted and hashed, and what is wrong with it is said.

A film below the folder is `<tenant>/<camera>/…` or `<camera>/…`; a row of the contract `footage`, or a
`footage.csv` beside the films, says more than the name does. Unchanged films are not read again.
"""

from __future__ import annotations

import csv
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rtv_core.errors import InvalidInput, RtvError
from rtv_core.evidence.containers import local_path
from rtv_core.evidence.film import Film, read_film
from rtv_core.evidence.naming import FILM_SUFFIXES, FilmName, doubt_about, in_utc, read_name
from rtv_core.objects import ObjectStore
from rtv_core.warehouse import footage_store
from rtv_core.warehouse.connection import Connection, connect
from rtv_core.warehouse.footage_store import Camera, KnownFile, ListedFilm

LIST_NAME = "footage.csv"


@dataclass(slots=True)
class IndexSummary:
    """What indexing did: `absent` films are named by a list and not there, `faulty` ones cannot be used."""

    indexed: int = 0
    unchanged: int = 0
    moved: int = 0
    copies: int = 0
    gone: int = 0
    absent: int = 0
    faulty: int = 0

    def counts(self) -> dict[str, int]:
        """As JSON values."""
        return asdict(self)


@dataclass(slots=True)
class _Run:
    connection: Connection
    summary: IndexSummary
    now: datetime


@dataclass(slots=True)
class _Tenant:
    code: str
    cameras: dict[str, Camera]
    known: dict[str, KnownFile]
    listed: dict[str, ListedFilm]
    seen: set[str] = field(default_factory=set)


def index_footage(
    dsn: str, store: ObjectStore, folder: Path, tenant_code: str | None = None, *, now: datetime
) -> IndexSummary:
    """Bring the footage index up to what stands below `folder` and in the lists of films."""
    summary = IndexSummary()
    tenants: dict[str, _Tenant] = {}
    with connect(dsn, autocommit=True, application_name="rtv-index-footage") as connection:
        run = _Run(connection, summary, now)
        for path in _films(folder):
            name = read_name(path.relative_to(folder))
            code = name.tenant_code or tenant_code or "default"
            if tenant_code is None or code == tenant_code:
                tenant = _tenant(connection, tenants, code, folder)
                _index_one(run, tenant, path, name)
        tenant = _tenant(connection, tenants, tenant_code or "default", folder)
        _index_stored(run, store, tenant)
        for found in tenants.values():
            _note_gone(run, found, folder)
            summary.absent += len(set(found.listed) - found.seen)
    return summary


def _films(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InvalidInput(
            f"There is no folder {folder}",
            remedy="Name the folder that the recorders write to, or set RTV_EVIDENCE__FOOTAGE_FOLDER.",
            code="FOOTAGE_FOLDER_MISSING",
        )
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in FILM_SUFFIXES and path.is_file() and not path.is_symlink()
    )


def _tenant(connection: Connection, tenants: dict[str, _Tenant], code: str, folder: Path) -> _Tenant:
    if code not in tenants:
        listed = [*footage_store.listed_films(connection, code), *_lists_beside(folder, code)]
        tenants[code] = _Tenant(
            code,
            footage_store.cameras(connection, code),
            footage_store.known_files(connection, code),
            {_address(film.uri, folder, code): film for film in listed},
        )
    return tenants[code]


def _lists_beside(folder: Path, code: str) -> list[ListedFilm]:
    found: list[ListedFilm] = []
    for path in (folder / LIST_NAME, folder / code / LIST_NAME):
        if not path.is_file():
            continue
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                if row.get("camera_code") and row.get("started_at") and row.get("uri"):
                    film = path.parent / row["uri"] if "://" not in row["uri"] else row["uri"]
                    ended, sha256 = row.get("ended_at") or None, row.get("sha256") or None
                    found.append(ListedFilm(row["camera_code"], row["started_at"], ended, str(film), sha256))
    return found


def _address(uri: str, folder: Path, code: str) -> str:
    """A listed film's address as the index writes it; a relative one is looked for below the folder."""
    if "://" in uri and not uri.startswith("file://"):
        return uri
    path = local_path(uri)
    if not path.is_absolute():
        path = next((at for at in (folder / code / path, folder / path) if at.exists()), folder / path)
    return path.resolve().as_uri()


def _index_one(run: _Run, tenant: _Tenant, path: Path, name: FilmName) -> None:
    connection, summary, now = run.connection, run.summary, run.now
    uri = path.resolve().as_uri()
    tenant.seen.add(uri)
    state, known = path.stat(), tenant.known.get(uri)
    if known and (known.size_bytes, known.modified_ns) == (state.st_size, state.st_mtime_ns):
        if known.is_gone:
            footage_store.mark_back(connection, [known.segment_id])
        summary.unchanged += 1
        return
    try:
        place = _place_and_time(tenant, uri, name, path)
        film = read_film(path)
        _refuse_other_hash(tenant.listed.get(uri), film, path)
    except RtvError as error:
        footage_store.add_fault(connection, tenant_code=tenant.code, uri=uri, error=error, now=now)
        summary.faulty += 1
        return
    values = _segment(film, tenant.code, place, now)
    values |= {"uri": uri, "object_key": None, "modified_ns": state.st_mtime_ns}
    _write(connection, values, film, summary)


def _write(connection: Connection, values: dict[str, Any], film: Film, summary: IndexSummary) -> None:
    with connection.transaction():
        kept = footage_store.address_of(
            connection, values["tenant_code"], values["camera_code"], values["sha256"]
        )
        if (
            kept not in (None, values["uri"])
            and kept
            and kept.startswith("file:")
            and local_path(kept).exists()
        ):
            summary.copies += 1
            return
        if footage_store.add_segment(connection, values, film.table.pack()):
            summary.indexed += 1
        else:
            summary.moved += 1


def _segment(film: Film, tenant_code: str, place: _Place, now: datetime) -> dict[str, Any]:
    return {
        "tenant_code": tenant_code,
        "camera_code": place.camera_code,
        "sha256": film.sha256,
        "size_bytes": film.size_bytes,
        "container": film.table.container,
        "codec": film.table.video.codec,
        "time_source": place.time_source,
        "started_at": place.started_at,
        "ended_at": place.started_at + timedelta(seconds=film.table.seconds),
        "sample_count": film.table.count,
        "keyframe_count": film.keyframe_count,
        "samples_root": film.samples_root,
        "is_truncated": film.is_truncated,
        "finding": place.finding(film),
        "indexed_at": now,
    }


@dataclass(frozen=True, slots=True)
class _Place:
    """What film it is: of which camera, from when, and what is doubtful about that."""

    camera_code: str
    started_at: datetime
    time_source: str
    doubt: str | None

    def finding(self, film: Film) -> str | None:
        """What is to be said of the film."""
        return "; ".join(filter(None, (film.finding, self.doubt))) or None


def _place_and_time(tenant: _Tenant, uri: str, name: FilmName, path: Path) -> _Place:
    listed = tenant.listed.get(uri)
    camera_code = listed.camera_code if listed else name.camera_code
    if camera_code is None:
        raise InvalidInput(
            f"{path.name} does not say which camera it is of",
            remedy="Put films in a folder named by the camera, or list them in footage.csv.",
            code="FOOTAGE_CAMERA_UNKNOWN",
        )
    zone = _zone(tenant.cameras.get(camera_code))
    written = _stamp(listed.started_at) if listed else name.started_at
    started_at = in_utc(written, zone)
    if started_at is None:
        raise InvalidInput(
            f"{path.name} does not say when it begins",
            remedy="Name films by date and time as the recorder does, or list them in footage.csv.",
            code="FOOTAGE_TIME_UNKNOWN",
        )
    return _Place(camera_code, started_at, "list" if listed else "name", doubt_about(written, zone))


def _stamp(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _zone(camera: Camera | None) -> ZoneInfo:
    try:
        return ZoneInfo(camera.timezone if camera else "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _refuse_other_hash(listed: ListedFilm | None, film: Film, path: Path) -> None:
    if listed and listed.sha256 and listed.sha256.lower() != film.sha256:
        raise InvalidInput(
            f"{path.name} is not the film that the list names: its SHA-256 is {film.sha256}",
            remedy="Fetch the film again from the recorder, or correct the list.",
            code="FOOTAGE_HASH_DIFFERS",
        )


def _index_stored(run: _Run, store: ObjectStore, tenant: _Tenant) -> None:
    """Films that a list names and that stand in the object store."""
    connection, summary, now = run.connection, run.summary, run.now
    prefix = store.uri("x")[:-1]
    for uri, listed in tenant.listed.items():
        key = uri.removeprefix(prefix)
        if key == uri or uri in tenant.seen:
            continue
        info = store.head(key)
        if info is None:
            continue
        tenant.seen.add(uri)
        if uri in tenant.known:
            summary.unchanged += 1
            continue
        with tempfile.TemporaryDirectory(prefix="rtv-film-") as scratch:
            path = Path(scratch) / Path(key).name
            store.download(key, path)
            try:
                place = _place_and_time(tenant, uri, FilmName(None, None, None), path)
                film = read_film(path)
                _refuse_other_hash(listed, film, path)
            except RtvError as error:
                footage_store.add_fault(connection, tenant_code=tenant.code, uri=uri, error=error, now=now)
                summary.faulty += 1
                continue
        values = _segment(film, tenant.code, place, now)
        values |= {"uri": uri, "object_key": key, "modified_ns": 0}
        _write(connection, values, film, summary)


def _note_gone(run: _Run, tenant: _Tenant, folder: Path) -> None:
    root = folder.resolve().as_uri() + "/"
    present = footage_store.known_files(run.connection, tenant.code)
    gone = [
        known.segment_id
        for uri, known in present.items()
        if uri.startswith(root) and not known.is_gone and not local_path(uri).exists()
    ]
    footage_store.mark_gone(run.connection, gone, run.now)
    run.summary.gone += len(gone)
