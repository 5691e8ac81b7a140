"""A partner's letters: every attachment kept first, then the letter moved; nothing lost or in the clear."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from intake_samples import record, write_csv
from pydantic import SecretStr
from typer.testing import CliRunner

from ingest.ways.mailbox import Mailbox
from rtv_cli.main import register_all
from rtv_commands.load import load_pending_files
from rtv_commands.look_for_work import describe_parcels
from rtv_commands.receive_parcels import ParcelSummary, receive_parcels
from rtv_core.errors import (
    ConfigurationError,
    IntegrityError,
    NotFound,
    NotPermitted,
    RtvError,
    ServiceUnavailable,
)
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.partner_settings import MailInSettings
from rtv_core.settings import get_settings
from tests.conftest import free_port
from tests.fixtures.imap import PASSWORD, USER, ImapTestServer
from tests.fixtures.letters import letter
from tests.fixtures.ways import NOW, files, receive_at

Receive = Callable[..., ParcelSummary]


@pytest.fixture
def settings(imap_server: ImapTestServer) -> MailInSettings:
    return MailInSettings(
        host="127.0.0.1",
        port=imap_server.ports["tls"],
        ca_file=imap_server.cert_file,
        user=USER,
        password=SecretStr(PASSWORD),
        tenant="brand-a",
    )


@pytest.fixture
def receive(warehouse_dsn: str, tmp_path: Path, settings: MailInSettings) -> Receive:
    def receive_once(**change: Any) -> ParcelSummary:
        way = Mailbox(settings.model_copy(update=change))
        return receive_at(warehouse_dsn, tmp_path, way)

    return receive_once


def with_files(**files: bytes) -> bytes:
    message = letter()
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"{name}.csv")
    return message.as_bytes()


@pytest.mark.parametrize("security", ["tls", "starttls", "off"])
def test_every_attachment_is_kept_and_loaded_and_the_letter_moved_unread(
    warehouse_dsn: str, tmp_path: Path, imap_server: ImapTestServer, receive: Receive, security: str
) -> None:
    nodes = write_csv(tmp_path / "nodes.csv", [record("nodes")]).read_bytes()
    skus = write_csv(tmp_path / "skus.csv", [record("skus")]).read_bytes()
    imap_server.deliver(with_files(nodes=nodes, skus=skus))
    imap_server.deliver(letter().as_bytes())
    summary = receive(security=security, port=imap_server.ports[security])
    assert summary.failure is None
    assert [file.file_name for file in summary.received] == ["nodes.csv", "skus.csv"]
    assert [one.reason for one in summary.refused] == ["it has no file attached"]
    assert files(warehouse_dsn) == [("nodes.csv", "brand-a", "mail"), ("skus.csv", "brand-a", "mail")]
    loaded = load_pending_files(warehouse_dsn, FolderStore(tmp_path / "store"), now=NOW)
    assert loaded.counts()["rows_loaded"] == 2
    assert imap_server.letters("INBOX") == []
    (done,), (refused,) = imap_server.letters("RTV received"), imap_server.letters("RTV refused")
    assert b"\\Seen" not in done
    assert b"\\Seen" not in refused
    again = receive(security=security, port=imap_server.ports[security])
    assert (again.received, again.refused, again.failure) == ((), (), None)


def test_what_waits_is_told_without_fetching_or_marking_it(
    warehouse_dsn: str, imap_server: ImapTestServer, settings: MailInSettings
) -> None:
    imap_server.deliver(with_files(a=b"x"))
    first, failures = describe_parcels([Mailbox(settings)])
    assert first.startswith("1 at mail (INBOX/")
    assert not failures
    assert describe_parcels([Mailbox(settings)])[0] == first
    imap_server.deliver(with_files(a=b"x"))
    assert describe_parcels([Mailbox(settings)])[0] not in ("", first)
    assert all(b"\\Seen" not in one for one in imap_server.letters("INBOX"))


def test_the_same_file_in_another_letter_changes_nothing_and_says_so(
    warehouse_dsn: str, imap_server: ImapTestServer, receive: Receive
) -> None:
    imap_server.deliver(with_files(a=b"x\n1\n"))
    imap_server.deliver(with_files(b=b"x\n1\n"))
    outcomes = [file.outcome for file in receive().received]
    assert outcomes == ["received", "the same bytes are here already"]
    assert len(imap_server.letters("RTV received")) == 2
    assert files(warehouse_dsn) == [("a.csv", "brand-a", "mail")]


def test_a_damaged_letter_is_set_aside_and_the_others_come_in(
    warehouse_dsn: str, imap_server: ImapTestServer, receive: Receive
) -> None:
    imap_server.deliver(with_files(cut=b"0123456789" * 100)[:-200])
    imap_server.deliver(with_files(whole=b"x"))
    summary = receive()
    assert [one.reason for one in summary.refused] == ["its attachment 'cut.csv' is damaged"]
    assert files(warehouse_dsn) == [("whole.csv", "brand-a", "mail")]
    assert len(imap_server.letters("RTV refused")) == 1


def test_a_letter_too_large_stays_and_is_said(imap_server: ImapTestServer, receive: Receive) -> None:
    imap_server.deliver(with_files(a=b"x" * 4000))
    summary = receive(max_letter_bytes=2000)
    assert summary.received == ()
    assert "RTV_MAIL_IN__MAX_LETTER_BYTES" in summary.refused[0].reason
    assert len(imap_server.letters("INBOX")) == 1


def test_a_letter_is_not_moved_when_one_of_its_files_is_not_kept(
    warehouse_dsn: str,
    tmp_path: Path,
    imap_server: ImapTestServer,
    settings: MailInSettings,
    receive: Receive,
) -> None:
    class FullAfterOne(FolderStore):
        kept = 0

        def put_file(self, *args: Any, **kwargs: Any) -> Any:
            self.kept += 1
            if self.kept > 1:
                raise ServiceUnavailable("The store does not answer", remedy="Start it.")
            return super().put_file(*args, **kwargs)

    imap_server.deliver(with_files(a=b"x", b=b"y"))
    store = FullAfterOne(tmp_path / "store")
    (summary,) = receive_parcels(warehouse_dsn, store, [Mailbox(settings)], actor=job("t"), now=NOW)
    assert summary.failure is not None
    assert len(summary.received) == 1
    assert len(imap_server.letters("INBOX")) == 1
    assert [file.is_repeat for file in receive().received] == [True, False]
    assert imap_server.letters("INBOX") == []


@pytest.mark.parametrize("lacks", [{b"MOVE"}, {b"MOVE", b"UIDPLUS"}])
def test_a_server_without_move_copies_and_marks(
    warehouse_dsn: str,
    imap_server: ImapTestServer,
    settings: MailInSettings,
    tmp_path: Path,
    lacks: set[bytes],
) -> None:
    class Older(Mailbox):
        def __enter__(self) -> Any:
            super().__enter__()
            self._abilities -= lacks
            return self

    imap_server.deliver(with_files(a=b"x"))
    store = FolderStore(tmp_path / "store")
    for files_taken in (1, 0):
        (summary,) = receive_parcels(warehouse_dsn, store, [Older(settings)], actor=job("t"), now=NOW)
        assert summary.failure is None
        assert len(summary.received) == files_taken
    assert len(imap_server.letters("RTV received")) == 1
    assert len(imap_server.letters("INBOX")) == (1 if b"UIDPLUS" in lacks else 0)


def test_a_name_that_climbs_is_only_a_name(
    warehouse_dsn: str, imap_server: ImapTestServer, receive: Receive
) -> None:
    message = letter()
    for number, name in enumerate(("../../etc/one.csv", "..\\..\\two.csv", "/etc/three.csv")):
        message.add_attachment(bytes([65 + number]), maintype="text", subtype="csv", filename=name)
    imap_server.deliver(message.as_bytes())
    receive()
    assert [row[0] for row in files(warehouse_dsn)] == ["one.csv", "three.csv", "two.csv"]


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        ({"password": SecretStr("wrong")}, NotPermitted, "MAIL_IN_LOGIN_REFUSED"),
        ({"password": SecretStr("fälsch")}, NotPermitted, "MAIL_IN_LOGIN_REFUSED"),
        ({"folder": "nowhere"}, NotFound, "MAIL_IN_FOLDER_NOT_FOUND"),
        ({"folder": "Rückläufer"}, ConfigurationError, "MAIL_IN_FOLDER_INVALID"),
        ({"port": free_port()}, ServiceUnavailable, "MAIL_IN_UNREACHABLE"),
        ({"ca_file": None}, IntegrityError, "MAIL_IN_CERTIFICATE_UNKNOWN"),
        ({"host": "mail.partner.example", "security": "off"}, ConfigurationError, "MAIL_IN_NOT_ENCRYPTED"),
    ],
)
def test_a_door_that_stays_shut_says_why(
    settings: MailInSettings, receive: Receive, change: dict[str, Any], kind: type[RtvError], code: str
) -> None:
    failure = receive(**change).failure
    assert isinstance(failure, kind)
    assert failure.code == code
    assert failure.remedy
    _, (said,) = describe_parcels([Mailbox(settings.model_copy(update=change))])
    assert said.code == code


def test_the_command_takes_what_waits_and_says_so(
    warehouse_dsn: str,
    tmp_path: Path,
    imap_server: ImapTestServer,
    settings: MailInSettings,
    monkeypatch: Any,
) -> None:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    for name, value in settings.model_dump(exclude_none=True).items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        monkeypatch.setenv(f"RTV_MAIL_IN__{name.upper()}", text)
    get_settings.cache_clear()
    imap_server.deliver(with_files(nodes=write_csv(tmp_path / "nodes.csv", [record("nodes")]).read_bytes()))
    taken = CliRunner().invoke(register_all(), ["receive", "mail", "--json"])
    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.stdout)["loaded"]["rows_loaded"] == 1
