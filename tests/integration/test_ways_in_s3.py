"""A partner's S3 prefix: taken whole, kept first, deleted after; nothing lost, nothing twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from intake_samples import record, write_csv
from pydantic import SecretStr
from typer.testing import CliRunner

from ingest.ways.configured import ways_in
from ingest.ways.s3_prefix import S3Prefix
from rtv_cli.main import register_all
from rtv_commands.load import load_pending_files
from rtv_commands.look_for_work import describe_parcels
from rtv_commands.receive_parcels import ParcelSummary, receive_parcels
from rtv_core.errors import ConfigurationError, NotFound, NotPermitted, ServiceUnavailable
from rtv_core.identity import job
from rtv_core.objects.folder import FolderStore
from rtv_core.objects.s3 import S3Store
from rtv_core.partner_settings import S3InSettings
from rtv_core.settings import Settings, get_settings
from tests.conftest import free_port
from tests.fixtures.s3 import S3Server
from tests.fixtures.ways import NOW, files, receive_at

MAX_BYTES = 4096
Receive = Callable[..., ParcelSummary]


@pytest.fixture
def settings(s3_server: S3Server, s3_store: S3Store) -> S3InSettings:
    s3_store.client.create_bucket(Bucket=f"in-{s3_store.bucket}")
    return S3InSettings(
        bucket=f"in-{s3_store.bucket}",
        prefix="rtv/in",
        endpoint_url=s3_server.endpoint_url,
        access_key=SecretStr(s3_server.access_key),
        secret_key=SecretStr(s3_server.secret_key),
    )


@pytest.fixture
def put(s3_store: S3Store, settings: S3InSettings) -> Callable[[str, bytes], Any]:
    def put_object(key: str, body: bytes) -> None:
        s3_store.client.put_object(Bucket=settings.bucket or "", Key=key, Body=body)

    return put_object


@pytest.fixture
def keys(s3_store: S3Store, settings: S3InSettings) -> Callable[[], list[str]]:
    def listed() -> list[str]:
        found = s3_store.client.list_objects_v2(Bucket=settings.bucket or "").get("Contents", [])
        return sorted(entry["Key"] for entry in found)

    return listed


@pytest.fixture
def receive(warehouse_dsn: str, tmp_path: Path, settings: S3InSettings) -> Receive:
    def receive_once(way: S3Prefix | None = None) -> ParcelSummary:
        return receive_at(warehouse_dsn, tmp_path, way or S3Prefix(settings, max_bytes=MAX_BYTES))

    return receive_once


def test_whole_objects_are_kept_loaded_and_then_deleted(
    warehouse_dsn: str, tmp_path: Path, put: Any, keys: Any, receive: Receive, settings: S3InSettings
) -> None:
    nodes = write_csv(tmp_path / "nodes.csv", [record("nodes")]).read_bytes()
    skus = write_csv(tmp_path / "skus.csv", [record("skus")]).read_bytes()
    put("rtv/in/nodes.csv", nodes)
    put("rtv/in/brand-a/skus.csv", skus)
    put("rtv/in/brand-a/growing.csv.part", b"x")
    put("rtv/in/growing.csv.TMP", b"x")
    put("rtv/in/.hidden", b"x")
    put("rtv/in/brand-a/", b"")
    put("rtv/in/brand-a/deep/er.csv", b"x")
    put("rtv/in/Not A Tenant/a.csv", b"x")
    put("rtv/in/large.csv", b"x" * (MAX_BYTES + 1))
    put("rtv/inside-another-prefix.csv", b"x")
    waiting, failures = describe_parcels([S3Prefix(settings, max_bytes=MAX_BYTES)])
    assert waiting.startswith("2 at s3 (rtv/in/brand-a/skus.csv; ")
    assert not failures
    summary = receive()
    assert summary.failure is None
    assert sorted(file.file_name for file in summary.received) == ["nodes.csv", "skus.csv"]
    bucket = settings.bucket
    assert {one.place.removeprefix(f"s3://{bucket}/rtv/in/"): one.reason for one in summary.refused} == {
        "Not A Tenant/a.csv": "the folder's name is no tenant code",
        "brand-a/deep/er.csv": "it lies deeper than a tenant's folder",
        "large.csv": "it is larger than 4096 bytes (RTV_INTAKE__MAX_FILE_BYTES)",
    }
    assert len(keys()) >= 6
    assert not {"rtv/in/nodes.csv", "rtv/in/brand-a/skus.csv"} & set(keys())
    assert files(warehouse_dsn) == [("nodes.csv", "default", "s3"), ("skus.csv", "brand-a", "s3")]
    loaded = load_pending_files(warehouse_dsn, FolderStore(tmp_path / "store"), now=NOW)
    assert loaded.counts()["rows_loaded"] == 2
    assert describe_parcels([S3Prefix(settings, max_bytes=MAX_BYTES)]) == ("", ())


def test_the_same_bytes_again_are_taken_away_and_change_nothing(
    warehouse_dsn: str, put: Any, keys: Any, receive: Receive
) -> None:
    put("rtv/in/a.csv", b"x\n1\n")
    assert [file.outcome for file in receive().received] == ["received"]
    put("rtv/in/b.csv", b"x\n1\n")
    assert [file.outcome for file in receive().received] == ["the same bytes are here already"]
    assert keys() == []
    assert files(warehouse_dsn) == [("a.csv", "default", "s3")]


def test_an_object_written_over_while_it_is_taken_stays_and_is_taken_again(
    warehouse_dsn: str, put: Any, keys: Any, receive: Receive, settings: S3InSettings
) -> None:
    class Overwritten(S3Prefix):
        def let_go(self, parcel: Any) -> bool:
            put("rtv/in/a.csv", b"second\n")
            return super().let_go(parcel)

    put("rtv/in/a.csv", b"first\n")
    receive(Overwritten(settings, max_bytes=MAX_BYTES))
    assert keys() == ["rtv/in/a.csv"]
    receive()
    assert keys() == []
    assert len(files(warehouse_dsn)) == 2


def test_an_object_that_changed_since_the_look_is_not_taken_half(
    warehouse_dsn: str, put: Any, keys: Any, receive: Receive, settings: S3InSettings
) -> None:
    class Late(S3Prefix):
        def look(self) -> Any:
            seen = super().look()
            put("rtv/in/a.csv", b"second\n")
            return seen

    put("rtv/in/a.csv", b"first\n")
    assert receive(Late(settings, max_bytes=MAX_BYTES)).received == ()
    assert keys() == ["rtv/in/a.csv"]


def test_nothing_is_deleted_when_keeping_fails(
    warehouse_dsn: str, tmp_path: Path, put: Any, keys: Any, settings: S3InSettings
) -> None:
    class Full(FolderStore):
        def put_file(self, *args: Any, **kwargs: Any) -> Any:
            raise ServiceUnavailable("The store does not answer", remedy="Start it.")

    put("rtv/in/a.csv", b"first\n")
    (summary,) = receive_parcels(
        warehouse_dsn, Full(tmp_path / "full"), [S3Prefix(settings, max_bytes=MAX_BYTES)],
        actor=job("t"), now=NOW,
    )  # fmt: skip
    assert summary.failure is not None
    assert keys() == ["rtv/in/a.csv"]
    assert files(warehouse_dsn) == []


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        ({"secret_key": SecretStr("wrong")}, NotPermitted, "S3_IN_REFUSED"),
        ({"endpoint_url": "no address"}, ConfigurationError, "S3_IN_ENDPOINT_INVALID"),
        ({"bucket": "nowhere"}, NotFound, "S3_IN_BUCKET_NOT_FOUND"),
        ({"endpoint_url": f"http://127.0.0.1:{free_port()}"}, ServiceUnavailable, "S3_IN_UNREACHABLE"),
    ],
)
def test_a_door_that_stays_shut_says_why(
    settings: S3InSettings, receive: Receive, change: dict[str, Any], kind: type[Exception], code: str
) -> None:
    shut = S3Prefix(settings.model_copy(update=change), max_bytes=MAX_BYTES)
    failure = receive(shut).failure
    assert isinstance(failure, kind)
    assert failure.code == code
    assert failure.remedy
    _, (said,) = describe_parcels([shut])
    assert said.code == code


def test_the_command_takes_what_waits_and_says_so(
    warehouse_dsn: str, tmp_path: Path, put: Any, monkeypatch: pytest.MonkeyPatch, settings: S3InSettings
) -> None:
    run = CliRunner()
    unset = run.invoke(register_all(), ["receive", "s3", "--json"])
    assert unset.exit_code == 1
    assert json.loads(unset.stderr)["error"]["code"] == "WAY_IN_UNSET"
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    for name, value in settings.model_dump(exclude_none=True).items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        monkeypatch.setenv(f"RTV_S3_IN__{name.upper()}", text)
    get_settings.cache_clear()
    put("rtv/in/nodes.csv", write_csv(tmp_path / "nodes.csv", [record("nodes")]).read_bytes())
    looked = json.loads(run.invoke(register_all(), ["receive", "s3", "--look", "--json"]).stdout)
    assert [one["place"] for one in looked["waiting"]] == ["rtv/in/nodes.csv"]
    taken = run.invoke(register_all(), ["receive", "s3", "--json"])
    assert taken.exit_code == 0, taken.output
    said = json.loads(taken.stdout)
    assert [one["outcome"] for one in said["received"]] == ["received"]
    assert said["loaded"]["rows_loaded"] == 1


def test_no_door_is_open_that_nobody_set() -> None:
    assert ways_in(Settings()) == []
