"""A process that answers many keeps its connections to the warehouse, and is none the worse for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from rtv_core.errors import ServiceUnavailable
from rtv_core.warehouse.connection import connect, drop_connections, keep_connections


@pytest.fixture
def kept(warehouse_dsn: str) -> Iterator[str]:
    keep_connections(warehouse_dsn, most=2, wait_s=0.05)
    yield warehouse_dsn
    drop_connections(warehouse_dsn)


def _one(dsn: str, query: str) -> Any:
    with connect(dsn) as connection:
        (value,) = connection.execute(query.encode()).fetchall()[0].values()
    return value


def _cut(dsn: str, pid: int) -> None:
    with psycopg.connect(dsn) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (pid,))


def _insert_and_fail(dsn: str) -> None:
    with connect(dsn) as connection:
        connection.execute("insert into public.t values (1)")
        raise ZeroDivisionError


def _use_when_cut(dsn: str) -> None:
    with connect(dsn) as connection:
        _cut(dsn, connection.info.backend_pid)
        connection.execute("select 1")


def test_a_connection_is_used_again_and_in_utc(kept: str) -> None:
    assert _one(kept, "select pg_backend_pid()") == _one(kept, "select pg_backend_pid()")
    assert _one(kept, "show timezone") == "UTC"


def test_what_is_done_is_committed_and_what_fails_is_not(kept: str) -> None:
    with connect(kept) as connection:
        connection.execute("create table public.t (n integer)")
    with pytest.raises(psycopg.errors.DivisionByZero):
        _one(kept, "insert into public.t values (1 / 0) returning n")
    with pytest.raises(ZeroDivisionError):
        _insert_and_fail(kept)
    assert _one(kept, "select count(*) from public.t") == 0
    with connect(kept) as connection:
        connection.execute("set local synchronous_commit = local")
        connection.execute("insert into public.t values (1)")
    drop_connections(kept)
    assert _one(kept, "select count(*) from public.t") == 1


def test_one_that_the_server_closed_meanwhile_is_made_anew(kept: str) -> None:
    before = _one(kept, "select pg_backend_pid()")
    _cut(kept, before)
    assert _one(kept, "select pg_backend_pid()") != before


@pytest.mark.parametrize("is_kept", [True, False])
def test_one_that_breaks_in_use_says_that_the_warehouse_went_away(kept: str, is_kept: bool) -> None:
    if not is_kept:
        drop_connections(kept)
    with pytest.raises(ServiceUnavailable, match="does not answer") as caught:
        _use_when_cut(kept)
    assert caught.value.code == "WAREHOUSE_UNAVAILABLE"
    assert _one(kept, "select 1") == 1


def test_who_finds_all_in_use_is_told_so(kept: str) -> None:
    with connect(kept), connect(kept), pytest.raises(ServiceUnavailable) as caught, connect(kept):
        pytest.fail("there are only two")
    assert caught.value.code == "WAREHOUSE_BUSY"
