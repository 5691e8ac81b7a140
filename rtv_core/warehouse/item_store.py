"""Items as the bay looks for them: by part of a name or code, with their pictures.

Raw and not marts: an item may lie in a box minutes after its master came.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rtv_core.warehouse.connection import Connection, fetch_all


def find_items(
    connection: Connection, tenant_code: str, words: list[str], *, most: int
) -> list[dict[str, Any]]:
    """Items in whose code, GTIN, title or one platform SKU every word (lower case) occurs; best first.

    An item whose code, GTIN or platform SKU begins with the first word comes before one whose title does.
    """
    return fetch_all(
        connection,
        """
        with listed as (
            select l.sku_code, array_agg(distinct l.platform_sku order by l.platform_sku) as platform_skus
            from raw.listings as l
            where l.tenant_code = %(tenant_code)s and l._superseded_at is null
            group by l.sku_code
        )
        select
            s.sku_code, s.gtin, s.title, s.category, s.mrp::float8 as mrp,
            coalesce(s.is_kit, false) as is_kit,
            coalesce(l.platform_skus, '{}') as platform_skus, p.picture_sha256
        from raw.skus as s
        left join listed as l on l.sku_code = s.sku_code
        left join ops.item_pictures as p on p.tenant_code = s.tenant_code and p.sku_code = s.sku_code
        cross join lateral (
            select lower(concat_ws(' ', s.sku_code, s.gtin, array_to_string(l.platform_skus, ' '))) as codes
        ) as said
        where s.tenant_code = %(tenant_code)s and s._superseded_at is null
            and not exists (
                select from unnest(%(words)s::text[]) as word
                where strpos(said.codes, word) = 0 and strpos(lower(s.title), word) = 0
            )
        order by
            strpos(' ' || said.codes, ' ' || (%(words)s::text[])[1]) = 0,
            strpos(lower(s.title), (%(words)s::text[])[1]) <> 1,
            s.title, s.sku_code
        limit %(most)s
        """,
        {"tenant_code": tenant_code, "words": words, "most": most},
    )


def skus_named(connection: Connection, tenant_code: str, names: list[str]) -> dict[str, str]:
    """The SKU each name means, as its code (in any case) or GTIN; one that means none or two is left out."""
    rows = fetch_all(
        connection,
        """
        select name, min(s.sku_code) as sku_code
        from unnest(%s::text[]) as name
        inner join raw.skus as s
            on s.tenant_code = %s and s._superseded_at is null
            and (lower(s.sku_code) = lower(name)
                or (name ~ '^[0-9]{8,14}$' and lpad(s.gtin, 14, '0') = lpad(name, 14, '0')))
        group by name having count(distinct s.sku_code) = 1
        """,
        (names, tenant_code),
    )
    return {row["name"]: row["sku_code"] for row in rows}


def save_picture(
    connection: Connection,
    *,
    tenant_code: str,
    sku_code: str,
    picture_sha256: str,
    object_key: str,
    now: datetime,
) -> bool:
    """Let an item look like this from now on; False when it did already."""
    changed = connection.execute(
        """
        insert into ops.item_pictures as p (tenant_code, sku_code, picture_sha256, object_key, added_at)
        values (%s, %s, %s, %s, %s)
        on conflict (tenant_code, sku_code) do update set
            picture_sha256 = excluded.picture_sha256, object_key = excluded.object_key,
            added_at = excluded.added_at
        where p.picture_sha256 <> excluded.picture_sha256
        """,
        (tenant_code, sku_code, picture_sha256, object_key, now),
    )
    return changed.rowcount == 1


def picture_key(connection: Connection, tenant_code: str, picture_sha256: str) -> str | None:
    """Where a picture of the tenant's items stands in the store; or None."""
    row = connection.execute(
        "select object_key from ops.item_pictures where tenant_code = %s and picture_sha256 = %s limit 1",
        (tenant_code, picture_sha256),
    ).fetchone()
    return str(row["object_key"]) if row else None
