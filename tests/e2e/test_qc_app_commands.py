"""Printed commands by camera and hand scanner, the page that prints them, practice, and a box handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from rtv_commands.register_operator import register_operator
from rtv_core.evidence.barcodes import scan_codes
from rtv_core.warehouse.connection import connect, fetch_all
from tests.fixtures.accessibility import barriers
from tests.fixtures.bay import ADMIN, AWB, CREAM, LEAKY, NODE, OPERATOR, SIGN_IN, Bay
from tests.fixtures.browser import LaunchBrowser, cover_the_lens
from tests.fixtures.reel import write_reel

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "qc"
PHONE: ViewportSize = {"width": 360, "height": 740}
SLOW = 45_000
COMMAND = "RTVCMD-"
KEPT = """async () => {
    const db = await import("/js/db.js");
    const stores = await Promise.all(["queue", "media", "chunks"].map((name) => db.all(name)));
    return [...stores.map((rows) => rows.length), Boolean(await db.get("values", "open-carton"))];
}"""


@pytest.fixture(scope="module")
def camera_browser(launch_browser: LaunchBrowser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A Chromium whose camera shows an item of the practice box, then the card that grades it."""
    shots = [("2000000000015", "Code128"), None, (f"{COMMAND}GRADE-B", "Code128"), None]
    reel = write_reel(tmp_path_factory.mktemp("reel") / "reel.y4m", shots, 1.5)
    return launch_browser(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={reel}",
    )


@pytest.fixture
def context(camera_browser: Browser, bay: Bay) -> Iterator[BrowserContext]:
    opened = camera_browser.new_context(base_url=bay.url, viewport=PHONE)
    opened.grant_permissions(["camera"])
    yield opened
    opened.close()


def sign_in(page: Page, address: str = "/") -> None:
    page.goto(address)
    for name, value in SIGN_IN.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Start shift").click()


def scan(page: Page, code: str) -> None:
    """Type as a hand scanner does, wherever the cursor stands: fast, and ended by Enter."""
    page.evaluate(
        """(text) => {
            const field = document.activeElement;
            // Made at once, so that a busy machine does not put a person's pause between two keys.
            const presses = [...text, "Enter"].map(
                (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            for (const press of presses) {
                const isGoingOn = field.dispatchEvent(press);
                if (press.key === "Enter" && isGoingOn) field.form?.requestSubmit();
                else if (press.key !== "Enter" && "value" in field) field.value += press.key;
            }
        }""",
        code,
    )


def test_a_practice_box_obeys_the_camera_and_leaves_nothing(context: BrowserContext, bay: Bay) -> None:
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    sign_in(page)
    page.get_by_role("button", name="Practice box").wait_for()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    page.get_by_role("button", name="Practice box").click()
    expect(page.locator(".practice")).to_have_text(
        "Practice. Nothing of this leaves the device, nothing is kept."
    )
    expect(page.locator(".rec.on")).to_be_visible(timeout=SLOW)
    # The camera alone: it counts the item, then reads the card that grades it.
    expect(page.locator(".bead-B").first).to_be_visible(timeout=SLOW)
    cover_the_lens(page)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "practice-phone.png")
    assert barriers(page) == []
    expect(page.locator(".torch")).to_have_count(0)  # This camera has no lamp.
    page.get_by_role("button", name="Take a photo").click()
    scan(page, f"{COMMAND}GRADE-A")
    scan(page, f"{COMMAND}CLOSE")
    expect(page.get_by_role("button", name="End practice")).to_be_visible()
    scan(page, f"{COMMAND}CLOSE")
    expect(page.get_by_role("heading", name="Scan the AWB")).to_be_visible()
    assert page.evaluate(KEPT) == [0, 0, 0, False]
    assert (sent, failures) == ([], [])


def press_while_a_field_is_left(page: Page) -> None:
    """Leaving the field keeps what it holds and draws the card anew: the press that left it still counts."""
    page.locator("[name=batch_no]").fill("B-9")
    page.locator(".choice-D").scroll_into_view_if_needed()
    page.locator(".choice-D").hover()
    page.mouse.down()
    page.wait_for_function("""async () => {
        const kept = await (await import("/js/db.js")).get("values", "open-carton");
        return kept.items[0].batch_no === "B-9";
    }""")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.mouse.up()
    expect(page.locator(".bead-D")).to_be_visible()


