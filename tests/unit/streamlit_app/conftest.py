"""Streamlit's test runner puts a script of its own in the place of the main module; this puts it back."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def keep_the_main_module() -> Iterator[None]:
    """A process started later by this one would run that script as its main module."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
