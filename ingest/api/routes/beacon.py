"""The time beacon for a screen in the camera's view: the hub's signed time as a QR code, twice a second."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Response

from ingest.api.security import CurrentSettings, Now
from rtv_core.evidence.beacon import PERIOD_SECONDS, SHOWN_SECONDS, beacon_svg, beacon_text
from rtv_core.evidence.seal import SealKey, ensure_seal_key

router = APIRouter(tags=["beacon"])

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Time beacon</title>
<link rel="stylesheet" href="/v1/beacon.css"></head>
<body><img id="code" alt="The hub's signed time as a QR code" hidden>
<p id="words" role="status">Waiting for the hub …</p>
<script src="/v1/beacon.js"></script></body></html>
"""
_STYLE = """body { margin: 0; background: #fff; color: #000; font: 3vmin sans-serif; text-align: center }
img { width: 90vmin; height: 90vmin; image-rendering: pixelated }
"""
# A code that came late, or that no other follows, is taken down: what is on screen is never older.
_SCRIPT = """"use strict";
const period = PERIOD * 1000, shown = SHOWN * 1000;
const code = document.getElementById("code"), words = document.getElementById("words");
let until = 0;
async function next() {
  const asked = performance.now();
  const answer = await fetch("/v1/beacon.svg", { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  const address = URL.createObjectURL(await answer.blob()), before = code.src;
  const loaded = new Image();
  loaded.src = address;
  await loaded.decode();
  if (performance.now() - asked > shown - period) { URL.revokeObjectURL(address); return; }
  code.src = address;
  code.hidden = false;
  words.textContent = "";
  until = asked + shown;
  if (before) URL.revokeObjectURL(before);
}
setInterval(() => next().catch(() => {}), period);
setInterval(() => {
  if (performance.now() < until) return;
  code.hidden = true;
  words.textContent = "The hub does not answer in time: no time is shown.";
}, 20);
"""


@lru_cache(maxsize=4)
def _key(path: Path, origin: str) -> SealKey:
    return ensure_seal_key(path, origin)


@router.get("/v1/beacon", response_class=Response)
def page() -> Response:
    """The page to show full screen."""
    return Response(_PAGE, media_type="text/html")


@router.get("/v1/beacon.css", response_class=Response, include_in_schema=False)
def style() -> Response:
    """How the page looks."""
    return Response(_STYLE, media_type="text/css")


@router.get("/v1/beacon.js", response_class=Response, include_in_schema=False)
def script() -> Response:
    """What the page does."""
    text = _SCRIPT.replace("PERIOD", str(PERIOD_SECONDS)).replace("SHOWN", str(SHOWN_SECONDS))
    return Response(text, media_type="text/javascript")


@router.get("/v1/beacon.svg", response_class=Response)
def code(settings: CurrentSettings, now: Now) -> Response:
    """The hub's time now, signed by its seal key."""
    key = _key(settings.seal_key_file, settings.seal.origin)
    return Response(beacon_svg(beacon_text(key, now)), media_type="image/svg+xml")
