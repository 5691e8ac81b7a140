"""Times as senders write them, as ISO text. What is no such time is kept: its row is refused by name."""

from __future__ import annotations

import re
from datetime import datetime

INDIAN = (
    "%Y-%m-%d %H:%M:%S",
    "%d %m %Y %H:%M:%S",
    "%d-%m-%Y %H%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d %b, %Y, %H:%M",
    "%d %b, %Y, %H:%M:%S",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%b-%Y",
    "%d %b, %Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d %B %Y %H%M",
    "%d %B %Y %H:%M",
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")


def moment(text: str | None, formats: tuple[str, ...] = INDIAN) -> str | None:
    """A written time as ISO text; without a zone it stays naive, and staging reads it in the node's zone."""
    if not text:
        return None
    plain = " ".join(text.replace(" hrs", "").split()).rstrip(",")
    if _ISO.fullmatch(plain):
        return plain
    for form in formats:
        try:
            # The sender names no zone: it is kept naive on purpose.
            return datetime.strptime(plain, form).isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return text


def joined(day: str | None, clock: str | None) -> str | None:
    """A day and a clock time in cells of their own, as one text."""
    return f"{day} {clock}" if day and clock else day


def without_zone(text: str | None) -> str | None:
    """A time whose zone cannot be trusted: ClickPost writes Z after Indian time."""
    return _ZONE.sub("", text.strip()) if text else None
