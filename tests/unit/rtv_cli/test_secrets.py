"""Secrets are generated once a home, readable by their owner only, never the same twice."""

from __future__ import annotations

import stat
from pathlib import Path

from rtv_cli.local.secrets import airflow_secrets, ensure_secrets, read_local_file


def test_secrets_are_generated_once_and_kept(tmp_path: Path) -> None:
    first = ensure_secrets(tmp_path)
    assert ensure_secrets(tmp_path) == first == read_local_file(tmp_path)
    assert stat.S_IMODE((tmp_path / "local.env").stat().st_mode) == 0o600
    assert airflow_secrets(tmp_path) == airflow_secrets(tmp_path)
    assert stat.S_IMODE((tmp_path / "airflow/secrets.env").stat().st_mode) == 0o600


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    one, two = ensure_secrets(tmp_path / "one"), ensure_secrets(tmp_path / "two")
    assert not set(one.values()) & set(two.values())
    assert all(len(value) >= 16 for value in one.values())
