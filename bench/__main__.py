"""Runs every benchmark in one go: `python -m bench [NAME…]`."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path


def main() -> None:
    """Run the named benchmarks, or all."""
    folder = Path(__file__).parent
    names = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for name in names:
        print(f"\n== {name}")
        importlib.import_module(f"bench.bench_{name}").run()


if __name__ == "__main__":
    main()
