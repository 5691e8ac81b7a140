"""Every word of the QC app stands in every catalogue, with the same places to fill in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[3] / "qc_app"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((APP / "js").rglob("*.js")))


def catalogue(code: str) -> dict[str, str]:
    words: dict[str, str] = json.loads((APP / "i18n" / f"{code}.json").read_text(encoding="utf-8"))
    return words


@pytest.mark.parametrize("code", ["hi", "ta"])
def test_a_language_lacks_no_word_and_no_place(code: str) -> None:
    english, other = catalogue("en"), catalogue(code)
    assert other.keys() == english.keys()
    places = re.compile(r"\{\w+\}")
    assert {k: set(places.findall(v)) for k, v in other.items()} == {
        k: set(places.findall(v)) for k, v in english.items()
    }
    assert all(value.strip() for value in other.values())


def test_every_word_the_app_asks_for_exists_and_every_word_is_asked_for() -> None:
    words = catalogue("en")
    asked = set(re.findall(r'\bt\(\s*"([^"]+)"', SOURCES))
    either = set(re.findall(r'"((?:[a-z_]+\.)+[a-zA-Z_-]+)"', SOURCES)) & words.keys()
    stems = set(re.findall(r"\bt\(`([^`$]+)\$\{", SOURCES))
    assert len(asked) > 40
    assert asked <= words.keys()
    assert all(any(key.startswith(stem) for key in words) for stem in stems)
    unused = {key for key in words if key not in asked | either and not key.startswith(tuple(stems))}
    assert unused == set()


def test_nothing_comes_from_another_host() -> None:
    files = [
        path for path in APP.rglob("*") if path.suffix in {".js", ".css", ".html", ".json", ".webmanifest"}
    ]
    assert len(files) > 20
    for path in files:
        if "vendor" in path.parts:
            continue
        assert not re.findall(r"https?://", path.read_text(encoding="utf-8")), path.name


def test_no_screen_calls_a_count_a_discrepancy() -> None:
    assert not [key for key, value in catalogue("en").items() if "discrepan" in value.lower()]
