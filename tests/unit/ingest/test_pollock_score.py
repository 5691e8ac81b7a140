"""How the reader scores in the manner of the Pollock benchmark; `POLLOCK_EVERY=1` reads all 2,290 files."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from pollock import Measures, Pollution, Scores, measures, pollutions

from rtv_commands.read import read_file
from rtv_core.errors import InvalidInput


def _read(file: Pollution, folder: Path) -> Measures:
    path, out = folder / "file.csv", folder / "out.csv"
    path.write_text(file.text, encoding="utf-8", newline="")
    try:
        reading = read_file(path, to_csv=out)
    except InvalidInput:
        return (0.0,) * 10
    header: list[str] = []
    records: list[list[str]] = []
    for number, table in enumerate(reading.tables, 1):
        written = out if number == 1 else out.with_name(f"out_{number}.csv")
        with written.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        # As Pollock has it, only the first table's names are a header.
        if number == 1 and table["header_row"]:
            header, rows = rows[0], rows[1:]
        records += rows
    return measures(file, header, records)


@pytest.mark.timeout(1200)
def test_the_score_of_pollock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = Counter(file.kind for file in pollutions())
    assert sum(sizes.values()) == 2290
    scores = Scores({})
    for file in pollutions(int(os.environ.get("POLLOCK_EVERY", "41"))):
        scores.by_kind.setdefault(file.kind, []).append(_read(file, tmp_path))
    lines = [f"{'kind':32}{'files':>6}{'points':>8}   P, R and F1 of header, records and cells"]
    for kind in scores.by_kind:
        told = " ".join(f"{value:.3f}" for value in scores.mean(kind)[1:])
        lines.append(f"{kind:32}{sizes[kind]:6}{scores.of(kind):8.3f}   {told}")
    lines.append(f"Pollock score of 10: simple {scores.simple(sizes):.3f}, weighted {scores.weighted:.3f}")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert scores.weighted > 9.8
