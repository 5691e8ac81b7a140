"""Runs every benchmark in one go: `python -m bench [NAME…] [--lines N] [--seconds S]`."""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import platform
from pathlib import Path


def main() -> None:
    """Run the named benchmarks, or all."""
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)}; all without")
    parser.add_argument("--lines", type=int, help="manifest lines of the world of `truth`")
    parser.add_argument("--seconds", type=float, help="how long `captures` are sent")
    chosen = parser.parse_args()
    if strangers := set(chosen.names) - set(known):
        parser.error(f"no benchmark is called {', '.join(sorted(strangers))}; there are {', '.join(known)}")
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for name in chosen.names or known:
        print(f"\n== {name}", flush=True)
        run = importlib.import_module(f"bench.bench_{name}").run
        asked = {"lines": chosen.lines, "seconds": chosen.seconds}
        takes = inspect.signature(run).parameters
        run(**{name: value for name, value in asked.items() if value and name in takes})


if __name__ == "__main__":
    main()
