"""The audit trail under its seals: what is cut off, wiped out or written anew is found by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rtv_core.evidence.seal import ensure_seal_key, seal_entries
from rtv_core.warehouse import audit_trail
from rtv_core.warehouse.connection import Connection, connect
from tests.fixtures.audit_trails import NOW, REHASH, Trail, made_trail

CUT_WITH_HEAD = (
    "delete from ops.audit_trail where tenant_code = 'acme' and chain_no > 6",
    "update ops.audit_heads as h set chain_no = 6, row_hash = t.row_hash from ops.audit_trail as t "
    "where h.tenant_code = 'acme' and t.tenant_code = 'acme' and t.chain_no = 6",
)


@pytest.fixture
def trail(warehouse_dsn: str, tmp_path: Path) -> Trail:
    return made_trail(warehouse_dsn, tmp_path / "home")


def test_a_tail_cut_off_is_found_by_the_head(trail: Trail) -> None:
    trail.tamper("delete from ops.audit_trail where tenant_code = 'acme' and chain_no > 6")
    assert trail.first_break() == ("AUDIT_TAIL_MISSING", 7)


def test_a_tail_cut_off_with_its_head_is_found_by_the_seal_log(trail: Trail) -> None:
    trail.seal()
    trail.tamper(*CUT_WITH_HEAD)
    assert trail.first_break() == ("AUDIT_TAIL_MISSING", 7)
    trail.write(7)
    trail.write(8)
    trail.write(9)
    assert trail.first_break() == ("AUDIT_SEAL_DIFFERS", 8)


def test_a_tenant_wiped_out_is_found_by_the_seal_log(trail: Trail) -> None:
    trail.seal()
    trail.tamper(
        "delete from ops.audit_trail where tenant_code = 'acme'",
        "delete from ops.audit_heads where tenant_code = 'acme'",
    )
    assert trail.first_break() == ("AUDIT_TAIL_MISSING", 1)


def test_a_chain_written_anew_from_end_to_end_is_found_by_the_seal_log(trail: Trail) -> None:
    trail.seal()
    rewrite = ["update ops.audit_trail set actor_name = 'omar' where tenant_code = 'acme' and chain_no = 2"]
    for number in range(2, 9):
        rewrite += [
            "update ops.audit_trail as t set previous_hash = p.row_hash from ops.audit_trail as p where "
            f"t.tenant_code = 'acme' and p.tenant_code = 'acme' and t.chain_no = {number} "
            f"and p.chain_no = {number - 1}",
            REHASH.format(numbers=f"({number})") + " and tenant_code = 'acme'",
        ]
    rewrite.append(
        "update ops.audit_heads as h set row_hash = t.row_hash from ops.audit_trail as t "
        "where h.tenant_code = 'acme' and t.tenant_code = 'acme' and t.chain_no = 8"
    )
    trail.tamper(*rewrite)
    assert trail.first_break() == ("AUDIT_SEAL_DIFFERS", 8)


@pytest.mark.parametrize(
    "change",
    [
        "update ops.seal_leaves set canonical = replace(canonical, '\"chain_no\":8', '\"chain_no\":6')",
        "update ops.seal_leaves set canonical = replace(canonical, 'audit_head', 'other_head')",
        "delete from ops.seal_leaves where leaf_index = (select max(leaf_index) from ops.seal_leaves)",
        "delete from ops.seal_leaves where leaf_index = 0",
        "update ops.seal_checkpoints set note = replace(note, 'rtv-hub', 'rtv-hut')",
    ],
)
def test_a_seal_log_changed_to_fit_is_found(trail: Trail, change: str) -> None:
    trail.seal()
    trail.tamper(*CUT_WITH_HEAD, change)
    verdict = trail.verify()
    assert verdict.guard_break is not None
    assert verdict.guard_break.code == "SEAL_LOG_BROKEN"


def test_an_entry_missing_behind_the_last_checkpoint_is_found(trail: Trail) -> None:
    trail.seal()
    key = ensure_seal_key(trail.settings.seal_key_file, trail.settings.seal.origin)
    first, _ = seal_entries(trail.dsn, key, [{"tenant_code": "acme", "number": n} for n in range(2)], NOW)
    assert trail.verify().is_whole
    trail.tamper(f"delete from ops.seal_leaves where leaf_index = {first}")
    assert trail.first_break() == ("SEAL_LOG_BROKEN", None)


def test_a_row_written_while_the_trail_is_read_is_no_break(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_heads = audit_trail.heads

    def then_write(connection: Connection, tenant_code: str | None) -> dict[str, tuple[int, str]]:
        found = read_heads(connection, tenant_code)
        trail.write(9)
        return found

    monkeypatch.setattr(audit_trail, "heads", then_write)
    verdict = trail.verify()
    assert (verdict.is_whole, verdict.rows_checked) == (True, 10)


def test_a_head_is_sealed_once_and_again_when_it_moved(trail: Trail) -> None:
    def sealed() -> list[tuple[str, int]]:
        with connect(trail.dsn) as connection:
            rows = connection.execute("select entry from ops.seal_leaves order by leaf_index").fetchall()
        return [(row["entry"]["tenant_code"], row["entry"]["chain_no"]) for row in rows]

    trail.seal()
    trail.seal()
    assert sealed() == [("acme", 8), ("default", 2)]
    trail.write(9)
    trail.seal()
    assert sealed() == [("acme", 8), ("default", 2), ("acme", 9)]
    assert trail.verify().is_whole
