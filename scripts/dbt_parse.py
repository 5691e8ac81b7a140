"""Parses the dbt project without a database; says dbt's own words when it fails."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rtv_commands.build.run_dbt import DbtRun


def main() -> None:
    """Exit 1 when the project does not parse."""
    with tempfile.TemporaryDirectory() as folder:
        run = DbtRun(
            "postgresql://nobody@127.0.0.1:1/nothing",
            as_of=datetime.now(UTC),
            reporting_timezone="UTC",
            threads=1,
            work_folder=Path(folder),
        )
        _, broken = run.invoke("parse")
    if broken:
        sys.exit(str(broken))


if __name__ == "__main__":
    main()
