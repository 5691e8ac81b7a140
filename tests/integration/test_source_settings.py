"""What a tenant says of a source reads its next file; what means nothing to it is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rtv_commands.ingest import ingest_paths
from rtv_commands.set_source import change_source, list_sources
from rtv_core.errors import InvalidInput, NotFound, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.objects.folder import FolderStore
from rtv_core.warehouse.connection import connect, fetch_all

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
OPS = Actor(ActorKind.PERSON, "olga", frozenset({Role.OPS}))
REPORT = (
    "request-date\torder-id\tshipment-date\tsku\tfnsku\tdisposition\tshipped-quantity\tcarrier\t"
    "tracking-number\tremoval-order-type\n"
    "2026-11-01T10:00:00+00:00\tR{n}\t2026-11-03T10:00:00+00:00\tS-1\tX001\tSellable\t4\tBLUEX\tAWB{n}\tReturn\n"
)


def _ingest(dsn: str, folder: Path, number: int) -> dict[str, str]:
    path = folder / f"removal_{number}.txt"
    path.write_text(REPORT.format(n=number), encoding="utf-8")
    ingest_paths(dsn, FolderStore(folder / "store"), [path], actor=job("test"), now=NOW)
    with connect(dsn) as connection:
        (row,) = fetch_all(
            connection,
            "select destination_node, transporter_code from raw.rtv_manifests where rtv_no = %s",
            (f"R{number}",),
        )
    return row


def test_the_next_file_is_read_by_what_was_set(warehouse_dsn: str, tmp_path: Path) -> None:
    before = _ingest(warehouse_dsn, tmp_path, 1)
    values = {"destination_node": "CFA-9", "transporter_codes.BLUEX": "BLUE-EXPRESS"}
    change_source(warehouse_dsn, "amazon", values=values, actor=OPS, now=NOW)
    after = _ingest(warehouse_dsn, tmp_path, 2)
    assert before["destination_node"] != "CFA-9"
    assert (after["destination_node"], after["transporter_code"]) == ("CFA-9", "BLUE-EXPRESS")
    left = change_source(
        warehouse_dsn, "amazon", values={}, unset=["transporter_codes.BLUEX"], actor=OPS, now=NOW
    )
    assert left == {"destination_node": "CFA-9", "transporter_codes": {}}
    (amazon,) = [one for one in list_sources(warehouse_dsn, "default") if one["source_name"] == "amazon"]
    assert amazon["set"] == left
    with connect(warehouse_dsn) as connection:
        told = fetch_all(connection, "select actor_name from ops.audit_trail where verb like 'source_%'")
    assert [row["actor_name"] for row in told] == ["olga", "olga"]


def test_what_means_nothing_is_refused(warehouse_dsn: str) -> None:
    with pytest.raises(NotFound, match="No source"):
        change_source(warehouse_dsn, "nobody", values={"a": "b"}, actor=OPS, now=NOW)
    for name in ("colour", "destination_node.X", "transporter_codes"):
        with pytest.raises(InvalidInput, match=f"no setting {name}"):
            change_source(warehouse_dsn, "amazon", values={name: "x"}, actor=OPS, now=NOW)
    reader = Actor(ActorKind.PERSON, "ravi", frozenset({Role.BI_READER}))
    with pytest.raises(NotPermitted):
        change_source(warehouse_dsn, "amazon", values={"destination_node": "X"}, actor=reader, now=NOW)
