"""Allocation to invoices against an exact solver: random pools, the same objective level by level."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import monotonic

import psycopg
import pytest
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from rtv_commands.build.run_dbt import DbtRun
from tests.fixtures.warehouses import Warehouses

POOLS = int(os.environ.get("ALLOCATION_POOLS", "1500"))
START = date(2026, 4, 1)
Objective = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Pool:
    """Demands (qty, day, batch, price) and invoice lines (also: in the tax window), newest first."""

    demands: list[tuple[int, date, str | None, int | None]]
    supplies: list[tuple[int, date, str | None, int, bool]]

    def arrays(self) -> list[list[object]]:
        """The arguments of the dealing function."""
        return [
            list(column) for column in (*zip(*self.demands, strict=True), *zip(*self.supplies, strict=True))
        ]

    def cost(self, demand_no: int, supply_no: int) -> tuple[int, int, int, int] | None:
        """What a unit of a demand on an invoice line adds to the objective; None when it is not eligible."""
        (_, on, batch, price), (_, invoiced, its_batch, its_price, is_in_window) = (
            self.demands[demand_no],
            self.supplies[supply_no],
        )
        if invoiced > on:
            return None
        is_same_batch = batch is not None and batch == its_batch
        return (-int(is_same_batch), -int(price == its_price), -int(is_in_window), supply_no + 1)


def _pool(roll: random.Random) -> Pool:
    batches, prices, days = ["A", "B", "C"], [100, 110, 120], roll.choice([3, 20])
    largest = roll.choice([3, 8, 25])
    supplies = [
        (
            roll.randint(0, largest),
            START + timedelta(roll.randint(0, days)),
            roll.choice([*batches, None]),
            roll.choice(prices),
            roll.random() < 0.7,
        )
        for _ in range(roll.randint(1, 9))
    ]
    supplies.sort(key=lambda supply: supply[1], reverse=True)
    demands = [
        (
            roll.randint(1, largest),
            START + timedelta(roll.randint(0, days)),
            roll.choice([*batches, None]),
            roll.choice([*prices, None]),
        )
        for _ in range(roll.randint(1, 9))
    ]
    demands.sort(key=lambda demand: demand[1])
    return Pool(demands, supplies)


def _large_pool(roll: random.Random) -> Pool:
    """More pairs of demands and invoice lines than are dealt pair by pair, short of units."""
    batches, days = [f"B{number}" for number in range(roll.choice([3, 20]))], roll.choice([20, 90])
    supplies = [
        (
            roll.randint(0, 40),
            START + timedelta(roll.randint(0, days)),
            roll.choice([*batches, None]),
            roll.choice([100, 110, 120]),
            roll.random() < 0.7,
        )
        for _ in range(80)
    ]
    demands = [
        (
            roll.randint(1, 25),
            START + timedelta(roll.randint(0, days)),
            roll.choice([*batches, None]),
            roll.choice([100, 110, 120, None]),
        )
        for _ in range(160)
    ]
    return Pool(
        sorted(demands, key=lambda demand: demand[1]),
        sorted(supplies, key=lambda supply: supply[1], reverse=True),
    )


def _exact(pool: Pool) -> Objective:
    """The best objective there is, by a min-cost flow over the whole pool."""
    solver = SimpleMinCostFlow()
    demand_count = len(pool.demands)
    total = sum(qty for qty, *_ in pool.demands)
    base = total * (len(pool.supplies) + 1) + 1
    weights = (base * (total + 1) ** 2, base * (total + 1), base, 1)
    arcs = {}
    for d, (qty, *_) in enumerate(pool.demands):
        solver.set_node_supply(d, qty)
        # What finds no invoice costs more than all else together.
        solver.add_arc_with_capacity_and_unit_cost(
            d, demand_count + len(pool.supplies), qty, base * (total + 1) ** 3
        )
        for s in range(len(pool.supplies)):
            cost = pool.cost(d, s)
            if cost is not None:
                unit = sum(part * weight for part, weight in zip(cost, weights, strict=True))
                arcs[solver.add_arc_with_capacity_and_unit_cost(d, demand_count + s, qty, unit)] = cost
    sink = demand_count + len(pool.supplies)
    for s, (qty, *_) in enumerate(pool.supplies):
        solver.add_arc_with_capacity_and_unit_cost(demand_count + s, sink, qty, 0)
    solver.set_node_supply(sink, -total)
    assert solver.solve() == solver.OPTIMAL
    return _objective(total, [(cost, solver.flow(arc)) for arc, cost in arcs.items()])


def _objective(total: int, used: list[tuple[tuple[int, int, int, int], int]]) -> Objective:
    sums = [sum(cost[level] * qty for cost, qty in used) for level in range(4)]
    return (total - sum(qty for _, qty in used), sums[0], sums[1], sums[2], sums[3])


def _dealt(connection: psycopg.Connection, pool: Pool) -> tuple[Objective, list[tuple[int, int, int]]]:
    types = ("bigint", "date", "text", "bigint", "bigint", "date", "text", "bigint", "boolean")
    holders = ", ".join(f"%s::{kind}[]" for kind in types)
    query = f"select demand_no, supply_no, qty from intermediate.deal_pool({holders})"
    rows = connection.execute(query.encode(), pool.arrays()).fetchall()
    used = []
    for demand_no, supply_no, qty in rows:
        cost = pool.cost(demand_no - 1, supply_no - 1)
        assert cost is not None, "an invoice dated after the return"
        used.append((cost, qty))
    return _objective(sum(qty for qty, *_ in pool.demands), used), rows


@pytest.fixture(scope="module")
def dealer(warehouses: Warehouses) -> Iterator[psycopg.Connection]:
    """A warehouse that has the dealing function, as any run of dbt leaves it."""
    with warehouses.opened() as dsn:
        run = DbtRun(dsn, datetime(2026, 11, 30, tzinfo=UTC), "Asia/Kolkata", 1)
        _, broken = run.invoke("seed", "--select", "thresholds")
        assert broken is None
        with psycopg.connect(dsn) as connection:
            yield connection


@pytest.mark.slow
def test_random_pools_are_dealt_as_well_as_an_exact_solver_deals_them(dealer: psycopg.Connection) -> None:
    seed = int(os.environ.get("ALLOCATION_SEED", "20261126")) or random.SystemRandom().randrange(1, 10**6)
    roll = random.Random(seed)
    worse = []
    for number in range(POOLS):
        pool = _pool(roll)
        told, rows = _dealt(dealer, pool)
        taken: dict[int, int] = {}
        for _, supply_no, qty in rows:
            taken[supply_no] = taken.get(supply_no, 0) + qty
        assert all(0 < qty <= pool.supplies[supply_no - 1][0] for supply_no, qty in taken.items())
        if told != _exact(pool):
            worse.append((number, told, _exact(pool), pool))
    assert worse == [], f"seed {seed}: {len(worse)} of {POOLS} pools, the first {worse[0]}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_large_pools_are_dealt_as_well_as_an_exact_solver_deals_them(
    dealer: psycopg.Connection, seed: int
) -> None:
    pool = _large_pool(random.Random(seed))
    told, rows = _dealt(dealer, pool)
    given: dict[int, int] = {}
    taken: dict[int, int] = {}
    for demand_no, supply_no, qty in rows:
        given[demand_no] = given.get(demand_no, 0) + qty
        taken[supply_no] = taken.get(supply_no, 0) + qty
    assert all(qty <= pool.demands[number - 1][0] for number, qty in given.items())
    assert all(qty <= pool.supplies[number - 1][0] for number, qty in taken.items())
    assert told == _exact(pool)


def test_a_flow_that_is_left_half_improved_is_sound(dealer: psycopg.Connection) -> None:
    roll, gains = random.Random(5), []
    for _ in range(20):
        ends = [roll.sample(range(1, 9), 2) for _ in range(40)]
        tails, heads = [tail for tail, _ in ends], [head for _, head in ends]
        costs, rooms = [roll.randint(-5, 8) for _ in ends], [roll.randint(0, 5) for _ in ends]
        found = []
        for effort in (1, 10**6):
            row = dealer.execute(
                "select intermediate.improved_flow("
                "%s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s)",
                (tails, heads, costs, rooms, [0] * 40, effort),
            ).fetchone()
            assert row is not None
            flows = row[0]
            assert all(0 <= flow <= room for flow, room in zip(flows, rooms, strict=True))
            kept = dict.fromkeys(range(1, 9), 0)
            for flow, tail, head in zip(flows, tails, heads, strict=True):
                kept[tail] -= flow
                kept[head] += flow
            assert set(kept.values()) == {0}
            found.append(sum(flow * cost for flow, cost in zip(flows, costs, strict=True)))
        gains.append(found[0] - found[1])
    assert min(gains) >= 0
    assert max(gains) > 0


def test_an_early_return_keeps_the_only_invoice_it_may_use(dealer: psycopg.Connection) -> None:
    pool = Pool(
        [(5, date(2026, 5, 1), None, 100), (5, date(2026, 6, 1), "A", 100)],
        [(5, date(2026, 5, 20), "B", 100, True), (5, date(2026, 4, 20), "A", 100, True)],
    )
    _, rows = _dealt(dealer, pool)
    assert sorted(rows) == [(1, 2, 5), (2, 1, 5)]


def test_a_batch_is_left_to_the_return_that_names_it(dealer: psycopg.Connection) -> None:
    pool = Pool(
        [(4, date(2026, 5, 1), None, 100), (4, date(2026, 6, 1), "A", 100)],
        [(4, date(2026, 4, 20), "A", 100, True), (9, date(2026, 4, 2), "B", 90, True)],
    )
    _, rows = _dealt(dealer, pool)
    assert sorted(rows) == [(1, 2, 4), (2, 1, 4)]


def test_a_large_pool_without_contention_takes_seconds(dealer: psycopg.Connection) -> None:
    demands = [(3, date(2026, 11, 1), None, 100) for _ in range(20_000)]
    supplies = [(100, date(2026, 4, 1) + timedelta(99 - n // 10), None, 100, True) for n in range(1000)]
    started = monotonic()
    objective, _ = _dealt(dealer, Pool(demands, supplies))
    assert objective[0] == 0
    assert monotonic() - started < 5
