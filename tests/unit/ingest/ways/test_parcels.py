"""Which names at a partner's door are taken, for whom, and which are refused or must wait."""

from __future__ import annotations

import pytest

from ingest.inbox import plain_name
from ingest.ways.parcels import RefusedParcel, judge


@pytest.mark.parametrize(
    ("relative", "tenant"),
    [
        ("a.csv", "default"),
        ("brand-a/a.csv", "brand-a"),
        ("..\\..\\etc\\passwd", None),
        ("a\\b.csv", "default"),
    ],
)
def test_the_folder_names_the_tenant(relative: str, tenant: str | None) -> None:
    assert judge(relative, 1, 10) == tenant


@pytest.mark.parametrize(
    "relative", ["a.csv.part", "a.TMP", "b/a.crdownload", "a.filepart", ".a", "b/", "b/.a"]
)
def test_unfinished_and_hidden_names_wait(relative: str) -> None:
    assert judge(relative, 1, 10) is None


@pytest.mark.parametrize(
    "relative", ["../a.csv", "../../a.csv", "/a.csv", "b/../a.csv", "B B/a.csv", "a//b.csv"]
)
def test_a_path_that_climbs_is_refused(relative: str) -> None:
    assert isinstance(judge(relative, 1, 10), RefusedParcel)


def test_a_file_too_large_is_refused_before_a_byte_is_fetched() -> None:
    refused = judge("a.csv", 11, 10)
    assert isinstance(refused, RefusedParcel)
    assert "10 bytes" in refused.reason


@pytest.mark.parametrize("name", ["C:\\x\\..\\passwd.csv", "x/../../passwd.csv", "/etc/passwd.csv"])
def test_a_name_that_climbs_is_only_a_name(name: str) -> None:
    assert plain_name(name) == "passwd.csv"
