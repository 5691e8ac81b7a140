"""What people settle and explain after one build stands in the marts after the next.

Write-offs, closed months, answers that came in by file; articles listed late and codes explained late. One
warehouse with a tenant for each: two builds show them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from rtv_commands.assemble_claims import assemble_claims
from rtv_commands.build import build_warehouse
from rtv_commands.carry_answers import carry_answers
from rtv_commands.close_period import close_period
from rtv_commands.write_off import DebitLineName, decide_write_off, request_write_off
from rtv_core.errors import ConflictError, InvalidInput, NotFound, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role, job
from rtv_core.warehouse.connection import connect, fetch_all
from rtv_core.warehouse.marts import health
from rtv_core.warehouse.marts.health import UnknownStatus, UnlistedLine
from tests.factories import PLATFORM, TRANSPORTER, World, at, on
from tests.fixtures.warehouses import Warehouses

AS_OF = datetime(2026, 12, 31, tzinfo=UTC)
LINE = DebitLineName(PLATFORM, "DN-1", "1")
WAITS = "waits"

pytestmark = pytest.mark.slow


def _person(name: str, role: Role = Role.FINANCE) -> Actor:
    return Actor(ActorKind.PERSON, name, frozenset({role}))


def _tell(world: World) -> None:
    """RTV-1: ten units declared and debited, six came. RTV-2: all came, sold before."""
    world.places()
    world.sku("S1")
    world.dispatch("S1", 30, invoice_no="INV-1", invoice_on=on(-40))
    for rtv_no, awb_no, seen in (("RTV-1", "A1", 6), ("RTV-2", "A2", 5)):
        declared = 10 if rtv_no == "RTV-1" else 5
        world.manifest(rtv_no, [{"sku": "S1", "qty": declared}], awb_no=awb_no, declared_cartons=1)
        world.journey(awb_no, picked_up=1, delivered=1, gate=1)
        world.capture(awb_no, [{"sku": "S1", "qty": seen}], is_last=True)
    world.debit("RTV-1", "S1", 10, debit_note_no="DN-1", line_no="1")


def _rows(dsn: str, query: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return fetch_all(connection, query)


def _tell_of_unknowns(world: World) -> None:
    """An article that the master does not list, and a code that the transporter never explained."""
    world.places()
    world.sku("A")
    world.manifest("LOST", [{"sku": "A", "qty": 2}, {"sku": "NEW", "qty": 3}], awb_no="W1")
    world.event("W1", "unknown", event_at=at(58), raw_code="Z 9", raw_text="SHPMNT COLL")


@dataclass(frozen=True)
class Unknowns:
    """What waits for a word under Data health."""

    lines: list[UnlistedLine]
    codes: list[UnknownStatus]


def _unknowns(dsn: str) -> Unknowns:
    with connect(dsn) as connection:
        return Unknowns(
            health.unlisted_lines(connection, WAITS, limit=10),
            health.unknown_statuses(connection, WAITS, limit=10),
        )


@dataclass(frozen=True)
class TwoBuilds:
    """A warehouse built twice, with what was seen on the way."""

    dsn: str
    unknowns: tuple[Unknowns, Unknowns, Unknowns]
    debit_lines: tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def built(warehouses: Warehouses) -> Iterator[TwoBuilds]:
    with warehouses.opened() as dsn:
        yield _build_twice(dsn)


def _build_twice(dsn: str) -> TwoBuilds:
    with psycopg.connect(dsn) as connection:
        _tell(World(connection))
        _tell_of_unknowns(World(connection, tenant_code=WAITS, _numbers=iter(range(5000, 6000))))
    unknowns = [_unknowns(dsn)]
    build_warehouse(dsn, as_of=AS_OF, run_id="first")
    unknowns.append(_unknowns(dsn))
    first = _debit_line(dsn)
    _settle(dsn)
    with psycopg.connect(dsn) as connection:
        late = World(connection, tenant_code=WAITS, _numbers=iter(range(6000, 7000)))
        late.sku("NEW")
        late.insert("tracking_statuses", transporter_code=TRANSPORTER, raw_code="z9", status="picked_up")
    build_warehouse(dsn, as_of=AS_OF, run_id="second")
    unknowns.append(_unknowns(dsn))
    return TwoBuilds(dsn, (unknowns[0], unknowns[1], unknowns[2]), (first, _debit_line(dsn)))


def _debit_line(dsn: str) -> dict[str, Any]:
    names = (
        "accepted_minor, disputed_minor, written_off_minor, open_minor, won_minor, lost_minor, is_adjustment"
    )
    return _rows(dsn, f"select {names}, period_on from marts.fct_debit_lines")[0]


def _settle(dsn: str) -> None:
    """Everything that people do between the two builds; what is not theirs to do is refused."""
    _write_off(dsn)
    _answer(dsn)
    assert close_period(dsn, date(2026, 11, 9), actor=_person("fay"), now=AS_OF) == 2
    with pytest.raises(ConflictError, match="November 2026"):
        close_period(dsn, date(2026, 10, 1), actor=_person("fay"), now=AS_OF)
    with pytest.raises(InvalidInput, match="not over"):
        close_period(dsn, date(2026, 12, 1), actor=_person("fay"), now=AS_OF)
    with psycopg.connect(dsn) as connection:
        # A newer invoice inside the horizon would be chosen, had the month not been closed.
        newer = World(connection, _numbers=iter(range(1000, 2000)))
        newer.dispatch("S1", 30, invoice_no="INV-2", invoice_on=on(-5))


def test_people_settle_and_the_marts_follow(built: TwoBuilds) -> None:
    # Four units of ten are short and the platform's: 4 × 59.
    before, line = built.debit_lines
    assert before == {
        "accepted_minor": 35400, "disputed_minor": 23600, "written_off_minor": 0, "open_minor": 23600,
        "won_minor": 0, "lost_minor": 0, "is_adjustment": False, "period_on": date(2026, 11, 1),
    }  # fmt: skip
    # The claim was answered on all that is disputed, granted in half: nothing open is left to write off.
    assert (line["accepted_minor"], line["disputed_minor"], line["written_off_minor"]) == (35400, 23600, 0)
    assert (line["won_minor"], line["lost_minor"], line["open_minor"]) == (11800, 11800, 0)
    assert (line["is_adjustment"], line["period_on"]) == (True, date(2026, 12, 1))
    allocations = _rows(
        built.dsn,
        "select rtv_no, invoice_no, allocated_qty, allocation_reason from marts.fct_invoice_allocations "
        "where tenant_code = 'default' order by rtv_no",
    )
    assert [(row["rtv_no"], row["invoice_no"], row["allocated_qty"]) for row in allocations] == [
        ("RTV-1", "INV-1", 6), ("RTV-2", "INV-1", 5),
    ]  # fmt: skip
    assert "is closed with it" in allocations[0]["allocation_reason"]


def test_an_unlisted_article_and_an_unknown_code_wait_for_a_word(built: TwoBuilds) -> None:
    before, waiting, after = built.unknowns
    assert before == after == Unknowns([], [])
    (line,), (code,) = waiting.lines, waiting.codes
    assert (code.raw_code, code.example_text, code.event_count) == ("Z 9", "SHPMNT COLL", 1)
    assert (line.platform_code, line.platform_sku, line.rtvs, line.units) == (PLATFORM, "P-NEW", 1, 3)
    of_them = f"where tenant_code = '{WAITS}' order by 1"
    (moved,) = _rows(built.dsn, f"select stage from marts.fct_rtvs {of_them}")
    lines = _rows(built.dsn, f"select sku_code, declared_qty from marts.fct_rtv_lines {of_them}")
    assert [(line["sku_code"], line["declared_qty"]) for line in lines] == [("A", 2), ("NEW", 3)]
    assert moved["stage"] == "picked_up"


def _write_off(dsn: str) -> None:
    ask = {"actor": _person("ann", Role.CLAIMS), "now": AS_OF}
    with pytest.raises(NotFound, match="DN-9"):
        request_write_off(dsn, DebitLineName(PLATFORM, "DN-9", "1"), 100, "x", **ask)
    with pytest.raises(InvalidInput, match="needs a reason"):
        request_write_off(dsn, LINE, 100, " ", **ask)
    number = request_write_off(dsn, LINE, 23600, "Not worth the letter.", **ask)
    with pytest.raises(InvalidInput, match=r"₹0\.00"):
        request_write_off(dsn, LINE, 1, "More.", **ask)
    with pytest.raises(NotPermitted):
        decide_write_off(dsn, number, is_approved=True, **ask)
    decide_write_off(dsn, number, is_approved=False, actor=_person("fay"), now=AS_OF)
    own = request_write_off(dsn, LINE, 3600, "Rounding.", actor=_person("fay"), now=AS_OF)
    with pytest.raises(ConflictError, match="does not approve it"):
        decide_write_off(dsn, own, is_approved=True, actor=_person("fay"), now=AS_OF)
    decide_write_off(dsn, own, is_approved=True, actor=_person("finn"), now=AS_OF)
    with pytest.raises(ConflictError, match="approved by finn"):
        decide_write_off(dsn, own, is_approved=False, actor=_person("finn"), now=AS_OF)


def _answer(dsn: str) -> None:
    assemble_claims(dsn, actor=job("test"), now=AS_OF)
    (claim,) = _rows(dsn, "select claim_no, claimed_minor from ops.claims where claim_reason = 'unit_short'")
    assert claim["claimed_minor"] == 20000
    with psycopg.connect(dsn) as connection:
        told = World(connection, _numbers=iter(range(3000, 4000)))
        told.insert("claim_outcomes", claim_no=claim["claim_no"], outcome_at=at(20), status="part_accepted",
                    amount=100, rejection_code="their words")  # fmt: skip
        told.insert("claim_outcomes", claim_no="CASE-7", outcome_at=at(21), status="reimbursed", amount=100)
        told.insert("claim_outcomes", claim_no="NOBODY", outcome_at=at(21), status="accepted")
    # Not filed yet: none can be carried, and none is lost.
    assert carry_answers(dsn, now=AS_OF).counts() == {"carried": 0, "refused": 3}
    with connect(dsn) as connection:
        connection.execute(
            "update ops.claims set claim_status = 'filed', filed_at = now(), filing_reference = 'CASE-7' "
            "where claim_reason = 'unit_short'"
        )
    assert carry_answers(dsn, now=AS_OF).counts() == {"carried": 2, "refused": 1}
    assert carry_answers(dsn, now=AS_OF).counts() == {"carried": 0, "refused": 1}
    told_of = _rows(
        dsn,
        """
        select to_status, rejection_code, note, happened_at from ops.claim_events
        where to_status in ('part_accepted', 'reimbursed') order by claim_event_id
        """,
    )
    assert [(row["to_status"], row["rejection_code"], row["note"]) for row in told_of] == [
        ("part_accepted", "other", "their words"), ("reimbursed", None, None),
    ]  # fmt: skip
    assert told_of[0]["happened_at"] == datetime.fromisoformat(at(20))
    (row,) = _rows(
        dsn, "select claim_status, recovered_minor from ops.claims where claim_reason = 'unit_short'"
    )
    assert row == {"claim_status": "reimbursed", "recovered_minor": 10000}
    (left,) = _rows(
        dsn, "select claim_no, refusal_code from ops.claim_answers where refusal_code is not null"
    )
    assert left == {"claim_no": "NOBODY", "refusal_code": "CLAIM_NOT_FOUND"}
