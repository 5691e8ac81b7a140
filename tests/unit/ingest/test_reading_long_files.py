"""A long file is split by columns where it is plain, and just as it would be record by record elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.readers import plain_blocks, streamed
from ingest.readers.dialects import Dialect
from ingest.readers.table import Batch
from ingest.readers.text_column import TextColumn
from rtv_core.errors import InvalidInput

HEADER = ("sku_code", "title", "qty")
ODD_LINES = (
    '"SKU-1","a, b",2',
    '"SKU-2","line\r\nbreak ""in"" it",3',
    "SKU-3,two,3,4",
    "SKU-4,short",
    "",
    "   ,,",
    ",no code,5",
    "sku_code,title,qty",
    "SKU-5,alone\rin it,6",
    "SKU-6,\u00e4\u0939\u093f\u2019,7",
    'SKU-7,5" pipe,8',
    "SKU-8,nul \x00 here,9",
    '"SKU-9",never closed,10',
)


def _flat(batches: Iterator[Batch]) -> list[tuple[int, object]]:
    found: list[tuple[int, object]] = []
    for batch in batches:
        found += [*zip(batch.row_nos, zip(*batch.columns, strict=True), strict=True)]
        found += [(row.row_no, (row.code, str(row.content))) for row in batch.broken]
    return sorted(found, key=lambda entry: entry[0])


@pytest.mark.parametrize("seed", range(40))
def test_blocks_and_records_are_split_alike(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(plain_blocks, "_BLOCK_BYTES", chance.choice((40, 200, 1000)))
    monkeypatch.setattr(plain_blocks, "BATCH_ROWS", chance.choice((1, 3, 20)))
    end = chance.choice(("\n", "\r\n"))
    lines = [f"SKU-{n},title {n} {'x' * chance.randrange(9)},{n}" for n in range(120)]
    for odd in chance.sample(ODD_LINES, chance.randrange(len(ODD_LINES))):
        lines.insert(chance.randrange(len(lines)), odd)
    text = end.join((",".join(HEADER), *lines)) + end * chance.randrange(2)
    encoding = chance.choice(("utf-8", "utf-8-sig"))
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    dialect = Dialect(",", chance.choice(('"', '"', None)))
    told = (path, encoding, dialect, HEADER, 1)
    assert _flat(streamed._by_block(*told)) == _flat(streamed._by_record(*told))


def test_a_plain_file_makes_no_object_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("sku_code,title,qty\n" + "".join(f"SKU-{n},t,{n}\n" for n in range(100)), "utf-8")
    (batch,) = streamed._by_block(path, "utf-8", Dialect(","), HEADER, 1)
    assert batch.row_nos == list(range(2, 102))
    assert all(isinstance(column, TextColumn) for column in batch.columns)


def test_a_line_without_end_is_refused_before_memory_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_blocks, "_MAX_LINE_BYTES", 1000)
    path = tmp_path / "file.csv"
    path.write_bytes(b"sku_code,title,qty\n" + b"x" * 5000)
    with pytest.raises(InvalidInput) as refused:
        list(streamed.streamed_batches(path, "utf-8", Dialect(","), HEADER, 1))
    assert refused.value.code == "CSV_INVALID"


def test_a_long_file_of_rows_that_do_not_fit_is_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "MAX_UNFIT_ROWS", 10)
    path = tmp_path / "file.csv"
    path.write_bytes(b"sku_code,title,qty\n" + b"a\n" * 2000)
    with pytest.raises(InvalidInput) as refused:
        list(streamed.streamed_batches(path, "utf-8", Dialect(","), HEADER, 1))
    assert refused.value.code == "ROWS_DO_NOT_FIT"
