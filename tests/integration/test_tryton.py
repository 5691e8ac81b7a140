"""Credit notes arrive in a live Tryton, once, and count only when they read back the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rtv_cli.local.tryton import ErpParty, ErpProduct, TrytonAccess, prepare_tryton, start_tryton
from rtv_commands.draft_credit_notes import draft_credit_notes
from rtv_commands.send_outbound import send_outbound
from rtv_core.errors import NotFound
from rtv_core.identity import job
from rtv_core.outbound.erp.tryton import open_tryton
from rtv_core.outbound.erp.tryton_rpc import TrytonRpc
from rtv_core.settings import Settings
from rtv_core.warehouse.connection import connect
from tests.conftest import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_ALLOCATIONS = """
create schema if not exists marts;
create table if not exists marts.fct_invoice_allocations (
    tenant_code text, platform_code text, rtv_no text, sku_code text, batch_no text, invoice_no text,
    invoice_line_no bigint, allocated_qty bigint, unit_price_minor bigint, gst_rate numeric,
    allocation_reason text, credit_note_due_on date, currency_code text
);
"""


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonAccess]:
    folder = tmp_path_factory.mktemp("tryton")
    prepare_tryton(
        folder,
        parties=[ErpParty("amz", "Amazon"), ErpParty("flk", "Flipkart")],
        products=[ErpProduct("CREAM-50", "Cream 50 ml", "18"), ErpProduct("TEA-250", "Tea 250 g", "5")],
    )
    with start_tryton(folder, free_port()) as access:
        yield access


@pytest.fixture
def rpc(tryton: TrytonAccess) -> Iterator[TrytonRpc]:
    with open_tryton(_settings(tryton).outbound) as opened:
        yield opened


def _settings(access: TrytonAccess, **more: Any) -> Settings:
    outbound = {
        "erp_kind": "tryton", "erp_url": access.url, "erp_database": access.database, "erp_user": access.user,
        "erp_password": access.password, **more,
    }  # fmt: skip
    return Settings.model_validate({"outbound": outbound})


def _allocate(dsn: str, rtv_no: str, *lines: tuple[str, str | None, str, int, int, str]) -> None:
    with connect(dsn) as connection:
        connection.execute(_ALLOCATIONS.encode())
        for number, (sku, batch, invoice, qty, price, rate) in enumerate(lines, 1):
            connection.execute(
                "insert into marts.fct_invoice_allocations values "
                "('default', 'amz', %s, %s, %s, %s, %s, %s, %s, %s, 'exact batch', %s, 'INR')",
                (rtv_no, sku, batch, invoice, number, qty, price, Decimal(rate), date(2027, 11, 30)),
            )


def _draft(dsn: str, rtv_no: str) -> tuple[str, ...]:
    drafted = draft_credit_notes(
        dsn, actor=job("test"), now=datetime.now(UTC), platform_code="amz", rtv_no=rtv_no
    )
    return drafted.credit_note_ids


def _documents(rpc: TrytonRpc, credit_note_id: str) -> list[dict[str, Any]]:
    names = ["state", "number", "untaxed_amount", "tax_amount", "total_amount", "party.code"]
    found: list[dict[str, Any]] = rpc.call(
        "model.account.invoice.search_read", [["reference", "=", credit_note_id]], 0, 9, None, names
    )
    return found


def _outbox(dsn: str) -> list[dict[str, Any]]:
    with connect(dsn) as connection:
        return connection.execute(
            """
            select o.message_status, o.parked_reason, a.attempt_no, a.is_success, a.answer, a.remote_reference
            from ops.outbox as o left join ops.outbox_attempts as a using (outbox_id)
            order by o.outbox_id, a.attempt_no
            """
        ).fetchall()


def test_a_credit_note_is_posted_and_read_back(
    warehouse_dsn: str, tryton: TrytonAccess, rpc: TrytonRpc
) -> None:
    _allocate(
        warehouse_dsn, "RTV-A",
        ("CREAM-50", "B1", "INV-1", 7, 10_050, "18"), ("TEA-250", None, "INV-1", 3, 12_345, "5.00"),
    )  # fmt: skip
    (note_id,) = _draft(warehouse_dsn, "RTV-A")
    assert _draft(warehouse_dsn, "RTV-A") == (note_id,)
    done = send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC))
    assert (done.sent, done.postponed, done.parked) == (1, 0, 0)
    (document,) = _documents(rpc, note_id)
    assert document["state"] == "posted"
    assert document["untaxed_amount"] == Decimal("-1073.85")
    assert document["tax_amount"] == Decimal("-145.15")
    assert document["total_amount"] == Decimal("-1219.00")
    assert document["party."]["code"] == "amz"
    (attempt,) = _outbox(warehouse_dsn)
    assert (attempt["message_status"], attempt["is_success"]) == ("sent", True)
    assert attempt["remote_reference"] == document["number"]


def test_each_invoice_gets_its_own_credit_note(
    warehouse_dsn: str, tryton: TrytonAccess, rpc: TrytonRpc
) -> None:
    _allocate(
        warehouse_dsn,
        "RTV-B",
        ("CREAM-50", "B1", "INV-1", 1, 100, "18"),
        ("CREAM-50", "B1", "INV-2", 2, 100, "18"),
    )
    note_ids = _draft(warehouse_dsn, "RTV-B")
    assert len(set(note_ids)) == 2
    assert send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC)).sent == 2
    assert all(len(_documents(rpc, note_id)) == 1 for note_id in note_ids)


def test_a_lost_answer_does_not_post_twice(warehouse_dsn: str, tryton: TrytonAccess, rpc: TrytonRpc) -> None:
    _allocate(warehouse_dsn, "RTV-C", ("CREAM-50", None, "INV-9", 4, 2_500, "18"))
    (note_id,) = _draft(warehouse_dsn, "RTV-C")
    assert send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC)).sent == 1
    with connect(warehouse_dsn) as connection:
        connection.execute("delete from ops.outbox_attempts")
        connection.execute("update ops.outbox set message_status = 'pending', sent_at = null")
    assert send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC)).sent == 1
    assert "found by our id" in _outbox(warehouse_dsn)[0]["answer"]
    assert len(_documents(rpc, note_id)) == 1


def test_a_draft_left_behind_is_completed_not_repeated(
    warehouse_dsn: str, tryton: TrytonAccess, rpc: TrytonRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    _allocate(warehouse_dsn, "RTV-D", ("TEA-250", None, "INV-9", 4, 2_500, "5"))
    (note_id,) = _draft(warehouse_dsn, "RTV-D")
    call = TrytonRpc.call

    def die_before_posting(self: TrytonRpc, method: str, *parameters: Any) -> Any:
        if method.endswith(".post"):
            raise KeyboardInterrupt
        return call(self, method, *parameters)

    monkeypatch.setattr(TrytonRpc, "call", die_before_posting)
    with pytest.raises(KeyboardInterrupt):
        send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC))
    monkeypatch.undo()
    assert [row["state"] for row in _documents(rpc, note_id)] == ["draft"]
    assert send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC)).sent == 1
    assert [row["state"] for row in _documents(rpc, note_id)] == ["posted"]


def test_a_document_changed_in_the_erp_does_not_count(
    warehouse_dsn: str, tryton: TrytonAccess, rpc: TrytonRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    _allocate(warehouse_dsn, "RTV-E", ("TEA-250", None, "INV-9", 4, 2_500, "5"))
    (note_id,) = _draft(warehouse_dsn, "RTV-E")
    call = TrytonRpc.call

    def change_on_the_way(self: TrytonRpc, method: str, *parameters: Any) -> Any:
        if method == "model.account.invoice.create":
            parameters[0][0]["lines"][0][1][0]["quantity"] = -3.0
        return call(self, method, *parameters)

    monkeypatch.setattr(TrytonRpc, "call", change_on_the_way)
    assert send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC)).parked == 1
    assert "sent 4 × TEA-250" in _outbox(warehouse_dsn)[0]["parked_reason"]
    assert [row["state"] for row in _documents(rpc, note_id)] == ["draft"]


@pytest.mark.parametrize(
    ("sku", "rate", "words"),
    [("UNKNOWN", "18", "knows no product UNKNOWN"), ("TEA-250", "17", "knows no tax of 17 %")],
)
def test_what_the_erp_does_not_know_parks_with_the_reason(
    warehouse_dsn: str, tryton: TrytonAccess, rpc: TrytonRpc, sku: str, rate: str, words: str
) -> None:
    _allocate(warehouse_dsn, f"RTV-{sku}-{rate}", (sku, None, "INV-1", 1, 100, rate))
    (note_id,) = _draft(warehouse_dsn, f"RTV-{sku}-{rate}")
    assert send_outbound(warehouse_dsn, _settings(tryton), datetime.now(UTC)).parked == 1
    assert words in _outbox(warehouse_dsn)[0]["parked_reason"]
    assert _documents(rpc, note_id) == []


def test_an_erp_that_is_away_is_tried_again(warehouse_dsn: str, tryton: TrytonAccess) -> None:
    _allocate(warehouse_dsn, "RTV-F", ("CREAM-50", None, "INV-1", 1, 100, "18"))
    _draft(warehouse_dsn, "RTV-F")
    away = _settings(tryton, erp_url=f"http://127.0.0.1:{free_port()}", timeout_seconds=2)
    now = datetime.now(UTC)
    assert send_outbound(warehouse_dsn, away, now).postponed == 1
    assert send_outbound(warehouse_dsn, _settings(tryton), now + timedelta(minutes=1)).sent == 1


def test_a_wrong_password_is_named_and_tried_again(warehouse_dsn: str, tryton: TrytonAccess) -> None:
    _allocate(warehouse_dsn, "RTV-G", ("CREAM-50", None, "INV-1", 1, 100, "18"))
    _draft(warehouse_dsn, "RTV-G")
    wrong = _settings(tryton, erp_password="wrong")
    assert send_outbound(warehouse_dsn, wrong, datetime.now(UTC)).postponed == 1
    assert "does not take the password" in _outbox(warehouse_dsn)[0]["answer"]


def test_a_return_without_allocated_units_is_not_credited(warehouse_dsn: str) -> None:
    _allocate(warehouse_dsn, "RTV-H", ("CREAM-50", None, "INV-1", 1, 100, "18"))
    with pytest.raises(NotFound, match="RTV-Z"):
        _draft(warehouse_dsn, "RTV-Z")
