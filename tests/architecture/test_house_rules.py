"""House rules that a machine can hold: names, settings, errors, SQL in one place, no strangers."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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


@cache
def sources() -> dict[str, tuple[str, ast.Module]]:
    """Every file of ours by its name: text and tree, read once."""
    texts = {relative(path): path.read_text(encoding="utf-8") for path in python_files()}
    return {name: (text, ast.parse(text)) for name, text in texts.items()}


def test_files_hold_one_thing() -> None:
    assert len(sources()) > 400
    assert [name for name in sources() if Path(name).stem in {"utils", "helpers", "misc", "common"}] == []
    assert [name for name, (text, _) in sources().items() if len(text.splitlines()) > 400] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        name for name, (text, tree) in sources().items() if text.strip() and not ast.get_docstring(tree)
    ]
    assert silent == []


def _caught_badly(node: ast.ExceptHandler) -> str | None:
    if node.type is None:
        return "catches everything"
    if ast.unparse(node.type) in BROAD:
        return f"catches {ast.unparse(node.type)}"
    is_quiet = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
    return "swallows an error" if is_quiet else None


def test_no_broad_except_but_at_named_borders() -> None:
    offences = [
        f"{name}:{node.lineno} {said}"
        for name, (_, tree) in sources().items()
        if name not in BROAD_EXCEPT_ALLOWED
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and (said := _caught_badly(node))
    ]
    assert offences == []


def _reads_our_environment(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) in {"os.getenv", "os.environ.get"}
        and ast.unparse(node.args[0]).strip("'\"").startswith("RTV_")
    )


def test_only_settings_reads_our_environment() -> None:
    offences = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, (_, tree) in sources().items()
        if name != "rtv_core/settings.py"
        for node in ast.walk(tree)
        if _reads_our_environment(node)
    ]
    assert offences == []


def _holds_sql(tree: ast.Module) -> Iterator[int]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings and SQL_WORDS.search(node.value):
            yield node.lineno


def test_sql_lives_in_the_warehouse_package() -> None:
    offences = [
        f"{name}:{line_no} holds SQL"
        for name, (_, tree) in sources().items()
        if not name.startswith("rtv_core/warehouse/") and name != "rtv_cli/local/postgres.py"
        for line_no in _holds_sql(tree)
    ]
    assert offences == []


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
