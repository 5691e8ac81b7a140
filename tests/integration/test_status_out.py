"""Who keeps in step with us hears each change of a consignment once, by webhook and by pulling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from rtv_commands import tell_status as telling
from rtv_commands.issue_api_key import issue_api_key
from rtv_commands.send_outbound import send_outbound
from rtv_commands.tell_status import tell_status
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import Settings
from rtv_core.warehouse.connection import connect
from tests.fixtures.bay import NODE, Bay
from tests.fixtures.webhook_receiver import SECRET, webhook_receiver

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
# A stand-in of the published marts: the columns that are told.
_MARTS = """
create table marts.fct_consignments (
    tenant_code text, consignment_key text, transporter_code text, awb_no text, platform_code text,
    rtv_no text, origin_node text, destination_node text, node_code text, bay_code text, stage text,
    is_qc_complete boolean, declared_qty bigint, scanned_qty bigint, declared_cartons bigint,
    picked_up_cartons bigint,
    delivered_cartons bigint, gate_cartons bigint, captured_cartons bigint, gate_seal_state text,
    pod_remark text, picked_up_at timestamptz, delivered_at timestamptz, handover_at timestamptz,
    qc_started_at timestamptz, qc_completed_at timestamptz
);
create table marts.fct_captured_items (
    tenant_code text, transporter_code text, awb_no text, grade text, qty bigint
);
"""


def _execute(dsn: str, query: str, parameters: tuple[Any, ...] = ()) -> None:
    with connect(dsn) as connection:
        connection.execute(query.encode(), parameters or None)


def add(dsn: str, key: str, *, node: str = NODE, tenant: str = "default", stage: str = "at_gate") -> None:
    _execute(
        dsn,
        "insert into marts.fct_consignments (tenant_code, consignment_key, transporter_code, awb_no, "
        "destination_node, node_code, stage, is_qc_complete, declared_qty, scanned_qty, handover_at) "
        "values (%s, %s, 'SWIFT', %s, 'FC-HUB', %s, %s, false, 6, 0, '2026-11-19 10:00+05:30')",
        (tenant, key, f"AWB-{key}", node, stage),
    )


def client(bay: Bay, *, tenant: str = "default", node_code: str | None = None) -> httpx.Client:
    actor = Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN}), tenant)
    key = issue_api_key(bay.dsn, key_name="erp", actor=actor, now=NOW, node_code=node_code)
    return httpx.Client(base_url=bay.url, headers={"Authorization": f"Bearer {key}"})


def changes(who: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = who.get("/v1/status/consignments", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def published(bay: Bay) -> Bay:
    _execute(bay.dsn, _MARTS)
    return bay


def test_before_any_build_there_is_nothing_to_tell(bay: Bay) -> None:
    assert tell_status(bay.dsn, push=True, now=NOW).counts() == {"changes": 0, "messages": 0}
    with client(bay) as erp:
        assert changes(erp) == {"items": [], "next_after": 0, "has_more": False}


def test_each_change_is_told_once_and_alike_by_both_ways(published: Bay) -> None:
    dsn = published.dsn
    add(dsn, "k1")
    assert tell_status(dsn, push=True, now=NOW).counts() == {"changes": 1, "messages": 1}
    assert tell_status(dsn, push=True, now=NOW).counts() == {"changes": 0, "messages": 0}
    _execute(dsn, "update marts.fct_consignments set stage = 'in_qc', scanned_qty = 5")
    _execute(dsn, "insert into marts.fct_captured_items select 'default', 'SWIFT', 'AWB-k1', g, q "
                  "from (values ('A', 2), ('A', 2), ('D', 1)) as t (g, q)")  # fmt: skip
    assert tell_status(dsn, push=True, now=NOW).changes == 1
    with client(published) as erp, webhook_receiver() as receiver:
        pulled = changes(erp)
        outbound = {"webhook_url": receiver.url, "webhook_secret": SECRET}
        sent = send_outbound(dsn, Settings.model_validate({"outbound": outbound}), datetime.now(UTC))
        assert (sent.counts()["sent"], receiver.rejected) == (2, [])
        assert {event["type"] for event in receiver.events} == {"rtv-hub.consignment.status"}
        pushed = [event["data"] for event in receiver.events]
    assert [(item["stage"], item["scanned_qty"], item["units_by_grade"]) for item in pulled["items"]] == [
        ("at_gate", 0, {}),
        ("in_qc", 5, {"A": 4, "D": 1}),
    ]
    assert pulled["items"][0]["handover_at"] == "2026-11-19T04:30:00Z"
    times = {"changed_at", "handover_at"}
    for one, other in zip(pushed, pulled["items"], strict=True):
        assert {name: value for name, value in one.items() if name not in times} == {
            name: value for name, value in other.items() if name not in times
        }


def test_a_consignment_that_stands_no_longer_is_withdrawn_once(published: Bay) -> None:
    add(published.dsn, "k1")
    tell_status(published.dsn, push=False, now=NOW)
    _execute(published.dsn, "delete from marts.fct_consignments")
    assert tell_status(published.dsn, push=False, now=NOW).changes == 1
    assert tell_status(published.dsn, push=False, now=NOW).changes == 0
    add(published.dsn, "k1")
    tell_status(published.dsn, push=False, now=NOW)
    with client(published) as erp:
        stages = [item["stage"] for item in changes(erp)["items"]]
    assert stages == ["at_gate", "withdrawn", "at_gate"]


def test_pages_follow_the_cursor_without_gap_or_repeat(
    published: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_BATCH", 2)
    for number in range(5):
        add(published.dsn, f"k{number}")
    assert tell_status(published.dsn, push=False, now=NOW).changes == 5
    seen, after, pages = [], 0, 0
    with client(published) as erp:
        has_more = True
        while has_more:
            page = changes(erp, after=after, limit=2)
            seen += [item["consignment_key"] for item in page["items"]]
            after, has_more, pages = page["next_after"], page["has_more"], pages + 1
        assert changes(erp, after=after) == {"items": [], "next_after": after, "has_more": False}
        assert [item["consignment_key"] for item in changes(erp, awb="AWB-k3")["items"]] == ["k3"]
    assert (seen, pages) == (["k0", "k1", "k2", "k3", "k4"], 3)


def test_nobody_hears_of_another_tenant_or_node(published: Bay) -> None:
    add(published.dsn, "here")
    add(published.dsn, "there", node="FC-DEL")
    add(published.dsn, "theirs", tenant="brand-b")
    tell_status(published.dsn, push=False, now=NOW)

    def heard(who: httpx.Client) -> list[str]:
        with who:
            return [item["consignment_key"] for item in changes(who)["items"]]

    assert heard(client(published)) == ["here", "there"]
    assert heard(client(published, node_code=NODE)) == ["here"]
    assert heard(client(published, node_code="FC-HUB")) == ["here", "there"]
    assert heard(client(published, node_code="FC-XYZ")) == []
    assert heard(client(published, tenant="brand-b")) == ["theirs"]
    assert heard(published.client()) == ["here"]


def test_two_who_tell_at_once_tell_each_change_once(published: Bay) -> None:
    for number in range(20):
        add(published.dsn, f"k{number:02}")
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: tell_status(published.dsn, push=True, now=NOW).changes, range(4)))
    assert sum(told) == 20


def test_a_wrong_question_is_refused(bay: Bay) -> None:
    wrong = [{"after": -1}, {"after": 2**63}, {"limit": 0}, {"limit": 1001}, {"awb": ""}]
    with client(bay) as erp:
        answers = [erp.get("/v1/status/consignments", params=asked) for asked in wrong]
    assert {answer.status_code for answer in answers} == {422}