def test_a_hand_scanner_works_a_box_by_commands(browser: Browser, bay: Bay) -> None:
    page = browser.new_page(base_url=bay.url, viewport=PHONE)
    sign_in(page)
    page.locator("[name=awb]").focus()
    scan(page, f"{COMMAND}CLOSE")  # No box is open: it is neither an AWB nor left in the field.
    expect(page.locator("[name=awb]")).to_have_value("")
    scan(page, AWB)
    page.get_by_role("button", name="Intact").click()
    page.get_by_role("button", name="Received, open a carton").click()
    expect(page.locator(".work h1")).to_have_text(AWB)
    scan(page, CREAM)
    scan(page, LEAKY)
    scan(page, f"{COMMAND}UNDO")
    expect(page.get_by_text(f"{LEAKY} taken back")).to_be_visible()
    expect(page.locator(".bead")).to_have_count(1)
    page.get_by_text("Batch, expiry, MRP, seal").click()
    page.locator("[name=batch_no]").focus()
    scan(page, f"{COMMAND}GRADE-C")
    expect(page.locator(".bead-C")).to_be_visible()
    expect(page.locator("[name=batch_no]")).to_have_value("")
    press_while_a_field_is_left(page)
    scan(page, f"{COMMAND}PAUSE")
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    scan(page, LEAKY)
    expect(page.get_by_text("Paused: not counted")).to_be_visible()
    scan(page, f"{COMMAND}PAUSE")
    scan(page, f"{COMMAND}FILM-STOP")
    expect(page.get_by_text("This command does nothing here")).to_be_visible()
    scan(page, f"{COMMAND}CLOSE")
    expect(page.get_by_role("dialog")).to_be_visible()
    scan(page, f"{COMMAND}CLOSE")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("0 scanned")).to_have_count(0)
    expect(page.locator(".bead")).to_have_count(0)
    page.close()


def test_a_box_is_handed_over_and_counted_blind(browser: Browser, bay: Bay) -> None:
    register_operator(
        bay.dsn,
        operator_code="OP-8",
        operator_name="Ravi",
        node_code=NODE,
        pin="112233",
        actor=ADMIN,
        now=datetime.now(UTC),
    )
    page = browser.new_page(base_url=bay.url, viewport=PHONE)
    sign_in(page, "/?blind=1")
    page.locator("[name=awb]").fill(AWB)
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Intact").click()
    expect(page.get_by_text("declared")).to_have_count(0)
    page.get_by_role("button", name="Received, open a carton").click()
    expect(page.locator(".work h1")).to_have_text(AWB)
    scan(page, CREAM)
    scan(page, f"{COMMAND}GRADE-A")
    scan(page, LEAKY)
    expect(page.locator(".dock-counts")).to_have_text("2 scanned")
    expect(page.locator(".total")).to_have_count(1)
    expect(page.locator(".line-name")).to_have_text(["Rose toner 100 ml", "Night cream 50 g"])
    page.get_by_role("button", name="Pause").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text(f"Box {AWB} is handed over")).to_be_visible()
    page.locator("[name=operator_code]").fill("OP-8")
    page.locator("[name=pin]").fill("112233")
    page.get_by_role("button", name="Start shift").click()
    expect(page.locator(".item-name .code")).to_have_text(LEAKY)
    expect(page.locator(".bead")).to_have_count(1)
    scan(page, f"{COMMAND}GRADE-B")
    scan(page, f"{COMMAND}CLOSE")
    page.get_by_role("switch").check()
    page.get_by_role("button", name="Close and send").click()
    expect(page.get_by_role("heading", name="Scan the AWB")).to_be_visible()
    expect(page.get_by_role("button", name="All sent")).to_be_visible()
    page.close()
    bay.load()
    with connect(bay.dsn) as connection:
        rows = fetch_all(
            connection,
            "select c.operator_code, i.scanned_code, i.grade, c.is_last_carton from raw.qc_captures as c"
            " inner join raw.qc_capture_items as i using (_file_id, _row_no) order by c.started_at",
        )
    assert [tuple(row.values()) for row in rows] == [
        (OPERATOR, CREAM, "A", False),
        ("OP-8", LEAKY, "B", True),
    ]


def test_each_printed_card_says_what_its_code_says(browser: Browser, bay: Bay, tmp_path: Path) -> None:
    # A sheet of A4, as fine as a plain printer puts it on paper.
    sheet: ViewportSize = {"width": 794, "height": 1123}
    page = browser.new_page(base_url=bay.url, viewport=sheet, device_scale_factor=3)
    page.goto("/commands.html")
    cards = page.locator(".card")
    expect(cards).to_have_count(15)
    page.wait_for_function(
        "() => [...document.images].every((image) => image.complete && image.naturalWidth)"
    )
    assert barriers(page) == []
    page.emulate_media(media="print")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "command-cards.png", full_page=True)
    for number in range(cards.count()):
        picture = tmp_path / f"{number}.png"
        cards.nth(number).screenshot(path=picture)
        (seen,) = scan_codes(picture)
        assert seen.text == cards.nth(number).locator(".code").inner_text()
    page.close()
    assert httpx.get(f"{bay.url}/codes/lower.svg").status_code == 422
