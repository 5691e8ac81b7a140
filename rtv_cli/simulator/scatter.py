"""Scatters the files of a world: rows in no order, some twice, files in two parts, columns left out.

Nothing that decides a return is lost: what is left out is optional and known from another paper.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

import orjson

from rtv_cli.simulator.dice import dice

# Columns that a careless party leaves out; another paper says the same, or nobody asks.
_OPTIONAL = {
    "rtv_manifests": ("gtin",),
    "transporter_events": ("leg", "raw_code", "raw_text", "reason", "responsible", "place"),
    "gate_receipts": ("camera_code",),
    "goods_receipts": ("disposition",),
    "documents": ("invoice_no",),
}
_MASTERS = (
    "parties", "nodes", "cameras", "skus", "kit_components", "listings", "contracts_in_force",
    "claim_playbooks", "required_documents",
)  # fmt: skip
# Two equal rows of a ledger are two movements.
_COUNTED = ("stock_movements",)
_TWICE, _COPIED, _SPLIT = 0.05, 0.2, 0.5
_Row = TypeVar("_Row")


def scatter(paths: Sequence[Path], seed: int) -> list[Path]:
    """Rewrite the files in place, some into two; returns them in the order in which they arrive.

    Masters are as they are and come when they come, like everything else.
    """
    arriving: list[Path] = []
    for path in paths:
        roll = dice(seed, "scatter", path.name)
        contract = path.name.split("_synthetic_")[0]
        if contract in _MASTERS:
            arriving.append(path)
        elif path.suffix == ".csv":
            arriving += _scatter_table(path, contract, roll)
        elif path.suffix == ".jsonl":
            arriving += _scatter_lines(path, contract, roll)
        else:
            arriving.append(path)
        if roll.random() < _COPIED:
            arriving.append(_copied(path))
    dice(seed, "arrival").shuffle(arriving)
    return arriving


def _scatter_table(path: Path, contract: str, roll: Random) -> list[Path]:
    with path.open(encoding="utf-8", newline="") as stream:
        names, *rows = list(csv.reader(stream))
    left_out = {name for name in _OPTIONAL.get(contract, ()) if roll.random() < 0.5}
    # A party that sends no second revision may leave their number out.
    if "revision_no" in names and not any(row[names.index("revision_no")] for row in rows):
        left_out.add("revision_no")
    kept = [place for place, name in enumerate(names) if name not in left_out]
    written = [[row[place] for place in kept] for row in rows]
    header = [names[place] for place in kept]
    # A document that comes in two halves would be two versions of it.
    whole = [header.index(name) for name in ("rtv_no", "revision_no") if name in header]
    parts = _parts(_repeated(written, contract, roll), lambda row: tuple(row[at] for at in whole), roll)
    paths = _part_paths(path, len(parts))
    for target, part in zip(paths, parts, strict=True):
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow(header)
            writer.writerows(part)
    return paths


def _scatter_lines(path: Path, contract: str, roll: Random) -> list[Path]:
    rows = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    parts = _parts(
        _repeated(rows, contract, roll), lambda row: (row.get("rtv_no"), row.get("revision_no")), roll
    )
    paths = _part_paths(path, len(parts))
    for target, part in zip(paths, parts, strict=True):
        target.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in part))
    return paths


def _repeated(rows: list[_Row], contract: str, roll: Random) -> list[_Row]:
    again = [] if contract in _COUNTED else [row for row in rows if roll.random() < _TWICE]
    return roll.sample(rows + again, len(rows) + len(again))


def _parts(rows: list[_Row], document: Callable[[_Row], Hashable], roll: Random) -> list[list[_Row]]:
    documents = sorted({document(row) for row in rows}, key=repr)
    if len(documents) < 2 or roll.random() >= _SPLIT:
        return [rows]
    first = set(roll.sample(documents, len(documents) // 2))
    return [
        [row for row in rows if document(row) in first],
        [row for row in rows if document(row) not in first],
    ]


def _part_paths(path: Path, parts: int) -> list[Path]:
    return [path, path.with_name(f"{path.stem}_rest{path.suffix}")][:parts]


def _copied(path: Path) -> Path:
    return Path(shutil.copyfile(path, path.with_name(f"{path.stem}_again{path.suffix}")))
