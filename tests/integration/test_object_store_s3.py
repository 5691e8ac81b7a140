"""The object store on a real S3 server: whole objects, ranges, and locks that hold."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from botocore.exceptions import ClientError

from rtv_core.errors import ConflictError, NotFound, NotPermitted
from rtv_core.objects.s3 import S3Store
from tests.fixtures.s3 import S3Server

_DATA = bytes(range(256)) * 40


def _in_a_day() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


def test_objects_come_back_whole_and_by_range(s3_store: S3Store) -> None:
    s3_store.put_bytes("evidence/a", _DATA)
    assert s3_store.get_bytes("evidence/a") == _DATA
    assert s3_store.read_range("evidence/a", 10, 19) == _DATA[10:20]
    assert [info.key for info in s3_store.list("evidence/")] == ["evidence/a"]
    with pytest.raises(NotFound):
        s3_store.get_bytes("evidence/b")


def test_a_retained_object_is_neither_removed_nor_released_early(s3_store: S3Store) -> None:
    s3_store.put_bytes("evidence/a", _DATA, retain_until=_in_a_day())
    with pytest.raises(NotPermitted):
        s3_store.delete("evidence/a")
    version = s3_store.client.head_object(Bucket=s3_store.bucket, Key="evidence/a")["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3_store.client.delete_object(
            Bucket=s3_store.bucket, Key="evidence/a", VersionId=version, BypassGovernanceRetention=True
        )
    with pytest.raises(ClientError, match="AccessDenied"):
        s3_store.client.put_object_retention(
            Bucket=s3_store.bucket,
            Key="evidence/a",
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(seconds=1)},
        )
    assert s3_store.get_bytes("evidence/a") == _DATA


def test_a_held_object_stays_until_it_is_let_go(s3_store: S3Store) -> None:
    s3_store.put_bytes("evidence/held", b"a film")
    s3_store.hold("evidence/held")
    info = s3_store.head("evidence/held")
    assert info is not None
    assert info.is_held
    with pytest.raises(NotPermitted):
        s3_store.delete("evidence/held")
    assert s3_store.get_bytes("evidence/held") == b"a film"
    s3_store.let_go("evidence/held")
    s3_store.delete("evidence/held")
    assert s3_store.head("evidence/held") is None
    with pytest.raises(NotFound):
        s3_store.hold("evidence/none")


def test_other_bytes_under_a_key_are_refused(s3_store: S3Store) -> None:
    s3_store.put_bytes("evidence/a", _DATA)
    s3_store.put_bytes("evidence/a", _DATA)
    with pytest.raises(ConflictError):
        s3_store.put_bytes("evidence/a", b"other")


def test_a_wrong_secret_is_refused_and_the_filer_is_shut(s3_server: S3Server, s3_store: S3Store) -> None:
    s3_store.put_bytes("evidence/a", _DATA)
    stranger = S3Store(
        s3_store.bucket,
        endpoint_url=s3_server.endpoint_url,
        region="us-east-1",
        access_key=s3_server.access_key,
        secret_key="wrong",
    )
    with pytest.raises(NotPermitted):
        stranger.get_bytes("evidence/a")
    path = f"/{s3_store.bucket}/evidence/a"
    assert httpx.get(s3_server.endpoint_url + path).status_code == 403
    filer = f"http://127.0.0.1:{s3_server.ports.filer}"
    assert httpx.delete(f"{filer}/buckets{path}").status_code == 404
    assert httpx.get(f"{filer}/buckets{path}").status_code == 404
    assert s3_store.get_bytes("evidence/a") == _DATA


def test_what_was_stored_survives_the_kill_of_the_server(own_s3_server: S3Server) -> None:
    own_s3_server.store("kept").put_bytes("evidence/a", _DATA, retain_until=_in_a_day())
    own_s3_server.kill()
    own_s3_server.start()
    store = own_s3_server.store("kept")
    assert store.get_bytes("evidence/a") == _DATA
    with pytest.raises(NotPermitted):
        store.delete("evidence/a")
