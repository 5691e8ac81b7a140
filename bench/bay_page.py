"""A bay server with an expected box, and a Chromium that stands before it, for the benches of the QC app."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.bench_intake import free_port
from rtv_cli.local.postgres import EmbeddedPostgres
from rtv_commands.prepare import prepare_warehouse
from tests.fixtures.bay import AWB, SIGN_IN, Bay, bay_settings, expect_consignment, serving
from tests.fixtures.browser import CHROMIUM_ARGUMENTS, chromium_path


@contextmanager
def bay_server() -> Iterator[Bay]:
    """The API on a warehouse of its own, with a consignment of three SKUs."""
    with tempfile.TemporaryDirectory(prefix="rtv-bench-") as name:
        folder = Path(name)
        # The server runs as a user of its own when this process is root.
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder / "pg", free_port())
        server.start()
        try:
            prepare_warehouse(server.dsn())
            with serving(bay_settings(server.dsn(), folder / "bay", free_port())) as bay:
                expect_consignment(bay.dsn, bay.store)
                yield bay
        finally:
            server.stop("immediate")


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A Chromium whose camera shows a moving pattern without any code."""
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium_path(), args=[*CHROMIUM_ARGUMENTS, *camera, *arguments]
        )
        try:
            yield browser
        finally:
            browser.close()


def open_box(page: Page) -> None:
    """Sign in, name the box, receive it at the gate: the box is open and its film runs."""
    page.goto("/")
    for name, value in SIGN_IN.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("button.go").click()
    page.locator("[name=awb]").fill(AWB)
    page.locator("button.go").click()
    page.locator(".choice-intact").click()
    page.locator("button.go").click()
    page.locator(".rec.on").wait_for()
