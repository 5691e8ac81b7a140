"""Files in, by hand: dropped on the page, mapped when nobody knows them, and the quarantine emptied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from rtv_core.warehouse.connection import connect, fetch_all
from tests.e2e.test_dashboard import PICTURES, SIZES, expect_drawn
from tests.fixtures.dashboard import PASSWORD, USER, served_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SKUS = (
    b"sku_code,gtin,title,brand_code,category,mrp,unit_cost,hsn_code,gst_rate,is_kit\n"
    b"ROSE-100,8901234500019,Rose toner 100 ml,GLOW,cosmetics,299,90,3304,18,false\n"
    b"CREAM-50,8901234500026,Night cream 50 g,GLOW,cosmetics,five hundred,90,3304,18,false\n"
    b"SERUM-30,8901234500033,Vitamin C serum,GLOW,cosmetics,seven hundred,90,3304,18,false\n"
)
UNKNOWN = (
    b"Return Ref,Created,From,To,Article,Units,Rate\n"
    b"RR-1,2026-11-01T09:00:00+05:30,DARK-1,FC-1,BK-9,4,120.50\n"
    b"RR-1,2026-11-01T09:00:00+05:30,DARK-1,FC-1,BK-7,2,99.00\n"
)


@pytest.fixture
def page(warehouse_dsn: str, tmp_path: Path, browser: Browser) -> Iterator[tuple[Page, str, str]]:
    with served_dashboard(warehouse_dsn, tmp_path) as address:
        context = browser.new_context(viewport=SIZES["desktop"], locale="en-IN", color_scheme="light")
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(f"{address}/")
        page.get_by_label("Name").fill(USER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".rtv-person")).to_have_count(1, timeout=60_000)
        yield page, address, warehouse_dsn
        context.close()


def _open(page: Page, address: str, path: str, heading: str) -> None:
    page.goto(f"{address}/{path}")
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect_drawn(page)


def _drop(page: Page, name: str, content: bytes) -> None:
    given = FilePayload(name=name, mimeType="text/csv", buffer=content)
    page.locator("input[type=file]").set_input_files(files=[given])
    expect(page.get_by_role("button", name="Send 1 file in")).to_be_visible()
    expect_drawn(page)


def _picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def _raw(dsn: str, table: str, columns: str) -> list[dict[str, Any]]:
    query = f"select {columns} from raw.{table} where _superseded_at is null order by 1, 2"
    with connect(dsn) as connection:
        return fetch_all(connection, query)


def test_a_file_is_understood_sent_in_and_its_quarantine_emptied(page: tuple[Page, str, str]) -> None:
    tab, address, dsn = page
    _open(tab, address, "upload", "Upload")
    _drop(tab, "skus_november.csv", SKUS)
    expect(tab.get_by_text("five hundred", exact=True)).to_be_visible()
    assert _raw(dsn, "skus", "sku_code, mrp") == []
    _picture(tab, "upload")
    tab.get_by_role("button", name="Send 1 file in").click()
    expect(tab.get_by_role("heading", name="Sent in")).to_be_visible()
    expect_drawn(tab)
    _picture(tab, "upload-sent")

    _open(tab, address, "data-health?part=quarantine", "Data health")
    tab.locator(".rtv-table a", has_text="NUMBER_INVALID").first.click()
    expect(tab.get_by_text("One value for every row of this cause")).to_be_visible()
    expect_drawn(tab)
    # The first cell of the refused column, in the first row of the grid: typed over, as in a sheet.
    _fill_cell(tab, 0, 2, "549")
    send = tab.get_by_role("button", name="Send 1 mended row in again")
    expect(send).to_be_enabled()
    expect_drawn(tab)
    _picture(tab, "quarantine-open")
    send.click()
    expect(tab.get_by_text("1 row sent in again: 1 loaded")).to_be_visible()
    expect_drawn(tab)
    tab.get_by_label("Value", exact=True).fill("799")
    tab.get_by_role("button", name="Set it in all and send them in again").click()
    expect(tab.get_by_role("heading", name="Mended before")).to_be_visible()
    expect(tab.get_by_text("No row of this cause is open")).to_be_visible()
    expect_drawn(tab)
    _picture(tab, "quarantine-emptied")
    prices = {row["sku_code"]: str(row["mrp"]) for row in _raw(dsn, "skus", "sku_code, mrp::int as mrp")}
    assert prices == {"ROSE-100": "299", "CREAM-50": "549", "SERUM-30": "799"}


def test_a_file_that_nobody_knows_is_mapped_and_read(page: tuple[Page, str, str]) -> None:
    tab, address, dsn = page
    _open(tab, address, "upload", "Upload")
    _drop(tab, "darkstore_nov.csv", UNKNOWN)
    expect(tab.get_by_text("not recognised")).to_be_visible()
    tab.get_by_role("button", name="Send 1 file in").click()
    expect(tab.get_by_role("heading", name="Sent in")).to_be_visible()
    expect_drawn(tab)
    tab.get_by_role("link", name="Map the columns of darkstore_nov.csv").click()
    expect(tab.get_by_role("heading", level=1, name="Mappings")).to_be_visible()
    expect(tab.get_by_text("Its rows, read so")).to_be_visible()
    expect(tab.get_by_label("Name of the mapping", exact=True)).to_have_value("darkstore_nov")
    expect_drawn(tab)
    _picture(tab, "mappings")
    # Needed fields stand first, in the contract's order.
    for row, column, value in (
        (0, "same", "BLINKIT"),
        (1, "column", "Return Ref"),
        (2, "column", "Created"),
        (3, "column", "From"),
        (4, "column", "To"),
        (5, "column", "@counted"),
        (6, "column", "Article"),
        (8, "column", "Rate"),
    ):
        _set_role(tab, row, column, value)
    expect(tab.get_by_text("2 would load")).to_be_visible()
    expect_drawn(tab)
    save = tab.get_by_role("button", name="Save, and read the waiting files")
    expect(save).to_be_enabled()
    _picture(tab, "mappings-chosen")
    save.click()
    expect(tab.get_by_text("1 file read: 2 rows loaded")).to_be_visible()
    expect(tab.get_by_role("heading", name="Saved")).to_be_visible()
    expect_drawn(tab)
    _picture(tab, "mappings-saved")
    lines = _raw(dsn, "rtv_manifests", "line_no, platform_sku, platform_code, rtv_no, qty::int as qty")
    assert [tuple(line.values()) for line in lines] == [
        ("1", "BK-9", "BLINKIT", "RR-1", 4),
        ("2", "BK-7", "BLINKIT", "RR-1", 2),
    ]


def _set_role(tab: Page, row: int, column: str, value: str) -> None:
    """Choose a column, or one value for every row, in the grid of roles."""
    _fill_cell(tab, row, {"column": 2, "same": 3}[column], value)


def _fill_cell(tab: Page, row: int, column: int, value: str) -> None:
    """Go to a cell of the first grid by the keyboard and type over it."""
    expect_drawn(tab)
    tab.get_by_test_id("stDataFrame").first.click(position={"x": 40, "y": 52})
    for key in ["ArrowDown"] * row + ["ArrowRight"] * column + ["Enter"]:
        tab.keyboard.press(key)
    tab.locator("#portal input, #portal textarea").first.fill(value)
    tab.keyboard.press("Enter")
    expect_drawn(tab)
