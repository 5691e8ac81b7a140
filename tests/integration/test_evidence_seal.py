"""The seal log in a real warehouse: append-only, never forked, every entry proven."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from rtv_core.errors import ConfigurationError, IntegrityError, NotFound
from rtv_core.evidence import merkle, seal

_NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)


def _entry(number: int) -> dict[str, object]:
    return {
        "tenant_code": "acme",
        "kind": "clip",
        "number": number,
        "title": "\u0938\u0940\u0932",
        "seconds": 1e-07,
    }


@pytest.fixture
def key(tmp_path: Path) -> seal.SealKey:
    return seal.ensure_seal_key(tmp_path / "keys" / "seal.pem", "hub.test/log")


def test_every_entry_is_proven_against_a_signed_checkpoint(warehouse_dsn: str, key: seal.SealKey) -> None:
    assert seal.seal_entries(warehouse_dsn, key, [_entry(n) for n in range(11)], _NOW) == list(range(11))
    checkpoint = seal.make_checkpoint(warehouse_dsn, key, _NOW)
    opened = seal.open_checkpoint(checkpoint.note, seal.parse_public_key(seal.public_key_text(key)))
    assert (opened.tree_size, opened.root) == (11, checkpoint.root)
    for place in range(11):
        sealed = seal.sealed_entry(warehouse_dsn, place)
        assert sealed.entry == _entry(place)
        assert sealed.leaf_hash == merkle.leaf_hash(seal.canonical_json(_entry(place)))
        proof = seal.inclusion_proof(warehouse_dsn, place, 11)
        assert seal.verify_inclusion(sealed.leaf_hash, place, 11, proof, checkpoint.root)


def test_a_later_checkpoint_is_proven_to_continue_the_earlier(warehouse_dsn: str, key: seal.SealKey) -> None:
    checkpoints = []
    for number in range(7):
        seal.seal_entry(warehouse_dsn, key, _entry(number), _NOW)
        checkpoints.append(seal.make_checkpoint(warehouse_dsn, key, _NOW))
    for old in checkpoints:
        proof = seal.consistency_proof(warehouse_dsn, old.tree_size, 7)
        assert seal.verify_consistency(old.tree_size, 7, old.root, checkpoints[-1].root, proof)


def test_a_checkpoint_of_an_unchanged_log_is_the_same_note(warehouse_dsn: str, key: seal.SealKey) -> None:
    assert seal.latest_checkpoint(warehouse_dsn) is None
    empty = seal.make_checkpoint(warehouse_dsn, key, _NOW)
    assert (empty.tree_size, empty.root) == (0, merkle.EMPTY_ROOT)
    seal.seal_entry(warehouse_dsn, key, _entry(0), _NOW)
    first = seal.make_checkpoint(warehouse_dsn, key, _NOW)
    assert seal.make_checkpoint(warehouse_dsn, key, _NOW) == first == seal.latest_checkpoint(warehouse_dsn)


def test_writers_side_by_side_never_fork_the_log(warehouse_dsn: str, key: seal.SealKey) -> None:
    with ThreadPoolExecutor(6) as pool:
        places = list(pool.map(lambda n: seal.seal_entry(warehouse_dsn, key, _entry(n), _NOW), range(30)))
    assert sorted(places) == list(range(30))
    leaves = [seal.sealed_entry(warehouse_dsn, place).leaf_hash for place in range(30)]
    assert seal.make_checkpoint(warehouse_dsn, key, _NOW).root == merkle.root_of(leaves)


def test_leaves_and_nodes_can_be_neither_changed_nor_removed(warehouse_dsn: str, key: seal.SealKey) -> None:
    seal.seal_entry(warehouse_dsn, key, _entry(0), _NOW)
    for statement in (
        "update ops.seal_leaves set canonical = '{}'",
        "delete from ops.seal_leaves",
        "truncate ops.seal_nodes",
        "update ops.seal_nodes set node_hash = ''",
    ):
        with psycopg.connect(warehouse_dsn) as connection, pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(statement.encode())


def test_a_failed_batch_leaves_no_entry(warehouse_dsn: str, key: seal.SealKey) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        seal.seal_entries(warehouse_dsn, key, [_entry(0), {"tenant_code": "acme", "bad": float("nan")}], _NOW)
    assert seal.make_checkpoint(warehouse_dsn, key, _NOW).tree_size == 0


def test_another_key_does_not_continue_the_log(warehouse_dsn: str, key: seal.SealKey, tmp_path: Path) -> None:
    seal.seal_entry(warehouse_dsn, key, _entry(0), _NOW)
    seal.make_checkpoint(warehouse_dsn, key, _NOW)
    other = seal.ensure_seal_key(tmp_path / "other.pem", key.name)
    with pytest.raises(IntegrityError) as caught:
        seal.seal_entry(warehouse_dsn, other, _entry(1), _NOW)
    assert caught.value.code == "SEAL_KEY_CHANGED"


def test_proofs_beyond_the_log_are_not_found(warehouse_dsn: str, key: seal.SealKey) -> None:
    seal.seal_entry(warehouse_dsn, key, _entry(0), _NOW)
    for place, size in ((0, 2), (1, 1), (-1, 1)):
        with pytest.raises(NotFound):
            seal.inclusion_proof(warehouse_dsn, place, size)
    with pytest.raises(NotFound):
        seal.sealed_entry(warehouse_dsn, 1)


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "seal.pem"
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: seal.public_key_text(seal.ensure_seal_key(path, "hub")), range(8)))
    assert len(texts) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["seal.pem"]


def test_a_spoilt_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "seal.pem"
    path.write_text("no key")
    with pytest.raises(ConfigurationError) as caught:
        seal.ensure_seal_key(path, "hub")
    assert caught.value.code == "SEAL_KEY_UNREADABLE"
