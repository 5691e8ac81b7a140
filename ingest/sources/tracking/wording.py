"""What the words of a carrier without codes mean, by the rules of wording.csv: the first that fits counts.

The leg is asked before the status, so that "RTO delivered" is the end of a return and no delivery. Words that
no rule knows stay `unknown`.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

from ingest.sources.tracking.statuses import UNKNOWN, Meaning

_NO_WORD = re.compile(r"[^a-z0-9]+")


@cache
def _rules() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    text = resources.files("ingest.sources.tracking").joinpath("wording.csv").read_text(encoding="utf-8")
    rules: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")):
        rules.setdefault(row["kind"], []).append((re.compile(row["pattern"]), row["value"]))
    return rules


def plain_words(text: str) -> str:
    """Words in lower case with single blanks between and around them, as the rules expect them."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return f" {_NO_WORD.sub(' ', parted.lower()).strip()} "


def meaning_of_words(text: str | None) -> Meaning:
    """What a status in words means."""
    words = plain_words(text or "")
    status = _first("status", words) or UNKNOWN
    if status == UNKNOWN:
        return Meaning(leg=_first("leg", words))
    return Meaning(status, _first("leg", words), _first("reason", words), _first("responsible", words))


def _first(kind: str, words: str) -> str | None:
    return next((value for pattern, value in _rules()[kind] if pattern.search(words)), None)
