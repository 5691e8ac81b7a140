"""One read transaction a page: read-only, one snapshot, bounded in time; database errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.rows import class_row

from rtv_core.errors import NotFound, ServiceUnavailable
from rtv_core.warehouse.connection import Connection, connect

Row = TypeVar("Row")

STATEMENT_TIMEOUT_SECONDS = 20


@contextmanager
def reading(dsn: str, *, timeout_seconds: int = STATEMENT_TIMEOUT_SECONDS) -> Iterator[Connection]:
    """A connection that sees one snapshot, so a page never mixes two builds.

    Raises `NotFound` (`MARTS_NOT_BUILT`) before the first build, `ServiceUnavailable` when the
    warehouse does not answer or takes too long.
    """
    try:
        with connect(dsn, application_name="rtv-dashboard") as connection:
            connection.execute("set transaction isolation level repeatable read read only")
            connection.execute(
                "select set_config('statement_timeout', %s, true)", (str(timeout_seconds * 1000),)
            )
            yield connection
    except (
        psycopg.errors.UndefinedTable,
        psycopg.errors.UndefinedColumn,
        psycopg.errors.InvalidSchemaName,
    ) as error:
        raise NotFound(
            f"The marts are not built yet, or by another version: {error.diag.message_primary}",
            remedy="Run `rtv build`, or let the DAG transform_warehouse run; then open the page again.",
            code="MARTS_NOT_BUILT",
        ) from error
    except psycopg.errors.QueryCanceled as error:
        raise ServiceUnavailable(
            f"The warehouse took longer than {timeout_seconds} seconds",
            remedy="Narrow the filters, or try again when the load is over.",
            code="WAREHOUSE_SLOW",
        ) from error
    except psycopg.OperationalError as error:
        raise ServiceUnavailable(
            "The warehouse went away: "
            f"{str(error).strip().splitlines()[0] if str(error).strip() else 'no reason given'}",
            remedy="Try again; `rtv doctor` looks closer.",
            code="WAREHOUSE_UNAVAILABLE",
        ) from error


def rows_of(connection: Connection, kind: type[Row], query: str, parameters: Any = None) -> list[Row]:
    """The rows of one query as values of `kind`."""
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query, parameters).fetchall()


def row_of(connection: Connection, kind: type[Row], query: str, parameters: Any = None) -> Row | None:
    """The first row of one query as a value of `kind`; None when there is none."""
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query, parameters).fetchone()
