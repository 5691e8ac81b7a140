"""One build of the warehouse in a process of its own: `python -m bench.truth_build status|full DSN RUN_ID`.

Prints the wall seconds and the peak megabytes of the process; Postgres works beside it.
"""

from __future__ import annotations

import resource
import sys
import time

from bench.truth_world import AS_OF
from rtv_commands.build import build_warehouse
from rtv_commands.build.run_dbt import DbtRun, explain_failure

STATUS_MODEL = "int_rtv_lines__reconciled"


def build_status(dsn: str, threads: int) -> None:
    """From staging to the account of every RTV line, without tests: with every ruling."""
    run = DbtRun(dsn, as_of=AS_OF, reporting_timezone="Asia/Kolkata", threads=threads).parsed()
    outcomes, broken = run.invoke(
        "build", "--select", f"+{STATUS_MODEL}", "--exclude-resource-type", "unit_test",
        "--exclude-resource-type", "test",
    )  # fmt: skip
    failure = explain_failure("status", outcomes, broken)
    if failure:
        raise failure


def main() -> None:
    """Run one build and tell its cost."""
    kind, dsn, run_id = sys.argv[1:4]
    started = time.perf_counter()
    if kind == "status":
        build_status(dsn, threads=2)
    else:
        build_warehouse(dsn, as_of=AS_OF, run_id=run_id, threads=2)
    seconds = time.perf_counter() - started
    print(round(seconds, 2), round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    main()
