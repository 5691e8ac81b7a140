"""Taps, keys and seconds for a box of ten items: the QC app beside a plain HTML form with the same fields.

Both are driven in Chromium with a hand scanner (a keyboard wedge) and must send the same ten items. Taps and
keys are counted by the browser from its own events, not by the driver. A person's seconds follow the
keystroke-level model (Card, Moran and Newell 1983): 0.28 s a key, 1.30 s a tap (1.10 to point, 0.20 to
press), 0.40 s each time a hand changes between the two, and what the page itself took. Thinking, scanning and
handling are the same for both and left out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from bench.bay_page import bay_server, chromium, open_box
from tests.fixtures.bay import CREAM, LEAKY, SERUM

_KEY_S, _TAP_S, _CHANGE_S = 0.28, 1.30, 0.40
_EXPIRY = "[name=expiry_on]"
_FORM = Path(__file__).with_name("taps_form.html")
_EXPECTED = {
    "SKU-ROSE-100": "Rose toner 100 ml",
    "SKU-CREAM-50": "Night cream 50 g",
    "SKU-SERUM-30": "Vitamin C serum 30 ml",
}
_SKUS = {LEAKY: "SKU-ROSE-100", CREAM: "SKU-CREAM-50", SERUM: "SKU-SERUM-30"}
_COUNT = """() => {
    window.bench = { taps: 0, keys: 0, changes: 0, hand: null };
    const used = (hand) => { bench.changes += bench.hand && bench.hand !== hand ? 1 : 0; bench.hand = hand; };
    addEventListener("pointerdown", (event) => {
        if (event.isTrusted) { bench.taps += 1; used("tap"); }
    }, true);
    addEventListener("keydown", (event) => {
        if (event.isTrusted) { bench.keys += 1; used("key"); }
    }, true);
}"""

_SCAN = """(code) => {
    const field = document.activeElement;
    for (const key of [...code, "Enter"]) {
        const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        const isGoingOn = field.dispatchEvent(press);
        if (key === "Enter" && isGoingOn) field.form?.requestSubmit();
        else if (key !== "Enter" && "value" in field) field.value += key;
    }
}"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the ten: its code as it is scanned ("" when nothing is readable), and what is found."""

    code: str
    sku_code: str
    grade: str = "A"
    defect: str = ""
    cause: str = ""
    batch_no: str = ""
    expiry_on: str = ""

    @property
    def is_typed(self) -> bool:
        """Batch and expiry stand on the pack, but not in the code."""
        return bool(self.batch_no) and not self.code.startswith("01")

    @property
    def carried(self) -> tuple[object, ...]:
        """What both must have sent of it."""
        defects = (self.defect,) if self.defect else ()
        return (self.sku_code, 1, self.grade, defects, self.cause, self.batch_no, self.expiry_on)


def _gs1(gtin: str, batch: str, expiry: str) -> str:
    return f"010{gtin}17{expiry[2:].replace('-', '')}10{batch}"


def _box() -> list[Unit]:
    rose = {"batch_no": "RT2506", "expiry_on": "2027-06-30"}
    cream = {"batch_no": "NC2411", "expiry_on": "2027-02-28"}
    serum = {"batch_no": "VC2503", "expiry_on": "2027-03-31"}
    coded = [(LEAKY, rose)] * 3 + [(CREAM, cream)] * 2
    sound = [Unit(_gs1(code, *seen.values()), _SKUS[code], **seen) for code, seen in coded]
    leaking = Unit(_gs1(CREAM, *cream.values()), _SKUS[CREAM], "C", "leaking", "carton", **cream)
    plain = [Unit(SERUM, _SKUS[SERUM], **serum)] * 2
    torn = Unit(SERUM, _SKUS[SERUM], "C", "packaging", "storage", **serum)
    return [*sound, leaking, *plain, torn, Unit("", _SKUS[LEAKY], "B")]


