"""Runs the suites over the warehouse and tells a failure of the data from a failure of the check."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import great_expectations as gx

from expectations import suites
from expectations.context import add_warehouse, open_context
from expectations.sets import Suite
from rtv_core.warehouse.check_queries import current_rows, has_rows
from rtv_core.warehouse.connection import Connection

CHILD_TABLES = frozenset({"qc_capture_items", "qc_capture_photos", "qc_capture_missing_components"})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One expectation's result; `is_success` None: the check itself failed, `failure` says why."""

    tenant_code: str
    suite_name: str
    expectation: str
    column_name: str | None
    is_success: bool | None
    observed: str | None
    failure: str | None


def all_suites() -> list[Suite]:
    """Every suite beside this module, by name."""
    modules = sorted(pkgutil.iter_modules(suites.__path__), key=lambda found: found.name)
    return [importlib.import_module(f"{suites.__name__}.{module.name}").SUITE for module in modules]


def run_suites(
    dsn: str, connection: Connection, tenants: list[str], *, now: datetime, chosen: list[Suite] | None = None
) -> Iterator[CheckResult]:
    """Check every raw table of every tenant that holds rows or must."""
    context = open_context()
    warehouse = add_warehouse(context, dsn)
    for tenant_code in tenants:
        for suite in chosen if chosen is not None else all_suites():
            is_child = suite.table in CHILD_TABLES
            if not suite.is_needed and not has_rows(connection, suite.table, tenant_code, is_child=is_child):
                continue
            name = f"{tenant_code}/{suite.name}"
            asset = warehouse.add_query_asset(
                name, query=current_rows(suite.table, tenant_code, is_child=is_child)
            )
            expected = gx.ExpectationSuite(name=name)
            for expectation in suite.expectations(now, tenant_code):
                expected.add_expectation(expectation)
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            for result in batch.validate(expected).results:
                yield _read(result, tenant_code, suite.name)


def _read(result: Any, tenant_code: str, suite_name: str) -> CheckResult:
    config = result.expectation_config
    meta = dict(config.meta or {})
    failure = _failure_of_check(result)
    return CheckResult(
        tenant_code,
        suite_name,
        config.description or config.type,
        config.kwargs.get("column") or meta.get("column"),
        None if failure else bool(result.success),
        None if failure else _observed(result.result),
        failure,
    )


def _failure_of_check(result: Any) -> str | None:
    """Why the check itself failed; an SQL error shows as a plain failure with an empty result."""
    info = result.exception_info or {}
    causes = [info] if "raised_exception" in info else list(info.values())
    messages = [str(cause["exception_message"]) for cause in causes if cause.get("raised_exception")]
    if messages:
        return messages[0][:2000]
    return None if result.success or result.result else "The check gave no result"


def _observed(result: dict[str, Any]) -> str | None:
    if "observed_value" in result:
        value = result["observed_value"]
        return value.isoformat() if isinstance(value, datetime) else str(value)
    if "unexpected_percent" in result:
        return f"{result['unexpected_count']} of {result['element_count']} rows"
    return None
