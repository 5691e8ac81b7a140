"""How commands speak: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec

import orjson
import psycopg
import typer
from rich.console import Console
from rich.table import Table

from rtv_core.errors import InvalidInput, NotFound, RtvError, TransientError

errors = Console(stderr=True)
P = ParamSpec("P")

EXIT_FAILED = 1
EXIT_INPUT = 2
EXIT_TRANSIENT = 75


def print_json(document: object) -> None:
    """Write one JSON document, and nothing else, to standard output."""
    sys.stdout.buffer.write(orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()


def print_table(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Write rows as a table to standard output; says so when there are none."""
    console = Console()
    if not rows:
        console.print(f"{title}: none")
        return
    names = list(columns or rows[0].keys())
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, justify="right" if isinstance(rows[0].get(name), int | float) else "left")
    for row in rows:
        table.add_row(*("" if row.get(name) is None else str(row.get(name)) for name in names))
    console.print(table)


def print_error(error: RtvError, *, as_json: bool) -> None:
    """Write an error to standard error: code, fact and remedy."""
    if as_json:
        sys.stderr.write(orjson.dumps({"error": error.as_dict()}, default=str).decode() + "\n")
        return
    errors.print(f"[bold red]{error.code}[/] {error.fact}", highlight=False)
    errors.print(f"  {error.remedy}", highlight=False, markup=False)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn our errors into a message and an exit code: 2 wrong input, 75 try again, 1 anything else."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except psycopg.Error as error:
            print_error(_warehouse_error(error), as_json=bool(kwargs.get("as_json")))
            raise typer.Exit(EXIT_FAILED) from None
        except TransientError as error:
            print_error(error, as_json=bool(kwargs.get("as_json")))
            raise typer.Exit(EXIT_TRANSIENT) from None
        except RtvError as error:
            print_error(error, as_json=bool(kwargs.get("as_json")))
            raise typer.Exit(EXIT_INPUT if _is_input(error) else EXIT_FAILED) from None

    return run


def _warehouse_error(error: psycopg.Error) -> RtvError:
    said = (str(error).strip() or repr(error)).splitlines()[0]
    return RtvError(
        f"The warehouse answers: {said}",
        remedy="`rtv doctor` looks closer; `rtv prepare` brings the warehouse up to this version.",
        code="WAREHOUSE_ERROR",
    )


def _is_input(error: RtvError) -> bool:
    return isinstance(error, NotFound | InvalidInput)
