"""The folder store keeps bytes once, whole, and as long as they are retained."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rtv_core.errors import ConflictError, IntegrityError, InvalidInput, NotFound, NotPermitted
from rtv_core.objects import content_key, folder
from rtv_core.objects.folder import FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def test_bytes_come_back_whole_and_in_ranges(store: FolderStore, tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(bytes(range(256)) * 9)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    key = content_key("evidence", digest, ".mp4")
    store.put_file(key, source, sha256=digest)
    assert store.get_bytes(key) == source.read_bytes()
    assert store.read_range(key, 10, 12) == b"\x0a\x0b\x0c"
    store.download(key, tmp_path / "back.mp4")
    assert (tmp_path / "back.mp4").read_bytes() == source.read_bytes()
    assert [info.key for info in store.list("evidence/")] == [key]


def test_the_same_again_is_fine_and_other_bytes_are_refused(store: FolderStore) -> None:
    store.put_bytes("a/b", b"one")
    store.put_bytes("a/b", b"one")
    with pytest.raises(ConflictError):
        store.put_bytes("a/b", b"two")
    assert store.get_bytes("a/b") == b"one"


def test_a_wrong_hash_leaves_nothing(store: FolderStore, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"x")
    with pytest.raises(IntegrityError):
        store.put_file("a/x", source, sha256="0" * 64)
    assert store.head("a/x") is None
    assert list(store.folder.rglob(".part*")) == []


def test_retained_bytes_cannot_be_removed(store: FolderStore) -> None:
    store.put_bytes("kept", b"x", retain_until=datetime.now(UTC) + timedelta(days=1))
    store.put_bytes("past", b"x", retain_until=datetime.now(UTC) - timedelta(days=1))
    with pytest.raises(NotPermitted):
        store.delete("kept")
    store.delete("past")
    assert store.head("past") is None
    info = store.head("kept")
    assert info is not None
    assert info.retain_until is not None


def test_whoever_finds_a_retained_object_cannot_remove_it(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers test the store at once: the second one found the object before its retention stood."""
    tried: list[str] = []

    def look(path: Path) -> None:
        with pytest.raises(NotPermitted, match="is retained until"):
            store.delete("kept")
        tried.append(path.name)

    monkeypatch.setattr(folder, "_sync_folder", look)
    store.put_bytes("kept", b"x", retain_until=datetime.now(UTC) + timedelta(days=1))
    assert tried


@pytest.mark.parametrize("key", ["../out", "/etc/passwd", "", "a/../../b", "a\x00b"])
def test_a_key_that_leaves_the_folder_is_refused(store: FolderStore, key: str) -> None:
    with pytest.raises(InvalidInput):
        store.put_bytes(key, b"x")


def test_a_missing_object_is_named(store: FolderStore) -> None:
    with pytest.raises(NotFound, match="no/such"):
        store.get_bytes("no/such")
