"""The QC app in a real Chromium whose camera shows real codes: scan, film, grade, close, send, load."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from rtv_commands.build.run_dbt import DbtRun
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.bay import (
    AWB,
    BAY,
    CREAM,
    FOREIGN,
    LEAKY,
    NODE,
    OPERATOR,
    PIN,
    RTV_NO,
    SERUM,
    STATION,
    Bay,
)
from tests.fixtures.browser import LaunchBrowser, cover_the_lens, watch_hosts
from tests.fixtures.models import make_marts
from tests.fixtures.reel import write_reel

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "qc"
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
SLOW = 45_000


@pytest.fixture(scope="module")
def camera_browser(launch_browser: LaunchBrowser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A Chromium whose camera shows the AWB label, then an item, over and over."""
    reel = write_reel(
        tmp_path_factory.mktemp("reel") / "reel.y4m", [(AWB, "Code128"), None, (CREAM, "EAN13"), None], 3.0
    )
    return launch_browser(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={reel}",
    )


@pytest.fixture(params=list(SIZES))
def context(camera_browser: Browser, bay: Bay, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, height = SIZES[request.param]
    opened = camera_browser.new_context(
        base_url=bay.url,
        viewport={"width": width, "height": height},
        locale="en-IN",
        timezone_id="Asia/Kolkata",
    )
    opened.grant_permissions(["camera"])
    opened.set_default_timeout(2 * SLOW)
    yield opened
    opened.close()


def shoot(page: Page, step: str) -> None:
    """Keep a picture of a step, and hold it to having nothing wider than the screen."""
    size = page.viewport_size or {"width": 0}
    name = next(name for name, (width, _) in SIZES.items() if width == size["width"])
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{step}-{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{step} is too wide"


def sign_in(page: Page) -> None:
    page.goto("/")
    for name, value in (("node_code", NODE), ("bay_code", BAY), ("station_code", STATION)):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=operator_code]").fill(OPERATOR)
    page.locator("[name=pin]").fill(PIN)
    shoot(page, "1-sign-in")
    page.get_by_role("button", name="Start shift").click()


def receive_at_gate(page: Page) -> None:
    expect(page.locator("rtv-gate-receipt h1")).to_have_text(AWB, timeout=SLOW)
    expect(page.get_by_text("2 declared")).to_be_visible()
    page.get_by_role("button", name="One carton more").click()
    page.locator("[name=weight_kg]").fill("6.4")
    page.get_by_role("button", name="Broken").click()
    page.get_by_role("button", name="wet", exact=True).click()
    expect(page.locator("[name=weight_kg]")).to_have_value("6.4")
    shoot(page, "3-gate")
    page.get_by_role("button", name="Received, open a carton").click()


def add(page: Page, code: str, grade: str) -> None:
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".item-name .code")).to_have_text(code)
    page.locator(f".choice-{grade}").click()
    expect(page.locator(f".choice-{grade}")).to_have_attribute("aria-pressed", "true")


def close_carton(page: Page, *, is_last: bool) -> None:
    """Close the carton, its last when so."""
    page.get_by_role("button", name="Close carton").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    if is_last:
        page.get_by_role("switch").check()
    shoot(page, "6-close")
    page.get_by_role("button", name="Close and send").click()


def sent_captures(page: Page) -> list[dict[str, Any]]:
    """What the page posts as captures from now on."""
    bodies: list[dict[str, Any]] = []
    page.context.on(
        "request",
        lambda request: (
            bodies.append(json.loads(request.post_data or "{}"))
            if request.method == "POST" and request.url.endswith("/v1/captures")
            else None
        ),
    )
    return bodies


def wait_until_sent(page: Page) -> None:
    expect(page.get_by_role("button", name="All sent")).to_be_visible(timeout=SLOW)


def kept_film(bay: Bay, sha256: str) -> bytes:
    return bay.store.get_bytes(f"captures/default/{sha256[:2]}/{sha256}.webm")


