"""The beacon page in a real browser: what is on the screen is the hub's signed time, and never an old one."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from rtv_core.evidence.beacon import SHOWN_SECONDS, read_beacon_text
from rtv_core.evidence.notes import VerifierKey
from rtv_core.evidence.seal import ensure_seal_key
from tests.fixtures.bay import Bay

pytestmark = pytest.mark.browser


def _on_screen(page: Page, key: VerifierKey) -> datetime | None:
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())).convert("L"))
    return read_beacon_text(read[0].text, key) if read else None


def test_the_screen_shows_the_hubs_time_and_goes_dark_without_it(bay: Bay, browser: Browser) -> None:
    signer = ensure_seal_key(bay.settings.seal_key_file, bay.settings.seal.origin)
    key = VerifierKey(signer.name, signer.public_bytes)
    context = browser.new_context(viewport={"width": 400, "height": 450})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{bay.url}/v1/beacon")
    page.wait_for_selector("#code:not([hidden])")
    shown = None
    for _ in range(20):
        before = datetime.now(UTC)
        shown = _on_screen(page, key)
        if shown is not None:
            break
    assert shown is not None
    assert before - timedelta(seconds=SHOWN_SECONDS) < shown < datetime.now(UTC)
    context.set_offline(True)
    page.wait_for_selector("#code[hidden]", state="attached")
    assert "no time is shown" in page.inner_text("#words")
    assert errors == []
    context.close()
