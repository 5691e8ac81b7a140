"""Each page draws its rows without an exception, and says what to do when there are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.settings import get_settings
from streamlit_app.session import ACTOR
from tests.fixtures.dashboard import dashboard_environment, load_marts

VIEWS = ("today", "discrepancies", "rtv", "evidence", "claims", "data_health", "upload", "mappings", "bay")


@pytest.fixture
def dashboard(warehouse_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in dashboard_environment(warehouse_dsn, tmp_path).items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    yield warehouse_dsn
    get_settings.cache_clear()


def page(view: str, **query: str) -> AppTest:
    def script(view: str) -> None:
        import importlib

        from streamlit_app.components.notices import guarded

        guarded(importlib.import_module(f"streamlit_app.views.{view}").show)()

    test = AppTest.from_function(script, kwargs={"view": view}, default_timeout=60)
    test.session_state[ACTOR] = Actor(ActorKind.PERSON, "admin", frozenset({Role.ADMIN}))
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def text_of(test: AppTest) -> str:
    return " ".join(str(element.proto) for element in test.main)


# The small warehouse has no bytes of the file that waits for a mapping, and no consignments: browser tests
# draw these pages.
@pytest.mark.parametrize("view", [view for view in VIEWS if view not in {"mappings", "bay"}])
def test_a_page_with_rows_draws_without_exception(dashboard: str, view: str) -> None:
    load_marts(dashboard)
    test = page(view)
    assert not test.exception
    assert "rtv-title" in text_of(test)
    assert "rtv-stop" not in text_of(test)
    assert "rtv-wait" not in text_of(test)


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_before_the_first_build_says_what_to_do(dashboard: str, view: str) -> None:
    test = page(view)
    assert not test.exception
    assert "rtv-notice" in text_of(test)


def test_a_masked_cameras_film_waits_for_its_presentation_and_what_left_is_told(dashboard: str) -> None:
    load_marts(dashboard)
    with psycopg.connect(dashboard) as connection:
        connection.execute(
            "insert into ops.camera_masks (tenant_code, camera_code, set_at, masks, reason, set_by) values "
            "('default', 'CAM-B2', now(), "
            """'[{"left_pct":0,"top_pct":0,"width_pct":50,"height_pct":50}]', 'a neighbour', 'asha')"""
        )
        connection.execute(
            "insert into ops.disclosures (tenant_code, disclosed_at, disclosed_by, disclosure_kind, clip_id, "
            "sha256, disclosed_to, purpose) values ('default', now(), 'asha', 'release', 1, "
            "repeat('ab', 32), '<script>court</script>', 'order 12/2026')"
        )
    test = page("evidence")
    assert not test.exception
    shown = text_of(test)
    assert "This film cannot be shown yet" in shown
    assert "/evidence-film/" not in shown
    assert "What left the hub" in shown
    assert "order 12/2026" in shown
    assert "<script>court" not in shown
    with psycopg.connect(dashboard) as connection:
        connection.execute(
            "insert into ops.camera_masks values ('default', 'CAM-B2', now(), '[]', 'x', 'asha')"
        )
    assert "/evidence-film/" in text_of(page("evidence"))