def test_a_box_goes_from_the_camera_to_the_warehouse(context: BrowserContext, bay: Bay) -> None:
    hosts = watch_hosts(context)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda line: failures.append(line.text) if line.type == "error" else None)
    posted = sent_captures(page)
    sign_in(page)
    expect(page.locator("rtv-find-box video")).to_be_visible()
    expect(page.locator(".camera-word")).to_have_count(0, timeout=SLOW)
    shoot(page, "2-find")
    receive_at_gate(page)
    expect(page.locator(".rec.on")).to_be_visible(timeout=SLOW)
    shoot(page, "4-unbox-empty")
    # The camera reads the item by itself.
    expect(page.locator(".bead").first).to_be_visible(timeout=SLOW)
    cover_the_lens(page)
    sizes = page.locator(".grades .choice").evaluate_all(
        "grades => grades.map(grade => [grade.offsetWidth, grade.offsetHeight])"
    )
    assert [size for size in sizes if size[0] < 72 or size[1] < 96] == []
    page.locator(".choice-A").click()
    expect(page.locator(".bead-A").first).to_be_visible()
    add(page, FOREIGN, "B")
    expect(page.get_by_text("not expected here")).to_be_visible()
    add(page, LEAKY, "D")
    page.get_by_role("button", name="Leaking").click()
    page.get_by_role("button", name="Carton crushed").click()
    page.get_by_text("Batch, expiry, MRP, seal").click()
    page.locator("[name=batch_no]").fill("B-77")
    page.locator("[name=expiry_on]").fill("2026-09-30")
    page.locator("[name=mrp]").fill("299")
    page.get_by_role("button", name="Take a photo").click()
    expect(page.get_by_text("1 taken")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "5a-unbox-graded")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    shoot(page, "5b-unbox-tally")
    add(page, SERUM, "A")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{SERUM} taken back")).to_be_visible()
    close_carton(page, is_last=True)
    expect(page.get_by_role("heading", name="Scan the AWB")).to_be_visible(timeout=SLOW)
    wait_until_sent(page)

    assert failures == []
    assert hosts == {"127.0.0.1"}
    body = posted[-1]
    film = kept_film(bay, body["video"]["sha256"])
    assert hashlib.sha256(film).hexdigest() == body["video"]["sha256"]
    assert film.startswith(b"\x1a\x45\xdf\xa3")
    assert body["video"]["duration_seconds"] > 2
    bay.load()
    with connect(bay.dsn) as connection:
        captures = fetch_all(connection, "select * from raw.qc_captures")
        items = fetch_all(connection, "select * from raw.qc_capture_items order by item_no")
        photos = fetch_all(connection, "select * from raw.qc_capture_photos")
        receipts = fetch_all(connection, "select * from raw.gate_receipts")
    assert [(row["awb_no"], row["operator_code"], row["is_last_carton"]) for row in captures] == [
        (AWB, OPERATOR, True)
    ]
    assert captures[0]["video_sha256"] == body["video"]["sha256"]
    assert [(item["scanned_code"], item["qty"]) for item in items] == [
        (item["scanned_code"], item["qty"]) for item in body["items"]
    ]
    leaky = next(item for item in items if item["scanned_code"] == LEAKY)
    assert (leaky["grade"], leaky["defects"], leaky["damage_cause"], leaky["batch_no"]) == (
        "D",
        "leaking",
        "carton",
        "B-77",
    )
    assert {CREAM, FOREIGN, LEAKY} == {item["scanned_code"] for item in items}
    assert [photo["kind"] for photo in photos] == ["defect"]
    assert [(row["cartons_received"], row["seal_state"], row["pod_remark"]) for row in receipts] == [
        (2, "broken", "wet")
    ]
    if (page.viewport_size or {"width": 0})["width"] > 500:
        return  # What the warehouse makes of these rows is the same for both: the phone's are judged.
    pick_up(bay)
    found = judged(bay)
    # It leaks, but it had expired before: one verdict a unit, the first that fires.
    assert found["expired", "SKU-ROSE-100"] == 1
    assert found["unit_short", "SKU-ROSE-100"] == 1
    assert found["unit_short", "SKU-SERUM-30"] == 2
    assert found["foreign_item", None] == 1


PICKED_UP_AT = "2026-11-02T16:40:00+05:30"


def pick_up(bay: Bay) -> None:
    """The collector saw both cartons at the dock; his phone sends late."""
    body = {
        "pickup_id": "pu-00000001",
        "node_code": NODE,
        "bay_code": "DOCK-4",
        "operator_code": OPERATOR,
        "transporter_code": "SWIFT",
        "awb_no": AWB,
        "picked_up_at": PICKED_UP_AT,
        "cartons": 2,
        "seal_state": "intact",
    }
    with bay.client() as client:
        answer = client.post("/v1/pickups", json=body, headers={"Idempotency-Key": "pu-00000001"})
    assert answer.status_code == 202, answer.text
    bay.load()


