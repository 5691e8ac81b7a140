"""House rules that a machine can hold: names, settings, errors, SQL in one place, no strangers."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("rtv_core", "rtv_commands", "rtv_cli", "ingest", "expectations", "plugins", "dags", "streamlit_app")
SQL_WORDS = re.compile(
    r"\b(select\s.+\sfrom|insert\s+into|update\s+\w+(\.\w+)?\s+set|delete\s+from)\b",
    re.IGNORECASE | re.DOTALL,
)
BROAD = {"Exception", "BaseException"}
# Borders that must survive anything a plug-in, a file or a page throws, each with its reason.
BROAD_EXCEPT_ALLOWED: dict[str, str] = {}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def python_files() -> Iterator[Path]:
    for package in CODE:
        yield from sorted((ROOT / package).rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(python_files()), ids=relative)
def test_files_hold_one_thing(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "misc", "common"}, "a name is a promise"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", list(python_files()), ids=relative)
def test_every_module_says_what_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), f"{relative(path)} has no docstring"


@pytest.mark.parametrize("path", list(python_files()), ids=relative)
def test_no_broad_except_but_at_named_borders(path: Path) -> None:
    if relative(path) in BROAD_EXCEPT_ALLOWED:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            names = [ast.unparse(node.type)] if node.type else ["bare"]
            assert not BROAD & set(names), f"{relative(path)}:{node.lineno} catches {names[0]}"
            assert node.type is not None, f"{relative(path)}:{node.lineno} catches everything"
            quiet = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            assert not quiet, f"{relative(path)}:{node.lineno} swallows an error"


@pytest.mark.parametrize("path", list(python_files()), ids=relative)
def test_only_settings_reads_our_environment(path: Path) -> None:
    if relative(path) == "rtv_core/settings.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.getenv", "os.environ.get"}:
            assert not ast.unparse(node.args[0]).strip("'\"").startswith("RTV_"), (
                f"{relative(path)}:{node.lineno}"
            )


@pytest.mark.parametrize("path", list(python_files()), ids=relative)
def test_sql_lives_in_the_warehouse_package(path: Path) -> None:
    if relative(path).startswith("rtv_core/warehouse/") or relative(path) == "rtv_cli/local/postgres.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            assert not SQL_WORDS.search(node.value), f"{relative(path)}:{node.lineno} holds SQL"


def test_no_file_names_an_index_a_machine_or_a_session() -> None:
    forbidden = [
        re.compile(rb"files\.python" rb"hosted|pypi\.or" rb"g|registry\.npm" rb"js|deb\.debi" rb"an"),
        re.compile(rb"/work/(main|sha" rb"red)|/root/\.py" rb"env"),
    ]
    found = [
        f"{relative(path)}: {pattern.search(data).group(0).decode()}"  # type: ignore[union-attr]
        for path in tracked()
        if "vendor" not in path.parts and path.suffix not in {".png", ".wasm", ".woff2"}
        for data in [path.read_bytes()]
        for pattern in forbidden
        if pattern.search(data)
    ]
    assert not found


def test_no_promise_is_left_open() -> None:
    marker = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    found = [
        relative(path)
        for path in tracked()
        if path.suffix in {".py", ".sql", ".js", ".yml", ".sh"}
        and "vendor" not in path.parts
        and marker.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_lock_is_hashed_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[A-Za-z0-9_.\-\[\]]+==", lock, re.MULTILINE)
    assert len(pins) > 200
    assert "http" not in re.sub(r"^[a-z0-9-]*http[a-z0-9-]*==", "", lock, flags=re.MULTILINE)
    for block in re.split(r"\n(?=\S)", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]
