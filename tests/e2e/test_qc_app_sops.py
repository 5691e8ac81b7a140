"""Procedures and kits on a phone without camera or network: steps kept, parts counted, proofs asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.accessibility import barriers
from tests.fixtures.bay import ADMIN, NODE, SIGN_IN, Bay, send_rows
from tests.fixtures.browser import sign

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "qc"
PHONE: ViewportSize = {"width": 360, "height": 740}
AWB, KIT, CANDLE, SOAP = "AWBKIT55501", "8901234500101", "8901234500118", "8901234500125"


@pytest.fixture
def kit_bay(bay: Bay) -> Bay:
    """A bay that expects one consignment of three gift kits: a candle and two soaps each."""
    skus = [
        {
            "sku_code": sku, "gtin": gtin, "title": title, "brand_code": "GLOW", "category": category,
            "mrp": 100, "unit_cost": 40, "hsn_code": "3304", "gst_rate": 18, "is_kit": sku == "KIT-1",
        }
        for sku, gtin, title, category in (
            ("KIT-1", KIT, "Festive gift kit", "hamper"),
            ("CANDLE-1", CANDLE, "Jasmine candle", "candle"),
            ("SOAP-1", SOAP, "Rose soap 75 g", "soap"),
        )
    ]  # fmt: skip
    parts = [
        {"kit_sku_code": "KIT-1", "component_sku_code": "CANDLE-1", "component_qty": 1},
        {"kit_sku_code": "KIT-1", "component_sku_code": "SOAP-1", "component_qty": 2},
    ]
    manifest = {
        "platform_code": "NYRA", "rtv_no": "RTV-KIT-1", "created_at": "2026-11-01T09:00:00+05:30",
        "origin_node": "NYRA-DEL", "destination_node": NODE, "transporter_code": "SWIFT", "awb_no": AWB,
        "declared_cartons": 1, "line_no": 1, "platform_sku": "NY-KIT", "gtin": KIT, "qty": 3,
        "unit_value": 300,
    }  # fmt: skip
    sent = {"skus": skus, "kit_components": parts, "rtv_manifests": [manifest]}
    send_rows(bay.dsn, bay.store, sent, ADMIN, name="kits")
    return bay


@pytest.fixture
def context(browser: Browser, kit_bay: Bay) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=kit_bay.url, viewport=PHONE)
    yield opened
    opened.close()


def add(page: Page, code: str) -> None:
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Add", exact=True).click()


def test_a_kit_is_counted_by_its_procedure_without_a_network(context: BrowserContext, kit_bay: Bay) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready")
    for name, value in SIGN_IN.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Start shift").click()
    sop = page.locator("rtv-sop-strip")
    expect(sop).to_contain_text("Film and camera care · step 1 of 4")
    page.locator("[name=awb]").fill(AWB)
    page.get_by_role("button", name="Open").click()
    expect(sop).to_contain_text("RTV-01 v2")
    context.set_offline(True)
    page.reload()  # The procedures are on the device.
    page.locator("[name=awb]").fill(AWB)
    page.get_by_role("button", name="Open").click()
    expect(sop).to_contain_text("Receive at the gate · step 1 of 5")
    sop.get_by_role("button", name="Next").click()
    expect(sop).to_contain_text("step 2 of 5")
    page.get_by_role("button", name="Broken").click()
    page.get_by_text("Photos and signature").click()
    sign(page)
    assert barriers(page) == []
    page.screenshot(path=SHOTS / "gate-proof-phone.png", full_page=True)
    page.get_by_role("button", name="Received, open a carton").click()
    expect(sop).to_contain_text("RTV-06 v1")
    expect(page.locator(".proofs")).to_contain_text("a photo of the damaged carton")

    add(page, KIT)
    expect(sop).to_contain_text("Grade kits and combos · step 1 of 4")
    expect(sop).to_contain_text("Needed: the count of its components")
    part = page.locator(".part")
    expect(part).to_have_count(2)
    expect(part.nth(1)).to_contain_text("–/2")
    add(page, SOAP)
    expect(part.nth(1)).to_contain_text("1/2")
    add(page, SOAP)
    page.get_by_role("button", name="Undo").click()
    expect(part.nth(1)).to_contain_text("1/2")
    page.get_by_role("button", name="Jasmine candle: one more").click()
    expect(part.nth(0)).to_contain_text("1/1")
    page.locator(".choice-B").click()
    expect(sop).to_contain_text("step 2 of 4")
    expect(page.locator(".proofs")).to_contain_text("Item 1, kit not complete: a photo")
    assert barriers(page) == []
    page.screenshot(path=SHOTS / "kit-phone.png", full_page=True)
    page.get_by_role("button", name="Close carton").click()
    page.get_by_role("switch").check()
    page.get_by_role("button", name="Close and send").click()
    context.set_offline(False)
    expect(page.get_by_role("button", name="All sent")).to_be_visible()

    assert failures == []
    kit_bay.load()
    with connect(kit_bay.dsn) as connection:
        (receipt,) = fetch_all(connection, "select * from raw.gate_receipts")
        papers = fetch_all(connection, "select document_no, sha256 from raw.documents")
        (item,) = fetch_all(connection, "select * from raw.qc_capture_items")
        missing = fetch_all(connection, "select * from raw.qc_capture_missing_components")
        steps = fetch_all(connection, "select * from raw.qc_capture_sop_steps order by shown_at, step_no")
    assert (receipt["sop_code"], receipt["sop_version"]) == ("RTV-01", 2)
    assert [paper["document_no"] for paper in papers] == [f"{receipt['receipt_id']}-signature"]
    sha256 = papers[0]["sha256"]
    picture = kit_bay.store.get_bytes(f"captures/default/{sha256[:2]}/{sha256}.png")
    assert picture.startswith(b"\x89PNG")
    assert receipt["sop_shown_at"] <= receipt["handover_at"]
    assert (item["scanned_code"], item["qty"], item["grade"]) == (KIT, 1, "B")
    assert [(row["sku_code"], row["qty"], row["item_no"]) for row in missing] == [("SOAP-1", 1, 1)]
    assert [(row["sop_code"], row["sop_version"], row["step_no"], row["item_no"]) for row in steps] == [
        ("RTV-07", 1, 1, None),
        ("RTV-06", 1, 1, None),
        ("RTV-04", 1, 1, 1),
        ("RTV-04", 1, 2, 1),
    ]
