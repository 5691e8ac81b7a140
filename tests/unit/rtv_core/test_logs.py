"""A log line is one JSON object with the run's id; errors of ours keep their code."""

from __future__ import annotations

import io
import json
import logging

from rtv_core.errors import NotFound
from rtv_core.logs import bind_run, configure_logs
from rtv_core.settings import LogSettings


def test_lines_are_json_with_run_id_and_error_code() -> None:
    sink = io.StringIO()
    kept = logging.getLogger().handlers[:]
    try:
        configure_logs(LogSettings(run_id="run-1"), sink)
        logging.getLogger("rtv.test").info("hello %s", "bay")
        bind_run("run-2")
        try:
            raise NotFound("No such film", remedy="Index it.", code="FILM_MISSING")
        except NotFound:
            logging.getLogger("rtv.test").exception("it failed")
    finally:
        logging.getLogger().handlers[:] = kept
    first, second = (json.loads(line) for line in sink.getvalue().splitlines())
    assert (first["message"], first["run_id"], first["level"]) == ("hello bay", "run-1", "INFO")
    assert first["at"].endswith("+00:00")
    assert (second["run_id"], second["error"]["code"]) == ("run-2", "FILM_MISSING")
