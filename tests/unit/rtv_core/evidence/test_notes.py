"""Signed notes: the example of the specification opens, and any change is found."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rtv_core.errors import IntegrityError, InvalidInput
from rtv_core.evidence.notes import (
    SealKey,
    VerifierKey,
    checkpoint_text,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_public_key,
    public_key_text,
    sign_note,
)

_KEY = SealKey("rtv-hub.local/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
_PUBLIC = parse_public_key(public_key_text(_KEY))
_NOTE = sign_note(_KEY, checkpoint_text(_KEY.name, 7, bytes(32)))


def test_the_example_of_the_go_implementation_opens() -> None:
    # golang.org/x/mod/sumdb/note, package documentation.
    key = parse_public_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    note = text + (
        "\n\N{EM DASH} PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert open_note(note, key) == text


def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    checkpoint = open_checkpoint(_NOTE, _PUBLIC)
    assert (checkpoint.origin, checkpoint.tree_size, checkpoint.root) == (_KEY.name, 7, bytes(32))


def test_any_changed_byte_of_a_note_is_found() -> None:
    raw = _NOTE.encode()
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises((IntegrityError, InvalidInput)):
            open_checkpoint(changed.decode("utf-8", "surrogateescape"), _PUBLIC)


def test_the_signature_of_a_stranger_under_our_name_does_not_open() -> None:
    stranger = SealKey(_KEY.name, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with pytest.raises(IntegrityError):
        open_note(sign_note(stranger, checkpoint_text(_KEY.name, 7, bytes(32))), _PUBLIC)


def test_a_checkpoint_of_another_log_is_refused_even_with_our_signature() -> None:
    with pytest.raises(IntegrityError, match="of the log other"):
        open_checkpoint(sign_note(_KEY, checkpoint_text("other", 7, bytes(32))), _PUBLIC)


def test_a_second_signature_beside_ours_does_no_harm() -> None:
    witness = SealKey("witness", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    line = sign_note(witness, checkpoint_text(_KEY.name, 7, bytes(32))).rpartition("\n\n")[2]
    assert open_checkpoint(_NOTE + line, _PUBLIC).tree_size == 7
    assert open_note(_NOTE + line, VerifierKey("witness", witness.public_bytes))


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", public_key_text(_KEY)[:-4], "x" + public_key_text(_KEY)]
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_public_key(text)


@pytest.mark.parametrize(
    "note", ["", "a\n1\n", "a\n01\n" + "A" * 43 + "=\n\n", "a\n1\nAAAA\n\n", "\n1\n" + "A" * 43 + "=\n\n"]
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(InvalidInput):
        parse_checkpoint(note)
