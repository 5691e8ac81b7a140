"""What counts as a file in a letter, and what is refused as damaged."""

from __future__ import annotations

import contextlib
import random

import pytest

from ingest.ways.letter import attached_files
from rtv_core.errors import InvalidInput
from tests.fixtures.letters import letter


def test_the_text_its_pictures_and_its_signature_are_no_files() -> None:
    message = letter()
    message.add_alternative("<p>Please find</p>", subtype="html")
    message.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", disposition="inline", filename="logo.png"
    )
    message.add_attachment(b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    message.add_attachment("a,b\r\n1,2\r\n", subtype="csv", filename="returns.csv")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="proof.png")
    assert attached_files(message.as_bytes()) == [
        ("returns.csv", b"a,b\r\n1,2\r\n"),
        ("proof.png", b"\x89PNG"),
    ]


def test_a_forwarded_letters_files_are_found_under_their_names_in_any_script() -> None:
    inner, outer = letter(), letter()
    inner.add_attachment(
        b"\xff\xfe\x00", maintype="application", subtype="octet-stream", filename="वापसी.xlsx"
    )
    outer.add_attachment(inner)
    assert attached_files(outer.as_bytes()) == [("वापसी.xlsx", b"\xff\xfe\x00")]


def test_a_file_without_a_name_gets_one() -> None:
    message = letter()
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf")
    assert attached_files(message.as_bytes()) == [("attachment-1.pdf", b"%PDF")]


def test_a_letter_without_a_file_says_so() -> None:
    with pytest.raises(InvalidInput) as refused:
        attached_files(letter().as_bytes())
    assert refused.value.code == "MAIL_IN_NO_ATTACHMENT"


@pytest.mark.parametrize("cut", [30, 45, 400])
def test_half_a_file_is_never_taken(cut: int) -> None:
    message = letter()
    message.add_attachment(
        b"0123456789" * 100, maintype="application", subtype="octet-stream", filename="a.bin"
    )
    with pytest.raises(InvalidInput) as refused:
        attached_files(message.as_bytes()[:-cut])
    assert refused.value.code == "MAIL_IN_ATTACHMENT_DAMAGED"


@pytest.mark.parametrize("junk", [b"", b"\x00\xff" * 50, b"Content-Type: multipart/mixed\r\n\r\nx"])
def test_junk_is_refused_and_breaks_nothing(junk: bytes) -> None:
    with pytest.raises(InvalidInput):
        attached_files(junk)


def test_letters_that_follow_no_standard_are_read_or_refused() -> None:
    roll = random.Random(7)
    message = letter()
    message.add_attachment("a,b\r\n1,2\r\n", subtype="csv", filename="वापसी.csv")
    whole = message.as_bytes()
    junk = [b"", b"\xff", b'"', b"=?utf-8?b?", b"\r\n", b";*0*="]
    read = 0
    for _ in range(400):
        mangled = bytearray(whole)
        for _ in range(roll.randrange(1, 12)):
            at = roll.randrange(len(mangled))
            mangled[at : at + roll.randrange(4)] = roll.choice(junk)
        with contextlib.suppress(InvalidInput):
            read += bool(attached_files(bytes(mangled)))
    assert 0 < read < 400
