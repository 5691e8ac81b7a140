"""The verifier's own Ed25519 agrees with a library, and refuses what must be refused."""

from __future__ import annotations

import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rtv_core.evidence.bundle_files.ed25519 import ed25519_verify
from rtv_core.evidence.bundle_files.signed import inclusion_root
from rtv_core.evidence.merkle import leaf_hash, root_of

_ORDER = 2**252 + 27742317777372353535851937790883648493


def test_it_accepts_what_a_library_signs_and_refuses_every_change() -> None:
    chance = random.Random(3)
    for length in (0, 1, 32, 300):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message, public = chance.randbytes(length), key.public_key().public_bytes_raw()
        signature = key.sign(message)
        assert ed25519_verify(public, message, signature)
        assert not ed25519_verify(public, message + b"x", signature)
        for at in (0, 31, 32, 63):
            changed = bytearray(signature)
            changed[at] ^= 1
            assert not ed25519_verify(public, message, bytes(changed))


def test_it_accepts_the_vector_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert ed25519_verify(public, b"", signature)


def test_it_refuses_a_second_way_to_write_a_signature() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = key.sign(b"m")
    scalar = int.from_bytes(signature[32:], "little") + _ORDER
    assert not ed25519_verify(
        key.public_key().public_bytes_raw(), b"m", signature[:32] + scalar.to_bytes(32, "little")
    )


def test_it_refuses_keys_of_small_order() -> None:
    identity = (1).to_bytes(32, "little")
    assert not ed25519_verify(identity, b"any", identity + bytes(32))


def test_inclusion_leads_to_the_root_of_the_tree() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(7)]
    proof = [leaves[5], root_of(leaves[6:7]), root_of(leaves[:4])]
    assert inclusion_root(leaves[4], 4, 7, proof) == root_of(leaves)
    assert inclusion_root(leaves[4], 5, 7, proof) != root_of(leaves)
    assert inclusion_root(leaves[4], 7, 7, proof) is None
