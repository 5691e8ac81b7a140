"""Judges a whole column at once: cells already canonical pass as they are, the rest one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contracts.registry import Field
from ingest.readers.table import Cell
from ingest.readers.text_column import TextColumn, cell_lengths, text_bytes
from ingest.validation.cells import MAX_TEXT, read_cell
from ingest.validation.dates import OrderOf
from ingest.validation.errors import CellError

_DAY = r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)?"
_PATTERNS = {
    "int": r"^-?[1-9]\d{0,17}$|^0$",
    "posint": r"^[1-9]\d{0,17}$",
    "nonnegint": r"^(0|[1-9]\d{0,17})$",
    "decimal": r"^\d{1,15}(\.\d{1,6})?$",
    "money": r"^\d{1,15}(\.\d{1,6})?$",
    "pct": r"^\d{1,15}(\.\d{1,6})?$",
    "date": f"^{_DAY}$",
    "expiry": f"^{_DAY}$",
    "timestamp": f"^{_DAY}T{_CLOCK}$",
    "sha256": r"^[0-9a-f]{64}$",
    # A digit first is looked at closer: an identifier may have become a number in E-notation.
    "text": r"(?s)^(?:[^'’\x00\d][^\x00]*|\d[^+\x00]*)$",
    "gtin": r"^(\d{8}|\d{12,14})$",
}
# What Arrow trims, of the signs of ASCII.
_BLANKS = b" \t\n\v\f\r\x1c\x1d\x1e\x1f"
# Of a text without these no cell needs a closer look.
_DOUBTFUL = (b"+", b"'", "’".encode(), b"\x00")
_FEW_VALUES = 0.1
_SAMPLED = 512
Mask = np.ndarray[Any, np.dtype[np.bool_]]
_GTIN_WEIGHTS = np.array([3, 1] * 7, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class JudgedColumn:
    """Canonical texts of a column, null where empty or refused, and the refusals by position."""

    values: pa.Array
    errors: dict[int, CellError]


def trimmed(values: Sequence[Cell]) -> pa.Array:
    """The column without surrounding white space; an empty cell is null."""
    array = values.array if isinstance(values, TextColumn) else pa.array(values, pa.string())
    text = text_bytes(array)
    if not text.isascii() or len(text.translate(None, _BLANKS)) < len(text):
        array = pc.utf8_trim_whitespace(array)
    if cell_lengths(array).all():
        return array
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def judge_column(field: Field, array: pa.Array, order_of: OrderOf) -> JudgedColumn:
    """Judge a trimmed column against a field; required cells that are empty are refused too."""
    errors: dict[int, CellError] = {}
    doubtful = np.flatnonzero(~_is_canonical(field, array))
    if len(doubtful):
        array = _read_one_by_one(field, array, doubtful, order_of, errors)
    if field.required and array.null_count:
        for position in np.flatnonzero(_mask(array.is_null())):
            errors.setdefault(int(position), CellError("REQUIRED_MISSING", f"{field.name} is empty"))
    return JudgedColumn(array, errors)


def _is_canonical(field: Field, array: pa.Array) -> Mask:
    """True where the cell is null or needs no closer look."""
    if field.kind == "text" and _is_plain_text(array):
        return np.ones(len(array), dtype=np.bool_)
    head = array.slice(0, _SAMPLED)
    if len(array) > _SAMPLED and pc.count_distinct(head).as_py() < _FEW_VALUES * _SAMPLED:
        # The same few values again and again: each is looked at once.
        coded = array.dictionary_encode()
        codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
        mask: Mask = np.append(_fits(field, coded.dictionary), np.True_)[codes]
        return mask
    return _fits(field, array)


def _is_plain_text(array: pa.Array) -> bool:
    text = text_bytes(array)
    return not any(mark in text for mark in _DOUBTFUL) and not (cell_lengths(array) > MAX_TEXT).any()


def _fits(field: Field, array: pa.Array) -> Mask:
    if field.kind in ("enum", "bool"):
        allowed = field.allowed_values if field.kind == "enum" else ("true", "false")
        found = pc.is_in(array, value_set=pa.array(allowed, pa.string()))
        return _mask(pc.or_(found, array.is_null()))
    pattern = _PATTERNS.get(field.kind)
    if pattern is None:
        return _mask(array.is_null())
    fits = pc.fill_null(pc.match_substring_regex(array, pattern), True)
    if field.kind == "text":
        fits = pc.and_(fits, pc.fill_null(pc.less_equal(pc.utf8_length(array), MAX_TEXT), True))
    mask = _mask(fits)
    return _with_check_digits(array, mask) if field.kind == "gtin" else mask


def _mask(array: pa.Array) -> Mask:
    mask: Mask = array.to_numpy(zero_copy_only=False)
    return mask


def _with_check_digits(array: pa.Array, mask: Mask) -> Mask:
    codes = array.filter(pa.array(mask & _mask(array.is_valid())))
    if not len(codes):
        return mask
    padded = pc.utf8_lpad(codes, 14, "0").cast(pa.binary(14))
    digits = np.frombuffer(b"".join(padded.to_pylist()), dtype=np.uint8).reshape(-1, 14).astype(np.int64) - 48
    sound = (digits * _GTIN_WEIGHTS).sum(axis=1) % 10 == 0
    result = mask.copy()
    result[np.flatnonzero(mask & _mask(array.is_valid()))] = sound
    return result


def _read_one_by_one(
    field: Field,
    array: pa.Array,
    positions: np.ndarray[Any, Any],
    order_of: OrderOf,
    errors: dict[int, CellError],
) -> pa.Array:
    texts = array.to_pylist()
    known: dict[str, str | CellError | None] = {}
    for position in positions.tolist():
        text = texts[position]
        if text not in known:
            try:
                known[text] = read_cell(field, text, order_of)
            except CellError as error:
                known[text] = error
        outcome = known[text]
        if isinstance(outcome, CellError):
            errors[position] = outcome
            outcome = None
        texts[position] = outcome
    return pa.array(texts, pa.string())
