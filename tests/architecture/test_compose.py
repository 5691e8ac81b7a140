"""Compose holds the same processes, commands and variables as the supervisor and the settings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ingest.ways.configured import ways_in
from rtv_cli.local.airflow import COMPONENTS, airflow_environment
from rtv_cli.local.stack import build_stack, prepare_home
from rtv_core.settings import known_variables, read_settings

ROOT = Path(__file__).resolve().parents[2]
# A container runs these on its own: a queue worker each, the broker, TLS, and the one-off preparation.
COMPOSE_ONLY = {"airflow-worker", "airflow-worker-media", "redis", "proxy", "prepare"}
# The demo's stand-in for a partner is no part of a deployment.
LOCAL_ONLY = {"receiver"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_compose_has_the_supervisors_processes(compose: dict[str, Any]) -> None:
    names = set(build_stack(prepare_home(read_settings())).names)
    assert set(compose["services"]) == (names - LOCAL_ONLY) | COMPOSE_ONLY


def test_no_image_floats(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        image = service["image"]
        assert ":" in image, name
        assert not image.endswith(":latest"), name
    base = re.search(r"^FROM (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert base is not None
    assert re.search(r":\d+\.\d+\.\d+", base.group(1))


def test_commands_are_the_supervisors(compose: dict[str, Any]) -> None:
    specs = {spec.name: spec for spec in build_stack(prepare_home(read_settings())).specs}
    for name in ("api", "dashboard", *COMPONENTS):
        ours = [Path(specs[name].argv[0]).name, *specs[name].argv[1:]]
        theirs = compose["services"][name]["command"]
        hosts = {"127.0.0.1": "0.0.0.0"}
        assert [hosts.get(word, word) for word in ours] == theirs, name


def test_every_variable_is_a_setting(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable in service.get("environment", {}):
            if variable.startswith("RTV_") and name != "proxy":
                assert variable in known_variables(), f"{name}: {variable}"


def test_no_partners_door_is_open_until_it_is_named(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = compose["services"]["airflow-worker"]["environment"]
    doors = {name: text for name, text in environment.items() if "_IN__" in name}
    for name, text in doors.items():
        found = re.fullmatch(r"\$\{(\w+):-(.*)\}", text)
        assert found is not None
        assert found[1] == name
        monkeypatch.setenv(name, found[2])
    assert ways_in(read_settings()) == []
    for name in ("RTV_S3_IN__BUCKET", "RTV_SFTP_IN__HOST", "RTV_MAIL_IN__HOST"):
        assert name in doors
        monkeypatch.setenv(name, "partners.example")
    assert [way.name for way in ways_in(read_settings())] == ["s3", "sftp", "mail"]


def test_airflow_is_told_the_same(compose: dict[str, Any]) -> None:
    local = airflow_environment(prepare_home(read_settings()), "postgresql://rtv@127.0.0.1/airflow")
    for name in (*COMPONENTS, "airflow-worker", "airflow-worker-media", "prepare"):
        theirs = compose["services"][name]["environment"]
        missing = {key for key in local if key.startswith("AIRFLOW__")} - set(theirs)
        assert missing <= {
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK",
            "AIRFLOW__SCHEDULER__ENABLE_TRACEMALLOC",
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT",
        }, name
        assert theirs["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


def test_secrets_are_demanded_and_nothing_but_the_proxy_is_published(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    demanded = set(re.findall(r"\$\{(\w+):\?", text))
    assert {"POSTGRES_PASSWORD", "RTV_DASHBOARD__PASSWORD", "RTV_STORE__SECRET_KEY"} <= demanded
    for name in demanded:
        assert re.search(rf"^{name}=$", example, re.MULTILINE), f"{name} is not in .env.example, empty"
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"proxy"}


def test_compose_is_valid_by_its_schema(compose: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests/fixtures/compose/compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(compose)] == []
    broken = {**compose, "services": {"api": {"imagee": "rtv-hub"}}}
    assert list(validator.iter_errors(broken)), "the schema must be able to find a fault"


def test_what_compose_names_is_there(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for other, condition in service.get("depends_on", {}).items():
            needs_check = condition["condition"] == "service_healthy"
            assert other in compose["services"], f"{name} waits for {other}"
            assert not needs_check or "healthcheck" in compose["services"][other], other
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), f"{name}: {source}"
