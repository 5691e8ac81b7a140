"""The dashboard in a real Chromium, served by its real process: sign-in, every page, films, no other host."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rtv_commands.register_operator import register_operator
from rtv_core.identity import Actor, ActorKind, Role
from tests.fixtures.browser import watch_hosts
from tests.fixtures.built_world import BuiltWorld
from tests.fixtures.dashboard import PASSWORD, USER, served_dashboard

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "test-results" / "dashboard"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A running dashboard."""

    address: str
    world: BuiltWorld


@pytest.fixture(scope="module")
def dashboard(built_world: BuiltWorld) -> Iterator[Dashboard]:
    with served_dashboard(built_world.dsn, built_world.home) as address:
        yield Dashboard(address, built_world)


def pages_of(world: BuiltWorld) -> dict[str, tuple[str, str]]:
    """Every page of this world: its address and its heading."""
    filmed = world.rows(
        """
        select d.platform_code, d.rtv_no, d.discrepancy_key from marts.fct_discrepancies as d
        inner join ops.clips as k using (tenant_code, discrepancy_key)
        where k.clip_status = 'cut' and d.rtv_no is not null order by d.value_minor desc nulls last limit 1"""
    )[0]
    claim = world.rows("select claim_no from ops.claims order by claimed_minor desc, claim_no limit 1")[0]
    return {
        "today": ("", "Today"),
        "discrepancies": ("discrepancies", "Discrepancies"),
        "rtv": (
            f"rtv?platform={filmed['platform_code']}&rtv={filmed['rtv_no']}&d={filmed['discrepancy_key']}",
            filmed["rtv_no"],
        ),
        "returns": ("rtv", "Returns"),
        "evidence": ("evidence", "Evidence"),
        "claims": ("claims", "Claims"),
        "claim": (f"claims?claim={claim['claim_no']}", "Claims"),
        "bay": ("bay", "Bay"),
        "data-health": ("data-health", "Data health"),
        "quarantine": ("data-health?part=quarantine", "Data health"),
        "checks": ("data-health?part=checks", "Data health"),
        "builds": ("data-health?part=builds", "Data health"),
        "dags": ("data-health?part=dags", "Data health"),
    }


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=SIZES["desktop"], locale="en-IN", color_scheme="light")
    context.set_default_timeout(90_000)
    yield context
    context.close()


def sign_in(page: Page, dashboard: Dashboard, password: str = PASSWORD) -> None:
    page.goto(f"{dashboard.address}/")
    page.get_by_label("Name").fill(USER)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def expect_drawn(page: Page) -> None:
    """The page's script has ended and nothing of the run before is left: a press now hits what it aims at."""
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=60_000
    )
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=60_000)


def open_page(page: Page, dashboard: Dashboard, path: str, heading: str) -> None:
    page.goto(f"{dashboard.address}/{path}")
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=30_000)
    expect(page.locator(".rtv-person")).to_have_count(1, timeout=30_000)
    expect_drawn(page)
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
    context.set_default_timeout(90_000)
    hosts = watch_hosts(context)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, dashboard)
    folder = PICTURES if size == "desktop" else PICTURES / size
    folder.mkdir(parents=True, exist_ok=True)
    for name, (path, heading) in pages_of(dashboard.world).items():
        open_page(page, dashboard, path, heading)
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size(
            {"width": SIZES[size]["width"], "height": min(max(tall, SIZES[size]["height"]), 6000)}
        )
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}.png")
        page.set_viewport_size(SIZES[size])
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= SIZES[size]["width"], f"{name} is {wide} pixels wide"
    context.close()
    assert hosts == {"127.0.0.1"}
    assert not [text for text in complaints if "Content Security Policy" in text], complaints


def cookies_of(context: BrowserContext) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in context.cookies()}


