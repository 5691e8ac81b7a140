"""Refuses workbooks that would take far more memory than they are: before they are parsed in this process."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from ingest.readers.packed import BROKEN, entries_of
from rtv_core.errors import InvalidInput

PROBE_SECONDS = 25
_BLOCK_BYTES = 1 << 20
# A reference is never longer, so one that lies over the edge of two blocks is found with this much of both.
_EDGE_BYTES = 64
# All programs write references so; whatever else may stand for one is a doubt.
_ROW = re.compile(rb'<row r="(\d{1,40})')
# Of columns past Z, and of cells that say themselves that they lie far down; all others are of no concern.
_COLUMN = re.compile(rb' r="([A-Z]{2,9})')
_FAR_ROW = re.compile(rb' r="[A-Z]{1,9}(\d{6,40})')
_ODD = (b"r='", b"r =", b"r= ", b"\tr=", b"\nr=", b"\rr=", b"t='s'", b":c ", b":row")
_STRING_END = re.compile(rb"</(?:\w+:)?si>")
# A sheet is held as a grid up to its last row and column, empty places too.
_PLAIN_PLACES = 2_000_000
_PLACES_A_CELL = 4
# A text of this length may stand in every cell; of longer ones this much together.
_PLAIN_TEXT = 400
_PLAIN_TEXT_BYTES = 64 * 1024**2
_PROBE_BASE_BYTES = 400 * 1024**2
_PROBE_BYTES_A_BYTE = 4
_PROBE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from python_calamine import CalamineWorkbook
for name in CalamineWorkbook.from_path(sys.argv[1]).sheet_names:
    CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_name(name)
"""


def require_bounded(path: Path, format_name: str) -> None:
    """Raises `InvalidInput` for a workbook that is broken, or larger than its directory says, or a bomb.

    An XLSX that is plainly no bomb is told by its own references; any other is parsed on trial, in a process
    whose memory is bound by the size of the file.
    """
    unpacked = path.stat().st_size
    is_plain = False
    if zipfile.is_zipfile(path):
        try:
            unpacked = sum(entry.file_size for entry in entries_of(path))
            is_plain = _is_plain(path) and format_name == "xlsx"
        except BROKEN as error:
            raise unreadable(error) from error
    if not is_plain:
        _parse_on_trial(path, _PROBE_BASE_BYTES + _PROBE_BYTES_A_BYTE * unpacked)


def unreadable(error: object) -> InvalidInput:
    """The refusal of a workbook that cannot be parsed."""
    return InvalidInput(
        f"The workbook cannot be read: {error}",
        remedy="Save the workbook again as XLSX, or send CSV.",
        code="FILE_UNREADABLE",
    )


def _is_plain(path: Path) -> bool:
    """Unpack all of it and keep nothing; whether its grids and texts are as large as what is written of them.

    An entry that holds more than the directory says ends in `BROKEN`.
    """
    places = cells = texts = longest = 0
    is_odd = False
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            # What a part is, is told by what is in it: a workbook may call its sheets as it likes.
            rows, columns, open_text, rest = 0, {b"Z"}, 0, b""
            with archive.open(entry) as stream:
                while block := stream.read(_BLOCK_BYTES):
                    first, *others = map(len, _STRING_END.split(block) if b"si>" in block else [block])
                    open_text += first
                    if others:
                        longest, open_text = max(longest, open_text, *others), others[-1]
                    seen = rest + block
                    told = _ROW.findall(seen)
                    is_odd |= len(told) != seen.count(b"<row") or any(mark in seen for mark in _ODD)
                    rows = max(rows, *map(int, told), *map(int, _FAR_ROW.findall(seen)), 0)
                    columns.update(_COLUMN.findall(seen))
                    cells += block.count(b"<c ")
                    texts += block.count(b't="s"')
                    rest = block[-_EDGE_BYTES:]
            places += rows * max(map(_column_no, columns))
    is_even = not is_odd and places <= _PLAIN_PLACES + _PLACES_A_CELL * cells
    return is_even and texts * (longest - _PLAIN_TEXT) <= _PLAIN_TEXT_BYTES


def _column_no(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _parse_on_trial(path: Path, most_bytes: int) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROBE, str(path), str(most_bytes)],
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large(f"{PROBE_SECONDS} s") from error
    if done.returncode == 1 and b"MemoryError" not in done.stderr and b"PanicException" not in done.stderr:
        raise unreadable(done.stderr.decode(errors="replace").strip().splitlines()[-1][:300])
    if done.returncode:
        raise _too_large(f"{most_bytes // 1024**2} MB")


def _too_large(bound: str) -> InvalidInput:
    return InvalidInput(
        f"The workbook would take more than {bound} to open: a cell far away, or one text in very many cells",
        remedy="Copy the rows into a new workbook and send that, or send CSV.",
        code="WORKBOOK_TOO_LARGE",
    )
