"""The marts against an oracle that works the same rulings out in plain Python, over random histories."""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from rtv_commands.build.run_dbt import DbtRun
from tests.factories import DAY
from tests.fixtures.models import make_marts
from tests.laws.histories import CivilHistory, begin_histories
from tests.laws.oracle import Oracle
from tests.laws.papers import QUANTITIES, rows_of

HISTORIES = int(os.environ.get("ORACLE_HISTORIES", "300"))
SEED = int(os.environ.get("ORACLE_SEED", "20261126")) or random.SystemRandom().randrange(1, 10**6)
STEPS = 5
TABLES = (
    "skus", "dispatches", "rtv_manifests", "transporter_events", "gate_receipts", "qc_captures",
    "qc_capture_items", "qc_capture_missing_components",
)  # fmt: skip
RULES = (
    "carton_short_at_pickup", "carton_lost_in_transit", "carton_short_at_gate", "carton_excess",
    "seal_broken", "consignment_lost", "debit_without_goods", "unit_short",
    "unit_excess", "wrong_sku", "foreign_item",
)  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]


def _by_tenant(connection: psycopg.Connection[dict[str, Any]], query: str) -> Rows:
    found: Rows = defaultdict(list)
    for row in connection.execute(query.encode()).fetchall():
        found[row["tenant_code"]].append(row)
    return found


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_marts_and_oracle_tell_the_same(warehouse_dsn: str) -> None:
    print(f"ORACLE_SEED={SEED} ORACLE_HISTORIES={HISTORIES}")  # noqa: T201 - shown when it fails
    as_of = DAY + timedelta(days=STEPS * 5)
    with psycopg.connect(warehouse_dsn) as connection:
        histories, told = begin_histories(connection, HISTORIES, SEED, CivilHistory)
        for step in range(1, STEPS + 1):
            for history in histories:
                history.step(step * 2)
        told.copy_to(connection)
    make_marts(DbtRun(warehouse_dsn, as_of, "Asia/Kolkata", 2), "fct_rtv_lines", "fct_discrepancies")
    with psycopg.connect(warehouse_dsn, row_factory=dict_row) as connection:
        raw = {name: _by_tenant(connection, f"select * from raw.{name}") for name in TABLES}
        lines = _by_tenant(connection, "select * from candidate.fct_rtv_lines")
        told_of = _by_tenant(connection, "select * from candidate.fct_discrepancies")
    assert len(lines) > HISTORIES * 0.9
    differences = []
    for history in histories:
        tenant = history.world.tenant_code
        answer = Oracle(rows_of({name: raw[name][tenant] for name in TABLES}), as_of).answer()
        differences += [f"{tenant} {text}" for text in _differences(answer, lines[tenant], told_of[tenant])]
    assert not differences, "\n".join([f"seed {SEED}: {len(differences)} differences", *differences[:400]])


def _differences(answer: Any, lines: list[dict[str, Any]], discrepancies: list[dict[str, Any]]) -> list[str]:
    found = {
        (row["rtv_no"], row["sku_code"], row["batch_no"]): {name: row[name] for name in QUANTITIES}
        for row in lines
    }
    texts = [
        f"line {key}: oracle {answer.lines.get(key)}, mart {found.get(key)}"
        for key in sorted(set(answer.lines) | set(found), key=str)
        if answer.lines.get(key) != found.get(key)
    ]
    counted: Counter[tuple[object, ...]] = Counter()
    for row in discrepancies:
        if row["rule_code"] in RULES:
            subject = row["awb_no"] if row["awb_no"] and row["sku_code"] is None else row["rtv_no"]
            if row["rule_code"] in ("foreign_item", "debit_without_goods"):
                subject = row["rtv_no"]
            key = (row["rule_code"], subject, row["sku_code"], row["batch_no"], row["discrepancy_qty"])
            counted[key] += 1
    texts += [f"oracle alone: {key}" for key in (answer.discrepancies - counted).elements()]
    texts += [f"mart alone: {key}" for key in (counted - answer.discrepancies).elements()]
    return texts
