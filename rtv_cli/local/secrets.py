"""What is generated once for a home and kept in its `local.env`: passwords, keys, signing secrets."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from rtv_core.settings import local_file


def read_local_file(home: Path) -> dict[str, str]:
    """The variables in the home's `local.env`; empty when there is none."""
    path = local_file(home)
    if not path.exists():
        return {}
    lines = [line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line]
    return {name: value for name, value in lines if not name.startswith("#")}


def write_local_file(home: Path, values: dict[str, str]) -> None:
    """Replace the home's `local.env`, readable by its owner only."""
    path = local_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    body = "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
    part.write_text("# Generated for this home; the environment wins over it.\n" + body, encoding="utf-8")
    part.replace(path)


def ensure_secrets(home: Path) -> dict[str, str]:
    """The home's secrets, generated the first time; nothing ever has a default password."""
    known = read_local_file(home)
    generators: dict[str, Callable[[], str]] = {
        "RTV_DASHBOARD__PASSWORD": lambda: secrets.token_urlsafe(12),
        "RTV_DASHBOARD__SESSION_SECRET": lambda: secrets.token_urlsafe(36),
        "RTV_API__SESSION_SECRET": lambda: secrets.token_urlsafe(36),
        "RTV_STORE__ACCESS_KEY": lambda: secrets.token_hex(10),
        "RTV_STORE__SECRET_KEY": lambda: secrets.token_urlsafe(30),
        "RTV_OUTBOUND__WEBHOOK_SECRET": lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    missing = {name: make() for name, make in generators.items() if name not in known}
    if missing:
        known |= missing
        write_local_file(home, known)
    return known


def airflow_secrets(home: Path) -> dict[str, str]:
    """Airflow's own signing secret and Fernet key, generated once beside the home's others."""
    path = home / "airflow" / "secrets.env"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        path.write_text(
            f"AIRFLOW__API_AUTH__JWT_SECRET={secrets.token_urlsafe(48)}\nAIRFLOW__CORE__FERNET_KEY={fernet}\n",
            encoding="utf-8",
        )
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines())
