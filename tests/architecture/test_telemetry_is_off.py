"""No tool of ours tells anyone about its user."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

from rtv_cli.local.airflow import airflow_environment
from rtv_cli.local.stack import build_stack, prepare_home
from rtv_core.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]


def test_streamlit_gathers_nothing() -> None:
    config = tomllib.loads((ROOT / "streamlit_app/.streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False


def test_dbt_sends_no_anonymous_events() -> None:
    project = yaml.safe_load((ROOT / "dbt_project/dbt_project.yml").read_text(encoding="utf-8"))
    assert project["flags"]["send_anonymous_usage_stats"] is False


def test_every_process_is_told_not_to_track() -> None:
    specs = build_stack(prepare_home(read_settings())).specs
    for spec in specs:
        if spec.name not in {"postgres", "s3"}:
            assert spec.environment["DO_NOT_TRACK"] == "1", spec.name
    assert "-master.telemetry=false" in next(spec.argv for spec in specs if spec.name == "s3")


def test_airflow_collects_no_usage() -> None:
    told = airflow_environment(prepare_home(read_settings()), "postgresql://rtv@127.0.0.1/airflow")
    assert told["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"


def test_great_expectations_analytics_are_off() -> None:
    source = (ROOT / "expectations/context.py").read_text(encoding="utf-8")
    assert "analytics" in source.lower()
