"""Merkle trees with the hashing of RFC 6962: pure functions, no storage.

A tree over leaves is addressed by complete subtrees: node (level, index) covers the leaves
`index << level` up to `(index + 1) << level`. Proofs are first worked out as ranges of leaves,
then as the complete nodes that cover them, so that a store only reads O(log n) hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import islice

_ROW = 1024
"""Leaves of a complete subtree that are hashed level by level: a power of two."""
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int]
Range = tuple[int, int]


def leaf_hash(data: bytes | memoryview) -> bytes:
    """The hash of one leaf's bytes."""
    digest = hashlib.sha256(b"\x00")
    digest.update(data)
    return digest.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a range from the hashes of its complete subtrees, left to right."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes[:-1]), hashes[-1])


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes; of many, few are held at once."""
    stack: list[tuple[int, bytes]] = []
    waiting = iter(leaves)
    while row := list(islice(waiting, _ROW)):
        level, value = 0, _root_of_row(row)
        while stack and stack[-1][0] == level and len(row) == _ROW:
            value = node_hash(stack.pop()[1], value)
            level += 1
        stack.append((level, value))
    return fold([value for _, value in stack]) if stack else EMPTY_ROOT


def _root_of_row(row: list[bytes]) -> bytes:
    """The root over a few leaf hashes, a level at a time; one without a partner goes up as it is."""
    sha256 = hashlib.sha256
    while len(row) > 1:
        lone = row[-1:] if len(row) % 2 else []
        pairs = zip(row[::2], row[1::2], strict=False)
        row = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + lone
    return row[0]


def covering_nodes(start: int, end: int) -> list[Node]:
    """The complete subtrees that make up the leaves `start` to `end` (exclusive), left to right."""
    nodes: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def completed_nodes(leaf_index: int) -> list[Node]:
    """The nodes that become complete when the leaf `leaf_index` is appended, the leaf itself first."""
    nodes = [(0, leaf_index)]
    level, index = 0, leaf_index
    while index & 1:
        level, index = level + 1, index >> 1
        nodes.append((level, index))
    return nodes


def inclusion_ranges(leaf_index: int, tree_size: int) -> list[Range]:
    """The ranges whose hashes prove that a leaf is in a tree, the deepest first."""
    if not 0 <= leaf_index < tree_size:
        raise ValueError(f"no leaf {leaf_index} in a tree of {tree_size}")
    ranges: list[Range] = []
    start, end = 0, tree_size
    while end - start > 1:
        middle = start + _split(end - start)
        if leaf_index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[Range]:
    """The ranges whose hashes prove that a tree is the beginning of a larger one."""
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {old_size} is no beginning of one of {new_size}")
    if old_size in (0, new_size):
        return []
    ranges: list[Range] = []
    start, end, is_whole = 0, new_size, True
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, is_whole = middle, False
    if not is_whole:
        ranges.append((start, end))
    return ranges[::-1]


def verify_inclusion(
    leaf: bytes, leaf_index: int, tree_size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf hash stands at `leaf_index` of this tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= leaf_index < tree_size:
        return False
    position, last, value = leaf_index, tree_size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            value = node_hash(step, value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = node_hash(value, step)
        position, last = position >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old_size < new_size:
        return False
    steps = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not steps:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1
