"""The audit trail in a real warehouse: one chain a tenant, and nothing done to it later goes unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from rtv_cli.main import register_all
from rtv_commands import verify_audit as verb
from rtv_commands.verify_audit import verify_audit
from rtv_core.errors import NotFound
from rtv_core.warehouse import audit_trail
from rtv_core.warehouse.connection import connect
from tests.fixtures.audit_trails import NOW, REHASH, Trail, made_trail

# The swap of two rows' contents, as one who knows the algorithm would do it.
SWAP = (
    "update ops.audit_trail as t set actor_name = o.actor_name, verb = o.verb, object_id = o.object_id, "
    "detail = o.detail, happened_at = o.happened_at from ops.audit_trail as o "
    "where t.chain_no in (3, 4) and o.chain_no = 7 - t.chain_no and t.tenant_code = o.tenant_code"
)


@pytest.fixture
def trail(warehouse_dsn: str, tmp_path: Path) -> Trail:
    return made_trail(warehouse_dsn, tmp_path / "home")


def test_an_untouched_trail_is_whole(trail: Trail) -> None:
    verdict = trail.verify()
    assert (verdict.is_whole, verdict.rows_checked, verdict.is_seal_signature_checked) == (True, 10, False)
    assert [(chain.tenant_code, chain.head_no) for chain in verdict.chains] == [("acme", 8), ("default", 2)]
    trail.seal()
    verdict = trail.verify("acme")
    assert (verdict.is_whole, verdict.rows_checked, verdict.is_seal_signature_checked) == (True, 8, True)
    assert verdict.chains[0].sealed_no == 8
    with pytest.raises(NotFound):
        trail.verify("nobody")


def test_an_empty_trail_is_whole(warehouse_dsn: str) -> None:
    verdict = verify_audit(warehouse_dsn)
    assert (verdict.is_whole, verdict.chains) == (True, ())


@pytest.mark.parametrize(
    "change",
    [
        "audit_id = default", "tenant_code = 'default', chain_no = 3", "tenant_code = 'acmf'",
        "actor_kind = 'person'", "actor_name = 'x'", "verb = 'claim_filed'", "object_kind = 'rtv'",
        "object_id = 'C-9'", "detail = detail || '{\"amount_minor\": 301}'", "detail = '{}'",
        "happened_at = happened_at + interval '1 microsecond'", "happened_at = 'infinity'",
        "chain_no = 30", "chain_no = 0", "previous_hash = repeat('0', 64)", "row_hash = repeat('0', 64)",
        "actor_name = actor_name || verb, verb = ''",
    ],
)  # fmt: skip
def test_a_change_of_any_column_is_found(trail: Trail, change: str) -> None:
    trail.tamper(f"update ops.audit_trail set {change} where tenant_code = 'acme' and chain_no = 3")
    verdict = trail.verify()
    assert not verdict.is_whole
    chain = next(chain for chain in verdict.chains if chain.tenant_code == "acme")
    assert chain.first_break is not None
    assert chain.rows_checked in {7, 8}


def test_the_first_changed_row_is_named(trail: Trail) -> None:
    trail.tamper("update ops.audit_trail set actor_name = 'omar' where chain_no in (5, 7)")
    found = trail.verify().first_break
    assert found is not None
    assert (found.code, found.chain_no, found.audit_id) == ("AUDIT_ROW_CHANGED", 5, 5)
    assert "omar claim_approved claim C-5" in found.fact


def test_a_row_taken_out_of_the_middle_is_found(trail: Trail) -> None:
    trail.tamper("delete from ops.audit_trail where tenant_code = 'acme' and chain_no = 4")
    assert trail.first_break() == ("AUDIT_ROW_MISSING", 4)


def test_a_gap_that_is_closed_by_renumbering_is_found(trail: Trail) -> None:
    trail.tamper(
        "delete from ops.audit_trail where tenant_code = 'acme' and chain_no = 4",
        "alter table ops.audit_trail drop constraint audit_trail_tenant_code_chain_no_key",
        "update ops.audit_trail set chain_no = chain_no - 1 where tenant_code = 'acme' and chain_no > 4",
        REHASH.format(numbers="(4, 5, 6, 7)"),
    )
    assert trail.first_break() == ("AUDIT_LINK_BROKEN", 4)


def test_an_inserted_row_is_found(trail: Trail) -> None:
    columns = "tenant_code, actor_kind, actor_name, verb, object_kind, object_id"
    trail.tamper(
        "alter table ops.audit_trail drop constraint audit_trail_tenant_code_chain_no_key",
        f"insert into ops.audit_trail ({columns}, chain_no, previous_hash, row_hash) "
        f"select {columns}, 4, previous_hash, row_hash from ops.audit_trail "
        "where tenant_code = 'acme' and chain_no = 4",
    )
    assert trail.first_break() == ("AUDIT_ROW_INSERTED", 4)


def test_a_row_appended_past_the_triggers_is_found(trail: Trail) -> None:
    columns = "tenant_code, actor_kind, actor_name, verb, object_kind, object_id"
    trail.tamper(
        f"insert into ops.audit_trail ({columns}, chain_no, previous_hash, row_hash) "
        f"select {columns}, 9, row_hash, '' from ops.audit_trail where tenant_code = 'acme' and chain_no = 8",
        REHASH.format(numbers="(9)"),
    )
    assert trail.first_break() == ("AUDIT_HEAD_DIFFERS", 9)


def test_swapped_rows_are_found(trail: Trail) -> None:
    trail.tamper(SWAP)
    assert trail.first_break() == ("AUDIT_ROW_CHANGED", 3)


def test_swapped_rows_with_hashes_made_anew_are_found_by_their_links(trail: Trail) -> None:
    trail.tamper(SWAP, REHASH.format(numbers="(3, 4)"))
    assert trail.first_break() == ("AUDIT_LINK_BROKEN", 4)


def test_a_verifier_that_forgets_the_link_would_miss_that_swap(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With `previous_hash` taken at its word the same swap passes: the link is what finds it.
    judge: Callable[..., object] = verb._row_break
    monkeypatch.setattr(
        verb,
        "_row_break",
        lambda row, before, _last, sealed: judge(row, before, row["previous_hash"], sealed),
    )
    trail.tamper(SWAP, REHASH.format(numbers="(3, 4)"))
    assert trail.verify().is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "update ops.audit_trail set verb = 'x'", "delete from ops.audit_trail", "truncate ops.audit_trail",
        "update ops.audit_heads set chain_no = 0", "delete from ops.audit_heads", "truncate ops.audit_heads",
        "insert into ops.audit_heads (tenant_code) values ('new')",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_the_trail_and_its_heads_refuse_every_change(trail: Trail, statement: str, role: str) -> None:
    with psycopg.connect(trail.dsn) as connection:
        connection.execute(f"set session_replication_role = {role}".encode())
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(statement.encode())


def test_a_guard_switched_off_is_found(trail: Trail) -> None:
    with psycopg.connect(trail.dsn) as connection:
        connection.execute("alter table ops.audit_trail disable trigger audit_trail_is_append_only")
    found = trail.verify().first_break
    assert found is not None
    assert (found.code, "audit_trail_is_append_only" in found.fact) == ("AUDIT_GUARD_OFF", True)


def test_what_a_writer_says_of_the_chain_is_overruled(trail: Trail) -> None:
    with connect(trail.dsn) as connection:
        connection.execute(
            "insert into ops.audit_trail (tenant_code, actor_kind, actor_name, verb, object_kind, object_id, "
            "chain_no, previous_hash, row_hash) values ('acme', 'job', 'x', 'y', 'z', '1', 77, 'a', 'b')"
        )
    verdict = trail.verify()
    assert (verdict.is_whole, verdict.chains[0].head_no) == (True, 9)


def test_writers_side_by_side_make_one_chain(trail: Trail) -> None:
    tenants = ("acme", "default", "brand-b")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: trail.write(n, tenants[n % 3]), range(60)))
    verdict = trail.verify()
    assert verdict.is_whole
    assert {chain.tenant_code: chain.head_no for chain in verdict.chains} == {
        "acme": 28, "brand-b": 20, "default": 22,
    }  # fmt: skip


def test_a_deed_that_is_undone_leaves_no_gap(trail: Trail) -> None:
    with psycopg.connect(trail.dsn) as connection:
        connection.execute(
            "insert into ops.audit_trail (tenant_code, actor_kind, actor_name, verb, object_kind, object_id) "
            "values ('acme', 'job', 'x', 'y', 'z', '1')"
        )
        connection.rollback()
    trail.write(9)
    verdict = trail.verify()
    assert (verdict.is_whole, verdict.chains[0].head_no) == (True, 9)


def test_rows_from_before_the_chain_are_linked_by_the_migration(trail: Trail) -> None:
    migration = Path(audit_trail.__file__).parent / "migrations" / "0008_audit_chain.sql"
    with psycopg.connect(trail.dsn) as connection:
        connection.execute("drop index ops.seal_leaves_of_audit_heads")
        connection.execute("drop trigger audit_rows_are_linked on ops.audit_trail")
        connection.execute("drop trigger audit_trail_is_append_only on ops.audit_trail")
        connection.execute("drop table ops.audit_heads cascade")
        for function in ("audit_row_hash", "link_audit_row", "refuse_moved_head"):
            connection.execute(f"drop function ops.{function} cascade".encode())
        connection.execute(
            "alter table ops.audit_trail drop chain_no cascade, drop previous_hash, drop row_hash"
        )
        connection.execute(migration.read_bytes())
    trail.write(9)
    verdict = trail.verify()
    assert (verdict.is_whole, verdict.rows_checked) == (True, 11)


def test_the_command_says_whole_or_broken(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", trail.dsn)
    monkeypatch.setenv("RTV_HOME", str(trail.settings.home_folder))
    trail.seal()
    app, runner = register_all(), CliRunner()
    whole = runner.invoke(app, ["audit", "verify", "--json"])
    assert whole.exit_code == 0, whole.output
    told = json.loads(whole.stdout)
    assert (told["is_whole"], told["rows_checked"], told["is_seal_signature_checked"]) == (True, 10, True)
    listed = runner.invoke(
        app, ["audit", "list", "--tenant", "acme", "--actor", "रिया-3", "--json"]
    )  # fmt: skip
    assert [row["object_id"] for row in json.loads(listed.stdout)["audit"]] == ["C-3"]
    since = (NOW + timedelta(seconds=7)).strftime("%Y-%m-%dT%H:%M:%S")
    late = runner.invoke(app, ["audit", "list", "--tenant", "acme", "--since", since, "--json"])
    assert [row["object_id"] for row in json.loads(late.stdout)["audit"]] == ["C-8", "C-7"]
    trail.tamper("update ops.audit_trail set object_id = 'C-1' where chain_no = 2")
    broken = runner.invoke(app, ["audit", "verify"])
    assert broken.exit_code == 1
    assert "BROKEN" in broken.stdout
    assert "AUDIT_ROW_CHANGED: The columns of row 2" in broken.stdout