def judged(bay: Bay) -> dict[tuple[str, str | None], int]:
    """What the marts say of the box, once they are made: units by rule and SKU."""
    run = DbtRun(bay.dsn, datetime.now(UTC), "Asia/Kolkata", 2)
    make_marts(run, "fct_rtv_lines", "fct_discrepancies", "fct_custody_movements", "fct_consignments")
    with connect(bay.dsn) as connection:
        connection.execute("set search_path = candidate")
        lines = fetch_all(connection, "select match_method from fct_rtv_lines where received_qty > 0")
        rows = fetch_all(
            connection,
            "select rule_code, sku_code, sum(discrepancy_qty)::bigint as units from fct_discrepancies "
            "where rtv_no = %s group by rule_code, sku_code",
            (RTV_NO,),
        )
        taken = fetch_all(
            connection,
            "select from_account, sum(moved_qty)::bigint as units, min(moved_at) as moved_at"
            " from fct_custody_movements where rtv_no = %s and to_account = 'transporter' group by 1",
            (RTV_NO,),
        )
        seen = fetch_all(connection, "select picked_up_cartons, pickup_seal_state from fct_consignments")
    assert [tuple(row.values()) for row in taken] == [("platform", 6, datetime.fromisoformat(PICKED_UP_AT))]
    assert [tuple(row.values()) for row in seen] == [(2, "intact")]
    assert {line["match_method"] for line in lines} == {"awb_exact"}
    return {(row["rule_code"], row["sku_code"]): row["units"] for row in rows}


def test_a_carton_left_open_by_a_closed_tab_is_sent_and_goes_on(context: BrowserContext, bay: Bay) -> None:
    page = context.new_page()
    posted = sent_captures(page)
    sign_in(page)
    receive_at_gate(page)
    expect(page.locator(".rec.on")).to_be_visible(timeout=SLOW)
    cover_the_lens(page)
    while page.locator(".bead-open").count():
        page.locator(".choice-A").click()
    add(page, LEAKY, "C")
    page.locator("[name=code]").fill(SERUM)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".bead-open")).to_be_visible()
    expect(page.locator(".rec")).to_contain_text("00:02", timeout=SLOW)
    page.close()
    page = context.new_page()
    page.goto("/")
    # The ungraded item waits in a new capture of the same box.
    expect(page.locator(".work h1")).to_have_text(AWB, timeout=SLOW)
    expect(page.locator(".bead-open")).to_be_visible()
    expect(page.locator(".item-name .code")).to_have_text(SERUM)
    expect(page.get_by_role("button", name="All sent")).to_be_visible(timeout=SLOW)
    first = posted[-1]
    assert LEAKY in {item["scanned_code"] for item in first["items"]}
    assert SERUM not in {item["scanned_code"] for item in first["items"]}
    assert hashlib.sha256(kept_film(bay, first["video"]["sha256"])).hexdigest() == first["video"]["sha256"]


def test_a_film_survives_a_cut_network_and_a_closed_tab(context: BrowserContext, bay: Bay) -> None:
    page = context.new_page()
    posted = sent_captures(page)
    sign_in(page)
    receive_at_gate(page)
    expect(page.locator(".rec.on")).to_be_visible(timeout=SLOW)
    cover_the_lens(page)
    while page.locator(".bead-open").count():
        page.locator(".choice-A").click()
    add(page, LEAKY, "A")
    page.wait_for_timeout(3000)  # The film itself needs some length.
    pieces: list[int] = []

    def cut_after_the_first_piece(route: Route) -> None:
        """Let half of the film through, then pull the plug."""
        if pieces:
            route.abort("internetdisconnected")
            return
        data = route.request.post_data_buffer or b""
        pieces.append(len(data) // 2)
        route.continue_(post_data=data[: len(data) // 2])
        context.set_offline(True)

    context.route(
        "**/v1/uploads/*",
        lambda route: (
            cut_after_the_first_piece(route) if route.request.method == "PATCH" else route.continue_()
        ),
    )
    close_carton(page, is_last=True)
    expect(page.get_by_text("Offline ·")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Offline ·").click()
    expect(page.get_by_role("button", name="End shift")).to_be_disabled()
    shoot(page, "7-queue-offline")
    page.close()
    page = context.new_page()
    page.goto("/")  # No network: the service worker brings the app.
    expect(page.get_by_text("Offline · 1 kept")).to_be_visible(timeout=SLOW)
    assert not bay.store.list("captures/")
    context.unroute_all()
    context.set_offline(False)
    wait_until_sent(page)
    body = posted[-1]
    assert hashlib.sha256(kept_film(bay, body["video"]["sha256"])).hexdigest() == body["video"]["sha256"]
    page.get_by_role("button", name="All sent").click()
    expect(page.get_by_text("kept by the hub")).to_have_count(2)
    shoot(page, "8-queue-sent")
    page.get_by_role("button", name="End shift").click()
    expect(page.get_by_role("button", name="Start shift")).to_be_visible()
    with connect(bay.dsn) as connection:
        files = fetch_all(connection, "select file_name from ops.files where way_in = 'api' order by 1")
        uploads = fetch_all(connection, "select completed_at is not null as is_done from ops.uploads")
    assert [row["file_name"].split("_")[0] for row in files] == ["gate", "qc"]
    assert [row["is_done"] for row in uploads] == [True]
