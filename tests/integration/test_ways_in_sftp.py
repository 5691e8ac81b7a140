"""A partner's SFTP folder: host keys verified, whole files only, kept first, deleted after."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from intake_samples import record, write_csv
from pydantic import SecretStr
from typer.testing import CliRunner

from ingest.ways.sftp_folder import SftpFolder
from rtv_cli.main import register_all
from rtv_commands.load import load_pending_files
from rtv_commands.look_for_work import describe_parcels
from rtv_commands.receive_parcels import ParcelSummary
from rtv_core.errors import (
    ConfigurationError,
    IntegrityError,
    NotFound,
    NotPermitted,
    RtvError,
    ServiceUnavailable,
)
from rtv_core.objects.folder import FolderStore
from rtv_core.partner_settings import SftpInSettings
from rtv_core.settings import get_settings
from tests.conftest import free_port
from tests.fixtures.sftp import PASSWORD, USER, SftpTestServer
from tests.fixtures.ways import NOW, files, receive_at

MAX_BYTES = 8 * 1024**2
Receive = Callable[..., ParcelSummary]


@pytest.fixture
def settings(sftp_server: SftpTestServer, tmp_path: Path) -> SftpInSettings:
    (sftp_server.root / "in" / "brand-a").mkdir(parents=True)
    return SftpInSettings(
        host="127.0.0.1",
        port=sftp_server.port,
        user=USER,
        password=SecretStr(PASSWORD),
        known_hosts_file=sftp_server.write_known_hosts(tmp_path / "known_hosts"),
        folder="in",
        settle_seconds=0.01,
    )


@pytest.fixture
def inside(sftp_server: SftpTestServer, settings: SftpInSettings) -> Path:
    return sftp_server.root / "in"


def door(settings: SftpInSettings, **change: Any) -> SftpFolder:
    changed = settings.model_copy(update=change)
    assert changed.known_hosts_file is not None
    return SftpFolder(changed, changed.known_hosts_file, max_bytes=MAX_BYTES)


@pytest.fixture
def receive(warehouse_dsn: str, tmp_path: Path, settings: SftpInSettings) -> Receive:
    def receive_once(way: SftpFolder | None = None, **extra: Any) -> ParcelSummary:
        return receive_at(warehouse_dsn, tmp_path, way or door(settings), **extra)

    return receive_once


def left(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_whole_files_are_kept_loaded_and_then_deleted(
    warehouse_dsn: str, tmp_path: Path, inside: Path, receive: Receive, settings: SftpInSettings
) -> None:
    write_csv(inside / "nodes.csv", [record("nodes")])
    write_csv(inside / "brand-a" / "skus.csv", [record("skus")])
    for name in ("growing.csv.part", "brand-a/growing.csv.tmp", ".hidden"):
        (inside / name).write_text("x")
    (inside / "brand-a" / "deep").mkdir()
    (inside / "brand-a" / "deep" / "er.csv").write_text("x")
    (inside / "Not A Tenant").mkdir()
    (inside / "Not A Tenant" / "a.csv").write_text("x")
    (inside / "link.csv").symlink_to(tmp_path / "known_hosts")
    os.mkfifo(inside / "pipe.csv")
    with (inside / "large.csv").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    standing = left(inside)
    waiting, failures = describe_parcels([door(settings)])
    assert waiting.startswith("2 at sftp (in/brand-a/skus.csv; ")
    assert not failures
    summary = receive()
    assert summary.failure is None
    assert sorted(file.file_name for file in summary.received) == ["nodes.csv", "skus.csv"]
    assert {one.place: one.reason for one in summary.refused} == {
        "in/Not A Tenant/*": "the folder's name is no tenant code",
        "in/brand-a/deep": "it is no regular file",
        "in/large.csv": f"it is larger than {MAX_BYTES} bytes (RTV_INTAKE__MAX_FILE_BYTES)",
        "in/link.csv": "it is no regular file",
        "in/pipe.csv": "it is no regular file",
    }
    assert left(inside) == sorted(set(standing) - {"nodes.csv", "brand-a/skus.csv"})
    assert files(warehouse_dsn) == [("nodes.csv", "default", "sftp"), ("skus.csv", "brand-a", "sftp")]
    loaded = load_pending_files(warehouse_dsn, FolderStore(tmp_path / "store"), now=NOW)
    assert loaded.counts()["rows_loaded"] == 2


def test_many_blocks_arrive_byte_for_byte(tmp_path: Path, inside: Path, receive: Receive) -> None:
    data = os.urandom(5 * 1024**2 + 17)
    (inside / "large.bin").write_bytes(data)
    (kept,) = receive().received
    assert (tmp_path / "store" / "inbox" / kept.sha256[:2] / kept.sha256).read_bytes() == data


def test_a_file_that_grows_waits_until_it_stands(inside: Path, receive: Receive) -> None:
    path = inside / "growing.csv"
    path.write_bytes(b"half")

    def grow(_: float) -> None:
        with path.open("ab") as stream:
            stream.write(b" and half")

    summary = receive(wait=grow)
    assert summary.received == ()
    assert summary.still_growing == ("in/growing.csv",)
    assert path.exists()
    assert [file.size_bytes for file in receive().received] == [13]
    assert not path.exists()


def test_the_same_bytes_again_are_taken_away_and_change_nothing(
    warehouse_dsn: str, inside: Path, receive: Receive
) -> None:
    (inside / "a.csv").write_text("x\n1\n")
    assert [file.outcome for file in receive().received] == ["received"]
    (inside / "b.csv").write_text("x\n1\n")
    assert [file.outcome for file in receive().received] == ["the same bytes are here already"]
    assert left(inside) == []
    assert len(files(warehouse_dsn)) == 1


def test_a_file_replaced_while_it_is_taken_stays_and_is_taken_again(
    warehouse_dsn: str, inside: Path, receive: Receive, settings: SftpInSettings
) -> None:
    class Replaced(SftpFolder):
        def let_go(self, parcel: Any) -> bool:
            (inside / "a.csv").write_text("second, and longer\n")
            return super().let_go(parcel)

    (inside / "a.csv").write_text("first\n")
    assert settings.known_hosts_file
    receive(Replaced(settings, settings.known_hosts_file, max_bytes=MAX_BYTES))
    assert left(inside) == ["a.csv"]
    receive()
    assert left(inside) == []
    assert len(files(warehouse_dsn)) == 2


def test_a_line_that_breaks_in_the_middle_loses_nothing(
    warehouse_dsn: str, sftp_server: SftpTestServer, inside: Path, receive: Receive
) -> None:
    (inside / "a.csv").write_bytes(os.urandom(3 * 1024**2))
    sftp_server.lost_reads = 1
    failure = receive().failure
    assert isinstance(failure, ServiceUnavailable)
    assert failure.code == "SFTP_IN_UNREACHABLE"
    assert (files(warehouse_dsn), left(inside)) == ([], ["a.csv"])
    assert len(receive().received) == 1


def test_what_may_not_be_deleted_is_kept_and_said(
    sftp_server: SftpTestServer, inside: Path, receive: Receive
) -> None:
    (inside / "a.csv").write_text("x")
    (inside / "b.csv").write_text("y")
    sftp_server.is_read_only = True
    summary = receive()
    assert summary.failure is None
    assert len(summary.received) == 2
    assert all(one.reason.startswith("it is kept, but may not be taken away") for one in summary.refused)
    assert [file.is_repeat for file in receive().received] == [True, True]


def test_one_file_that_may_not_be_read_keeps_no_other_waiting(
    sftp_server: SftpTestServer, inside: Path, receive: Receive
) -> None:
    (inside / "a.csv").write_text("x")
    (inside / "b.csv").write_text("y")
    sftp_server.unreadable = b"/a.csv"
    summary = receive()
    assert [file.file_name for file in summary.received] == ["b.csv"]
    assert [one.place for one in summary.refused] == ["in/a.csv"]
    assert left(inside) == ["a.csv"]


def test_names_that_climb_lead_nowhere(
    warehouse_dsn: str, sftp_server: SftpTestServer, inside: Path, receive: Receive
) -> None:
    (sftp_server.root / "secret.csv").write_text("x")
    (inside / "..\\..\\passwd.csv").write_text("y")
    (inside / os.fsdecode(b"caf\xe9.csv")).write_text("z")
    sftp_server.invented = ["../secret.csv", "/secret.csv", "brand-a/../../secret.csv"]
    summary = receive()
    assert summary.failure is None
    assert files(warehouse_dsn) == [("caf_.csv", "default", "sftp")]
    sftp_server.invented = []
    assert left(sftp_server.root) == ["in/..\\..\\passwd.csv", "secret.csv"]


def test_a_key_signs_in_where_the_server_trusts_it(
    tmp_path: Path, sftp_server: SftpTestServer, inside: Path, receive: Receive, settings: SftpInSettings
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path / "id"
    path.write_bytes(key.export_private_key("pkcs8-pem", "of the key"))
    path.chmod(stat.S_IRUSR)
    with_key = {"password": None, "key_file": path, "key_passphrase": SecretStr("of the key")}
    (inside / "a.csv").write_text("x")
    refused = receive(door(settings, **with_key)).failure
    assert refused is not None
    assert refused.code == "SFTP_IN_LOGIN_REFUSED"
    sftp_server.trusted.add(key.get_fingerprint())
    wrong = receive(door(settings, **{**with_key, "key_passphrase": SecretStr("another")})).failure
    assert wrong is not None
    assert wrong.code == "SFTP_IN_KEY_INVALID"
    assert len(receive(door(settings, **with_key)).received) == 1


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        ({"password": SecretStr("wrong")}, NotPermitted, "SFTP_IN_LOGIN_REFUSED"),
        ({"folder": "nowhere"}, NotFound, "SFTP_IN_FOLDER_NOT_FOUND"),
        ({"port": free_port()}, ServiceUnavailable, "SFTP_IN_UNREACHABLE"),
        ({"known_hosts_file": Path("/nowhere")}, ConfigurationError, "SFTP_IN_HOST_KEY_UNSET"),
        ({"key_file": Path("/nowhere")}, ConfigurationError, "SFTP_IN_KEY_INVALID"),
    ],
)
def test_a_door_that_stays_shut_says_why(
    settings: SftpInSettings, receive: Receive, change: dict[str, Any], kind: type[RtvError], code: str
) -> None:
    shut = door(settings, **change)
    failure = receive(shut).failure
    assert isinstance(failure, kind)
    assert failure.code == code
    assert failure.remedy
    _, (said,) = describe_parcels([shut])
    assert said.code == code


def test_another_host_key_is_never_spoken_to(
    tmp_path: Path, sftp_server: SftpTestServer, settings: SftpInSettings, receive: Receive, inside: Path
) -> None:
    (inside / "a.csv").write_text("x")
    other = asyncssh.generate_private_key("ssh-ed25519")
    hosts = sftp_server.write_known_hosts(tmp_path / "other_hosts", other)
    failure = receive(door(settings, known_hosts_file=hosts)).failure
    assert isinstance(failure, IntegrityError)
    assert failure.code == "SFTP_IN_HOST_KEY_UNKNOWN"
    hosts.write_text("")
    assert isinstance(receive(door(settings, known_hosts_file=hosts)).failure, IntegrityError)
    hosts.write_text("no known hosts at all\n")
    assert isinstance(receive(door(settings, known_hosts_file=hosts)).failure, RtvError)
    assert left(inside) == ["a.csv"]


def test_the_command_takes_what_waits_and_says_so(
    warehouse_dsn: str, inside: Path, monkeypatch: pytest.MonkeyPatch, settings: SftpInSettings
) -> None:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    for name, value in settings.model_dump(exclude_none=True).items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        monkeypatch.setenv(f"RTV_SFTP_IN__{name.upper()}", text)
    get_settings.cache_clear()
    write_csv(inside / "nodes.csv", [record("nodes")])
    run = CliRunner()
    looked = json.loads(run.invoke(register_all(), ["receive", "sftp", "--look", "--json"]).stdout)
    assert [one["place"] for one in looked["waiting"]] == ["in/nodes.csv"]
    taken = run.invoke(register_all(), ["receive", "sftp", "--json"])
    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.stdout)["loaded"]["rows_loaded"] == 1
    monkeypatch.setenv("RTV_SFTP_IN__PASSWORD", "wrong")
    get_settings.cache_clear()
    refused = run.invoke(register_all(), ["receive", "sftp", "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stderr)["error"]["code"] == "SFTP_IN_LOGIN_REFUSED"
