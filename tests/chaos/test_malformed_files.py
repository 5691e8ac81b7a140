"""Malformed files are loaded or quarantined with a reason, within 512 MB and 30 s each (R6, short form)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.chaos.malformed_files import malformed_file

FILES = int(os.environ.get("MALFORMED_FILES", "100"))
SEED = int(os.environ.get("MALFORMED_SEED", "6"))
# A process lives as long as these files, as a loader that is kept running does.
_FILES_A_PROCESS = 500


def _take_in(dsn: str, folder: Path, first: int, count: int) -> list[dict[str, Any]]:
    """What the process that takes these files in says; its last word is of the file it ended in, if any."""
    command = [sys.executable, "-m", "tests.chaos.take_in_malformed", dsn, str(folder)]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [*command, str(SEED), str(first), str(count)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told, done.stderr
    if done.returncode:
        told.append({**told[-1], "broken": f"the process ended: {done.stderr[-1500:]}"})
    return told


def test_every_malformed_file_is_loaded_or_quarantined_with_a_reason(
    warehouse_dsn: str, tmp_path: Path
) -> None:
    broken: list[dict[str, Any]] = []
    fates: Counter[str] = Counter()
    first = 0
    while first < FILES:
        count = min(_FILES_A_PROCESS, FILES - first)
        told = _take_in(warehouse_dsn, tmp_path, first, count)
        broken += [entry for entry in told if "broken" in entry]
        fates.update(told[-1]["fates"])
        first = told[-1].get("number", first + count - 1) + 1
    sys.stderr.write(
        f"\nseed of the malformed files: {SEED}; {FILES} files: {json.dumps(fates.most_common())}\n"
    )
    said = "\n".join(f"{entry['number']} ({entry['kind']}): {entry['broken']}" for entry in broken)
    assert not broken, f"seed {SEED}, {len(broken)} of {FILES}:\n{said}"
    # Most are still worth something, and many are not: otherwise the files prove little.
    assert fates["loaded"] > 0.05 * FILES
    assert fates.total() - fates["loaded"] - fates["repeat"] > 0.1 * FILES


def test_a_file_is_the_same_each_time_it_is_made() -> None:
    assert [malformed_file(SEED, number) for number in range(30)] == [
        malformed_file(SEED, number) for number in range(30)
    ]
