"""Whatever a file holds: rows in = loaded + superseded + quarantined, and raw agrees with the counts."""

from __future__ import annotations

import itertools
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from intake_samples import record

from rtv_commands.ingest import ingest_paths
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
CONTRACTS = ("skus", "rtv_manifests", "transporter_events", "debit_notes", "stock_movements", "listings")
_numbers = itertools.count()

cells = st.one_of(
    st.sampled_from(
        ["", "1", "2", "A", "B", "8.90123E+12", "1,23,456.00", "03/04/2026", "2026-11-01", "-1", "x|y"]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
)
changes = st.dictionaries(st.integers(0, 20), cells, max_size=3)
rows = st.lists(
    st.tuples(st.integers(0, 4), changes, st.sampled_from(["", "", "", ",surplus", "cut"])), max_size=12
)


def _csv(contract_name: str, drawn: list[tuple[int, dict[int, str], str]]) -> str:
    """A CSV of valid rows with some cells changed, some rows too long or too short."""
    header = list(record(contract_name))
    lines = [",".join(header)]
    for number, changed, tail in drawn:
        values = [str(value) for value in record(contract_name, number).values()]
        for place, text in changed.items():
            values[place % len(values)] = text
        quoted = ['"' + value.replace('"', '""') + '"' for value in values]
        lines.append(",".join(quoted[:-3] if tail == "cut" else quoted) + (tail if tail != "cut" else ""))
    return "\r\n".join(lines) + "\r\n"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contract_name=st.sampled_from(CONTRACTS), first=rows, second=rows)
# A file whose one row is half control characters is still a table.
@example("listings", [], [(0, {1: "\x1f\x08", 2: "\x1f\x08\x1f"}, "")])
def test_every_row_ends_in_exactly_one_place(
    warehouse_dsn: str, contract_name: str, first: list, second: list
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, tenant = Path(name), f"t{next(_numbers)}"
        paths = [folder / f"{contract_name}_{number}.csv" for number in range(2)]
        for path, drawn in zip(paths, (first, second), strict=True):
            path.write_bytes(_csv(contract_name, drawn).encode())
        ingest_paths(warehouse_dsn, FolderStore(folder / "store"), paths, actor=job("test", tenant), now=NOW)
    with connect(warehouse_dsn) as connection:
        files = fetch_all(connection, "select * from ops.files where tenant_code = %s", (tenant,))
        for file in files:
            assert file["file_status"] == "loaded", file["error_fact"]
            assert file["rows_in"] == file["rows_loaded"] + file["rows_superseded"] + file["rows_quarantined"]
            (stands,) = fetch_all(
                connection,
                f"""select count(*) filter (where _superseded_at is null) as loaded,
                       count(*) filter (where _superseded_at is not null) as superseded,
                       (select count(*) from ops.quarantined_rows where file_id = %(id)s) as quarantined
                    from raw.{contract_name} where _file_id = %(id)s""",
                {"id": file["file_id"]},
            )
            assert (file["rows_loaded"], file["rows_superseded"], file["rows_quarantined"]) == tuple(
                stands.values()
            )
        (current,) = fetch_all(
            connection,
            f"""select count(*) - count(distinct _key_hash) as doubled from raw.{contract_name}
                where tenant_code = %s and _superseded_at is null""",
            (tenant,),
        )
    assert current["doubled"] == 0
