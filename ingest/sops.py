"""The bay's procedures as data: read from Markdown that people read too.

A procedure is one file: a head between `---` lines, then text, in it one list numbered 1, 2, 3… whose entries
are the steps. What a step needs stands behind it in a comment, which a page that shows the Markdown hides:

    2. Photograph the wet label. <!-- needs: photo, batch; if: leaking -->
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from rtv_core.errors import ConfigurationError

LANGUAGES = ("en", "hi", "ta")
PLACES = ("shift", "gate", "arrival", "box", "item")
# What the app can ask for, and when; the app's own lists are held to these by a test.
NEEDS = frozenset(
    {"film", "awb_in_film", "photo", "photo_carton", "cause", "seal", "batch", "expiry", "mrp", "components"}
)
CONDITIONS = frozenset({"damaged", "leaking", "used", "expired", "incomplete"})
_STEP = re.compile(r"^(\d+)\.\s+(.+)$")
_COMMENT = re.compile(r"\s*<!--(.*?)-->\s*$")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, the proofs it needs, and under which condition (None: always)."""

    step_no: int
    text: str
    needs: tuple[str, ...]
    condition: str | None


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure at one place of the work; for items it may be of some categories, or of kits."""

    sop_code: str
    version: int
    title: str
    place: str
    categories: tuple[str, ...]
    is_for_kits: bool
    steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """The procedure as it is served."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class StepProof:
    """A proof that a step asks, as the seed `sop_steps` of the warehouse has it."""

    sop_code: str
    sop_version: int
    step_no: int
    place: str
    step_condition: str
    proof_asked: str


def load_procedures(folder: Path, language: str = "en") -> list[Procedure]:
    """Every procedure of a folder, by code, in a language; one that is not translated comes in English.

    Translations stand in `<folder>/<language>/` under the same file name. Raises `ConfigurationError`
    (`SOP_INVALID`) for a file that is no procedure, or a translation whose version or steps are others.
    """
    found = []
    for path in sorted(folder.glob("*.md")):
        original = read_procedure(path)
        translated = folder / language / path.name
        if language == "en" or not translated.is_file():
            found.append(original)
            continue
        spoken = read_procedure(translated)
        if _bones(spoken) != _bones(original):
            raise _invalid(
                translated, "its code, version, place or the needs of its steps are not the original's"
            )
        found.append(spoken)
    return sorted(found, key=lambda procedure: procedure.sop_code)


def read_procedure(path: Path) -> Procedure:
    """One procedure's file; `ConfigurationError` (`SOP_INVALID`) names the file and what is wrong in it."""
    _, _, rest = path.read_text(encoding="utf-8").partition("---\n")
    head_text, mark, body = rest.partition("\n---\n")
    head = yaml.safe_load(head_text) if mark else None
    if not isinstance(head, dict) or not {"sop", "version", "title", "place"} <= head.keys():
        raise _invalid(path, "it has no head with sop, version, title and place between --- lines")
    if head["place"] not in PLACES or not isinstance(head["version"], int):
        raise _invalid(path, f"place is none of {', '.join(PLACES)}, or version is no whole number")
    steps = tuple(_step(path, match) for line in _unwrapped(body) if (match := _STEP.match(line)))
    if [step.step_no for step in steps] != list(range(1, len(steps) + 1)) or not steps:
        raise _invalid(path, "its steps are not one list numbered 1, 2, 3 and so on")
    return Procedure(
        str(head["sop"]),
        head["version"],
        str(head["title"]),
        head["place"],
        tuple(str(name).lower() for name in head.get("categories", ())),
        bool(head.get("kits", False)),
        steps,
    )


def proofs_asked(procedures: Sequence[Procedure]) -> list[StepProof]:
    """A row for each step and proof it asks; one with a blank proof for a step that asks none."""
    return [
        StepProof(one.sop_code, one.version, step.step_no, one.place, step.condition or "", need)
        for one in procedures
        for step in one.steps
        for need in step.needs or ("",)
    ]


def with_earlier_versions(now: Sequence[StepProof], before: Sequence[StepProof]) -> list[StepProof]:
    """The rows of now, and of before those of other versions: what was shown is judged by its own version."""
    current = {(row.sop_code, row.sop_version) for row in now}
    earlier = [row for row in before if (row.sop_code, row.sop_version) not in current]
    return sorted([*now, *earlier], key=lambda row: (row.sop_code, row.sop_version, row.step_no))


def _unwrapped(body: str) -> list[str]:
    """The lines of a text, each with the indented ones that go on with it."""
    lines: list[str] = []
    for line in body.splitlines():
        if line.startswith("   ") and lines and lines[-1]:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line.rstrip())
    return lines


def _step(path: Path, match: re.Match[str]) -> Step:
    number, text = int(match.group(1)), match.group(2)
    comment = _COMMENT.search(text)
    told = dict(part.split(":", 1) for part in comment.group(1).split(";") if ":" in part) if comment else {}
    told = {name.strip(): value.strip() for name, value in told.items()}
    needs = tuple(name.strip() for name in told.get("needs", "").split(",") if name.strip())
    condition = told.get("if")
    if not set(needs) <= NEEDS or (condition is not None and condition not in CONDITIONS):
        raise _invalid(path, f"step {number} needs {', '.join(needs)} if {condition}: not all of it is known")
    return Step(number, _COMMENT.sub("", text).strip(), needs, condition)


def _bones(procedure: Procedure) -> tuple[object, ...]:
    """What must be the same in every language."""
    return (
        procedure.sop_code, procedure.version, procedure.place, procedure.categories, procedure.is_for_kits,
        [(step.step_no, step.needs, step.condition) for step in procedure.steps],
    )  # fmt: skip


def _invalid(path: Path, fact: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path.name} is no procedure: {fact}",
        remedy="Write it like the other files of docs/sops.",
        code="SOP_INVALID",
        path=str(path),
    )
