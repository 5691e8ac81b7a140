"""The faults of a world, one file a rule; a new file with a `FAULT` in it is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from rtv_cli.simulator.faults.base import Discrepancy, Fault

__all__ = ["Discrepancy", "Fault", "all_faults"]


@cache
def all_faults() -> dict[str, Fault]:
    """Every fault by its rule code, in the order of their names."""
    found: dict[str, Fault] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda entry: entry.name):
        fault = getattr(importlib.import_module(f"{__name__}.{module.name}"), "FAULT", None)
        if fault is not None:
            found[fault.rule_code] = fault
    return found