@dataclass(slots=True)
class Operator:
    """A person at a page, with thumbs (a phone) or with keys and a mouse (a desk)."""

    page: Page
    has_keys: bool
    os_taps: int = 0
    sent: list[tuple[object, ...]] = field(default_factory=list)
    photos: int = 0

    def scan(self, code: str) -> None:
        """The scanner types into whatever has the cursor, faster than any driver can."""
        self.page.evaluate(_SCAN, code)

    def tap(self, selector: str, **has: Any) -> None:
        """A tap of a thumb, or a click."""
        found = self.page.locator(selector, **has).last
        press = found.click if self.has_keys else found.tap
        # A date field is touched at its first part.
        press(position={"x": 24, "y": 22}) if selector == _EXPIRY else press()

    def type(self, text: str) -> None:
        """Key by key into the field with the cursor."""
        self.page.keyboard.type(text)

    def type_date(self, iso: str) -> None:
        """As the browser's date field takes it: month, day, year."""
        year, month, day = iso.split("-")
        self.type(f"{month}{day}{year}")


def _with_app(person: Operator) -> None:
    page = person.page
    for graded, unit in enumerate(_box()):
        if unit.code:
            person.scan(unit.code)
        else:
            person.tap("[name=code]")
            person.tap(".found-item", has_text=_EXPECTED[unit.sku_code])
        page.locator(".bead").nth(graded).wait_for()
        if unit.is_typed and page.locator(".same-as").count():
            person.tap(".same-as")
        elif unit.is_typed:
            person.tap("summary")
            person.tap("[name=batch_no]")
            person.type(unit.batch_no)
            if person.has_keys:
                person.page.keyboard.press("Tab")
            else:
                person.tap(_EXPIRY)
            person.type_date(unit.expiry_on)
        if person.has_keys and not (unit.is_typed and page.locator("input:focus").count()):
            person.type(unit.grade)
        else:
            person.tap(f".choice-{unit.grade}")
        page.locator(f".bead:not(.bead-open) >> nth={graded}").wait_for()
        if unit.defect:
            person.tap(f".choice-{unit.defect}")
            person.tap(f".choice-{unit.cause}")
            person.tap(".photo")
            page.get_by_text("1 taken").wait_for()
    person.tap(".dock .go")
    person.tap("[name=is_last_carton]")
    person.tap("dialog .go")
    page.locator("rtv-find-box").wait_for()


def _read_app(person: Operator) -> None:
    """What the app sent, once the hub has it."""
    person.page.locator(".pill:not(.pill-some)").wait_for(timeout=60_000)
    kept = person.page.evaluate("async () => (await import('/js/queue.js')).records()")
    capture = next(record for record in kept if record["kind"] == "captures")
    person.photos = len(capture["photos"])
    for item in capture["body"]["items"]:
        person.sent += [_carried(item, item["sku_code"])] * item["qty"]


def _with_form(person: Operator) -> None:
    page = person.page

    def note(route: Route) -> None:
        for item in json.loads(route.request.post_data or "[]"):
            gtin = item["code"][3:16] if item["code"].startswith("01") else item["code"]
            person.sent.append(_carried({**item, "damage_cause": item["cause"]}, _SKUS.get(gtin, gtin)))
            person.photos += item["photos"]
        route.fulfill(status=204)

    page.route("**/taken", note)
    for number, unit in enumerate(_box()):
        if number:
            person.page.keyboard.press("Enter") if person.has_keys else person.tap("#add")
        if unit.code:
            person.scan(unit.code)
        else:
            _choose_by_name(person, unit.sku_code)
        person.type(unit.grade.lower()) if person.has_keys else person.tap(f".grade [value={unit.grade}]")
        if unit.defect:
            person.tap(f".defects [value={unit.defect}]")
            person.tap(f".causes [value={unit.cause}]")
        if unit.batch_no and not page.locator("[name=batch_no]").last.input_value():
            _type_batch(person, unit)
        if unit.defect:
            person.tap("[name=photo]")
            person.os_taps += 2  # The camera of the system opens: its shutter, then its tick.
            picture = {"name": "seen.jpg", "mimeType": "image/jpeg", "buffer": b"a picture"}
            page.locator("[name=photo]").last.set_input_files([picture])
    person.tap("[name=is_last_carton]")
    person.tap("#send")
    page.get_by_text("Sent", exact=True).wait_for()


