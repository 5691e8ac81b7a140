"""Settings are typed, read once, refuse strangers and never show a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from rtv_core.errors import ConfigurationError
from rtv_core.partner_settings import Group
from rtv_core.settings import Settings, known_variables, read_settings


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTV_WAREHOUSE__DNS", "postgresql://x")
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    assert caught.value.code == "SETTING_UNKNOWN"
    assert "RTV_WAREHOUSE__DNS" in caught.value.fact


@pytest.mark.parametrize("name", ["RTV_STRANGER", "RTV_WAREHOUSE", "RTV_API__PORT__X"])
def test_a_stranger_at_any_depth_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigurationError):
        read_settings()


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTV_API__PORT", "eighty")
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    assert caught.value.code == "SETTING_INVALID"
    assert caught.value.fact.startswith("RTV_API__PORT")


def test_the_environment_wins_over_the_homes_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RTV_HOME", str(tmp_path))
    (tmp_path / "local.env").write_text("RTV_API__PORT=7001\nRTV_DASHBOARD__PORT=7002\n")
    monkeypatch.setenv("RTV_API__PORT", "7003")
    settings = read_settings()
    assert (settings.api.port, settings.dashboard.port) == (7003, 7002)


def test_secrets_have_no_default_and_do_not_print() -> None:
    secret_words = ("password", "secret", "access_key", "dsn")
    for group in Settings.model_fields.values():
        if isinstance(group.annotation, type) and issubclass(group.annotation, Group):
            for name, field in group.annotation.model_fields.items():
                if any(name.endswith(word) for word in secret_words):
                    assert field.default is None, name
                    assert "SecretStr" in str(field.annotation), name


def test_every_variable_says_what_it_means() -> None:
    assert len(known_variables()) > 30
    assert all(text.endswith(".") for text in known_variables().values())


def test_without_a_warehouse_the_remedy_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings().warehouse_dsn()
    assert "RTV_WAREHOUSE__DSN" in caught.value.remedy


def test_a_blank_variable_of_compose_means_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTV_INBOUND__HOOKS", "")
    monkeypatch.setenv(
        "RTV_INBOUND__PULLS", '{"t": {"transporter_code": "T", "url": "https://example.com/{awbs}"}}'
    )
    inbound = read_settings().inbound
    assert inbound.hooks == {}
    assert inbound.pulls["t"].awbs_a_request == 50
