"""Reads a ZIP of files: each file in it gives its tables. What cannot be read is named, the rest is read."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ingest.readers.packed import BROKEN, MAX_RATIO, MAX_UNPACKED_BYTES, entries_of
from ingest.readers.table import Batch, Document, Finding, Table
from rtv_core.errors import InvalidInput

MAX_FILES = 200
_WORKBOOK_PARTS = ("xl/", "content.xml", "[Content_Types].xml")
_PAGE_BYTES = 1 << 20

Opener = Callable[[Path, str], Document]


def is_archive_of_files(path: Path) -> bool:
    """Whether this is a ZIP, and none that is a workbook itself."""
    try:
        return not any(entry.filename.startswith(_WORKBOOK_PARTS) for entry in entries_of(path))
    except BROKEN:
        return False


def read_archive(path: Path, open_file: Opener) -> Document:
    """The tables of all files in an archive, called by their file.

    Raises `InvalidInput` for an archive that is encrypted, too large, or holds no file that can be read.
    """
    folder = tempfile.TemporaryDirectory(prefix="rtv-archive-")
    tables: list[Table] = []
    findings: list[Finding] = []
    read: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for number, entry in enumerate(_entries(path)):
            name = PurePosixPath(entry.filename.replace("\\", "/")).name
            # Names in archives are never paths here: each file lies under a number.
            target = Path(folder.name) / str(number)
            _unpack(archive, entry, target)
            try:
                document = _open(open_file, target, name)
            except InvalidInput as error:
                findings.append(Finding(error.code, f"{name} is left out: {error.fact}"))
                continue
            read.append(name)
            tables += [_kept(table, name, folder) for table in document.tables]
            findings += [Finding(found.code, f"{name}: {found.fact}") for found in document.findings]
    if not tables:
        raise InvalidInput(
            "The archive holds no file that can be read" + (f": {findings[0].fact}" if findings else ""),
            remedy="Send the files by themselves.",
            code="ARCHIVE_UNREADABLE",
        )
    return Document("zip", {"files": ", ".join(read)}, tuple(tables), tuple(findings))


def _open(open_file: Opener, target: Path, name: str) -> Document:
    if is_archive_of_files(target):
        raise InvalidInput("It is an archive itself", remedy="Send its files.", code="ARCHIVE_NESTED")
    return open_file(target, name)


def _entries(path: Path) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in entries_of(path) if _is_wanted(entry.filename)]
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES:
        raise InvalidInput(
            f"The archive holds {len(entries)} files, {MAX_FILES} is the most",
            remedy="Send several archives.",
            code="ARCHIVE_TOO_LARGE",
        )
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * path.stat().st_size + 10 * 1024**2:
        raise InvalidInput(
            f"The archive would unpack to {unpacked} bytes",
            remedy="Send its files by themselves.",
            code="ARCHIVE_TOO_LARGE",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidInput(
            "The archive is encrypted", remedy="Send it without a password.", code="ARCHIVE_ENCRYPTED"
        )
    return sorted(entries, key=lambda entry: entry.filename)


def _is_wanted(name: str) -> bool:
    """Not what systems leave beside files."""
    return not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith(".")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    """Write an entry's bytes; never more than it says it has."""
    try:
        with archive.open(entry) as source, target.open("wb") as stream:
            shutil.copyfileobj(source, stream, _PAGE_BYTES)
    except BROKEN as error:
        raise InvalidInput(
            f"{entry.filename} in the archive cannot be unpacked: {error}",
            remedy="Make the archive again.",
            code="ARCHIVE_UNREADABLE",
        ) from error


def _kept(table: Table, name: str, folder: tempfile.TemporaryDirectory[str]) -> Table:
    """The table, called by its file, that keeps the unpacked files for as long as it is kept."""

    def batches() -> Iterator[Batch]:
        assert folder.name
        yield from table.batches()

    sheet = name if table.sheet_name is None else f"{name} {table.sheet_name}"
    return replace(table, sheet_name=sheet, batches=batches)
