"""Makes malformed files from sound ones, each told by a seed and a number."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.good_files import CONTRACTS, FORMATS, good_file, zipped

_MEGABYTE = 1 << 20
_LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
).replace("&l0;", "ha")  # fmt: skip
_DOCTYPES = (
    f"<!DOCTYPE r [{_LAUGHS}]>",
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
)
_ODD_TEXTS = (
    "\ud800".encode("utf-8", "surrogatepass"), b"\x00", b"\xff\xfe\xfa", "\u202e\u200b\ufeff".encode(),
    b"=cmd|'/c calc'!A0", b"8.90123E+12", b"1e400", b"-0", b"\x1b[2J", b"NaN", b"99999999999999999999999",
    b"31/02/2026", b"9999-99-99", b"0000-00-00", b"'", b'"', b"\\", b"\\N", b"{}", b"[[[", b"<a>", b"\x85",
    b"\xc3", "\U0001f4a9".encode() * 300, b"2026-10-01T25:61:61+99:99", b"T" * 11_000,
)  # fmt: skip

Chance = random.Random
Mutation = Callable[[bytes, Chance], bytes]


@dataclass(frozen=True)
class Malformed:
    """A malformed file: what it is called, its bytes, and how it was made."""

    file_name: str
    content: bytes
    kind: str


def _cut(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _beheaded(data: bytes, chance: Chance) -> bytes:
    return data[chance.randrange(len(data) + 1) :]


def _flipped(data: bytes, chance: Chance) -> bytes:
    found = bytearray(data or b"x")
    for _ in range(chance.choice((1, 3, 20, 200))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _overwritten(data: bytes, chance: Chance) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.choice((1, 16, 512))
    filling = chance.choice((bytes(length), b"\xff" * length, chance.randbytes(length)))
    return data[:at] + filling + data[at + length :]


def _without_a_piece(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.choice((1, 7, 300)) :]


def _piece_again(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at : at + chance.choice((5, 200, 3000))] * chance.choice((2, 5, 60)) + data[at:]


def _odd_text_within(data: bytes, chance: Chance) -> bytes:
    for _ in range(chance.choice((1, 2, 9))):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(_ODD_TEXTS) + data[at:]
    return data


def _cell_replaced(data: bytes, chance: Chance) -> bytes:
    cells = data.split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(_ODD_TEXTS)
    return b",".join(cells)


def _encoded_otherwise(data: bytes, chance: Chance) -> bytes:
    text = data.decode("utf-8", "replace").replace("-", "\u2013\u00e9")
    name = chance.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift_jis", "utf-7", "cp037")
    )
    return text.encode(name, "replace")


def _half_encoded_otherwise(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + _encoded_otherwise(data[at:], chance)


def _marked(data: bytes, chance: Chance) -> bytes:
    marks = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
    return chance.choice(marks) * chance.choice((1, 2)) + data


def _line_ends(data: bytes, chance: Chance) -> bytes:
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    ends = chance.choice(((b"\r",), (b"\r", b"\n", b"\r\n"), (b"\n\n",), (b" ",), (b"\x85",), (b"\n\r",)))
    return b"".join(line + chance.choice(ends) for line in lines)


def _delimiters(data: bytes, chance: Chance) -> bytes:
    marks = (b",", b";", b"\t", b"|", b"~", b"*", b"+", b":", b"'", b"^")
    return b"".join(
        chance.choice(marks) if byte in b",;\t~*+" and chance.random() < 0.2 else bytes((byte,))
        for byte in data[:20_000]
    )


def _quotes(data: bytes, chance: Chance) -> bytes:
    for _ in range(chance.choice((1, 2, 30))):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice((b'"', b"'", b'""', b'"""', b'\\"')) + data[at:]
    return data


def _lines_shuffled(data: bytes, chance: Chance) -> bytes:
    mark = chance.choice((b"\n", b"~", b"'", b","))
    pieces = data.split(mark)
    chance.shuffle(pieces)
    return mark.join(pieces)


def _huge_cell(data: bytes, chance: Chance) -> bytes:
    at = data.find(chance.choice((b",", b"\n", b":", b">")), len(data) // 3) + 1
    filling = chance.choice((b"x", b"9", b" ", b"a\n", b'"', b"[", b"{", b"\xe0\xa4\xb9"))
    return data[:at] + filling * (chance.choice((1, 3, 6)) * _MEGABYTE // len(filling)) + data[at:]


def _many_columns(data: bytes, chance: Chance) -> bytes:
    width = chance.choice((300, 3_000, 20_000))
    head = b",".join(b"c%d" % number for number in range(width))
    return head + b"\n" + (b"1," * (width - 1) + b"1\n") * 3 + data


def _many_blanks(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice((b"\n", b" ", b",\n", b"\r\n", b"\x00", b"\t")) * 300_000 + data[at:]


def _deep(data: bytes, chance: Chance) -> bytes:
    depth = chance.choice((70, 3_000, 200_000))
    at = data.find(b":") + 1
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"(", b")")))
    if opened == b"<a>":
        return b'<?xml version="1.0"?>' + opened * depth + closed * chance.choice((depth, 0))
    return data[:at] + opened * depth + b"1" + closed * chance.choice((depth, 0)) + data[at:]


