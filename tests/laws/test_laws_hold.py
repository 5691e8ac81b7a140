"""Both laws and the custody ledger after every step of random histories; mutants of the SQL break them."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from rtv_commands.build.run_dbt import PROJECT_FOLDER, DbtRun
from tests.factories import DAY
from tests.fixtures.models import make
from tests.fixtures.warehouses import Warehouses
from tests.laws.histories import begin_histories

# The short form; `make chaos` runs the long one, from a seed drawn by chance (0).
HISTORIES = int(os.environ.get("LAW_HISTORIES", "1000"))
STEPS = int(os.environ.get("LAW_STEPS", "12"))
SEED = int(os.environ.get("LAW_SEED", "20261126")) or random.SystemRandom().randrange(1, 10**6)
LAWS = """
    select tenant_code, platform_code, rtv_no, sku_code, batch_no from candidate.fct_rtv_lines
    where declared_qty
            <> accepted_qty + condition_failed_qty + short_qty + wrong_item_in_place_qty + pending_qty
        or received_qty
            <> accepted_qty + condition_failed_qty + excess_qty + substituted_qty + foreign_qty
        or least(declared_qty, received_qty, accepted_qty, condition_failed_qty, short_qty) < 0
        or least(wrong_item_in_place_qty, pending_qty, excess_qty, substituted_qty, foreign_qty) < 0"""
MONEY = """
    select tenant_code, debit_note_no, debit_line_no from candidate.fct_debit_lines
    where debited_minor <> accepted_minor + disputed_minor + written_off_minor
        or disputed_minor <> open_minor + won_minor + lost_minor + clawed_back_minor
        or least(accepted_minor, disputed_minor, open_minor) < 0"""
CUSTODY = """
    with posted as (
        select tenant_code, platform_code, rtv_no, sku_code, batch_no, from_account as account,
            -moved_qty as qty
        from candidate.fct_custody_movements
        union all
        select tenant_code, platform_code, rtv_no, sku_code, batch_no, to_account, moved_qty
        from candidate.fct_custody_movements
    )
    select tenant_code, rtv_no, sku_code, batch_no, account, sum(qty) from posted
    where account in ('transporter', 'gate', 'bay')
    group by 1, 2, 3, 4, 5 having sum(qty) <> 0"""
# What the laws speak of, with all that it is made from.
SPOKEN_OF = ("--select", "+fct_rtv_lines", "+fct_custody_movements", "+fct_debit_lines")
BALANCES = "select count(*) as n from candidate.fct_rtv_lines"


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_the_laws_hold_after_every_step(warehouse_dsn: str) -> None:
    print(f"LAW_SEED={SEED} LAW_HISTORIES={HISTORIES} LAW_STEPS={STEPS}")  # noqa: T201 - shown when it fails
    with psycopg.connect(warehouse_dsn) as connection:
        histories, told = begin_histories(connection, HISTORIES, SEED)
    lines = 0
    run = DbtRun(warehouse_dsn, DAY, "Asia/Kolkata", 2).parsed()
    make(run, "seed")
    for step in range(1, STEPS + 1):
        for history in histories:
            history.step(step * 2)
        with psycopg.connect(warehouse_dsn) as connection:
            told.copy_to(connection)
        make(replace(run, as_of=DAY + timedelta(days=step * 5)), "run", *SPOKEN_OF)
        with psycopg.connect(warehouse_dsn, row_factory=dict_row) as connection:
            for name, query in {"units": LAWS, "money": MONEY, "custody": CUSTODY}.items():
                broken = connection.execute(query.encode()).fetchall()
                assert broken == [], (
                    f"seed {SEED}, step {step}: {name}: {len(broken)} rows, the first {broken[0]}"
                )
            lines = connection.execute(BALANCES.encode()).fetchall()[0]["n"]
    assert lines > HISTORIES


MUTANTS_AS_OF = DAY + timedelta(days=40)
MUTANTS = {
    "a unit too many is accepted": (
        "models/intermediate/units/int_rtv_lines__reconciled.sql",
        "filled_qty - condition_failed_qty as accepted_qty",
        "filled_qty - condition_failed_qty + 1 as accepted_qty",
    ),
    "a wrong item counts as short as well": (
        "models/intermediate/units/int_rtv_lines__reconciled.sql",
        "unseen_qty - wrong_item_in_place_qty else 0 end as short_qty",
        "unseen_qty else 0 end as short_qty",
    ),
    "substitutes stay in excess": (
        "models/intermediate/units/int_rtv_lines__reconciled.sql",
        "surplus_qty - substituted_qty as excess_qty",
        "surplus_qty as excess_qty",
    ),
    "units fill lines twice": (
        "models/intermediate/units/int_unit_lines__assigned.sql",
        "sum(filled.qty)::bigint as qty",
        "2 * sum(filled.qty)::bigint as qty",
    ),
}


@dataclass(frozen=True)
class Told:
    """Some histories told to their end and built soundly, and a copy of the project to break."""

    dsn: str
    project: Path


@pytest.fixture(scope="module")
def told(warehouses: Warehouses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with warehouses.opened() as dsn:
        yield _tell_and_build(dsn, tmp_path_factory.mktemp("mutants"))


def _tell_and_build(dsn: str, folder: Path) -> Told:
    with psycopg.connect(dsn) as connection:
        histories, rows = begin_histories(connection, 80, SEED)
        for step in range(1, 9):
            for history in histories:
                history.step(step * 2)
        rows.copy_to(connection)
    project = folder / "dbt_project"
    shutil.copytree(PROJECT_FOLDER, project, ignore=shutil.ignore_patterns("target", "logs"))
    run = DbtRun(dsn, MUTANTS_AS_OF, "Asia/Kolkata", 2, project_folder=project)
    # What a mutant does not change stands ready for it.
    make(run, "seed")
    make(run, "run", "--select", "fqn:rtv_hub.*")
    return Told(dsn, project)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", range(len(MUTANTS)), ids=list(MUTANTS))
def test_a_mutant_of_the_sql_breaks_a_law(number: int, told: Told, warehouses: Warehouses) -> None:
    path, sound, broken = list(MUTANTS.values())[number]
    text = (told.project / path).read_text(encoding="utf-8")
    assert text.count(sound) == 1, "the mutant's place is not there any more"
    (told.project / path).write_text(text.replace(sound, broken), encoding="utf-8")
    changed = Path(path).stem
    try:
        with warehouses.opened(copy_of=told.dsn) as dsn:
            outcomes, _ = DbtRun(dsn, MUTANTS_AS_OF, "Asia/Kolkata", 2, project_folder=told.project).invoke(
                "build", "--exclude-resource-type", "unit_test",
                "--select", f"{changed}+,+fct_custody_movements", f"{changed}+,+fct_rtv_lines",
            )  # fmt: skip
    finally:
        (told.project / path).write_text(text, encoding="utf-8")
    failed = {outcome.node_id for outcome in outcomes if outcome.node_status in ("fail", "error")}
    assert any(".assert_" in name or ".not_negative" in name for name in failed), sorted(failed)
