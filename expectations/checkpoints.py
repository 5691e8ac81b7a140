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
from expectations.thresholds import Threshold, expectation_of, in_force
from rtv_core.warehouse.check_queries import current_rows, has_rows, tenant_thresholds
from rtv_core.warehouse.connection import Connection

CHILD_TABLES = frozenset({
    "qc_capture_items", "qc_capture_photos", "qc_capture_missing_components", "qc_capture_sop_steps",
})  # fmt: skip


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
        bounds = [one for one in in_force(tenant_thresholds(connection, tenant_code)) if _is_on(one)]
        for suite in chosen if chosen is not None else all_suites():
            of_table = [one for one in bounds if one.table_name == suite.table]
            for source_name in dict.fromkeys(["", *(one.source_name for one in of_table)]):
                of_source = [one for one in of_table if one.source_name == source_name]
                expected = _expected(connection, suite, (tenant_code, source_name), of_source, now)
                if not expected:
                    continue
                name = f"{tenant_code}/{suite.name}" + (f"/{source_name}" if source_name else "")
                asset = warehouse.add_query_asset(
                    name,
                    query=current_rows(
                        suite.table,
                        tenant_code,
                        is_child=suite.table in CHILD_TABLES,
                        source_name=source_name,
                    ),
                )
                batch = asset.add_batch_definition_whole_table("all").get_batch()
                asked = gx.ExpectationSuite(name=name, expectations=expected)
                for result in batch.validate(asked).results:
                    yield _read(result, tenant_code, suite.name, source_name)


def _is_on(threshold: Threshold) -> bool:
    return threshold.low is not None or threshold.high is not None


def _expected(
    connection: Connection,
    suite: Suite,
    of: tuple[str, str],
    thresholds: list[Threshold],
    now: datetime,
) -> list[Any]:
    """What is asked of a table's rows of a tenant (and source); of an empty set only how much it holds."""
    tenant_code, source_name = of
    is_child = suite.table in CHILD_TABLES
    is_there = has_rows(connection, suite.table, tenant_code, is_child=is_child, source_name=source_name)
    if source_name:
        asked = [one for one in thresholds if is_there or one.check_name == "rows"]
        return [expectation_of(one, now) for one in asked]
    if not (is_there or suite.is_needed):
        return []
    return [*(expectation_of(one, now) for one in thresholds), *suite.expectations(tenant_code)]


def _read(result: Any, tenant_code: str, suite_name: str, source_name: str) -> CheckResult:
    config = result.expectation_config
    meta = dict(config.meta or {})
    failure = _failure_of_check(result)
    return CheckResult(
        tenant_code,
        suite_name,
        (config.description or config.type) + (f" ({source_name})" if source_name else ""),
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
