"""The dashboard in a real Chromium, served by its real process: sign-in, every page, films, no other host."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rtv_cli.local.postgres import EmbeddedPostgres
from tests.conftest import free_port
from tests.fixtures.browser import *  # noqa: F403
from tests.fixtures.browser import watch_hosts
from tests.fixtures.dashboard import PASSWORD, USER, dashboard_environment, load_marts

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "test-results" / "dashboard"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PAGES = {
    "today": ("", "Today"),
    "discrepancies": ("discrepancies", "Discrepancies"),
    "rtv": ("rtv?platform=AMAZON&rtv=AMZ-2201", "AMZ-2201"),
    "returns": ("rtv", "Returns"),
    "evidence": ("evidence", "Evidence"),
    "claims": ("claims", "Claims"),
    "claim": ("claims?claim=AMAZON-AMAZON-AMZ-2201-unit_short-1", "Claims"),
    "data-health": ("data-health", "Data health"),
    "quarantine": ("data-health?part=quarantine", "Data health"),
    "checks": ("data-health?part=checks", "Data health"),
    "builds": ("data-health?part=builds", "Data health"),
    "dags": ("data-health?part=dags", "Data health"),
}

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A running dashboard."""

    address: str
    dsn: str
    home: Path


@pytest.fixture(scope="module")
def dashboard(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    from rtv_commands.prepare import prepare_warehouse

    home, port = tmp_path_factory.mktemp("dashboard"), free_port()
    postgres.ensure_database("dashboard")
    dsn = postgres.dsn("dashboard")
    prepare_warehouse(dsn)
    load_marts(dsn)
    film_into_store(home)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RTV_")}
    log = home / "dashboard.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "streamlit_app.app:app", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env=kept | dict(dashboard_environment(dsn, home, port=port)),
            stdout=sink,
            stderr=sink,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, log)
        yield Dashboard(address, dsn, home)
        process.terminate()
        assert process.wait(15) in {0, -15}
        assert "Traceback" not in log.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.wait()


def film_into_store(home: Path) -> None:
    """A real film, four seconds long, where the fixture's clips say theirs is."""
    import imageio_ffmpeg

    target = home / "store" / "evidence" / "film.mp4"
    target.parent.mkdir(parents=True)
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=size=640x360:rate=25:duration=4",
            "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", "-movflags", "+faststart", str(target),
        ],
        check=True,
    )  # fmt: skip


def wait_for(address: str, log: Path) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{address}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(log.read_text(encoding="utf-8")[-2000:])


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=SIZES["desktop"], locale="en-IN", color_scheme="light")
    yield context
    context.close()


def sign_in(page: Page, dashboard: Dashboard, password: str = PASSWORD) -> None:
    page.goto(f"{dashboard.address}/")
    page.get_by_label("Name").fill(USER)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def open_page(page: Page, dashboard: Dashboard, path: str, heading: str) -> None:
    page.goto(f"{dashboard.address}/{path}")
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=30_000)
    expect(page.locator(".rtv-person")).to_have_count(1, timeout=30_000)
    page.wait_for_timeout(600)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    expect(page.locator(".rtv-notice.rtv-stop")).to_have_count(0)


def test_a_wrong_password_is_refused_and_the_right_one_goes_where_it_was_going(
    dashboard: Dashboard, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    page.goto(f"{dashboard.address}/claims")
    expect(page).to_have_url(f"{dashboard.address}/sign-in?next=/claims")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "sign-in.png")
    page.get_by_label("Name").fill(USER)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("SIGN_IN_REFUSED")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{dashboard.address}/claims")
    expect(page.get_by_role("heading", level=1, name="Claims")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_draws_its_rows_and_talks_to_no_other_host(
    dashboard: Dashboard, browser: Browser, size: str
) -> None:
    context = browser.new_context(viewport=SIZES[size], locale="en-IN", color_scheme="light")
    hosts = watch_hosts(context)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, dashboard)
    folder = PICTURES if size == "desktop" else PICTURES / size
    folder.mkdir(parents=True, exist_ok=True)
    for name, (path, heading) in PAGES.items():
        open_page(page, dashboard, path, heading)
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": SIZES[size]["width"], "height": min(max(tall, SIZES[size]["height"]), 6000)})
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}.png")
        page.set_viewport_size(SIZES[size])
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= SIZES[size]["width"], f"{name} is {wide} pixels wide"
    context.close()
    assert hosts == {"127.0.0.1"}
    assert not [text for text in complaints if "Content Security Policy" in text], complaints
