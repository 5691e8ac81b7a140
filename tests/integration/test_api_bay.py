"""The bay's API on a real warehouse: sign-in, expected lines, uploads, records."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from rtv_commands.issue_api_key import issue_api_key
from rtv_commands.register_operator import register_operator
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.warehouse.bay_activity import captures_by_minute, latest_activity, pace
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.bay import ADMIN, AWB, FOREIGN, LEAKY, NODE, OPERATOR, RTV_NO, SIGN_IN, Bay
from tests.fixtures.bay_requests import FILM, SHA, TUS, begin, capture, metadata, patch, post, receipt


def test_a_wrong_pin_a_wrong_node_and_an_unknown_operator_are_refused_alike(bay: Bay) -> None:
    answers = [
        httpx.post(f"{bay.url}/v1/sessions", json={**SIGN_IN, **wrong})
        for wrong in ({"pin": "000000"}, {"node_code": "FC-DEL"}, {"operator_code": "OP-99"})
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert answers[0].json()["code"] == "SIGN_IN_REFUSED"


def test_guessing_a_pin_has_to_wait(bay: Bay) -> None:
    answers = [httpx.post(f"{bay.url}/v1/sessions", json={**SIGN_IN, "pin": f"{n:06d}"}) for n in range(8)]
    assert [answer.status_code for answer in answers] == [401] * 6 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61


def test_expected_lines_come_before_any_build(bay: Bay) -> None:
    with bay.client() as client:
        answer = client.get("/v1/expected", params={"awb": "awb-7781200451"}).json()
        by_rtv = client.get("/v1/expected", params={"rtv_no": RTV_NO.lower()}).json()
    assert [(line["title"], line["declared_qty"], line["sku_code"]) for line in answer["lines"]] == [
        ("Rose toner 100 ml", 2, "SKU-ROSE-100"),
        ("Night cream 50 g", 2, "SKU-CREAM-50"),
        ("Vitamin C serum 30 ml", 2, "SKU-SERUM-30"),
    ]
    assert answer["is_known"] is True
    assert by_rtv["lines"] == answer["lines"]
    assert by_rtv["awb_no"] == AWB


def test_an_unknown_awb_has_no_lines_and_is_no_error(bay: Bay) -> None:
    with bay.client() as client:
        answer = client.get("/v1/expected", params={"awb": "NOWHERE1"})
    assert (answer.status_code, answer.json()["lines"], answer.json()["is_known"]) == (200, [], False)


def test_another_tenant_sees_nothing(bay: Bay) -> None:
    other = Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN}), "brand-b")
    register_operator(
        bay.dsn,
        operator_code="OP-B",
        operator_name="B",
        node_code=NODE,
        pin="112233",
        actor=other,
        now=datetime.now(UTC),
    )
    body = {**SIGN_IN, "tenant_code": "brand-b", "operator_code": "OP-B", "pin": "112233"}
    token = httpx.post(f"{bay.url}/v1/sessions", json=body).json()["token"]
    with httpx.Client(base_url=bay.url, headers={"Authorization": f"Bearer {token}"}) as client:
        assert client.get("/v1/expected", params={"awb": AWB}).json()["lines"] == []
        with bay.client() as owner:
            where = begin(owner)
        assert client.head(where, headers=TUS).status_code == 404


def test_a_film_sent_in_pieces_is_kept_under_its_hash(bay: Bay) -> None:
    with bay.client() as client:
        where = begin(client)
        assert patch(client, where, FILM[:5000], 0).headers["Upload-Offset"] == "5000"
        assert client.head(where, headers=TUS).headers["Upload-Offset"] == "5000"
        assert patch(client, where, FILM[4000:], 4000).status_code == 409
        done = patch(client, where, FILM[5000:], 5000)
        assert (done.status_code, done.headers["Rtv-Sha256"]) == (204, SHA)
        assert client.head(where, headers=TUS).headers["Upload-Offset"] == str(len(FILM))
        assert client.delete(where, headers=TUS).status_code == 204
        assert client.head(where, headers=TUS).status_code == 410
        video = {"sha256": SHA, "started_at": "2026-11-02T10:15:31+05:30", "duration_seconds": 1}
        assert post(client, "captures", capture(video=video)).status_code == 202
    assert bay.store.get_bytes(f"captures/default/{SHA[:2]}/{SHA}.webm") == FILM


def test_a_film_that_hashes_to_something_else_is_not_kept(bay: Bay) -> None:
    with bay.client() as client:
        where = begin(client, sha256="0" * 64)
        answer = patch(client, where, FILM, 0)
        assert (answer.status_code, answer.json()["code"]) == (422, "UPLOAD_HASH_MISMATCH")
        assert client.head(where, headers=TUS).status_code == 410
    assert bay.store.list("captures/") == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "99999999999999"}, 413),
        ({"Upload-Metadata": "filename ###"}, 400),
        ({"Upload-Metadata": metadata(filetype="text/html")}, 415),
    ],
)
def test_a_wrong_creation_is_refused(bay: Bay, headers: dict[str, str], status: int) -> None:
    with bay.client() as client:
        answer = client.post("/v1/uploads", headers={**TUS, "Upload-Length": "10", **headers})
    assert answer.status_code == status, answer.text


def test_a_patch_with_a_wrong_checksum_leaves_the_offset(bay: Bay) -> None:
    with bay.client() as client:
        where = begin(client)
        right = base64.b64encode(hashlib.sha256(FILM[:100]).digest()).decode()
        assert (
            patch(client, where, FILM[1:101], 0, **{"Upload-Checksum": f"sha256 {right}"}).status_code == 460
        )
        assert client.head(where, headers=TUS).headers["Upload-Offset"] == "0"
        assert (
            patch(client, where, FILM[:100], 0, **{"Upload-Checksum": f"sha256 {right}"}).status_code == 204
        )


def test_an_upload_given_up_is_gone(bay: Bay) -> None:
    with bay.client() as client:
        where = begin(client)
        assert client.delete(where, headers=TUS).status_code == 204
        assert client.head(where, headers=TUS).status_code == 404


def test_a_capture_waits_for_its_film_and_then_loads(bay: Bay) -> None:
    video = {"sha256": SHA, "started_at": "2026-11-02T10:15:31+05:30", "duration_seconds": 178.5}
    body = capture(video=video)
    with bay.client() as client:
        where = begin(client)
        early = post(client, "captures", body)
        assert (early.status_code, early.json()["code"]) == (409, "MEDIA_NOT_COMPLETE")
        assert early.json()["facts"]["upload_ids"] == [where.rsplit("/", 1)[1]]
        patch(client, where, FILM, 0)
        accepted = post(client, "captures", body)
        assert accepted.status_code == 202, accepted.text
        bay.load()
        stands = client.get(f"/v1/records/{accepted.json()['file_name']}").json()
    assert (stands["file_status"], stands["rows_loaded"], stands["rows_quarantined"]) == ("loaded", 1, 0)
    with connect(bay.dsn) as connection:
        rows = fetch_all(connection, "select * from raw.qc_captures")
        items = fetch_all(connection, "select * from raw.qc_capture_items order by item_no")
    assert [(row["tenant_code"], row["video_sha256"]) for row in rows] == [("default", SHA)]
    assert rows[0]["video_uri"] == bay.store.uri(f"captures/default/{SHA[:2]}/{SHA}.webm")
    assert [(item["scanned_code"], item["qty"], item["grade"], item["defects"]) for item in items] == [
        (LEAKY, 2, "D", "leaking"),
        (FOREIGN, 1, "A", None),
    ]


def test_a_capture_cannot_name_a_film_of_its_own_choice(bay: Bay) -> None:
    with bay.client() as client:
        patch(client, begin(client), FILM, 0)
        video = {"sha256": SHA, "started_at": "2026-11-02T10:15:31+05:30", "duration_seconds": 1}
        answer = post(client, "captures", capture(video={**video, "uri": "file:///etc/passwd"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "MEDIA_URI_WRONG")


def test_the_same_key_twice_at_once_has_one_effect(bay: Bay) -> None:
    with bay.client() as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(client, "captures", capture()), range(16)))
        other = post(client, "captures", capture(number=2))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert sorted(answer.headers["Idempotency-Replayed"] for answer in answers) == ["false"] + ["true"] * 15
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    with connect(bay.dsn) as connection:
        assert fetch_all(connection, "select count(*) as n from ops.files where way_in = 'api'")[0]["n"] == 1


def test_a_gate_receipt_loads_and_shows_to_the_next_operator(bay: Bay) -> None:
    with bay.client() as client:
        assert post(client, "gate-receipts", receipt()).status_code == 202
        bay.load()
        known = client.get("/v1/expected", params={"awb": AWB}).json()["gate_receipts"]
    assert [(row["receipt_id"], row["cartons_received"], row["seal_state"]) for row in known] == [
        ("gr-00000001", 2, "intact")
    ]


def test_a_record_of_another_node_is_refused(bay: Bay) -> None:
    with bay.client() as client:
        answer = post(client, "gate-receipts", receipt(node_code="FC-DEL"))
    assert (answer.status_code, answer.json()["code"]) == (403, "NODE_NOT_PERMITTED")


def test_a_machine_comes_in_with_its_key(bay: Bay) -> None:
    key = issue_api_key(bay.dsn, key_name="wms", actor=ADMIN, now=datetime.now(UTC))
    with httpx.Client(base_url=bay.url, headers={"Authorization": f"Bearer {key}"}) as client:
        assert client.get("/v1/status").json()["actor"] == "wms"
        assert post(client, "gate-receipts", receipt()).status_code == 202
        forged = client.get("/v1/status", headers={"Authorization": f"Bearer {key[:-1]}x"})
    assert forged.status_code == 401
    with connect(bay.dsn) as connection:
        kept = fetch_all(connection, "select key_hash from ops.api_keys")[0]["key_hash"]
    assert kept not in key


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer abc.def.ghi", "Basic x", "Bearer rtv_x_y"])
def test_nobody_gets_nothing(bay: Bay, token: str) -> None:
    for method, route in (("GET", "/v1/expected?awb=1"), ("GET", "/v1/status"), ("POST", "/v1/uploads")):
        answer = httpx.request(method, bay.url + route, headers={"Authorization": token, **TUS})
        assert answer.status_code == 401


def test_a_body_over_the_limit_is_refused(bay: Bay) -> None:
    with bay.client() as client:
        answer = client.post("/v1/captures", content=b"x" * (bay.settings.api.max_body_bytes + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


def test_a_wrong_body_names_what_is_wrong(bay: Bay) -> None:
    with bay.client() as client:
        answer = post(client, "captures", capture(items=[{"item_no": 0}], unknown=1))
    found = {finding["at"] for finding in answer.json()["facts"]["findings"]}
    assert answer.status_code == 422
    assert {"items.0.item_no", "items.0.grade", "unknown"} <= found


def test_health_and_the_app_are_served_with_safe_headers(bay: Bay) -> None:
    assert httpx.get(f"{bay.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{bay.url}/readyz").json() == {"status": "ready"}
    page = httpx.get(f"{bay.url}/")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{bay.url}/../pyproject.toml").status_code == 404
    assert "/v1/captures" in httpx.get(f"{bay.url}/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    ("method", "route", "content"),
    [
        ("GET", "/v1/expected?rtv_no=%00", b""),
        ("GET", "/v1/expected?awb=%F0%9F%92%A9", b""),
        ("GET", "/v1/expected?awb=A1&rtv_no=%ED%A0%80", b""),
        ("GET", "/v1/records/%00", b""),
        ("GET", "/v1/records/..%2F..%2Fetc%2Fpasswd", b""),
        ("HEAD", "/v1/uploads/..%2Fx", b""),
        ("HEAD", "/v1/uploads/" + "0" * 32, b""),
        ("POST", "/v1/captures", b"[" * 100_000),
        ("POST", "/v1/captures", b'{"awb_no": "\\ud800"}'),
        ("POST", "/v1/gate-receipts", b'{"cartons_received": 1e400, "pod_remark": "\\u0000"}'),
        ("POST", "/v1/gate-receipts", b"\xff\xfe"),
        ("POST", "/v1/sessions", b'{"pin": "1234", "node_code": "\\u0000"}'),
        ("PATCH", "/v1/uploads/" + "0" * 32, b"x"),
    ],
)
def test_hostile_requests_are_refused_and_never_break_the_server(
    bay: Bay, method: str, route: str, content: bytes
) -> None:
    headers = {**TUS, "Idempotency-Key": "key-hostile", "Content-Type": "application/json"}
    with bay.client() as client:
        answer = client.request(method, route, content=content, headers=headers)
        assert client.get("/healthz").status_code == 200
    assert answer.status_code == 200 or 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("remark", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\u2028b", "₹ गीला"])
def test_a_hostile_remark_is_kept_as_it_was_said(bay: Bay, remark: str) -> None:
    with bay.client() as client:
        assert post(client, "gate-receipts", receipt(pod_remark=remark)).status_code == 202
    bay.load()
    with connect(bay.dsn) as connection:
        rows = fetch_all(connection, "select pod_remark from raw.gate_receipts")
    assert [row["pod_remark"] for row in rows] == [remark]


def test_a_lead_sees_what_is_accepted_at_once_and_once(bay: Bay) -> None:
    with bay.client() as client:
        for _ in range(2):
            client.post("/v1/gate-receipts", json=receipt(), headers={"Idempotency-Key": "receipt-1"})
            client.post("/v1/captures", json=capture(), headers={"Idempotency-Key": "capture-1"})
    now = datetime.now(UTC)
    with connect(bay.dsn) as connection:
        seen = latest_activity(connection, "default", since=now - timedelta(hours=1), limit=10)
        (done,) = pace(connection, "default", since=now - timedelta(hours=1))
        minutes = captures_by_minute(connection, "default", since=now - timedelta(hours=1))
    assert [(one.activity_kind, one.awb_no, one.units, one.cartons) for one in seen] == [
        ("capture", AWB, 3, 1),
        ("gate_receipt", AWB, 0, 2),
    ]
    assert (done.operator_code, done.captures, done.units, done.work_seconds) == (OPERATOR, 1, 3, 180)
    assert [(captures, units) for _, captures, units in minutes] == [(1, 3)]
