"""Judges the films of captures that wait: each is watched once, and what its picture proves is kept."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from time import process_time

from rtv_core.errors import IntegrityError, InvalidInput, NotFound
from rtv_core.evidence.proof_facts import METHOD, film_codes, proof_facts
from rtv_core.evidence.watching import watch_film
from rtv_core.model.proof import CapturedFilm
from rtv_core.objects import ObjectStore
from rtv_core.objects.fetching import Mismatch, fetch_object
from rtv_core.warehouse import film_store
from rtv_core.warehouse.connection import connect

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class JudgeSummary:
    """How films were answered: of those judged, `one_take` are the plain yes; `failed` cannot be watched,
    `absent` are not in the store as they were captured and wait on.
    """

    judged: int = 0
    one_take: int = 0
    broken: int = 0
    not_decided: int = 0
    failed: int = 0
    absent: int = 0
    already: int = 0
    cpu_seconds: float = 0.0

    def counts(self) -> dict[str, float]:
        """As JSON values."""
        return asdict(self)


def captures_to_judge(dsn: str, *, tenant_code: str | None = None) -> list[tuple[str, str]]:
    """Tenant and capture of each film that waits, oldest first."""
    with connect(dsn, application_name="rtv-judge-captures") as connection:
        waiting = film_store.waiting_films(connection, METHOD, tenant_code=tenant_code)
    return [(film.tenant_code, film.capture_id) for film in waiting]


def judge_captures(
    dsn: str, store: ObjectStore, captures: Collection[tuple[str, str]], *, now: datetime
) -> JudgeSummary:
    """Judge the films of these captures that still wait; each answer is kept as soon as it is found."""
    summary = JudgeSummary()
    with (
        connect(dsn, autocommit=True, application_name="rtv-judge-captures") as connection,
        tempfile.TemporaryDirectory(prefix="rtv-judge-") as scratch,
    ):
        for tenant_code in sorted({tenant for tenant, _ in captures}):
            wanted = [capture for tenant, capture in captures if tenant == tenant_code]
            waiting = film_store.waiting_films(
                connection, METHOD, tenant_code=tenant_code, capture_ids=wanted
            )
            summary.already += len(wanted) - len(waiting)
            for film in waiting:
                found = _judged(store, film, Path(scratch))
                if found is None:
                    summary.absent += 1
                    continue
                with connection.transaction():
                    is_first = film_store.record_facts(connection, film, found, now=now)
                _count(summary, found, is_first=is_first)
    return summary


def _judged(store: ObjectStore, film: CapturedFilm, folder: Path) -> film_store.Found | None:
    """What the film proves; None when it is not in the store as it was captured."""
    path = folder / f"film{PurePosixPath(film.object_key).suffix}"
    began = process_time()
    facts, unknown = None, ""
    try:
        _download(store, film, path)
        scanned = [item.scanned_code for item in film.items]
        facts = proof_facts(
            watch_film(path), label=film.label, scanned=scanned, declared_seconds=film.declared_seconds
        )
    except (NotFound, IntegrityError) as error:
        _log.warning("%s: %s", error.code, error.fact)
        return None
    except InvalidInput as error:
        unknown = f"{error.code}: {error.fact}"
    finally:
        path.unlink(missing_ok=True)
    codes = film_codes(facts, film.items) if facts else ()
    return film_store.Found(METHOD, facts, codes, round(process_time() - began, 3), unknown)


def _download(store: ObjectStore, film: CapturedFilm, path: Path) -> None:
    """The film on the disk, if its bytes are those that the bay named."""
    mismatch = Mismatch(
        "FILM_HASH_MISMATCH",
        f"The film of capture {film.capture_id} in the store is not the one that was captured",
        "the capture",
    )
    fetch_object(store, film.object_key, path, sha256=film.sha256, mismatch=mismatch)


def _count(summary: JudgeSummary, found: film_store.Found, *, is_first: bool) -> None:
    summary.cpu_seconds = round(summary.cpu_seconds + found.cpu_seconds, 3)
    if not is_first:
        summary.already += 1
    elif found.facts is None:
        summary.failed += 1
    else:
        summary.judged += 1
        name = {"yes": "one_take", "no": "broken", "not_decided": "not_decided"}[found.facts.one_take.answer]
        setattr(summary, name, getattr(summary, name) + 1)
