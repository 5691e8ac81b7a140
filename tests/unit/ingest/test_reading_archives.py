"""A ZIP of files is read file by file; what is in it is never trusted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.opening import open_file
from rtv_core.errors import InvalidInput


def _archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_each_file_gives_its_tables_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    inner = _archive(tmp_path / "inner.zip", {"c.csv": b"a,b\n1,2\n"}).read_bytes()
    path = _archive(
        tmp_path / "all.zip",
        {
            "folder/skus_1.csv": b"sku_code,title\nA,one\nB,two\n",
            "../../etc/evil.csv": b"x;y\n1;2\n",
            "rows.jsonl": b'{"a": 1}\n{"a": 2}\n',
            "picture.png": bytes(range(256)),
            "inner.zip": inner,
            "__MACOSX/._skus_1.csv": b"\x00\x05",
        },
    )
    document = open_file(path, path.name)
    found = {table.sheet_name: list(table.header) for table in document.tables}
    assert found == {"evil.csv": ["x", "y"], "skus_1.csv": ["sku_code", "title"], "rows.jsonl": ["a"]}
    assert [finding.code for finding in document.findings] == ["ARCHIVE_NESTED", "FORMAT_UNKNOWN"]
    rows = {table.sheet_name: sum(batch.row_count for batch in table.batches()) for table in document.tables}
    assert rows == {"evil.csv": 1, "skus_1.csv": 2, "rows.jsonl": 2}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"zeros.csv": b"0" * 64 * 1024**2}, "ARCHIVE_TOO_LARGE"),
        ({f"{number}.csv": b"a\n1\n" for number in range(300)}, "ARCHIVE_TOO_LARGE"),
        ({"picture.png": bytes(range(256))}, "ARCHIVE_UNREADABLE"),
        ({}, "ARCHIVE_UNREADABLE"),
    ],
)
def test_an_archive_that_is_too_much_or_nothing_is_refused(
    files: dict[str, bytes], code: str, tmp_path: Path
) -> None:
    path = _archive(tmp_path / "file.zip", files)
    with pytest.raises(InvalidInput) as caught:
        open_file(path, path.name)
    assert caught.value.code == code


def test_an_encrypted_archive_says_so(tmp_path: Path) -> None:
    path = _archive(tmp_path / "file.zip", {"a.csv": b"a,b\n1,2\n"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="encrypted"):
        open_file(path, path.name)