def test_nothing_is_served_to_a_stranger(dashboard: Dashboard) -> None:
    with httpx.Client(base_url=dashboard.address) as stranger:
        for path in (
            "/",
            "/claims",
            "/_stcore/host-config",
            "/evidence-film/1",
            "/export/fct_rtvs.csv",
            "/_stcore/stream",
        ):
            answer = stranger.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN"), path
            assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        page = stranger.get("/claims?claim=x", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/claims%3Fclaim%3Dx")
        away = stranger.post("/sign-in", data={"user": USER, "password": PASSWORD, "next": "//evil.example"})
        assert (away.status_code, away.headers["location"]) == (303, "/")
        cookie = away.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie


def test_a_film_is_served_in_ranges_by_its_own_signed_link_only(
    dashboard: Dashboard, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    sign_in(page, dashboard)
    open_page(page, dashboard, "evidence?state=cut", "Evidence")
    expect(page.locator("video")).to_have_attribute(
        "src", re.compile(r"^/evidence-film/\d+\?playable&token="), timeout=30_000
    )
    source = str(page.locator("video").get_attribute("src"))
    page.wait_for_function("document.querySelector('video')?.readyState >= 2 || true")
    with httpx.Client(base_url=dashboard.address, cookies=cookies_of(visitor)) as client:
        whole = client.get(source, headers={"accept-encoding": "gzip"})
        part = client.get(source, headers={"range": "bytes=4-99"})
        assert (whole.status_code, part.status_code) == (200, 206)
        assert part.content == whole.content[4:100]
        assert part.headers["content-range"] == f"bytes 4-99/{len(whole.content)}"
        assert "content-encoding" not in whole.headers
        assert whole.headers["content-type"] == "video/mp4"
        assert client.get(source, headers={"range": "bytes=999999999-"}).status_code == 416
        assert client.get(source, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
        assert client.get(source[:-2] + "xx").status_code == 403
        assert client.get(source.replace("/evidence-film/", "/evidence-film/9")).status_code == 403
    assert httpx.get(f"{dashboard.address}{source}").status_code == 401


def test_the_player_steps_a_frame_and_jumps_to_its_markers(
    dashboard: Dashboard, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    sign_in(page, dashboard)
    open_page(page, dashboard, "evidence?state=cut", "Evidence")
    video = page.locator("video")
    expect(page.locator(".time")).to_contain_text(re.compile(r"/ 0:0[1-9]"), timeout=30_000)
    settled = "film => !film.seeking"
    video.evaluate("film => { film.currentTime = 1 }")
    page.wait_for_function(settled, arg=video.element_handle())
    page.locator(".step").click()
    page.wait_for_function(settled, arg=video.element_handle())
    assert 1 < float(video.evaluate("film => film.currentTime")) < 1.2
    page.locator(".player").press("m")
    page.wait_for_function(settled, arg=video.element_handle())
    assert float(video.evaluate("film => film.currentTime")) > 1.2


def test_a_person_approves_a_claim_and_takes_its_bundle_away(
    dashboard: Dashboard, visitor: BrowserContext, tmp_path: Path
) -> None:
    ready = dashboard.world.rows(
        "select claim_no from ops.claims where claim_status = 'ready' order by claimed_minor limit 1"
    )[0]["claim_no"]
    page = visitor.new_page()
    sign_in(page, dashboard)
    open_page(page, dashboard, f"claims?claim={ready}", "Claims")
    page.get_by_role("button", name="Approve this claim").click()
    expect(page.get_by_text("is approved and its proof bundle is written")).to_be_visible(timeout=60_000)
    expect_drawn(page)
    with page.expect_download(timeout=90_000) as download:
        page.get_by_role("link", name="Download the proof bundle").click()
    path = tmp_path / "bundle.zip"
    download.value.save_as(path)
    assert zipfile.is_zipfile(path)
    row = dashboard.world.rows(
        f"select claim_status, approved_by, bundle_sha256 from ops.claims where claim_no = '{ready}'"
    )[0]
    assert (row["claim_status"], row["approved_by"]) == ("approved", USER)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["bundle_sha256"]
    left = dashboard.world.rows("select disclosed_by, claim_no, sha256 from ops.disclosures")
    assert left == [{"disclosed_by": USER, "claim_no": ready, "sha256": row["bundle_sha256"]}]
    open_page(page, dashboard, "evidence", "Evidence")
    expect(page.get_by_role("link", name=f"Claim {ready}")).to_be_visible()


def test_a_lead_assigns_what_waits_and_takes_it_back(dashboard: Dashboard, visitor: BrowserContext) -> None:
    (waits,) = dashboard.world.rows(
        "select node_code, awb_no from marts.fct_consignments where handover_at is not null "
        "and awb_no is not null and not is_qc_complete order by awb_no limit 1"
    )
    register_operator(
        dashboard.world.dsn,
        operator_code="OP-41",
        operator_name="Meena",
        node_code=waits["node_code"],
        pin="482913",
        actor=Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN})),
        now=datetime.now(UTC),
    )
    page = visitor.new_page()
    sign_in(page, dashboard)
    open_page(page, dashboard, "bay", "Bay")
    choose = page.get_by_role("combobox", name=re.compile("Consignment"))
    choose.fill(waits["awb_no"])
    choose.press("Enter")
    expect_drawn(page)
    page.get_by_role("combobox", name=re.compile("Operator")).fill("OP-41")
    page.get_by_role("combobox", name=re.compile("Operator")).press("Enter")
    expect_drawn(page)
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text(f"{waits['awb_no']} is with OP-41 now.")).to_be_visible()
    work = page.get_by_role("region", name="Consignments that are assigned")
    expect(work).to_contain_text("OP-41")
    expect(work).to_contain_text("not begun")
    page.screenshot(path=PICTURES / "bay-assigned.png", full_page=True)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text(f"{waits['awb_no']} waits for anybody now.")).to_be_visible()
    expect(work).to_have_count(0)


def test_a_mart_downloads_as_the_page_filters_it(dashboard: Dashboard, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    sign_in(page, dashboard)
    open_page(page, dashboard, "discrepancies?rule=damaged&standing=all", "Discrepancies")
    expect(page.get_by_text("Damaged").first).to_be_visible()
    page.get_by_test_id("stPopoverButton").click()
    expect_drawn(page)
    with page.expect_download(timeout=90_000) as download:
        page.get_by_role("link", name="CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    expected = dashboard.world.rows(
        "select count(*) as n from marts.fct_discrepancies where rule_code = 'damaged'"
    )
    assert len(lines) - 1 == expected[0]["n"] > 0