def _choose_by_name(person: Operator, sku_code: str) -> None:
    chosen = person.page.locator("[name=by_name]").last
    if person.has_keys:
        person.page.keyboard.press("Tab")
        person.type(_EXPECTED[sku_code][0])
        person.page.keyboard.press("Tab")
        person.page.keyboard.press("Tab")
    else:
        chosen.focus()
        person.os_taps += 2  # The system's own list: open, choose.
        chosen.select_option(sku_code)


def _type_batch(person: Operator, unit: Unit) -> None:
    if person.has_keys and not unit.defect:
        person.page.keyboard.press("Tab")
    else:
        person.tap("[name=batch_no]")
    person.type(unit.batch_no)
    if person.has_keys:
        person.page.keyboard.press("Tab")
    else:
        person.tap(_EXPIRY)
    person.type_date(unit.expiry_on)


def _carried(item: dict[str, Any], sku_code: str) -> tuple[object, ...]:
    rest = tuple(item.get(name) or "" for name in ("damage_cause", "batch_no", "expiry_on"))
    return (sku_code, 1, item["grade"], tuple(item.get("defects", ())), *rest)


def _measure(
    browser: Browser, url: str, *, has_keys: bool, address: str | None, work: Callable[[Operator], None]
) -> dict[str, float]:
    """Figures of one run; `address` is the form's, None is the app."""
    size = {"width": 1280, "height": 800} if has_keys else {"width": 360, "height": 740}
    context = browser.new_context(base_url=url, viewport=size, has_touch=not has_keys)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        if address is None:
            open_box(page)
        else:
            page.route(
                "**/form*", lambda route: route.fulfill(content_type="text/html", body=_FORM.read_text())
            )
            page.add_init_script(f"window.expected = {json.dumps(_EXPECTED)}")
            page.goto(address)
        page.evaluate(_COUNT)
        person = Operator(page, has_keys)
        began = time.perf_counter()
        work(person)
        page_s = time.perf_counter() - began
        counted = page.evaluate("bench")
        if address is None:
            _read_app(person)
    finally:
        context.close()
    wanted = [unit.carried for unit in _box()]
    if sorted(map(str, person.sent)) != sorted(map(str, wanted)) or person.photos != 2:
        raise SystemExit(f"not the same ten items: {person.sent}, {person.photos} photos")
    taps = counted["taps"] + person.os_taps
    by_model = counted["keys"] * _KEY_S + taps * _TAP_S + counted["changes"] * _CHANGE_S
    return {"taps": taps, "keys": counted["keys"], "page_s": page_s, "person_s": by_model + page_s}


def run() -> None:
    """Run the benchmark and print one line a way; fails unless all of them sent the same ten items."""
    faces: list[tuple[str, str | None, Callable[[Operator], None]]] = [
        ("app", None, _with_app),
        ("form", "/form", _with_form),
        ("form that reads GS1", "/form?gs1", _with_form),
    ]
    print(f"{'':8}{'':22}{'taps':>6}{'keys':>6}{'page s':>8}{'person s':>10}{'app / it':>10}")
    for hands, has_keys in (("phone", False), ("desk", True)):
        app_s = 0.0
        for name, address, work in faces:
            with bay_server() as bay, chromium() as browser:
                found = _measure(browser, bay.url, has_keys=has_keys, address=address, work=work)
            app_s = app_s or found["person_s"]
            print(
                f"{hands:8}{name:22}{found['taps']:>6.0f}{found['keys']:>6.0f}{found['page_s']:>8.1f}"
                f"{found['person_s']:>10.1f}{app_s / found['person_s']:>10.2f}",
                flush=True,
            )
