"""A mailbox that partners write to: attachments are kept, then the letter is moved to a folder of its own."""

from __future__ import annotations

import imaplib
import io
import re
import ssl
from collections.abc import Callable, Generator
from contextlib import ExitStack
from types import TracebackType
from typing import Any, BinaryIO, Self

from ingest.ways.letter import attached_files
from ingest.ways.parcels import MAX_PARCELS, Look, Parcel, RefusedParcel
from rtv_core.errors import (
    ConfigurationError,
    IntegrityError,
    NotFound,
    NotPermitted,
    RtvError,
    ServiceUnavailable,
)
from rtv_core.partner_settings import MailInSettings

_ANSWER_SECONDS = 60.0
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}
_SIZE = re.compile(rb"UID (\d+).*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*UID (\d+)")


class Mailbox:
    """The letters of one folder; none is marked as read, and none is expunged but those moved."""

    name = "mail"
    settle_seconds = 0.0

    def __init__(self, settings: MailInSettings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        self._check()
        try:
            self._line = self._connected()
        except ssl.SSLCertVerificationError as error:
            raise IntegrityError(
                f"{self._host} shows a certificate that is not trusted: {error.verify_message}",
                remedy="Correct RTV_MAIL_IN__HOST, or name the partner's authority in RTV_MAIL_IN__CA_FILE.",
                code="MAIL_IN_CERTIFICATE_UNKNOWN",
            ) from error
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unreachable(error) from error
        with ExitStack() as opening:
            opening.callback(self._line.shutdown)
            self._sign_in()
            self._select()
            opening.pop_all()
        return self

    def _select(self) -> None:
        self._abilities = set(self._ask(self._line.capability)[0].upper().split())
        self._made: set[str] = set()
        if self._said(self._line.select, _quoted(self._settings.folder))[0] != "OK":
            raise NotFound(
                f"{self._host} has no folder {self._settings.folder}",
                remedy="Create it, or correct RTV_MAIL_IN__FOLDER.",
                code="MAIL_IN_FOLDER_NOT_FOUND",
            )
        validity = self._line.response("UIDVALIDITY")[1]
        self._validity = validity[0].decode() if validity and validity[0] else ""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.shutdown()

    @property
    def _host(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _check(self) -> None:
        settings = self._settings
        if settings.security == "off" and settings.host not in _THIS_MACHINE:
            raise ConfigurationError(
                f"The password would go to {self._host} in the clear",
                remedy="Set RTV_MAIL_IN__SECURITY to tls or starttls.",
                code="MAIL_IN_NOT_ENCRYPTED",
            )
        if settings.ca_file and not settings.ca_file.is_file():
            raise ConfigurationError(
                f"The certificates {settings.ca_file} are not there",
                remedy="Correct RTV_MAIL_IN__CA_FILE.",
                code="MAIL_IN_CERTIFICATE_UNKNOWN",
            )
        for folder in (settings.folder, settings.done_folder, settings.refused_folder):
            if not (folder.isascii() and folder.isprintable()):
                raise ConfigurationError(
                    f"The folder {folder!r} has letters beyond ASCII",
                    remedy="Name folders of the mailbox in plain letters.",
                    code="MAIL_IN_FOLDER_INVALID",
                )

    def _connected(self) -> imaplib.IMAP4:
        settings = self._settings
        host, port = settings.host or "", settings.port
        if settings.security == "off":
            return imaplib.IMAP4(host, port, timeout=_ANSWER_SECONDS)
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        if settings.security == "tls":
            return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=_ANSWER_SECONDS)
        line = imaplib.IMAP4(host, port, timeout=_ANSWER_SECONDS)
        line.starttls(ssl_context=context)
        return line

    def _sign_in(self) -> None:
        user = self._settings.user
        password = self._settings.password.get_secret_value() if self._settings.password else ""
        try:
            if (user + password).isascii():
                self._line.login(user, password)
            else:
                self._line.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        except (imaplib.IMAP4.abort, OSError) as error:
            raise self._unreachable(error) from error
        except imaplib.IMAP4.error as error:
            raise NotPermitted(
                f"{self._host} refuses the user {user!r}: {_text(error)}",
                remedy="Correct RTV_MAIL_IN__USER and RTV_MAIL_IN__PASSWORD; many providers ask for a "
                "password made for one application.",
                code="MAIL_IN_LOGIN_REFUSED",
            ) from error

    def look(self) -> Look:
        """The letters of the folder; only their sizes are fetched."""
        uids = (self._ask(self._line.uid, "SEARCH", "UNDELETED")[0] or b"").split()[:MAX_PARCELS]
        if not uids:
            return Look()
        waiting: list[Parcel] = []
        refused: list[RefusedParcel] = []
        for answer in self._ask(self._line.uid, "FETCH", b",".join(uids).decode(), "(UID RFC822.SIZE)"):
            found = _SIZE.search(answer) if isinstance(answer, bytes) else None
            if found is None:
                continue
            uid, size = int(found[1] or found[4]), int(found[2] or found[3])
            place = f"{self._settings.folder}/{uid}"
            if size > self._settings.max_letter_bytes:
                limit = self._settings.max_letter_bytes
                said = f"it is larger than {limit} bytes (RTV_MAIL_IN__MAX_LETTER_BYTES)"
                refused.append(RefusedParcel(place, said))
            else:
                waiting.append(Parcel(place, self._settings.tenant, size, f"{self._validity}:{uid}"))
        return Look(tuple(waiting), tuple(refused))

    def contents(self, parcel: Parcel) -> Generator[tuple[str, BinaryIO], None, None]:
        """The files attached to a letter; reading leaves it unread."""
        answers = self._ask(self._line.uid, "FETCH", _uid(parcel), "(BODY.PEEK[])")
        letter = next((answer[1] for answer in answers if isinstance(answer, tuple)), None)
        if letter is not None:
            for name, data in attached_files(letter):
                yield name, io.BytesIO(data)

    def let_go(self, parcel: Parcel) -> bool:
        """Move the letter to the folder of those received."""
        self._move(parcel, self._settings.done_folder)
        return True

    def set_aside(self, parcel: Parcel) -> None:
        """Move the letter to the folder of those a person must look at."""
        self._move(parcel, self._settings.refused_folder)

    def _move(self, parcel: Parcel, folder: str) -> None:
        uid, target = _uid(parcel), _quoted(folder)
        if folder not in self._made:
            # It says no when the folder is there already; whether it is, the move tells.
            self._said(self._line.create, target)
            self._made.add(folder)
        if b"MOVE" in self._abilities:
            self._ask(self._line.uid, "MOVE", uid, target)
            return
        self._ask(self._line.uid, "COPY", uid, target)
        self._ask(self._line.uid, "STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if b"UIDPLUS" in self._abilities:
            # Without it, an expunge would take other people's deleted letters too: the mark is enough.
            self._ask(self._line.uid, "EXPUNGE", uid)

    def _said(self, question: Callable[..., Any], *words: str) -> tuple[str, list[Any]]:
        try:
            status, answers = question(*words)
        except (imaplib.IMAP4.abort, OSError) as error:
            raise self._unreachable(error) from error
        except imaplib.IMAP4.error as error:
            return "BAD", [_text(error).encode()]
        return status, answers

    def _ask(self, question: Callable[..., Any], *words: str) -> list[Any]:
        status, answers = self._said(question, *words)
        if status != "OK":
            said = answers[0].decode(errors="replace") if answers and answers[0] else status
            raise NotPermitted(
                f"{self._host} refuses what was asked of {self._settings.folder}: {said}",
                remedy="The user must be allowed to read the folder, and to create and fill "
                f"{self._settings.done_folder!r} and {self._settings.refused_folder!r}.",
                code="MAIL_IN_REFUSED",
            )
        return answers

    def _unreachable(self, error: Exception) -> RtvError:
        return ServiceUnavailable(
            f"{self._host} does not answer: {_text(error)}",
            remedy="Check the network, RTV_MAIL_IN__HOST, __PORT and __SECURITY; the next look tries again.",
            code="MAIL_IN_UNREACHABLE",
        )


def _uid(parcel: Parcel) -> str:
    return parcel.version.rsplit(":", 1)[-1]


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode(errors="replace") if isinstance(first, bytes) else str(error) or type(error).__name__
