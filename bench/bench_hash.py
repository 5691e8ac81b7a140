"""A film of 1 GiB on the device: its SHA-256 in the browser, then its upload, beside the browser's digest.

The film lies in IndexedDB as the app records it, a piece a second (57 minutes at 2.5 Mbit/s). Time, the peak
of the JavaScript heap and the growth of the browser's largest process are those of a real Chromium; the hash
must be the one that hashlib and the hub find. The peer, `crypto.subtle.digest`, takes no film in pieces.
"""

from __future__ import annotations

import hashlib
import threading
import time
from typing import Any

import psutil
from playwright.sync_api import CDPSession, Page

from bench.bay_page import bay_server, chromium, open_box
from rtv_core.warehouse.connection import connect, fetch_all

_PIECE_BYTES, _PIECES = 312_500, 3_436
_SIZE = _PIECE_BYTES * _PIECES
_MIB = 1024 * 1024
_RECORD = """async ([pieces, bytes]) => {
    const db = await import("/js/db.js");
    const piece = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 1) piece[at] = (at * 31 + (at >> 8)) & 255;
    const view = new DataView(piece.buffer);
    for (let number = 0; number < pieces; number += 1) {
        view.setUint32(0, 0x1a45dfa3);  // As a WebM begins; the hub looks.
        view.setUint32(4, number);
        await db.addChunk("film-bench", number, new Blob([piece]));
    }
}"""
_HASH = """async () => {
    const media = await import("/js/media.js");
    let told = 0;
    const found = await media.hashOf("film-bench", () => { told += 1; });
    return { ...found, told };
}"""
_UPLOAD = """async (found) => {
    const media = await import("/js/media.js");
    const film = { id: "film-bench", type: "video/webm", ...found };
    await media.upload(film, () => {});
}"""
_BEGIN = """([script, argument]) => {
    window.done = null;
    (0, eval)(script)(argument).then(
        (found) => { window.done = { found }; }, (error) => { window.done = { error: String(error) }; });
}"""
_DIGEST = """async (pieces) => {
    const db = await import("/js/db.js");
    const keys = await db.chunkKeys("film-bench");
    const film = new Blob(await Promise.all(keys.map((key) => db.chunk(key))));
    const digest = await crypto.subtle.digest("SHA-256", await film.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


def _expected() -> str:
    pattern = bytearray((at * 31 + (at >> 8)) & 255 for at in range(_PIECE_BYTES))
    digest = hashlib.sha256()
    for number in range(_PIECES):
        pattern[:8] = b"\x1a\x45\xdf\xa3" + number.to_bytes(4, "big")
        digest.update(pattern)
    return digest.hexdigest()


class _Memory(threading.Thread):
    """The most that one renderer of the browser has held, in MiB, beyond what it held at the start."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.is_wanted, self.most, self.first = True, 0.0, self._now()

    @staticmethod
    def _now() -> float:
        held = [0.0]
        for process in psutil.Process().children(recursive=True):
            try:
                if "--type=renderer" in process.cmdline():
                    held.append(process.memory_info().rss / _MIB)
            except psutil.NoSuchProcess:
                continue
        return max(held)

    def run(self) -> None:
        while self.is_wanted:
            self.most = max(self.most, self._now())
            time.sleep(0.1)

    def end(self) -> float:
        """Stop looking, and answer the growth."""
        self.is_wanted = False
        self.join()
        return self.most - self.first


def _measure(
    page: Page, session: CDPSession, script: str, argument: Any = None
) -> tuple[Any, dict[str, float]]:
    """The script's answer, and its seconds, heap peak and memory growth in MiB."""
    page.evaluate("window.gc()")
    memory = _Memory()
    memory.start()
    began = time.perf_counter()
    page.evaluate(_BEGIN, [script, argument])
    heap = 0.0
    while (done := page.evaluate("window.done")) is None:
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        heap = max(heap, metrics["JSHeapUsedSize"] / _MIB)
        page.wait_for_timeout(100)
    seconds = time.perf_counter() - began
    if "error" in done:
        raise SystemExit(done["error"])
    return done.get("found"), {"seconds": seconds, "heap_mib": heap, "memory_mib": memory.end()}


def run() -> None:
    """Run the benchmark and print one line a way; fails unless all find the same hash."""
    wanted = _expected()
    print(f"{_SIZE / 2**30:.3f} GiB in {_PIECES} pieces")
    print(f"{'':28}{'seconds':>9}{'MiB/s':>8}{'heap MiB':>10}{'memory MiB':>12}")
    with bay_server() as bay, chromium("--js-flags=--expose-gc") as browser:
        page = browser.new_context(base_url=bay.url, bypass_csp=True).new_page()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        open_box(page)
        page.goto("/commands.html")
        page.evaluate(_RECORD, [_PIECES, _PIECE_BYTES])
        found, figures = _measure(page, session, _HASH)
        _say("SHA-256 by the app", figures)
        _, figures = _measure(page, session, _UPLOAD, {"sha256": found["sha256"], "size": found["size"]})
        _say("upload, hashed by the hub", figures)
        peer, figures = _measure(page, session, _DIGEST, _PIECES)
        _say("crypto.subtle.digest", figures)
        with connect(bay.dsn) as connection:
            hub = fetch_all(connection, "select sha256 from ops.uploads where completed_at is not null")
    print(f"progress told {found['told']} times")
    if {found["sha256"], peer, *(row["sha256"] for row in hub)} != {wanted} or len(hub) != 1:
        raise SystemExit(f"not one hash: {found['sha256']}, {peer}, {hub}, hashlib {wanted}")
    print(f"one hash in browser, hub and hashlib: {wanted[:16]}…")


def _say(name: str, figures: dict[str, float]) -> None:
    pace = _SIZE / _MIB / figures["seconds"]
    took, heap, memory = (figures[key] for key in ("seconds", "heap_mib", "memory_mib"))
    print(f"{name:28}{took:>9.1f}{pace:>8.0f}{heap:>10.1f}{memory:>12.0f}", flush=True)
