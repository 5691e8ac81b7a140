"""The bay's procedures: what a file must say, its translations, and what the app can ask for."""

from __future__ import annotations

import csv
import re
from dataclasses import astuple
from pathlib import Path

import pytest

from ingest.sops import (
    CONDITIONS,
    LANGUAGES,
    NEEDS,
    PLACES,
    Step,
    StepProof,
    load_procedures,
    proofs_asked,
    read_procedure,
    with_earlier_versions,
)
from rtv_core.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[3]
SOPS = ROOT / "docs" / "sops"
SEEDS = ROOT / "dbt_project" / "seeds"
UNITS = ROOT / "dbt_project" / "models" / "intermediate" / "units"
HEAD = "---\nsop: X-1\nversion: 3\ntitle: Try\nplace: item\n---\n"


def written(folder: Path, text: str, name: str = "try.md") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_place_has_its_procedure_in_each_language(language: str) -> None:
    found = load_procedures(SOPS, language)
    assert {procedure.place for procedure in found} == set(PLACES)
    assert len({procedure.sop_code for procedure in found}) == len(found) == len(list(SOPS.glob("*.md")))
    folder = SOPS if language == "en" else SOPS / language
    assert [path.name for path in sorted(folder.glob("*.md"))] == [
        path.name for path in sorted(SOPS.glob("*.md"))
    ]


def test_what_a_category_needs_is_said() -> None:
    by_code = {procedure.sop_code: procedure for procedure in load_procedures(SOPS)}
    needs = {code: {need for step in one.steps for need in step.needs} for code, one in by_code.items()}
    assert needs["RTV-03"] == {"seal", "batch", "photo", "cause"}
    assert needs["RTV-05"] == {"batch", "expiry", "photo", "cause"}
    assert (needs["RTV-04"], by_code["RTV-04"].is_for_kits) == ({"components", "photo", "cause"}, True)


def test_a_step_goes_on_over_lines_and_hides_what_it_needs(tmp_path: Path) -> None:
    steps = "1. Look at\n   the seal. <!-- needs: seal, photo;\n   if: used -->\n2. Go on.\n"
    text = f"{HEAD}\n# Try\n\n{steps}\nMore.\n"
    assert read_procedure(written(tmp_path, text)).steps == (
        Step(1, "Look at the seal.", ("seal", "photo"), "used"),
        Step(2, "Go on.", (), None),
    )


@pytest.mark.parametrize(
    "text",
    [
        "1. No head.\n",
        "---\nsop: X\nversion: 1\n---\n1. No title.\n",
        HEAD,
        f"{HEAD}1. One.\n3. Three.\n",
        f"{HEAD}1. One. <!-- needs: luck -->\n",
        f"{HEAD}1. One. <!-- needs: photo; if: rainy -->\n",
        HEAD.replace("item", "kitchen") + "1. One.\n",
        HEAD.replace("version: 3", "version: third") + "1. One.\n",
    ],
)
def test_a_file_that_is_no_procedure_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"try\.md is no procedure") as caught:
        read_procedure(written(tmp_path, text))
    assert caught.value.code == "SOP_INVALID"


def test_a_translation_of_another_version_is_refused(tmp_path: Path) -> None:
    written(tmp_path, f"{HEAD}1. One.\n")
    assert load_procedures(tmp_path, "ta")[0].steps[0].text == "One."
    written(tmp_path, HEAD.replace("3", "2") + "1. ஒன்று.\n", "ta/try.md")
    with pytest.raises(ConfigurationError, match="not the original's"):
        load_procedures(tmp_path, "ta")


def test_the_app_knows_every_need_and_condition() -> None:
    source = (ROOT / "qc_app" / "js" / "proof.js").read_text(encoding="utf-8")
    tables = dict(re.findall(r"const (\w+) = \{\n(.*?)\n\};", source, re.DOTALL))
    known = {name: set(re.findall(r"^  (\w+):", body, re.MULTILINE)) for name, body in tables.items()}
    assert known["CONDITIONS"] >= CONDITIONS
    assert known["PRESENT"] | {"film", "awb_in_film", "photo_carton"} >= NEEDS


def test_the_warehouse_judges_steps_by_the_procedures_as_they_are_written() -> None:
    with (SEEDS / "sop_steps.csv").open(encoding="utf-8", newline="") as stream:
        seeded = {tuple(row) for row in list(csv.reader(stream))[1:]}
    written_now = {tuple(map(str, astuple(row))) for row in proofs_asked(load_procedures(SOPS))}
    assert written_now
    assert written_now <= seeded


def test_earlier_versions_stay_and_a_change_within_a_version_does_not() -> None:
    now = [StepProof("A", 2, 1, "box", "", "film"), StepProof("A", 2, 2, "box", "", "")]
    before = [StepProof("A", 1, 1, "box", "", ""), StepProof("A", 2, 1, "box", "", "photo")]
    assert with_earlier_versions(now, before) == [before[0], *now]


def test_the_warehouse_knows_each_condition_and_proof() -> None:
    said = {name: (UNITS / f"{name}.sql").read_text(encoding="utf-8") for name in (
        "int_captured_items__conditioned", "int_capture_proofs__seen", "int_sop_steps__proven",
    )}  # fmt: skip
    conditioned = set(re.findall(r"'(\w+)' as step_condition", said["int_captured_items__conditioned"]))
    assert conditioned == CONDITIONS
    sightless = re.search(r"proof_asked in \(([^)]*)\)", said["int_sop_steps__proven"])
    assert sightless
    quoted = set(re.findall(r"'(\w+)'", said["int_capture_proofs__seen"] + sightless.group(1)))
    assert quoted >= NEEDS
