"""A platform's, CFA's or transporter's key opens its own consignments, its own pickups, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from ingest.api.routes.status import ConsignmentChange
from rtv_commands.issue_api_key import check_api_key, issue_api_key
from rtv_commands.revoke_api_key import revoke_api_key
from rtv_core.errors import InvalidInput, NotFound, NotPermitted
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.warehouse.audit_trail import list_audit
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.bay import ADMIN, NODE, Bay, send_rows

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
OPENS = {"GET /v1/status/consignments", "POST /v1/pickups"}
PATHS = {
    "upload_id": "0" * 32,
    "file_name": "qc_captures_cap-00000001.jsonl",
    "picture_sha256": "0" * 64,
}
# (consignment, tenant, platform, transporter, origin, destination, where it was received)
CONSIGNMENTS = [
    ("nyra", "default", "NYRA", "SWIFT", "NYRA-DEL", NODE, NODE),
    ("other", "default", "MYTA", "BLUE", "MYTA-DEL", NODE, NODE),
    ("cfa", "default", "MYTA", "BLUE", "MYTA-DEL", "CFA-1", None),
    ("from_cfa", "default", "MYTA", "BLUE", "CFA-1", NODE, NODE),
    ("theirs", "brand-b", "NYRA", "SWIFT", "CFA-1", "CFA-1", "CFA-1"),
]


def partner(bay: Bay, party_code: str, **scope: Any) -> httpx.Client:
    key = issue_api_key(
        bay.dsn,
        key_name=f"key of {party_code}",
        actor=ADMIN,
        now=NOW,
        roles=(Role.PARTNER,),
        party_code=party_code,
        **scope,
    )
    return httpx.Client(base_url=bay.url, headers={"Authorization": f"Bearer {key}"})


def tell(dsn: str) -> None:
    example = ConsignmentChange.model_json_schema()["example"]
    with connect(dsn) as connection:
        for key, tenant, platform, transporter, origin, destination, node in CONSIGNMENTS:
            status = {name: example[name] for name in example if name not in {"cursor", "changed_at"}}
            del status["consignment_key"]
            status |= {"platform_code": platform, "transporter_code": transporter, "origin_node": origin}
            connection.execute(
                """insert into ops.status_changes (tenant_code, consignment_key, awb_no, node_code,
                       destination_node, changed_at, consignment_status)
                   values (%s, %s, %s, %s, %s, now(), %s)""",
                (tenant, key, f"AWB-{key}", node, destination, Jsonb(status)),
            )


def told(client: httpx.Client, **asked: Any) -> list[str]:
    rows = client.get("/v1/status/consignments", params=asked)
    return [row["consignment_key"] for row in rows.raise_for_status().json()["items"]]


def pickup(**changes: Any) -> dict[str, Any]:
    return {
        "pickup_id": "pu-00000001",
        "node_code": "NYRA-DEL",
        "bay_code": "DOCK-4",
        "operator_code": "driver-9",
        "transporter_code": "SWIFT",
        "awb_no": "AWB7781200451",
        "picked_up_at": "2026-11-02T16:40:00+05:30",
        "cartons": 2,
        "seal_state": "intact",
        **changes,
    }


@pytest.fixture
def swift(bay: Bay) -> Iterator[httpx.Client]:
    with partner(bay, "SWIFT") as client:
        yield client


def test_no_route_but_its_own_answers_a_partner(bay: Bay, swift: httpx.Client) -> None:
    description = swift.get("/openapi.json").json()
    examples = {name: schema.get("example") for name, schema in description["components"]["schemas"].items()}
    guarded = {
        f"{method.upper()} {path}": operation
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
        if "security" in operation
    }
    answers = {}
    for label, operation in guarded.items():
        method, path = label.split(" ")
        content = operation.get("requestBody", {}).get("content", {})
        body = content.get("application/json", {}).get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
        headers = {"Idempotency-Key": "key-of-a-partner", "Tus-Resumable": "1.0.0", "Upload-Length": "9"}
        answers[label] = swift.request(
            method, path.format(**PATHS), headers=headers, json=examples[body] if body else None
        )
    assert guarded.keys() > OPENS
    assert len(guarded) >= 14
    for label, answer in answers.items():
        if label in OPENS:
            continue
        assert answer.status_code == 403, f"{label}: {answer.status_code} {answer.text}"
        if not label.startswith("HEAD"):
            assert answer.json()["code"] == "PARTNER_NOT_PERMITTED"
    assert answers["GET /v1/status/consignments"].status_code == 200
    with connect(bay.dsn) as connection:
        assert fetch_all(connection, "select file_name from ops.files where way_in = 'api'") == []
        assert fetch_all(connection, "select upload_id from ops.uploads") == []


def test_a_partner_hears_of_its_own_consignments_alone(bay: Bay) -> None:
    cfa = {"node_code": "CFA-1", "node_name": "Care", "node_role": "cfa", "party_code": "CARE"}
    send_rows(bay.dsn, bay.store, {"nodes": [{**cfa, "timezone": "Asia/Kolkata"}]}, ADMIN)
    tell(bay.dsn)
    sees = {
        ("NYRA", None): ["nyra"],
        ("BLUE", None): ["other", "cfa", "from_cfa"],
        ("CARE", None): ["cfa", "from_cfa"],
        ("MYTA", NODE): ["other", "from_cfa"],
        ("NOBODY", None): [],
    }
    heard = {}
    for party_code, node_code in sees:
        with partner(bay, party_code, node_code=node_code) as client:
            heard[party_code, node_code] = told(client)
            assert told(client, awb="AWB-theirs") == []
    assert heard == sees


def test_a_transporter_says_what_it_picked_up_itself_and_shows_no_film_of_the_house(
    bay: Bay, swift: httpx.Client
) -> None:
    def send(number: int, **changes: Any) -> httpx.Response:
        return swift.post(
            "/v1/pickups", json=pickup(**changes), headers={"Idempotency-Key": f"key-{number:08}"}
        )

    shown = {
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "taken_at": str(NOW),
    }
    assert send(1, transporter_code="BLUE").json()["code"] == "PARTY_NOT_PERMITTED"
    assert send(2, signature=shown).json()["code"] == "PARTNER_MEDIA_REFUSED"
    assert send(3).status_code == 202
    bay.load()
    with connect(bay.dsn) as connection:
        (row,) = fetch_all(connection, "select transporter_code, status, cartons from raw.transporter_events")
    assert row == {"transporter_code": "SWIFT", "status": "picked_up", "cartons": 2}


@pytest.mark.parametrize(
    ("roles", "party_code"),
    [
        ((), None),
        ((Role.PARTNER,), None),
        ((Role.MACHINE,), "SWIFT"),
        ((Role.PARTNER, Role.ADMIN), "SWIFT"),
    ],
)
def test_a_partner_is_one_party_and_nothing_else(
    warehouse_dsn: str, roles: tuple[Role, ...], party_code: str | None
) -> None:
    with pytest.raises(InvalidInput, match="partner goes alone"):
        issue_api_key(warehouse_dsn, key_name="k", actor=ADMIN, now=NOW, roles=roles, party_code=party_code)


def test_a_revoked_key_opens_nothing_and_only_its_tenant_revokes_it(warehouse_dsn: str) -> None:
    key = issue_api_key(warehouse_dsn, key_name="k", actor=ADMIN, now=NOW)
    key_id = key.split("_")[1]
    elsewhere = Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN}), "brand-b")
    with pytest.raises(NotFound):
        revoke_api_key(warehouse_dsn, key_id, actor=elsewhere, now=NOW)
    assert check_api_key(warehouse_dsn, key)[0].name == "k"
    revoke_api_key(warehouse_dsn, key_id, actor=ADMIN, now=NOW)
    with pytest.raises(NotPermitted):
        check_api_key(warehouse_dsn, key)
    with connect(warehouse_dsn) as connection:
        assert [row["verb"] for row in list_audit(connection, "default", object_id=key_id)] == [
            "revoke_api_key",
            "issue_api_key",
        ]
