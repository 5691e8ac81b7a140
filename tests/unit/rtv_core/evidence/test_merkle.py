"""Merkle trees: RFC 6962's own vectors, and every proof of every small tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtv_core.evidence import merkle

# Leaves and roots of the RFC 6962 reference implementation (certificate-transparency, merkletree tests).
_DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def _range_hash(leaves: list[bytes], start: int, end: int) -> bytes:
    nodes = merkle.covering_nodes(start, end)
    return merkle.fold(
        [merkle.root_of(leaves[index << level : (index + 1) << level]) for level, index in nodes]
    )


def _by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(_by_definition(leaves[:split]), _by_definition(leaves[split:]))


@pytest.mark.parametrize("size", [1023, 1025, 2048, 3500])
def test_the_root_of_many_leaves_is_as_rfc_6962_defines_it(size: int) -> None:
    leaves = _leaves(size)
    assert merkle.root_of(iter(leaves)) == _by_definition(leaves)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_the_reference_implementation(size: int) -> None:
    assert merkle.root_of(merkle.leaf_hash(data) for data in _DATA[:size]).hex() == _ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root_of([]) == merkle.EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proven_and_no_proof_fits_elsewhere(size: int) -> None:
    leaves = _leaves(size)
    root = merkle.root_of(leaves)
    for place, leaf in enumerate(leaves):
        proof = [_range_hash(leaves, *found) for found in merkle.inclusion_ranges(place, size)]
        assert merkle.verify_inclusion(leaf, place, size, proof, root)
        assert not merkle.verify_inclusion(leaf, place, size, [*proof, root], root)
        assert not merkle.verify_inclusion(leaf, place, size, proof, merkle.leaf_hash(root))
        assert not any(
            merkle.verify_inclusion(leaf, other, size, proof, root) for other in range(size) if other != place
        )
        if proof:
            assert not merkle.verify_inclusion(leaf, place, size, proof[:-1], root)


@pytest.mark.parametrize("new", range(1, 34))
def test_every_earlier_tree_is_proven_to_be_the_beginning(new: int) -> None:
    leaves = _leaves(new)
    forked = [merkle.leaf_hash(b"other"), *leaves[1:]]
    for old in range(new + 1):
        proof = [_range_hash(leaves, *found) for found in merkle.consistency_ranges(old, new)]
        old_root, new_root = merkle.root_of(leaves[:old]), merkle.root_of(leaves)
        assert merkle.verify_consistency(old, new, old_root, new_root, proof)
        if old:
            assert not merkle.verify_consistency(old, new, merkle.root_of(forked[:old]), new_root, proof)
            assert not merkle.verify_consistency(old, new, old_root, merkle.root_of(forked), proof)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_complete_subtrees_cover_a_range_once_and_in_order(one: int, other: int) -> None:
    start, end = sorted((one, other))
    at = start
    for level, index in merkle.covering_nodes(start, end):
        assert index << level == at
        at = (index + 1) << level
    assert at == end


def test_a_leaf_completes_the_subtrees_that_end_with_it() -> None:
    assert merkle.completed_nodes(0) == [(0, 0)]
    assert merkle.completed_nodes(3) == [(0, 3), (1, 1), (2, 0)]
    assert merkle.completed_nodes(4) == [(0, 4)]


@pytest.mark.parametrize(("place", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_a_place_outside_the_tree_is_refused(place: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_ranges(place, size)
