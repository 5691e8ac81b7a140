"""Statuses in words, of carriers without codes, are read by rules; what no rule knows stays unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingest.sources.tracking.statuses import table, table_names
from ingest.sources.tracking.wording import meaning_of_words

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures" / "tracking"
BAR = 0.98
# Words of a table that mean something else there than the same words of anybody.
PARTICULAR = {
    ("asendia", "CUSTOMS_DELAY"),
    ("parcelone", "DELIVERED_PARCELSHOP"),
}


def _samples(name: str) -> list[dict[str, str]]:
    with (FIXTURES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _wrong(samples: list[dict[str, str]]) -> list[str]:
    wrong = []
    for sample in samples:
        found = meaning_of_words(sample["words"])
        if (found.status, found.leg or "") != (sample["status"], sample["leg"]):
            wrong.append(
                f"{sample['words']}: {found.status} {found.leg}, not {sample['status']} {sample['leg']}"
            )
    return wrong


def test_the_words_that_the_rules_were_made_on_are_all_read_right() -> None:
    assert _wrong(_samples("wording_known")) == []


def test_words_that_the_rules_never_saw_are_read_right() -> None:
    samples = _samples("wording_held_out")
    assert not {sample["words"] for sample in samples} & {
        sample["words"] for sample in _samples("wording_known")
    }
    wrong = _wrong(samples)
    assert 1 - len(wrong) / len(samples) >= BAR, wrong


def test_rules_and_tables_that_were_made_apart_do_not_contradict_each_other() -> None:
    compared = agreed = 0
    contradicting = set()
    for name in table_names():
        for code, meant in table(name).items():
            found = meaning_of_words(code)
            is_in_words = "_" in code and code.replace("_", "").isalpha()
            if is_in_words and meant.status != "unknown":
                compared += 1
                agreed += found.status == meant.status
                if found.status not in (meant.status, "unknown"):
                    contradicting.add((name, code))
    assert contradicting <= PARTICULAR
    assert agreed > compared / 2 > 20


@pytest.mark.parametrize(
    ("words", "status", "leg", "reason", "responsible"),
    [
        ("RTO Delivered", "delivered", "rto", None, None),
        ("Undelivered: consignee premises closed", "attempt_failed", None, "closed", "consignee"),
        ("Refused for short quantity", "refused", None, "short", "consignee"),
        ("Delayed, vehicle breakdown", "delayed", None, None, "carrier"),
        ("Pickup failed, material not ready", "pickup_failed", None, None, "platform"),
        ("Held at hub, e-way bill missing: no e-way bill", "on_hold", None, "missing", None),
        ("Parcel damaged in transit", "damaged", None, "damaged", "carrier"),
        ("", "unknown", None, None, None),
        ("§§§", "unknown", None, None, None),
    ],
)
def test_words_say_leg_reason_and_who_caused_it(
    words: str, status: str, leg: str | None, reason: str | None, responsible: str | None
) -> None:
    found = meaning_of_words(words)
    assert (found.status, found.leg, found.reason, found.responsible) == (status, leg, reason, responsible)
