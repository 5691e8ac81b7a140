"""A column of text as Arrow holds it, which reads like a list where one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa

from ingest.readers.table import Cell


class TextColumn(Sequence[Cell]):
    """The cells of one column. Judged as a whole it costs no Python object a cell."""

    __slots__ = ("_cells", "array")

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        self._cells: list[Cell] | None = None

    def _list(self) -> list[Cell]:
        if self._cells is None:
            self._cells = self.array.to_pylist()
        return self._cells

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Cell]: ...
    def __getitem__(self, place: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(place, slice) and self._cells is None:
            return TextColumn(self.array[place])
        return self._list()[place]

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._list())


def cell_lengths(array: pa.Array) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Bytes of each cell of a column of text; 0 for an empty one."""
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int32, count=len(array) + 1, offset=array.offset * 4)
    return np.diff(offsets)


def text_bytes(array: pa.Array) -> bytes:
    """The bytes of all cells of a column of text, one behind the other."""
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return b""
    places = np.frombuffer(offsets, dtype=np.int32, count=len(array) + 1, offset=array.offset * 4)
    return bytes(memoryview(data)[int(places[0]) : int(places[-1])])
