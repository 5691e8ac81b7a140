"""The look that Streamlit's theme cannot say: one style sheet, light and dark."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

_LIGHT = {
    "--ink": "#182a33", "--soft": "#566772", "--line": "#d9d8d0", "--card": "#ffffff", "--paper": "#f7f5f0",
    "--accent": "#0b6157", "--accent-bg": "#e0eeea", "--good": "#0b6157", "--good-bg": "#e0eeea",
    "--warn": "#7d4306", "--warn-bg": "#fbecd3", "--bad": "#9c2a1b", "--bad-bg": "#fbe6e1",
    "--mute-bg": "#eceae3",
}  # fmt: skip
_DARK = {
    "--ink": "#e9eeec", "--soft": "#a3b2b8", "--line": "#2c3d46", "--card": "#17232a", "--paper": "#0f181d",
    "--accent": "#7fd6c8", "--accent-bg": "#143a36", "--good": "#7fd6c8", "--good-bg": "#143a36",
    "--warn": "#f3c98a", "--warn-bg": "#3d2c12", "--bad": "#ffb4a5", "--bad-bg": "#45211a",
    "--mute-bg": "#22323a",
}  # fmt: skip
LIGHT_SERIES = ("#0b6157", "#c4772d", "#24567f", "#9c2a1b", "#7a6aa0", "#6b8e4e", "#a0845c", "#5b6b73")
DARK_SERIES = ("#5cc4b3", "#e7a765", "#8bbbe4", "#f0907d", "#b5a6da", "#a8cc88", "#d0b88f", "#a3b2b8")


@lru_cache(maxsize=1)
def _sheet() -> str:
    return Path(__file__).with_name("theme.css").read_text(encoding="utf-8")


def is_dark() -> bool:
    """Whether the person sees the dark theme."""
    return st.context.theme.type == "dark"


def colour(name: str) -> str:
    """A colour of the theme now shown, for example `ink`."""
    return (_DARK if is_dark() else _LIGHT)[f"--{name}"]


def series() -> tuple[str, ...]:
    """The colours of plotted series."""
    return DARK_SERIES if is_dark() else LIGHT_SERIES


def apply_theme() -> None:
    """Put the style sheet on the page."""
    variables = "".join(f"{name}:{value};" for name, value in (_DARK if is_dark() else _LIGHT).items())
    st.html(f"<style>:root{{{variables}}}\n{_sheet()}</style>")
