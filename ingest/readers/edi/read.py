"""Opens an EDI file: its messages, and what its envelopes get wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.edi.envelopes import Envelopes, Transaction
from ingest.readers.edi.segments import EDIFACT, looks_like_edi, split_segments
from ingest.readers.sniff import sniff_encoding
from ingest.readers.table import Document, Finding
from rtv_core.errors import InvalidInput

MAX_BYTES = 64 * 1024 * 1024
MAX_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class EdiDocument(Document):
    """An interchange file. `transactions()` reads its messages from the start, each time it is called."""

    transactions: Callable[[], Iterator[Transaction]] = lambda: iter(())
    sha256: str = ""


def is_edi(path: Path) -> bool:
    """Whether a text file begins as an X12 or EDIFACT interchange or message does."""
    with path.open("r", encoding=sniff_encoding(path), errors="replace") as stream:
        return looks_like_edi(stream.read(1024))


def read_edi(path: Path) -> EdiDocument:
    """Understand an EDI file. Raises `InvalidInput` when it is too large, or holds no message at all."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise InvalidInput(
            f"The interchange has {size} bytes; at most {MAX_BYTES} are read",
            remedy="Send its messages in several files.",
            code="EDI_TOO_LARGE",
        )
    encoding = sniff_encoding(path)
    text = path.read_bytes().decode(encoding, errors="replace")
    walk = Envelopes()
    messages: Counter[str] = Counter()
    standards: list[str] = []
    for transaction in walk.transactions(segment for segment, _ in split_segments(text)):
        messages[transaction.message_type] += 1
        if transaction.standard not in standards:
            standards.append(transaction.standard)
    if not messages:
        raise InvalidInput(
            "The interchange holds no message",
            remedy="Send it again: it ends before its first ST or UNH segment.",
            code="EDI_EMPTY",
        )
    first = next(delimiters for _, delimiters in split_segments(text))
    dialect = {
        "encoding": encoding,
        "segment": repr(first.segment)[1:-1],
        "element": first.element,
        "component": first.component,
        "messages": ", ".join(f"{count} × {name}" for name, count in messages.items()),
    }
    if first.standard == EDIFACT and first.release:
        dialect["release"] = first.release
    return EdiDocument(
        " and ".join(standards),
        dialect,
        (),
        _bounded(walk.findings),
        lambda: Envelopes().transactions(segment for segment, _ in split_segments(text)),
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _bounded(findings: list[Finding]) -> tuple[Finding, ...]:
    if len(findings) <= MAX_FINDINGS:
        return tuple(findings)
    rest = len(findings) - MAX_FINDINGS
    return (*findings[:MAX_FINDINGS], Finding("FINDINGS_CUT", f"and {rest} more findings of the envelopes"))
