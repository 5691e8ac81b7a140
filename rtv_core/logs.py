"""Logs: one JSON object a line with time, level, logger, message and the id of the run."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

import orjson

from rtv_core.errors import RtvError
from rtv_core.settings import LogSettings

_run_id: ContextVar[str | None] = ContextVar("rtv_run_id", default=None)


def bind_run(run_id: str) -> None:
    """Put `run_id` on every later line of this task or thread."""
    _run_id.set(run_id)


class JsonFormatter(logging.Formatter):
    """Renders a record as one JSON object; our errors add code, fact and remedy."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline."""
        document: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "run_id": _run_id.get(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            document["error"] = error.as_dict() if isinstance(error, RtvError) else repr(error)
            document["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(document, default=str).decode()


def configure_logs(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Send this process's logs to `stream` (default standard error) in the format of the settings."""
    handler = logging.StreamHandler(stream or sys.stderr)
    if settings.format == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level)
    if settings.run_id:
        bind_run(settings.run_id)
