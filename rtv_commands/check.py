"""Check the sets of raw rows with Great Expectations; results with history stand in the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from expectations.checkpoints import CheckResult, run_suites
from rtv_core.warehouse.check_queries import insert_check, tenants_with_files
from rtv_core.warehouse.connection import connect


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """The results of one run of the checks."""

    run_id: str
    results: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The expectations that the data does not meet."""
        return tuple(result for result in self.results if result.is_success is False)

    @property
    def errors(self) -> tuple[CheckResult, ...]:
        """The checks that could not be made; they say nothing about the data."""
        return tuple(result for result in self.results if result.is_success is None)

    def counts(self) -> dict[str, int]:
        """Results by what they say."""
        passed = len(self.results) - len(self.failed) - len(self.errors)
        return {"passed": passed, "failed": len(self.failed), "errors": len(self.errors)}


def check_raw(dsn: str, run_id: str, *, now: datetime, tenant_code: str | None = None) -> CheckSummary:
    """Check every raw table of one tenant, or of all. Results are kept; what the data lacks never raises."""
    with connect(dsn, application_name="rtv-check") as connection:
        tenants = [tenant_code] if tenant_code else tenants_with_files(connection)
        results = tuple(run_suites(dsn, connection, tenants, now=now))
        for result in results:
            insert_check(
                connection,
                run_id=run_id,
                tenant_code=result.tenant_code,
                suite_name=result.suite_name,
                expectation=result.expectation,
                column_name=result.column_name,
                is_success=result.is_success,
                observed=result.observed,
                failure=result.failure,
                checked_at=now,
            )
    return CheckSummary(run_id, results)
