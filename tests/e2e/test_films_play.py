"""Films as they leave the hub, opened from disk in a real browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rtv_core.evidence.presentation import cut_presentation
from rtv_core.model.window import ClipRequest
from tests.fixtures.films import picture, write_film
from tests.fixtures.shelf import BEGAN, Shelf

pytestmark = pytest.mark.browser

_SHOWN = """([film, at]) => new Promise(done => {
  film.addEventListener("error", () => done(["not played"]));
  film.addEventListener("seeked", () => done([film.duration, film.videoWidth, film.videoHeight]));
  film.addEventListener("loadeddata", () => { film.currentTime = at; });
  film.load();
})"""


def test_an_h265_clip_plays_by_its_presentation(browser: Browser, tmp_path: Path) -> None:
    shelf = Shelf()
    frames = [picture(number, 320, 240) for number in range(40)]
    shelf.add(write_film(tmp_path / "film.mp4", codec="libx265", pictures=frames))
    snap = shelf.cut(tmp_path / "cut", 1.0, 3.0)
    assert snap is not None
    request = ClipRequest(
        tenant_code="acme", camera_code="cam-1", window_start_at=BEGAN,
        window_end_at=BEGAN + timedelta(seconds=2),
    )  # fmt: skip
    shown = cut_presentation(snap, tmp_path / "cut", request, timezone="Asia/Kolkata")
    assert snap.manifest.files[0].codec == "hevc"
    page = browser.new_page()
    answers = []
    for path in (*snap.paths, *shown.paths):
        beside = tmp_path / "cut" / "page.html"
        beside.write_text(f'<video preload="none" src="{path.name}"></video>', encoding="utf-8")
        page.goto(beside.as_uri())
        answers.append(page.evaluate(_SHOWN, [page.query_selector("video"), 1.0]))
    page.close()
    # Chromium as Debian builds it has no decoder of H.265: what it shows is the presentation.
    assert answers == [["not played"], [2, 320, shown.manifest.files[0].height]]
