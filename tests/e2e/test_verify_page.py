"""The page in every bundle judges it in a real browser, from disk and with no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from rtv_core.evidence.bundle import carried_file
from rtv_core.evidence.notes import public_key_text
from tests.fixtures.attacks import ATTACKS, mutant
from tests.fixtures.browser import watch_hosts
from tests.fixtures.bundles import HUB, STRANGER, bundle_bytes, small_contents

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    context = browser.new_context()
    context.set_offline(True)
    hosts = watch_hosts(context)
    (tmp_path / "verify.html").write_bytes(carried_file("verify.html"))
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto((tmp_path / "verify.html").as_uri())
    yield opened
    assert hosts == set()
    assert errors == []
    context.close()


def _judge(page: Page, bundle: bytes, key: str = "") -> tuple[str, str]:
    page.fill("#key", key)
    page.set_input_files("#file", [])
    page.set_input_files("#file", {"name": "claim.zip", "mimeType": "application/zip", "buffer": bundle})
    page.wait_for_selector("#verdict[class]:not([class=''])")
    return page.get_attribute("#verdict", "class") or "", page.inner_text("#findings")


def test_the_page_tells_proven_unknown_and_broken_apart(page: Page, tmp_path: Path) -> None:
    bundle = bundle_bytes(small_contents(tmp_path))
    assert _judge(page, bundle, public_key_text(HUB))[0] == "proven"
    verdict, findings = _judge(page, bundle)
    assert verdict == "intact_unknown_signer"
    assert public_key_text(HUB) in findings
    stranger = bundle_bytes(small_contents(tmp_path, STRANGER), STRANGER)
    assert _judge(page, stranger)[0] == "intact_unknown_signer"
    assert _judge(page, stranger, public_key_text(HUB))[0] == "broken"
    assert _judge(page, bundle, "no key")[0] == "no_key"


def test_the_page_finds_flips_cuts_and_additions(page: Page, tmp_path: Path) -> None:
    bundle = bundle_bytes(small_contents(tmp_path))
    for at in range(0, len(bundle), len(bundle) // 40):
        forged = bytearray(bundle)
        forged[at] ^= 1
        assert _judge(page, bytes(forged), public_key_text(HUB))[0] == "broken", at
    for forged_bytes in (bundle[:-1], bundle + b"x", b"", b"PK"):
        assert _judge(page, forged_bytes)[0] == "broken"


def test_the_page_finds_every_attack_and_its_mutants_do_not(page: Page, tmp_path: Path) -> None:
    key = public_key_text(HUB)
    genuine = carried_file("verify.html")
    forged = {attack.name: attack.forge(tmp_path) for attack in ATTACKS}
    for attack in ATTACKS:
        assert _judge(page, forged[attack.name], key)[0] == "broken", attack.name
    for attack in ATTACKS:
        (tmp_path / "mutant.html").write_text(mutant(genuine, attack.page), encoding="utf-8")
        page.goto((tmp_path / "mutant.html").as_uri())
        assert _judge(page, forged[attack.name], key)[0] == "proven", attack.name
