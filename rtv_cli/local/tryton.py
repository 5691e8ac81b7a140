"""A local Tryton for the demo and the tests: a database made once in a folder, a server on 127.0.0.1.

trytond is a development dependency: nothing of it is imported here, it runs as programs of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from rtv_core.errors import ConfigurationError, ServiceUnavailable

DATABASE = "rtv"
USER = "rtv-hub"
_PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class ErpParty:
    """A party that the ERP is to know."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ErpProduct:
    """A product that the ERP is to know."""

    code: str
    name: str
    gst_rate: str


@dataclass(frozen=True, slots=True)
class TrytonAccess:
    """Where a local Tryton answers, and as whom."""

    url: str
    database: str
    user: str
    password: str

    def environment(self) -> dict[str, str]:
        """The settings that send credit notes there."""
        return {
            "RTV_OUTBOUND__ERP_KIND": "tryton",
            "RTV_OUTBOUND__ERP_URL": self.url,
            "RTV_OUTBOUND__ERP_DATABASE": self.database,
            "RTV_OUTBOUND__ERP_USER": self.user,
            "RTV_OUTBOUND__ERP_PASSWORD": self.password,
        }


def masters_of(notes: Iterable[dict[str, Any]]) -> tuple[list[ErpParty], list[ErpProduct]]:
    """The parties and products that these credit notes name, for an ERP that knows none yet."""
    parties: dict[str, ErpParty] = {}
    products: dict[str, ErpProduct] = {}
    for note in notes:
        parties[note["party_code"]] = ErpParty(note["party_code"], note["party_code"])
        for line in note["lines"]:
            products[line["sku_code"]] = ErpProduct(line["sku_code"], line["sku_code"], line["gst_rate"])
    return list(parties.values()), list(products.values())


def is_available() -> bool:
    """Whether trytond is installed beside this Python."""
    return (_PROGRAMS / "trytond").exists()


def prepare_tryton(
    folder: Path, *, parties: Sequence[ErpParty] = (), products: Sequence[ErpProduct] = ()
) -> None:
    """Make the database in `folder` (about half a minute, once), with these parties and products."""
    if not is_available():
        raise ConfigurationError(
            "Tryton is not installed here",
            remedy="Install the development dependencies: `make install`.",
            code="TRYTON_MISSING",
        )
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secrets.json"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(
            json.dumps({name: secrets.token_urlsafe(18) for name in ("admin", USER)}), encoding="utf-8"
        )
    _activate(folder)
    wanted = {
        "user": USER,
        "password": _password(folder, USER),
        "parties": [{"code": one.code, "name": one.name} for one in parties],
        "products": [{"code": one.code, "name": one.name, "gst_rate": one.gst_rate} for one in products],
    }
    arguments = ["-m", "rtv_cli.local.tryton_setup", str(_config(folder)), DATABASE]
    _run(folder, [sys.executable, *arguments], json.dumps(wanted))


def tryton_command(folder: Path, port: int) -> list[str]:
    """The server process itself, for a supervisor to run in the foreground."""
    return [str(_PROGRAMS / "trytond"), "-c", str(_config(folder, port)), "-d", DATABASE]


def tryton_access(folder: Path, port: int) -> TrytonAccess:
    """How the hub reaches the server of this folder."""
    return TrytonAccess(f"http://127.0.0.1:{port}", DATABASE, USER, _password(folder, USER))


@contextmanager
def start_tryton(folder: Path, port: int) -> Iterator[TrytonAccess]:
    """Run the prepared server of `folder` on 127.0.0.1 until the block ends."""
    with (folder / "trytond.log").open("ab") as log:
        process = subprocess.Popen(
            tryton_command(folder, port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            cwd=folder,
        )
        access = tryton_access(folder, port)
        try:
            _wait(access, process)
            yield access
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _wait(access: TrytonAccess, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    question = {"id": 0, "method": "common.server.version", "params": []}
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < end and process.poll() is None:
            try:
                if client.post(f"{access.url}/rpc/", json=question).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
    raise ServiceUnavailable(
        f"Tryton does not answer at {access.url}",
        remedy="Read trytond.log in its folder.",
        code="TRYTON_DOWN",
    )


def _activate(folder: Path) -> None:
    """Create the database with its modules; a half-made one is removed first."""
    done, data = folder / "modules.done", folder / "data"
    if done.exists():
        return
    if data.exists():
        shutil.rmtree(data)
    data.mkdir()
    (data / f"{DATABASE}.sqlite").touch()
    password_file = folder / "admin.password"
    password_file.touch(mode=0o600)
    password_file.write_text(_password(folder, "admin"), encoding="utf-8")
    program = [str(_PROGRAMS / "trytond-admin"), "-c", str(_config(folder)), "-d", DATABASE]
    try:
        # An empty line answers the question for an e-mail address.
        _run(folder, [*program, "-u", "account_invoice", "--activate-dependencies"], "\n")
    finally:
        password_file.unlink()
    done.touch()


def _run(folder: Path, command: list[str], answer: str) -> None:
    finished = subprocess.run(
        command,
        input=answer,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=_environment(folder),
    )
    if finished.returncode != 0:
        raise ServiceUnavailable(
            f"{Path(command[0]).name} failed: {finished.stderr.strip()[-800:]}",
            remedy=f"Remove {folder} and try again.",
            code="TRYTON_FAILED",
        )


def _environment(folder: Path | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RTV_", "TRYTON"))}
    return kept | ({"TRYTONPASSFILE": str(folder / "admin.password")} if folder else {})


def _config(folder: Path, port: int | None = None) -> Path:
    path = folder / ("trytond.conf" if port is None else "server.conf")
    lines = ["[database]", "uri = sqlite://", f"path = {folder / 'data'}"]
    if port is not None:
        lines += ["[web]", f"listen = 127.0.0.1:{port}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _password(folder: Path, name: str) -> str:
    found: dict[str, str] = json.loads((folder / "secrets.json").read_text(encoding="utf-8"))
    return found[name]
