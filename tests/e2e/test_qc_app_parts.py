"""The QC app's parts in the browser: codes, tally, proof hints, hashing, and its screens in each language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.fixtures.accessibility import barriers
from tests.fixtures.bay import AWB, SERUM, SIGN_IN, Bay

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "qc"
LINES = [
    {"gtin": "8901234500019", "sku_code": "S1", "platform_sku": "P1", "title": "One", "declared_qty": 2},
    {"gtin": None, "sku_code": "S2", "platform_sku": "P2", "title": "Two", "declared_qty": 1},
]


@pytest.fixture
def page(browser: Browser, bay: Bay) -> Iterator[Page]:
    opened = browser.new_page(base_url=bay.url)
    opened.goto("/")
    yield opened
    opened.close()


def fill_station(page: Page) -> None:
    for name, value in SIGN_IN.items():
        page.locator(f"[name={name}]").fill(value)


def call(page: Page, module: str, function: str, *arguments: Any) -> Any:
    script = "async ([m, f, a]) => (await import(`/js/${m}.js`))[f](...a)"
    return page.evaluate(script, [module, function, list(arguments)])


def test_gs1_codes_fill_batch_and_expiry(page: Page) -> None:
    wanted = {
        "code": "8901234500019",
        "gtin": "08901234500019",
        "batch_no": "AB-1",
        "expiry_on": "2027-02-28",
    }
    for text in (
        "(01)08901234500019(17)270228(10)AB-1",
        "010890123450001917270228" + "10AB-1",
        "]C1010890123450001910AB-1\u001d17270228",
        "(01)08901234500019(17)270200(10)AB-1",
    ):
        read = call(page, "codes", "readCode", text)
        assert {name: read.get(name) for name in wanted} == wanted, text


def test_plain_codes_are_left_as_they_are(page: Page) -> None:
    for text in ("8901234500019", "AWB7781200451", "X01-batch", "(broken"):
        assert call(page, "codes", "readCode", text)["code"] == text


def test_the_tally_counts_expected_scanned_missing_and_excess(page: Page) -> None:
    items = [
        {"scanned_code": "08901234500019", "qty": 3},
        {"scanned_code": "4006381333931", "qty": 1},
        {"scanned_code": "p2", "qty": 1},
    ]
    earlier = [{"scanned_code": "8901234500019", "qty": 1}]
    counted = call(page, "tally", "tally", LINES, items, earlier)
    assert counted["totals"] == {"expected": 3, "scanned": 6, "missing": 0, "excess": 3}
    assert [(row["title"], row["scanned"], row["excess"]) for row in counted["rows"]] == [
        ("One", 4, 2),
        ("Two", 1, 0),
    ]
    assert [row["key"] for row in counted["unlisted"]] == ["4006381333931"]


def test_a_damaged_item_without_photo_or_cause_asks_for_both(page: Page) -> None:
    item = {"item_no": 1, "grade": "D", "defects": ["leaking"], "damage_cause": None, "seal_state": None}
    box = {
        "hasFilm": True,
        "isAwbSeen": True,
        "totals": {"missing": 0},
        "isLastCarton": False,
        "isKnown": True,
    }
    asked = call(page, "proof", "missingProofs", {"items": [item], "photos": [], **box}, "2026-11-02")
    given = {"items": [{**item, "damage_cause": "carton"}], "photos": [{"item_no": 1}]}
    assert asked == [{"subject": "damaged", "item_no": 1, "missing": ["photo", "cause"]}]
    assert call(page, "proof", "missingProofs", {**given, **box}, "2026-11-02") == []
    assert call(page, "proof", "missingProofs", {**given, **box, "hasFilm": False}, "2026-11-02") == [
        {"subject": "box", "missing": ["film"]}
    ]


def test_the_browser_hashes_a_film_in_pieces_as_the_hub_does(page: Page) -> None:
    script = """async () => {
        const db = await import("/js/db.js");
        const media = await import("/js/media.js");
        for (let n = 0; n < 40; n += 1) {
            await db.addChunk("film-x", n, new Blob([new Uint8Array(100_003).fill(n)]));
        }
        return media.hashOf("film-x");
    }"""
    wanted = b"".join(bytes([n]) * 100_003 for n in range(40))
    assert page.evaluate(script) == {"sha256": hashlib.sha256(wanted).hexdigest(), "size": len(wanted)}


def test_a_long_film_is_read_once_to_hash_and_once_to_send_and_says_how_far_it_is(
    page: Page, bay: Bay
) -> None:
    fill_station(page)
    page.get_by_role("button", name="Start shift").click()
    expect(page.locator("rtv-find-box")).to_be_visible()
    script = """async ([pieces, body]) => {
        const db = await import("/js/db.js");
        const queue = await import("/js/queue.js");
        for (let n = 0; n < pieces; n += 1) {
            const piece = new Uint8Array(100_003).fill(n);
            piece.set([0x1a, 0x45, 0xdf, 0xa3]);
            await db.addChunk("film-x", n, new Blob([piece]));
        }
        await db.put("media", "film-x", {
            id: "film-x", kind: "film", type: "video/webm", started_at: body.started_at,
            duration_seconds: 40 });
        // Every look at the clock is a second later: progress is told at each piece.
        let second = 0;
        performance.now = () => 1000 * (second += 1);
        let reads = 0;
        const get = IDBObjectStore.prototype.get;
        IDBObjectStore.prototype.get = function (key) {
            reads += this.name === "chunks" ? 1 : 0;
            return get.call(this, key);
        };
        const told = [];
        queue.queueChanged.addEventListener("change", async () => {
            const [record] = await queue.records();
            told.push([record.state, record.progress]);
        });
        await queue.enqueue("captures", body.capture_id, body, { film: "film-x" });
        while (told.at(-1)?.[0] !== "sent") await new Promise((done) => setTimeout(done, 20));
        return { told, reads };
    }"""
    at = "2026-11-02T10:15:30+05:30"
    who = {name: value for name, value in SIGN_IN.items() if name != "pin"}
    body = {**who, "capture_id": "cap-00000001", "awb_no": AWB, "started_at": at, "ended_at": at, "items": []}
    pieces = 120
    seen = page.evaluate(script, [pieces, {**body, "is_last_carton": False}])
    states = [state for state, _ in seen["told"]]
    assert [state for at, state in enumerate(states) if state != states[at - 1] or not at][-3:] == [
        "hashing",
        "sending",
        "sent",
    ]
    hashing = [share for state, share in seen["told"] if state == "hashing"]
    assert len(hashing) > pieces / 2
    assert hashing == sorted(hashing)
    assert pieces * 2 <= seen["reads"] <= pieces * 2.2
    wanted = b"".join(b"\x1a\x45\xdf\xa3" + bytes([n]) * 99_999 for n in range(pieces))
    sha256 = hashlib.sha256(wanted).hexdigest()
    assert bay.store.get_bytes(f"captures/default/{sha256[:2]}/{sha256}.webm") == wanted


def test_a_hostile_label_is_shown_as_text(page: Page) -> None:
    page.evaluate("() => navigator.serviceWorker.ready")
    fill_station(page)
    page.get_by_role("button", name="Start shift").click()
    hostile = "<IMG SRC=X ONERROR=ALERT(1)>"
    page.locator("[name=awb]").fill(hostile)
    page.get_by_role("button", name="Open").click()
    expect(page.locator("rtv-gate-receipt h1")).to_have_text(hostile)
    expect(page.get_by_text("No papers for this number yet")).to_be_visible()
    assert page.locator("rtv-gate-receipt img").count() == 0


def test_a_hardware_scanner_opens_a_box_without_a_camera(page: Page) -> None:
    fill_station(page)
    page.get_by_role("button", name="Start shift").click()
    expect(page.get_by_text("No camera here")).to_be_visible()
    type_fast = """(text) => [...text, "Enter"].forEach(
        (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })))"""
    page.evaluate(type_fast, AWB)
    expect(page.locator("rtv-gate-receipt h1")).to_have_text(AWB)


def press(page: Page, keys: str, gap_ms: int) -> None:
    """Keys at a steady pace, timed by the page itself."""
    page.evaluate(
        """async ([keys, gap]) => {
            for (const key of keys) {
                const press = new KeyboardEvent("keydown", { key, bubbles: true });
                document.activeElement.dispatchEvent(press);
                await new Promise((done) => setTimeout(done, gap));
            }
        }""",
        [keys, gap_ms],
    )


def test_keys_grade_at_a_desk_and_a_slow_scanner_does_not(page: Page) -> None:
    fill_station(page)
    page.get_by_role("button", name="Start shift").click()
    page.locator("[name=awb]").fill(AWB)
    page.get_by_role("button", name="Open").click()
    page.locator(".choice-intact").click()
    page.locator("button.go").click()
    add = page.locator("[name=code]")
    add.fill(SERUM)
    add.press("Enter")
    expect(page.locator(".item-name .code")).to_have_text(SERUM)
    # A scanner that dawdles types what begins with a grade; a person types into a field.
    press(page, "ABCD-17", 120)
    add.fill("")
    add.press("c")
    add.press("Escape")
    page.locator("h1").click()
    page.wait_for_timeout(300)  # As long as a key alone is waited for, and some.
    expect(page.locator(".bead-open")).to_have_count(1)
    # The fields are walked with Tab: what is kept meanwhile takes no focus away.
    page.locator("summary").click()
    page.keyboard.press("Tab")
    page.keyboard.type("VC-1")
    page.keyboard.press("Tab")
    expect(page.locator(".said")).to_have_text("VC-1")
    page.keyboard.type("02282027")
    expect(page.locator(".said")).to_have_text("VC-1 · 2027-02-28")
    expect(page.locator("[name=expiry_on]")).to_be_focused()
    page.locator(".choice-C").focus()
    page.keyboard.press("Space")
    expect(page.locator(".choice-C")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".choice-C")).to_be_focused()
    page.wait_for_timeout(250)
    press(page, "a", 0)
    expect(page.locator(".bead-A")).to_have_count(1)
    # The next one of the article takes batch and expiry over with one touch, and only then.
    add.fill(SERUM)
    add.press("Enter")
    expect(page.locator(".bead")).to_have_count(2)
    expect(page.locator("[name=batch_no]")).to_have_value("")
    page.get_by_role("button", name="As item 1").click()
    expect(page.locator(".said")).to_have_text("VC-1 · 2027-02-28")
    assert page.locator(".same-as").count() == 0
    # Under a Devanagari layout the same key grades.
    page.evaluate("""() => document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key: "\\u092c", code: "KeyB", bubbles: true }))""")
    expect(page.locator(".bead-B")).to_have_count(1)


def test_an_answer_that_comes_late_takes_nobody_from_where_they_went(page: Page) -> None:
    fill_station(page)
    page.get_by_role("button", name="Start shift").click()
    page.locator("[name=awb]").fill(AWB)
    asked: list[Route] = []

    def keep_waiting(route: Route) -> None:
        asked.append(route)

    page.route("**/v1/expected?*", keep_waiting)
    with page.expect_request("**/v1/expected?*"):
        page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="All sent").click()
    expect(page.get_by_role("button", name="End shift")).to_be_enabled()
    with page.expect_response("**/v1/expected?*") as answered:
        asked.pop().continue_()
    answered.value.finished()
    # What the app keeps of an answer shows that it has worked it off.
    page.wait_for_function(
        "async (key) => Boolean(await (await import('/js/db.js')).get('values', key))", arg=f"expected {AWB}"
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.locator("rtv-queue-panel")).to_be_visible()
    assert page.locator("rtv-gate-receipt").count() == 0
    with page.expect_response("**/v1/shifts/end") as ended:
        page.get_by_role("button", name="End shift").click()
    assert ended.value.status == 200
    expect(page.get_by_role("button", name="Start shift")).to_be_visible()


@pytest.mark.parametrize(("code", "scheme"), [("en", "dark"), ("hi", "light"), ("ta", "light")])
def test_each_language_fits_a_phone(browser: Browser, bay: Bay, code: str, scheme: Any) -> None:
    context = browser.new_context(
        base_url=bay.url, viewport={"width": 360, "height": 740}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto("/")
    page.locator(f"button[lang={code}]").click()
    expect(page.locator(f"button[lang={code}]")).to_have_attribute("aria-pressed", "true")
    fill_station(page)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"language-{code}-{scheme}-1.png")
    assert barriers(page) == []
    page.locator("button.go").click()
    page.locator("[name=awb]").fill(AWB)
    page.locator("button.go").click()
    page.locator(".choice-intact").click()
    page.screenshot(path=SHOTS / f"language-{code}-{scheme}-2.png")
    assert barriers(page) == []
    page.locator("button.go").click()
    page.locator("[name=code]").fill("8901234500019")
    page.locator(".by-hand .second").click()
    page.locator(".choice-C").click()
    expect(page.locator(".choice-C")).to_have_attribute("aria-pressed", "true")
    page.screenshot(path=SHOTS / f"language-{code}-{scheme}-3.png")
    assert barriers(page) == []
    page.locator(".dock .go").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.screenshot(path=SHOTS / f"language-{code}-{scheme}-4.png")
    assert barriers(page) == []
    context.set_offline(True)
    expect(page.locator(".pill-off")).to_be_visible()
    assert barriers(page) == []
    context.close()


def test_a_barrier_is_seen(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert barriers(page) == []
    page.evaluate("""() => {
        const spoil = (selector, style) => Object.assign(document.querySelector(selector).style, style);
        const field = document.querySelector("[name=pin]");
        field.closest("label").replaceWith(field);
        spoil("button.go", { color: "#1a6a54" });
        spoil("button[lang=hi]", { minHeight: "20px", height: "20px", flex: "none" });
        spoil("h1", { width: "20px", overflow: "hidden", whiteSpace: "nowrap" });
    }""")
    found = barriers(page)
    rules = ("no name", "contrast", "small", "cut")
    assert [sum(one.startswith(rule) for one in found) for rule in rules] == [1, 1, 1, 1], found
