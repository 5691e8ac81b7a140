"""An item that cannot be scanned is found by what is on it, with its picture, with a network and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rtv_commands.add_pictures import add_pictures
from rtv_core.identity import Actor, ActorKind, Role
from tests.fixtures.accessibility import barriers
from tests.fixtures.bay import ADMIN, AWB, LEAKY, SIGN_IN, Bay, send_rows
from tests.fixtures.browser import watch_hosts
from tests.fixtures.pictures import draw_product

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "qc"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
ELSEWHERE = {
    "sku_code": "SKU-LIP-9",
    "gtin": "8901234500095",
    "title": "Rouge lipstick 9",
    "brand_code": "GLOW",
    "category": "cosmetics",
    "mrp": 399,
    "unit_cost": 90,
    "hsn_code": "3304",
    "gst_rate": 18,
    "is_kit": False,
}


@pytest.fixture
def pictured(bay: Bay, tmp_path: Path) -> Bay:
    """The bay with a picture for one item of the list, and for one that stands on no list."""
    machine = Actor(ActorKind.JOB, "fixture", frozenset({Role.MACHINE}))
    send_rows(bay.dsn, bay.store, {"skus": [ELSEWHERE]}, machine, "elsewhere")
    files = [
        draw_product(tmp_path / "SKU-ROSE-100.png", "crimson"),
        draw_product(tmp_path / "SKU-LIP-9.png", "purple"),
    ]
    add_pictures(bay.dsn, bay.store, files, actor=ADMIN, now=datetime.now(UTC))
    return bay


@pytest.fixture
def page(browser: Browser, pictured: Bay) -> Iterator[Page]:
    context = browser.new_context(base_url=pictured.url, viewport=PHONE)
    opened = context.new_page()
    open_box(opened)
    yield opened
    context.close()


def open_box(page: Page) -> None:
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready")
    for name, value in SIGN_IN.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("button.go").click()
    page.locator("[name=awb]").fill(AWB)
    page.locator("button.go").click()
    page.locator(".choice-intact").click()
    page.locator("button.go").click()
    expect(page.locator(".work h1")).to_have_text(AWB)


def names(page: Page) -> list[str]:
    return page.locator(".found-item:not(.found-written) b").all_inner_texts()


def is_drawn(picture: Locator) -> bool:
    """The picture's bytes are there and were decoded."""
    return bool(
        picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth === 320; }")
    )


def test_an_item_is_found_by_name_with_its_picture_and_without_a_network(page: Page) -> None:
    hosts = watch_hosts(page.context)
    field = page.locator("[name=code]")
    field.click()
    expect(page.locator(".found-item")).to_have_count(3)
    rose = page.locator(".found-item", has_text="Rose toner")
    assert is_drawn(rose.locator("img"))
    expect(page.locator(".found-item", has_text="Night cream").locator(".initials")).to_have_text("NC")
    field.fill("ro")
    expect(page.locator(".found-item")).to_have_count(2)
    field.fill("rou")
    expect(page.locator(".found-head")).to_be_visible()
    assert names(page) == ["Rouge lipstick 9"]
    field.fill("ro ml")
    expect(page.locator(".found-written")).to_be_visible()
    assert barriers(page) == []
    heights = page.locator(".found-item").evaluate_all(
        "rows => rows.map((row) => row.getBoundingClientRect().height)"
    )
    assert min(heights) >= 72
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "9-search-phone.png")
    rose.click()
    expect(page.locator(".item-name b")).to_have_text("Rose toner 100 ml")
    expect(page.locator(".item-name .code")).to_have_text("SKU-ROSE-100")
    assert is_drawn(page.locator(".item-head img"))
    expect(field).not_to_be_focused()
    page.locator(".choice-A").click()

    # The network is cut and the app starts anew: list and picture are on the device.
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".work h1")).to_have_text(AWB)
    field.click()
    field.fill("00019")
    expect(page.get_by_text("only this box's list was searched")).to_be_visible()
    assert names(page) == ["Rose toner 100 ml"]
    assert is_drawn(rose.locator("img"))
    expect(page.locator(".found-count")).to_have_text("1/2")
    page.keyboard.press("Enter")
    expect(page.locator(".item-name b")).to_have_text("Rose toner 100 ml")

    # Whoever counts blind is shown nothing before he types, and no count then.
    page.evaluate("localStorage.setItem('rtv-blind', '1')")
    page.reload()
    field.click()
    field.fill("rose")
    expect(page.locator(".found-item", has_text="Rose toner")).to_be_visible()
    assert page.locator(".found-count").count() == 0
    field.fill("")
    expect(page.locator(".found-item")).to_have_count(0)
    assert hosts <= {"127.0.0.1"}


def test_keys_alone_find_an_item_and_words_are_never_counted_as_a_code(page: Page) -> None:
    page.set_viewport_size(DESK)
    field = page.locator("[name=code]")
    field.focus()
    page.keyboard.type("zzz words")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    assert page.locator(".bead").count() == 0
    field.fill("roug")
    expect(page.locator(".found-head")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "found-0")
    assert barriers(page) == []
    page.screenshot(path=SHOTS / "9-search-desk.png")
    page.keyboard.press("Enter")
    expect(page.locator(".item-name b")).to_have_text("Rouge lipstick 9")
    expect(page.locator(".item-name .tag")).to_have_text("not expected here")
    page.locator(".choice-B").click()
    # A hand scanner that types into the field still means the code.
    field.focus()
    page.keyboard.type(LEAKY)
    page.keyboard.press("Enter")
    expect(page.locator(".item-name .code")).to_have_text(LEAKY)
    page.locator(".choice-A").click()
    # A part that means two things is the operator's to choose; a thing without a code keeps its words.
    field.fill("ml")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose one below")).to_be_visible()
    expect(page.locator(".bead")).to_have_count(2)
    field.fill("torn box")
    page.get_by_role("option", name=re.compile("as written")).click()
    expect(page.locator(".item-name .code")).to_have_text("torn box")
    page.locator(".choice-D").click()
    page.get_by_role("button", name="Close carton").click()
    with page.expect_request("**/v1/captures") as sent:
        page.get_by_role("button", name="Close and send").click()
    items = sent.value.post_data_json["items"]
    assert [(item["scanned_code"], item.get("sku_code")) for item in items] == [
        ("SKU-LIP-9", "SKU-LIP-9"),
        (LEAKY, "SKU-ROSE-100"),
        ("torn box", None),
    ]
    assert sent.value.response().status == 202
