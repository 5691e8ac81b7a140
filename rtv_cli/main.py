"""The `rtv` command: finds the commands beside it, one file each, and runs one."""

from __future__ import annotations

import importlib
import pkgutil

import typer

from rtv_cli import commands

app = typer.Typer(
    name="rtv",
    help="RTV Hub: closes the loop of returns to vendor, for every unit and every rupee.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root() -> None:
    """RTV Hub: closes the loop of returns to vendor, for every unit and every rupee."""


def register_all() -> typer.Typer:
    """The command line with every command in it."""
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"{commands.__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Run the command line."""
    register_all()()
