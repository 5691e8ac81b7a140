"""`rtv evidence mask`, `present`, `release` and `disclosures`: a masked camera's film from cut to release."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from rtv_cli.commands import evidence, evidence_present, evidence_release
from rtv_core.objects import open_store
from rtv_core.settings import get_settings
from tests.fixtures.footage_hub import Hub, add_discrepancy, make_hub

_AREA = {"left_pct": 50.0, "top_pct": 0.0, "width_pct": 50.0, "height_pct": 25.5}


@pytest.fixture
def hub(warehouse_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """One clip, cut into the store that the command line opens."""
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    get_settings.cache_clear()
    hub = make_hub(warehouse_dsn, tmp_path)
    hub.settings = get_settings()
    hub.store = open_store(hub.settings)
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=8)
    hub.index()
    add_discrepancy(hub, "d1", 3, 5)
    assert hub.cut(hub.plan()).cut == 1
    return hub


def _run(*words: object, exit_code: int = 0) -> dict[str, Any]:
    app = typer.Typer()
    for module in (evidence, evidence_present, evidence_release):
        module.register(app)
    result = CliRunner().invoke(app, ["evidence", *map(str, words), "--json"])
    assert result.exit_code == exit_code, result.output
    found: dict[str, Any] = json.loads(result.stdout if exit_code == 0 else result.stderr)
    return found


def test_a_masked_film_goes_from_mask_to_release(hub: Hub, tmp_path: Path) -> None:
    set_to = _run("mask", "--camera", "cam-1", "--area", "50,0,50,25.5", "--reason", "a neighbour")
    assert set_to == _run("mask", "--camera", "cam-1") == {"camera_code": "cam-1", "masks": [_AREA]}
    assert _run("present") == {"made": 1, "already": 0, "failed": 0, "findings": []}
    window = ("--from", "2026-11-01T04:30:03Z", "--to", "2026-11-01T04:30:05Z")
    refused = _run("cut", "--camera", "cam-1", *window, "--to", tmp_path / "x.mp4", exit_code=1)
    assert refused["error"]["code"] == "CAMERA_MASKED"
    (clip,) = hub.rows("select clip_id, sha256, object_key from ops.clips")
    out = tmp_path / "released.mp4"
    told = ("--reason", "order 12/2026", "--to", "District Court", "--file", out)
    assert _run("release", clip["clip_id"], *told)["sha256"] == clip["sha256"]
    assert out.read_bytes() == hub.store.get_bytes(clip["object_key"])
    (row,) = _run("disclosures")["disclosures"]
    assert datetime.fromisoformat(row.pop("disclosed_at")) > datetime.now(UTC) - timedelta(minutes=5)
    assert row.pop("disclosed_by")
    assert row == {
        "disclosure_kind": "release", "claim_no": None, "clip_id": clip["clip_id"],
        "disclosed_to": "District Court", "purpose": "order 12/2026", "sha256": clip["sha256"],
    }  # fmt: skip
    assert _run("release", clip["clip_id"], *told, exit_code=2)["error"]["code"] == "TARGET_EXISTS"
    assert _run("mask", "--camera", "cam-1", "--none", "--reason", "they moved")["masks"] == []
    _run("cut", "--camera", "cam-1", *window, "--to", tmp_path / "x.mp4")


def test_masks_that_are_none_are_answered_with_the_remedy(hub: Hub) -> None:
    for words, code in (
        (("--area", "1,2,3", "--reason", "x"), "MASK_ARGUMENTS"),
        (("--area", "60,0,60,10", "--reason", "x"), "MASK_ARGUMENTS"),
        (("--area", "a,0,60,10", "--reason", "x"), "MASK_ARGUMENTS"),
        (("--area", "0,0,60,10", "--none", "--reason", "x"), "MASK_ARGUMENTS"),
        (("--area", "0,0,60,10"), "MASK_REASON_MISSING"),
    ):
        assert _run("mask", "--camera", "cam-1", *words, exit_code=2)["error"]["code"] == code
    assert hub.rows("select * from ops.camera_masks") == []