def _document_type(data: bytes, chance: Chance) -> bytes:
    typed = chance.choice(_DOCTYPES).encode()
    return b'<?xml version="1.0"?>' + typed + b"<r><row><sku_code>&l9;&x;</sku_code></row></r>" + data[:0]


def _two_in_one(data: bytes, chance: Chance) -> bytes:
    other = good_file(chance.choice(FORMATS), chance.choice(CONTRACTS))
    return other + data if chance.random() < 0.5 else data + other


def _entries(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, RuntimeError):
        found = {}
    return found or {"rows.csv": data}


def _entry_mutated(data: bytes, chance: Chance) -> bytes:
    files = _entries(data)
    name = chance.choice(sorted(files))
    files[name] = chance.choice(_PLAIN)(files[name], chance)
    return zipped(files)


def _entries_changed(data: bytes, chance: Chance) -> bytes:
    files = _entries(data)
    name = chance.choice(sorted(files))
    what = chance.randrange(5)
    if what == 0:
        del files[name]
    elif what == 1:
        files[chance.choice(("../../etc/x.csv", "C:\\x.csv", "/etc/x", "a" * 5000, "\u202ex.csv", ""))] = (
            files.pop(name)
        )
    elif what == 2:
        files |= {f"{number}.csv": b"a,b\n1,2\n" for number in range(chance.choice((20, 250)))}
    elif what == 3:
        files["inner.zip"] = data
    else:
        files["zeros.csv"] = bytes(chance.choice((1, 30)) * _MEGABYTE)
    return zipped(files)


def _lying_sizes(data: bytes, chance: Chance) -> bytes:
    """A ZIP whose directory says that its entries are small."""
    files = _entries(data)
    name = chance.choice(sorted(files))
    files[name] = files[name] + b" " * (chance.choice((1, 20)) * _MEGABYTE)
    found = bytearray(zipped(files))
    at = -1
    while (at := found.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", found, at + 24, chance.choice((0, 100, 2**32 - 2)))
    return bytes(found)


_PLAIN: tuple[Mutation, ...] = (
    _cut, _beheaded, _flipped, _overwritten, _without_a_piece, _piece_again, _odd_text_within, _cell_replaced,
    _encoded_otherwise, _half_encoded_otherwise, _marked, _line_ends, _delimiters, _quotes, _lines_shuffled,
    _two_in_one,
)  # fmt: skip
_PACKED: tuple[Mutation, ...] = (_entry_mutated, _entry_mutated, _entries_changed, _lying_sizes)
# These cost seconds: they are drawn less often.
_HEAVY: tuple[Mutation, ...] = (_huge_cell, _many_columns, _many_blanks, _deep, _document_type)
_HEAVY_SHARE = 0.06


def malformed_file(seed: int, number: int) -> Malformed:
    """The file of that number in the row of that seed; the same every time."""
    chance = random.Random(f"{seed}/{number}")
    format_name, contract_name = FORMATS[number % len(FORMATS)], chance.choice(CONTRACTS)
    content = good_file(format_name, contract_name)
    packed = format_name in ("xlsx", "ods", "zip")
    made: list[str] = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        kinds = (
            _HEAVY
            if chance.random() < _HEAVY_SHARE
            else _PACKED
            if packed and chance.random() < 0.7
            else _PLAIN
        )
        mutation = chance.choice(kinds)
        content = mutation(content, chance)
        made.append(mutation.__name__.strip("_"))
    stem = chance.choice(
        (contract_name, contract_name, "report", "Returns 2026", "\u0930\u093f\u091f\u0930\u094d\u0928")
    )
    ending = chance.choice((format_name, format_name, format_name, "csv", "xlsx", "bin"))
    # The number makes the bytes its own, so that none is a repeat of another.
    if not packed and format_name not in ("parquet", "pdf") and content:
        content += b"" if len(content) < 40 else b"\n" * (number % 3)
    return Malformed(
        f"{stem}_{number}.{ending}", content, f"{format_name} of {contract_name}: {', '.join(made)}"
    )
