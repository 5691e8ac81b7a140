"""Parses the dbt project without a database; prints dbt's own words when it fails."""

from __future__ import annotations

import sys

from rtv_commands.build import parse_project


def main() -> None:
    """Exit 1 when the project does not parse."""
    problem = parse_project()
    if problem:
        sys.exit(problem)


if __name__ == "__main__":
    main()
