"""Shared fixtures: one embedded Postgres a test process, one database a test, made from a template."""

from __future__ import annotations

import os
import random
import shutil
import socket
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from rtv_cli.local.postgres import EmbeddedPostgres
from tests.fixtures.warehouses import Warehouses

if TYPE_CHECKING:
    from tests.fixtures.built_world import BuiltWorld

pytest_plugins = [
    "tests.fixtures.bay",
    "tests.fixtures.browser",
    "tests.fixtures.imap",
    "tests.fixtures.s3",
    "tests.fixtures.sftp",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one at the end; a file stays together."""
    weights: dict[Path, float] = defaultdict(float)
    for item in items:
        is_long = item.get_closest_marker("slow") or item.get_closest_marker("browser")
        weights[item.path] += 20 if is_long else 1 if "integration" in item.path.parts else 0.02
    items.sort(key=lambda item: (-weights[item.path], str(item.path)))


# They read one built world, which one worker then makes once.
_READ_THE_BUILT_WORLD = ("test_dashboard.py", "test_explain_cli.py", "test_marts_reads.py")


class _FilesScheduling(LoadFileScheduling):
    """A file stays on one worker, and so do the files that share what is long to make."""

    def _split_scope(self, nodeid: str) -> str:
        path = str(super()._split_scope(nodeid))
        return "the built world" if path.endswith(_READ_THE_BUILT_WORLD) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Take the place of `--dist loadfile`."""
    return _FilesScheduling(config, log)


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def standing_port() -> int:
    """A free port below those the system hands out, for a server that starts later than it is named."""
    roll = random.SystemRandom()
    while True:
        port = roll.randrange(12_000, 22_000)
        with socket.socket() as probe, socket.socket() as inner:
            # The store listens ten thousand above as well.
            if probe.connect_ex(("127.0.0.1", port)) and inner.connect_ex(("127.0.0.1", port + 10_000)):
                return port


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings or the home of the person who runs it."""
    for name in list(os.environ):
        if name.startswith("RTV_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RTV_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    from rtv_core.settings import get_settings

    get_settings.cache_clear()


def _memory() -> str | None:
    """The system's folder in memory, if it has room for the servers of all workers."""
    folder = Path("/dev/shm")
    has_room = folder.is_dir() and shutil.disk_usage(folder).free > 8 * 2**30
    return str(folder) if has_room and os.access(folder, os.W_OK) else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A Postgres 18 of its own for this test process.

    It lies outside pytest's folder: each start of pytest closes that folder to other users, and the server
    of a test run by root is another user. It lies in memory where there is room: a database a test is what
    a disk feels most.
    """
    folder = Path(tempfile.mkdtemp(prefix="rtv-test-postgres-", dir=_memory()))
    server = EmbeddedPostgres(
        folder / "pg",
        free_port(),
        overrides=(
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            ("max_connections", "60"),
        ),
    )
    server.start()
    yield server
    server.stop("immediate")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def _template(postgres: EmbeddedPostgres) -> str:
    from rtv_commands.prepare import prepare_warehouse

    postgres.ensure_database("template_rtv")
    prepare_warehouse(postgres.dsn("template_rtv"))
    return "template_rtv"


@pytest.fixture(scope="session")
def warehouses(postgres: EmbeddedPostgres, _template: str) -> Iterator[Warehouses]:
    """Hands out empty, migrated warehouses."""
    made = Warehouses(postgres, _template)
    yield made
    made.forget()


@pytest.fixture
def warehouse_dsn(warehouses: Warehouses) -> Iterator[str]:
    """The address of an empty, migrated warehouse of this test's own."""
    with warehouses.opened() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def module_warehouse_dsn(warehouses: Warehouses) -> Iterator[str]:
    """The same, shared by the tests of one file."""
    with warehouses.opened() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def built_world(warehouses: Warehouses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltWorld]:
    """One small world, taken in, built, filmed and claimed; shared, so tests only read it."""
    from tests.fixtures.built_world import build_world

    with warehouses.opened() as dsn:
        yield build_world(dsn, tmp_path_factory.mktemp("built-world"))
