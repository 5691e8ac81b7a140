"""Imports run downhill: each package may import only what the architecture allows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = (
    "rtv_core",
    "rtv_commands",
    "rtv_cli",
    "ingest",
    "expectations",
    "rtv_airflow",
    "streamlit_app",
    "dags",
)
FRAMEWORKS = ("airflow", "streamlit", "fastapi", "great_expectations", "dbt", "typer")

# package → what it must never import (prefixes); the longest matching package decides.
NEVER: dict[str, tuple[str, ...]] = {
    "rtv_core/model": (*OURS, *FRAMEWORKS),
    "rtv_core/errors.py": (*OURS, *FRAMEWORKS),
    "rtv_core/evidence": (
        *FRAMEWORKS,
        "ingest",
        "rtv_commands",
        "rtv_cli",
        "rtv_core.outbound",
        "rtv_core.claims",
    ),
    "rtv_core/outbound": (
        *FRAMEWORKS,
        "ingest",
        "rtv_commands",
        "rtv_cli",
        "rtv_core.evidence",
        "rtv_core.claims",
    ),
    "rtv_core": (*FRAMEWORKS, "ingest", "rtv_commands", "rtv_cli", "rtv_airflow", "streamlit_app"),
    "rtv_commands": ("airflow", "streamlit", "fastapi", "typer", "rtv_cli", "rtv_airflow", "streamlit_app"),
    "ingest/api": (
        "airflow",
        "streamlit",
        "dbt",
        "great_expectations",
        "rtv_cli",
        "ffmpeg",
        "ingest.readers",
        "ingest.loader",
    ),
    "ingest/sources": ("airflow", "fastapi", "streamlit", "rtv_commands", "rtv_cli", "dbt"),
    "ingest": ("airflow", "fastapi", "streamlit", "rtv_commands", "rtv_cli", "dbt", "great_expectations"),
    "expectations": ("airflow", "streamlit", "fastapi", "dbt", "rtv_cli", "rtv_commands"),
    "plugins/rtv_airflow": ("streamlit", "fastapi", "dbt", "rtv_cli", "streamlit_app"),
    "dags": (
        "streamlit",
        "fastapi",
        "dbt",
        "great_expectations",
        "rtv_cli",
        "streamlit_app",
        "os",
        "psycopg",
    ),
    "streamlit_app": (
        "ingest",
        "airflow",
        "dbt",
        "great_expectations",
        "psycopg",
        "sqlalchemy",
        "subprocess",
        "rtv_cli",
    ),
    "rtv_cli": ("dags", "streamlit_app", "airflow", "streamlit", "fastapi"),
}
# What may be imported although a prefix above forbids its parent, with the reason.
ALLOWED: dict[str, tuple[str, ...]] = {
    "rtv_core/model": ("rtv_core.model", "rtv_core.errors"),
    "rtv_core/errors.py": (),
    "ingest/api": ("ingest.api", "rtv_commands", "fastapi"),
}
# One verb each runs these frameworks.
ONLY_IN = {
    "dbt": {"rtv_commands/build/run_dbt.py", "rtv_commands/build/keep_connections.py"},
    "great_expectations": {"rtv_commands/check.py"},
}
# At module top level these are too heavy for Airflow's parsing of DAG files.
HEAVY = (
    "pandas",
    "boto3",
    "av",
    "great_expectations",
    "dbt",
    "rtv_commands",
    "ingest",
    "expectations",
    "rtv_core",
)


def modules() -> Iterator[Path]:
    for package in (
        "rtv_core",
        "rtv_commands",
        "rtv_cli",
        "ingest",
        "expectations",
        "plugins",
        "dags",
        "streamlit_app",
    ):
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or "", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def starts_with(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def test_there_is_something_to_hold_the_rules_against() -> None:
    assert len(list(modules())) > 40


def breaches(path: Path) -> Iterator[str]:
    """What a module imports although it must not."""
    relative = path.relative_to(ROOT).as_posix()
    layer = max((key for key in NEVER if relative.startswith(key)), key=len, default=None)
    never, allowed = (NEVER[layer], ALLOWED.get(layer, ())) if layer else ((), ())
    for name, line in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if starts_with(name, never) and not starts_with(name, allowed):
            yield f"{relative}:{line} must not import {name}"
        for framework, homes in ONLY_IN.items():
            is_free = relative in homes or relative.startswith("expectations/")
            if starts_with(name, (framework,)) and not is_free:
                yield f"{relative}:{line}: {framework} belongs in {homes}"


def test_imports_run_downhill() -> None:
    assert [breach for path in modules() for breach in breaches(path)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "rtv_commands").glob("*.py")), ids=lambda path: path.stem)
def test_no_verb_calls_another(path: Path) -> None:
    named = {
        name
        for name, _ in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.startswith("rtv_commands.")
    }
    assert not named, f"{path.name} imports {named}: what two verbs share belongs below them"


SOURCES = [path.parent for path in sorted((ROOT / "ingest/sources").glob("*/__init__.py"))]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_source_knows_another(source: Path) -> None:
    others = tuple(f"ingest.sources.{other.name}" for other in SOURCES if other != source)
    for path in source.rglob("*.py"):
        for name, line in imports(ast.parse(path.read_text(encoding="utf-8"))):
            assert not starts_with(name, others), f"{path.name}:{line} imports {name}"


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "dags").glob("*.py")), *sorted((ROOT / "plugins").rglob("*.py"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_airflow_parses_nothing_heavy(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        id(inner)
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in tree.body:
        for inner in ast.walk(node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            if id(inner) not in guarded and isinstance(inner, ast.Import | ast.ImportFrom):
                for name, line in imports(inner):
                    assert not starts_with(name, HEAVY), f"{path.name}:{line} imports {name} at module top"
