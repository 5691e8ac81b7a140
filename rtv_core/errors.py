"""The tree of errors. Every error carries a stable code, the fact and the remedy.

RtvError
├── TransientError              worth another try: the world may be different next time
│   ├── ServiceUnavailable      database, object store, receiver or ERP does not answer
│   └── ResourceExhausted       disk, memory or quota is used up
└── TerminalError               the same call will fail again
    ├── InvalidInput            a file, row, film, header or argument is wrong
    ├── NotFound                what was named does not exist
    ├── ConflictError           what was asked contradicts what is there
    ├── NotPermitted            the actor may not do this
    ├── ConfigurationError      a setting is missing, wrong or unknown
    └── IntegrityError          bytes, hashes, signatures or totals do not agree
"""

from __future__ import annotations

from typing import Any


class RtvError(Exception):
    """Base of all errors: `code` is stable, `fact` says what is so, `remedy` what to do about it."""

    code = "RTV_ERROR"

    def __init__(self, fact: str, *, remedy: str, code: str | None = None, **facts: Any) -> None:
        super().__init__(fact)
        self.fact = fact
        self.remedy = remedy
        self.code = code or type(self).code
        self.facts = facts

    def as_dict(self) -> dict[str, Any]:
        """The error as one JSON object: code, fact, remedy and the named facts."""
        return {"code": self.code, "fact": self.fact, "remedy": self.remedy, "facts": self.facts}


class TransientError(RtvError):
    """The same call may succeed later."""

    code = "TRANSIENT"


class ServiceUnavailable(TransientError):
    """A service this hub depends on does not answer."""

    code = "SERVICE_UNAVAILABLE"


class ResourceExhausted(TransientError):
    """Disk, memory, quota or a time limit is used up."""

    code = "RESOURCE_EXHAUSTED"


class TerminalError(RtvError):
    """The same call will fail again."""

    code = "TERMINAL"


class InvalidInput(TerminalError):
    """A file, row, film, header or argument is not what it must be."""

    code = "INVALID_INPUT"


class NotFound(TerminalError):
    """What was named does not exist."""

    code = "NOT_FOUND"


class ConflictError(TerminalError):
    """What was asked contradicts what is there."""

    code = "CONFLICT"


class NotPermitted(TerminalError):
    """The actor may not do this."""

    code = "NOT_PERMITTED"


class ConfigurationError(TerminalError):
    """A setting is missing, wrong or unknown."""

    code = "CONFIGURATION"


class IntegrityError(TerminalError):
    """Bytes, hashes, signatures or totals do not agree."""

    code = "INTEGRITY"
