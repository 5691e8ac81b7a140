"""The browser that all end-to-end tests share."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.fixtures.browser import watch_hosts


def test_chromium_runs_a_page_and_tells_whom_it_talks_to(browser: Browser) -> None:
    context = browser.new_context()
    hosts = watch_hosts(context)
    page = context.new_page()
    page.route(
        "http://example.invalid/**",
        lambda route: route.fulfill(body="<h1>here</h1>", content_type="text/html"),
    )
    page.goto("http://example.invalid/")
    assert page.inner_text("h1") == "here"
    assert hosts == {"example.invalid"}
    context.close()
