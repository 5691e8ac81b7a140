"""The page on the samples of others says how they are read today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.docs import NOTE, ROOT
from scripts.samples_page import SAMPLES, samples_page

PAGE = ROOT / "docs" / "reference" / "samples.md"


def test_each_sample_stands_on_the_page_with_what_became_of_its_rows() -> None:
    rows = [line.split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for _, sample, _, read_as, count, sound, refused, result in rows:
        assert re.fullmatch(r"`[\w./-]+`", sample)
        assert result
        if ":" in read_as:
            assert int(count) == int(sound) + int(refused)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of others are not beside this checkout")
def test_the_page_is_what_the_samples_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == NOTE + samples_page(SAMPLES), "run `make docs`"


def test_a_file_that_cannot_be_read_is_a_row_too(tmp_path: Path) -> None:
    (tmp_path / "edi").mkdir()
    (tmp_path / "SOURCES.md").write_text("| edi/ | somebody | MIT | x |\n", encoding="utf-8")
    (tmp_path / "edi" / "cut.csv").write_bytes(b"")
    (row,) = (line for line in samples_page(tmp_path).splitlines() if "cut" in line)
    assert row == "| somebody (MIT) | `edi/cut.csv` |  | nothing |  |  |  | FILE_EMPTY: The file is empty |"
