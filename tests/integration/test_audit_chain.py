"""The audit trail in a real warehouse: one chain a tenant, and nothing done to it later goes unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from rtv_cli.main import register_all
from rtv_commands import verify_audit as verb
from rtv_commands.seal_entries import seal_checkpoint, verifier_key
from rtv_commands.verify_audit import verify_audit
from rtv_core.errors import NotFound
from rtv_core.evidence.seal import ensure_seal_key, seal_entries
from rtv_core.identity import job
from rtv_core.model.audit import AuditVerdict
from rtv_core.settings import Settings, WarehouseSettings
from rtv_core.warehouse import audit_trail
from rtv_core.warehouse.audit_trail import write_audit
from rtv_core.warehouse.connection import Connection, connect

NOW = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)
REHASH = "update ops.audit_trail as t set row_hash = ops.audit_row_hash(t) where chain_no in {numbers}"
# The swap of two rows' contents, as one who knows the algorithm would do it.
SWAP = (
    "update ops.audit_trail as t set actor_name = o.actor_name, verb = o.verb, object_id = o.object_id, "
    "detail = o.detail, happened_at = o.happened_at from ops.audit_trail as o "
    "where t.chain_no in (3, 4) and o.chain_no = 7 - t.chain_no and t.tenant_code = o.tenant_code"
)


@dataclass(frozen=True)
class Trail:
    """A warehouse with eight rows of `acme` and two of `default`."""

    dsn: str
    settings: Settings

    def write(self, number: int, tenant_code: str = "acme") -> None:
        """One row in a transaction of its own."""
        with connect(self.dsn) as connection:
            write_audit(
                connection,
                tenant_code=tenant_code,
                actor=job(f"रिया-{number}"),
                verb="claim_approved",
                object_kind="claim",
                object_id=f"C-{number}",
                detail={"amount_minor": number * 100, "note": "2:ab|", "rate": 1.50},
                now=NOW + timedelta(seconds=number),
            )

    def tamper(self, *statements: str) -> None:
        """Change things as a superuser who switches the triggers off and on again."""
        with psycopg.connect(self.dsn) as connection:
            for table in ("audit_trail", "audit_heads", "seal_leaves"):
                connection.execute(f"alter table ops.{table} disable trigger all".encode())
            for statement in statements:
                connection.execute(statement.encode())
            connection.execute(b"set constraints all immediate")
            for table, trigger in (
                ("audit_trail", "audit_rows_are_linked"), ("audit_trail", "audit_trail_is_append_only"),
                ("audit_heads", "audit_heads_follow_the_trail"), ("audit_heads", "audit_heads_are_kept"),
            ):  # fmt: skip
                connection.execute(f"alter table ops.{table} enable always trigger {trigger}".encode())

    def seal(self) -> None:
        """Seal and sign the heads as they stand."""
        seal_checkpoint(self.dsn, self.settings, now=NOW)

    def verify(self, tenant_code: str | None = None) -> AuditVerdict:
        """The verdict, with the hub's key."""
        return verify_audit(self.dsn, tenant_code=tenant_code, trust_key=verifier_key(self.settings))

    def first_break(self) -> tuple[str, int | None]:
        """Code and chain number of the first break."""
        found = self.verify().first_break
        assert found is not None
        return found.code, found.chain_no


@pytest.fixture
def trail(warehouse_dsn: str, tmp_path: Path) -> Trail:
    settings = Settings(home=tmp_path / "home", warehouse=WarehouseSettings(dsn=SecretStr(warehouse_dsn)))
    made = Trail(warehouse_dsn, settings)
    for number in range(1, 9):
        made.write(number)
    for number in range(1, 3):
        made.write(number, "default")
    return made


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


def test_a_tail_cut_off_is_found_by_the_head(trail: Trail) -> None:
    trail.tamper("delete from ops.audit_trail where tenant_code = 'acme' and chain_no > 6")
    assert trail.first_break() == ("AUDIT_TAIL_MISSING", 7)


CUT_WITH_HEAD = (
    "delete from ops.audit_trail where tenant_code = 'acme' and chain_no > 6",
    "update ops.audit_heads as h set chain_no = 6, row_hash = t.row_hash from ops.audit_trail as t "
    "where h.tenant_code = 'acme' and t.tenant_code = 'acme' and t.chain_no = 6",
)


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
