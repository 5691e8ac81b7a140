"""Pickup mode on a collector's phone: count, film, photos and signature at the dock, offline; sent later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.accessibility import barriers
from tests.fixtures.bay import AWB, NODE, RTV_NO, SIGN_IN, Bay
from tests.fixtures.browser import LaunchBrowser, sign

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "qc"
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def camera_browser(launch_browser: LaunchBrowser) -> Browser:
    """A Chromium with a camera that shows no code."""
    return launch_browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def context(camera_browser: Browser, bay: Bay) -> Iterator[BrowserContext]:
    opened = camera_browser.new_context(base_url=bay.url, viewport=PHONE)
    opened.grant_permissions(["camera"])
    yield opened
    opened.close()


def test_a_collector_picks_up_without_a_network(context: BrowserContext, bay: Bay) -> None:
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto("/?mode=pickup")
    page.evaluate("() => navigator.serviceWorker.ready")
    for name, value in SIGN_IN.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Start shift").click()
    expect(page.get_by_role("button", name="Pick up")).to_have_attribute("aria-pressed", "true")
    page.locator("[name=awb]").fill(AWB)
    page.get_by_role("button", name="Open").click()
    expect(page.locator("rtv-take-pickup h1")).to_have_text(AWB)
    expect(page.locator("[name=transporter_code]")).to_have_value("SWIFT")
    context.set_offline(True)
    page.get_by_role("button", name="Start film").click()
    expect(page.locator(".rec.on")).to_be_visible()
    page.get_by_role("button", name="One carton more").click()
    page.get_by_role("button", name="Intact").click()
    page.get_by_role("button", name="retaped").click()
    page.locator("[name=weight_kg]").fill("6.4")
    page.get_by_role("button", name="Photo: seal").click()
    expect(page.get_by_role("button", name="Photo: seal 1")).to_be_visible()
    page.locator("[name=signed_by]").fill("R. Iyer")
    sign(page)
    page.get_by_role("button", name="Another box").click()  # One press throws nothing away.
    expect(page.get_by_role("button", name="Throw this pickup away? Press again")).to_be_visible()
    assert barriers(page) == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "pickup-phone.png")
    expect(page.locator(".rec.on")).not_to_contain_text("00:00")  # A film of no second has no bytes.
    page.get_by_role("button", name="Picked up").click()
    expect(page.get_by_text("Offline · 1 kept")).to_be_visible()
    page.reload()  # What was taken at the dock outlives the tab.
    expect(page.get_by_text("Offline · 1 kept")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_role("button", name="All sent")).to_be_visible()

    assert failures == []
    bay.load()
    with connect(bay.dsn) as connection:
        (event,) = fetch_all(connection, "select * from raw.transporter_events")
        papers = fetch_all(connection, "select * from raw.documents order by document_no")
    said = [
        event[name] for name in ("transporter_code", "awb_no", "status", "place", "cartons", "seal_state")
    ]
    assert said == ["SWIFT", AWB, "picked_up", NODE, 2, "intact"]
    assert (float(event["weight_kg"]), event["remark"], event["signed_by"]) == (6.4, "retaped", "R. Iyer")
    assert {paper["rtv_no"] for paper in papers} == {RTV_NO}
    kept = {paper["document_no"].split("-", 2)[2]: paper for paper in papers}
    assert set(kept) == {"film", "photo-1", "signature"}
    starts = {"film": b"\x1a\x45\xdf\xa3", "photo-1": b"\xff\xd8", "signature": b"\x89PNG"}
    for name, paper in kept.items():
        suffix = paper["uri"].rpartition(".")[2]
        data = bay.store.get_bytes(f"captures/default/{paper['sha256'][:2]}/{paper['sha256']}.{suffix}")
        assert data.startswith(starts[name])
        assert hashlib.sha256(data).hexdigest() == paper["sha256"]
