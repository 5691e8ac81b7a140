"""The files in a letter: what a person attached, not the text, its pictures or its signature."""

from __future__ import annotations

import email.policy
import mimetypes
from collections.abc import Iterator
from email import errors
from email.message import EmailMessage, Message
from email.parser import BytesParser

from rtv_core.errors import InvalidInput

_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_BROKEN = (
    errors.CloseBoundaryNotFoundDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64PaddingDefect,
)
# What the parser of the standard library is known to throw at headers that follow no standard.
_UNREADABLE = (
    errors.MessageError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def attached_files(letter: bytes) -> list[tuple[str, bytes]]:
    """Names and bytes of what is attached, also to letters forwarded in it.

    Raises `InvalidInput` when nothing is, or when an attachment is damaged: half a file is never taken.
    """
    try:
        return _found(letter)
    except _UNREADABLE as error:
        raise InvalidInput(
            f"it cannot be read: {error}",
            remedy="Ask the partner to send it again.",
            code="MAIL_IN_LETTER_UNREADABLE",
        ) from error


def _found(letter: bytes) -> list[tuple[str, bytes]]:
    parsed = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(letter)
    found: list[tuple[str, bytes]] = []
    for number, part in enumerate(_attachments(parsed), start=1):
        data = part.get_payload(decode=True)
        name = part.get_filename() or f"attachment-{number}{_ending(part)}"
        if not isinstance(data, bytes) or _is_broken(part):
            raise InvalidInput(
                f"its attachment {name[:200]!r} is damaged",
                remedy="Ask the partner to send it again.",
                code="MAIL_IN_ATTACHMENT_DAMAGED",
            )
        found.append((name, data))
    if any(_is_broken(part) for part in parsed.walk()):
        raise InvalidInput(
            "it ends before its end",
            remedy="Ask the partner to send it again.",
            code="MAIL_IN_ATTACHMENT_DAMAGED",
        )
    if not found:
        raise InvalidInput(
            "it has no file attached", remedy="Read it as a person.", code="MAIL_IN_NO_ATTACHMENT"
        )
    return found


def _attachments(letter: EmailMessage) -> Iterator[Message]:
    for part in letter.walk():
        kind = part.get_content_disposition()
        is_picture = part.get_content_maintype() == "image" and kind != "attachment"
        if part.is_multipart() or is_picture or part.get_content_type() in _SIGNATURES:
            continue
        if kind == "attachment" or part.get_filename():
            yield part


def _is_broken(part: Message) -> bool:
    return any(isinstance(defect, _BROKEN) for defect in part.defects)


def _ending(part: Message) -> str:
    return mimetypes.guess_extension(part.get_content_type()) or ".bin"
