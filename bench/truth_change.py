"""Changes about one captured line in a hundred, as the loader would: a later capture replaces the earlier."""

from __future__ import annotations

import psycopg

_STEPS = (
    """
    create temporary table changed as
    select * from raw.qc_captures
    where _superseded_at is null and hashtext(coalesce(rtv_no, awb_no)) % 100 = 0
    """,
    """
    create temporary table changed_items as
    select items.* from raw.qc_capture_items as items
    inner join changed on items._file_id = changed._file_id and items._row_no = changed._row_no
    """,
    """
    update raw.qc_captures as standing set _superseded_at = now(), _superseded_by_file_id = 2
    from changed where standing._file_id = changed._file_id and standing._row_no = changed._row_no
    """,
    "update changed set _file_id = 2, _loaded_at = now()",
    "update changed_items set _file_id = 2, qty = greatest(qty - 1, 1)",
    "insert into raw.qc_captures select * from changed",
    "insert into raw.qc_capture_items select * from changed_items",
)


def change_lines(dsn: str) -> int:
    """Replace the captures of one RTV in a hundred by ones with a unit less; returns the items replaced."""
    with psycopg.connect(dsn) as connection:
        return [connection.execute(step.encode()) for step in _STEPS][-1].rowcount
