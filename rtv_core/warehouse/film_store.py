"""What the films of captures prove, in the warehouse: which wait to be judged, and what was found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rtv_core.model.proof import CapturedFilm, Fact, FilmCode, JudgedFilm, ProofFacts, ScannedItem
from rtv_core.warehouse.connection import Connection, fetch_all

QUESTIONS = ("label_legible", "one_take", "sealed_until_opened")
MOST_AT_ONCE = 1000
"""Films that one run judges; the others wait for the next."""


@dataclass(frozen=True, slots=True)
class Found:
    """What watching a film found; `facts` is None, and `unknown` says why, when it cannot be judged."""

    judge_method: str
    facts: ProofFacts | None
    codes: tuple[FilmCode, ...]
    cpu_seconds: float
    unknown: str = ""


def waiting_films(
    connection: Connection,
    judge_method: str,
    *,
    tenant_code: str | None = None,
    capture_ids: Collection[str] | None = None,
) -> list[CapturedFilm]:
    """Films in the store whose capture, as it stands, was not judged by this method; oldest first."""
    rows = fetch_all(
        connection,
        """
        select q.tenant_code, q.capture_id, q._file_id as capture_file_id, q._row_no as capture_row_no,
            q.video_sha256 as sha256, u.object_key, q.awb_no as label,
            q.video_duration_seconds::double precision as declared_seconds,
            array(
                select jsonb_build_object(
                    'item_no', i.item_no, 'scanned_code', i.scanned_code, 'sku_code', i.sku_code
                )
                from raw.qc_capture_items as i
                where i._file_id = q._file_id and i._row_no = q._row_no order by i._position
            ) as items
        from raw.qc_captures as q
        inner join lateral (
            select object_key from ops.uploads as up
            where up.tenant_code = q.tenant_code and up.sha256 = q.video_sha256
                and up.completed_at is not null
            order by up.completed_at limit 1
        ) as u on true
        where q._superseded_at is null
            and (%(tenant)s::text is null or q.tenant_code = %(tenant)s)
            and (%(captures)s::text[] is null or q.capture_id = any(%(captures)s))
            and not exists (
                select 1 from ops.film_facts as f
                where f.tenant_code = q.tenant_code and f.capture_id = q.capture_id
                    and f.capture_file_id = q._file_id and f.capture_row_no = q._row_no
                    and f.judge_method = %(method)s
            )
        order by q._file_id, q._row_no limit %(most)s
        """,
        {
            "tenant": tenant_code, "captures": list(capture_ids) if capture_ids is not None else None,
            "method": judge_method, "most": MOST_AT_ONCE,
        },
    )  # fmt: skip
    return [
        CapturedFilm(**{**row, "items": tuple(ScannedItem(**item) for item in row["items"])}) for row in rows
    ]


def record_facts(connection: Connection, film: CapturedFilm, found: Found, *, now: datetime) -> bool:
    """Keep what a film was found to prove; False when another worker did meanwhile: the first word stands."""
    facts = found.facts
    values: dict[str, Any] = {
        "tenant_code": film.tenant_code, "capture_id": film.capture_id,
        "capture_file_id": film.capture_file_id, "capture_row_no": film.capture_row_no,
        "judge_method": found.judge_method, "sha256": film.sha256,
        "film_status": "judged" if facts else "failed",
        "film_seconds": facts.seconds if facts else None, "frame_count": facts.frames if facts else None,
        "facts": Jsonb(facts.as_dict() if facts else {}), "judge_cpu_seconds": found.cpu_seconds,
        "judged_at": now,
    }  # fmt: skip
    for question in QUESTIONS:
        fact = getattr(facts, question) if facts else Fact("not_decided", found.unknown)
        values |= {question: fact.answer, f"{question}_reason": fact.reason}
    names = ", ".join(values)
    marks = ", ".join(f"%({name})s" for name in values)
    row = connection.execute(
        f"insert into ops.film_facts ({names}) values ({marks}) "
        "on conflict (tenant_code, capture_id, capture_file_id, capture_row_no, judge_method) do nothing "
        "returning film_fact_id".encode(),
        values,
    ).fetchone()
    if row is None:
        return False
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into ops.film_codes (film_fact_id, code_no, item_no, sku_code, code_text, sighting,
                first_seconds, last_seconds, frame_count)
            values (%(fact)s, %(code_no)s, %(item_no)s, %(sku_code)s, %(code_text)s, %(sighting)s,
                %(first_seconds)s, %(last_seconds)s, %(frame_count)s)
            """,
            [
                {"fact": row["film_fact_id"], "code_no": number, **asdict(code)}
                for number, code in enumerate(found.codes, 1)
            ],
        )
    return True


def judged_films(
    connection: Connection,
    tenant_code: str,
    capture_ids: Collection[str],
    *,
    until: datetime | None = None,
) -> dict[tuple[str, str], JudgedFilm]:
    """The last word (not after `until`) on each of these captures' films, by capture and SHA-256."""
    if not capture_ids:
        return {}
    rows = fetch_all(
        connection,
        """
        select distinct on (f.capture_id, f.sha256) f.*,
            array(
                select to_jsonb(c) - array['film_fact_id', 'code_no'] from ops.film_codes as c
                where c.film_fact_id = f.film_fact_id order by c.code_no
            ) as codes
        from ops.film_facts as f
        where f.tenant_code = %s and f.capture_id = any(%s) and (%s::timestamptz is null or f.judged_at <= %s)
        order by f.capture_id, f.sha256, f.film_fact_id desc
        """,
        (tenant_code, list(capture_ids), until, until),
    )
    return {
        (row["capture_id"], row["sha256"]): JudgedFilm(
            row["capture_id"], row["sha256"], row["judge_method"], row["film_status"],
            {name: Fact(row[name], row[f"{name}_reason"]) for name in QUESTIONS},
            tuple(FilmCode(**code) for code in row["codes"]), row["judged_at"],
        )
        for row in rows
    }  # fmt: skip
