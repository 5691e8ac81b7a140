"""Consignments that wait at the gate are given to operators, handed over and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from rtv_commands.assign_consignment import Wish, assign_consignment
from rtv_commands.end_shift import end_shift
from rtv_commands.issue_api_key import issue_api_key
from rtv_commands.register_operator import check_operator, register_operator
from rtv_core.errors import ConflictError, InvalidInput, NotFound, NotPermitted, RtvError
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.model.assignment import Assignee, Assignment, Consignment
from rtv_core.warehouse.assignment_store import assignments_of_awb, held_consignments
from rtv_core.warehouse.audit_trail import list_audit
from rtv_core.warehouse.bay_activity import Activity, note_activity
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.bay import ADMIN, AWB, NODE, OPERATOR, PIN, Bay
from tests.fixtures.bay_requests import capture, post, receipt

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SHIFT = timedelta(hours=9)
LEAD = Actor(ActorKind.PERSON, "lead", frozenset({Role.BAY_LEAD}))
BOX = Consignment(NODE, AWB)
ASHA, RAVI = Assignee("OP-7"), Assignee("OP-8")


def operator(code: str) -> Actor:
    return Actor(ActorKind.PERSON, code, frozenset({Role.OPERATOR}))


def wish(dsn: str, assignee: Assignee, seen: int | None = None, **changes: Any) -> Assignment | None:
    asked = {"actor": LEAD, "now": NOW, "shift": SHIFT, **changes}
    box = asked.pop("box", BOX)
    return assign_consignment(dsn, Wish(box, assignee, seen), **asked)


def assigned(dsn: str, assignee: Assignee, seen: int | None = None, **changes: Any) -> Assignment:
    made = wish(dsn, assignee, seen, **changes)
    assert made is not None
    return made


def story(dsn: str) -> list[tuple[str | None, str | None, str | None]]:
    with connect(dsn) as connection:
        rows = fetch_all(
            connection,
            "select operator_code, handed_over_from, ended_how from ops.bay_assignments "
            "order by assignment_id",
        )
    return [(row["operator_code"], row["handed_over_from"], row["ended_how"]) for row in rows]


@pytest.fixture
def gate(warehouse_dsn: str) -> str:
    """A consignment at the gate of a node with two operators, and one operator elsewhere."""
    for code, node in (("OP-7", NODE), ("OP-8", NODE), ("OP-9", "FC-DEL")):
        register_operator(
            warehouse_dsn,
            operator_code=code,
            operator_name=code,
            node_code=node,
            pin=PIN,
            actor=ADMIN,
            now=NOW,
        )
    at_gate = Activity("gate_receipt", NODE, "BAY-1", "OP-7", "awb 7781-200451", 0, 2, 0, NOW)
    with connect(warehouse_dsn) as connection:
        note_activity(connection, "default", at_gate)
    return warehouse_dsn


def test_an_assignment_lasts_until_the_operators_shift_ends_and_a_hand_over_outlives_it(gate: str) -> None:
    check_operator(
        gate,
        tenant_code="default",
        node_code=NODE,
        operator_code="OP-7",
        pin=PIN,
        now=NOW - timedelta(hours=8),
    )
    first = assigned(gate, ASHA)
    assert first.lapses_at == NOW + timedelta(hours=1)
    later = NOW + timedelta(minutes=30)
    over = assigned(gate, RAVI, first.assignment_id, actor=operator("OP-7"), now=later)
    assert (over.handed_over_from, over.assigned_by, over.lapses_at) == ("OP-7", "OP-7", later + SHIFT)
    with connect(gate) as connection:
        (held,) = held_consignments(
            connection, "default", node_code=NODE, now=NOW + timedelta(hours=2), limit=9
        )
        assert (held.operator_code, held.handed_over_from, held.captures) == ("OP-8", "OP-7", 0)
        assert held_consignments(connection, "default", node_code=NODE, now=later + SHIFT, limit=9) == []
    next_day = assigned(gate, ASHA, now=later + SHIFT + timedelta(hours=1))
    assert next_day.handed_over_from is None
    assert story(gate) == [
        ("OP-7", None, "handed_over"),
        ("OP-8", "OP-7", "shift_ended"),
        ("OP-7", None, None),
    ]


def test_the_end_of_a_shift_leaves_what_was_not_handed_over_and_nothing_of_others(gate: str) -> None:
    assigned(gate, ASHA)
    left = end_shift(gate, actor=operator("OP-7"), now=NOW + timedelta(hours=1))
    assert [(one.awb_no, one.operator_code) for one in left] == [(AWB, "OP-7")]
    assert end_shift(gate, actor=operator("OP-7"), now=NOW + timedelta(hours=1)) == []
    assigned(gate, RAVI)
    assert end_shift(gate, actor=operator("OP-7"), now=NOW + timedelta(hours=1)) == []
    assert story(gate) == [("OP-7", None, "shift_ended"), ("OP-8", None, None)]


def test_each_move_is_in_the_audit_trail_once_and_the_same_again_is_not(gate: str) -> None:
    first = assigned(gate, ASHA)
    assert assigned(gate, ASHA) == first
    second = assigned(gate, RAVI, first.assignment_id)
    assert assigned(gate, RAVI, first.assignment_id) == second
    assert wish(gate, Assignee(), second.assignment_id) is None
    assert wish(gate, Assignee(), second.assignment_id) is None
    with connect(gate) as connection:
        told = [
            (row["verb"], row["detail"]["was_with"], row["detail"]["operator_code"])
            for row in list_audit(connection, "default", object_id=f"{NODE}/{AWB}")
        ]
    assert told == [
        ("take_back_consignment", "OP-8", None),
        ("hand_over_consignment", "OP-7", "OP-8"),
        ("assign_consignment", None, "OP-7"),
    ]


@pytest.mark.parametrize(
    ("assignee", "box", "kind", "code"),
    [
        (ASHA, Consignment(NODE, "AWB-NOT-HERE"), NotFound, "NOT_AT_GATE"),
        (ASHA, Consignment("FC-DEL", AWB), InvalidInput, "OPERATOR_NOT_AT_NODE"),
        (Assignee("OP-9"), BOX, InvalidInput, "OPERATOR_NOT_AT_NODE"),
    ],
)
def test_only_what_waits_is_given_and_only_to_who_works_there(
    gate: str, assignee: Assignee, box: Consignment, kind: type[RtvError], code: str
) -> None:
    if box.node_code != NODE:
        with connect(gate) as connection:
            note_activity(
                connection, "default", Activity("gate_receipt", box.node_code, "B", "OP-9", AWB, 0, 1, 0, NOW)
            )
    with pytest.raises(kind) as refused:
        wish(gate, assignee, box=box)
    assert refused.value.code == code
    assert story(gate) == []


def test_who_is_neither_operator_nor_lead_moves_nothing(gate: str) -> None:
    with pytest.raises(NotPermitted):
        wish(gate, ASHA, actor=Actor(ActorKind.KEY, "erp", frozenset({Role.MACHINE, Role.AUDITOR})))
    assert story(gate) == []


def test_of_leads_who_assign_at_once_one_wins_and_the_others_are_told(gate: str) -> None:
    def give(number: int) -> str:
        try:
            return str(assigned(gate, (ASHA, RAVI)[number % 2]).operator_code)
        except ConflictError as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(give, range(8)))
    ((winner, _, _),) = story(gate)
    assert said.count(str(winner)) == 4
    assert said.count("ASSIGNMENT_CHANGED") == 4


def test_another_tenant_and_another_node_see_nothing(gate: str) -> None:
    assigned(gate, ASHA)
    with connect(gate) as connection:
        assert held_consignments(connection, "brand-b", node_code=None, now=NOW, limit=9) == []
        assert held_consignments(connection, "default", node_code="FC-DEL", now=NOW, limit=9) == []
        assert assignments_of_awb(connection, "default", AWB, node_code="FC-DEL", now=NOW) == []
        assert assignments_of_awb(connection, "brand-b", AWB, node_code=None, now=NOW) == []
    elsewhere = Actor(ActorKind.PERSON, "lead", frozenset({Role.BAY_LEAD}), "brand-b")
    with pytest.raises(NotFound):
        wish(gate, Assignee(bay_code="BAY-1"), actor=elsewhere)


@pytest.fixture
def lead(bay: Bay) -> Iterator[httpx.Client]:
    key = issue_api_key(
        bay.dsn,
        key_name="lead",
        actor=ADMIN,
        now=datetime.now(UTC),
        roles=(Role.BAY_LEAD,),
        node_code=NODE,
    )
    with httpx.Client(base_url=bay.url, headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


def test_the_station_sees_who_is_to_open_a_box_from_the_scan_to_its_last_carton(
    bay: Bay, lead: httpx.Client
) -> None:
    wanted = {"node_code": NODE, "awb_no": AWB, "operator_code": OPERATOR, "bay_code": "BAY-1"}
    assert lead.put("/v1/assignments", json=wanted).json()["code"] == "NOT_AT_GATE"
    with bay.client() as station:
        assert post(station, "gate-receipts", receipt()).status_code == 202
        assert lead.put("/v1/assignments", json=wanted).json()["assignment"]["operator_code"] == OPERATOR
        (seen,) = station.get("/v1/expected", params={"awb": "awb-7781200451"}).json()["assignments"]
        assert (seen["operator_code"], seen["bay_code"], seen["assigned_by"]) == (OPERATOR, "BAY-1", "lead")
        elsewhere = lead.put("/v1/assignments", json={**wanted, "node_code": "FC-DEL"})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "NODE_NOT_PERMITTED")
        quicker = lead.put("/v1/assignments", json={**wanted, "operator_code": None})
        assert (quicker.status_code, quicker.json()["code"]) == (409, "ASSIGNMENT_CHANGED")
        assert quicker.json()["facts"]["assignment_id"] == seen["assignment_id"]
        post(station, "captures", capture(1, is_last_carton=False), "key-00000002")
        (held,) = station.get("/v1/assignments").json()["items"]
        assert (held["captures"], held["worked_on_by"]) == (1, OPERATOR)
        post(station, "captures", capture(2), "key-00000003")
        assert lead.get("/v1/assignments").json()["items"] == []
        assert story(bay.dsn) == [(OPERATOR, None, "done")]


def test_a_shift_ends_by_the_stations_call(bay: Bay, lead: httpx.Client) -> None:
    with bay.client() as station:
        post(station, "gate-receipts", receipt())
        lead.put("/v1/assignments", json={"node_code": NODE, "awb_no": AWB, "operator_code": OPERATOR})
        assert [one["awb_no"] for one in station.post("/v1/shifts/end").json()["left"]] == [AWB]
        assert station.get("/v1/expected", params={"awb": AWB}).json()["assignments"] == []
    assert lead.post("/v1/shifts/end").status_code == 403
