"""Sessions cannot be forged or outlived, and tries are counted."""

from __future__ import annotations

import pytest

from ingest.api.limits import TryLimit
from ingest.api.problems import TooMany, problem, status_of
from ingest.api.security import Caller, Sessions
from rtv_commands.receive_upload import UploadBusy
from rtv_core import errors
from rtv_core.identity import Actor, ActorKind, Role

CALLER = Caller(
    Actor(ActorKind.PERSON, "OP-7", frozenset({Role.OPERATOR}), "brand-a"), "FC-BLR", "ST-1", "BAY-1"
)


def test_a_session_comes_back_as_it_was_signed() -> None:
    sessions = Sessions("k" * 32, hours=1)
    assert sessions.read(sessions.sign(CALLER)) == CALLER


def test_a_changed_foreign_or_old_session_is_refused() -> None:
    sessions = Sessions("k" * 32, hours=1)
    token = sessions.sign(CALLER)
    foreign = Sessions("j" * 32, hours=1).sign(CALLER)
    old = Sessions("k" * 32, hours=-1)
    for reader, wrong in ((sessions, token[:-1]), (sessions, foreign), (sessions, ""), (old, token)):
        with pytest.raises(errors.NotPermitted):
            reader.read(wrong)


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(errors.ConfigurationError):
        Sessions("short", hours=1)


def test_tries_are_counted_for_each_name_and_forgotten_after_success() -> None:
    limit = TryLimit(tries=2)
    limit.count("op")
    limit.count("op")
    limit.count("other")
    with pytest.raises(TooMany) as caught:
        limit.count("op")
    assert caught.value.facts["retry_after_seconds"] >= 1
    limit.forget("op")
    limit.count("op")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInput("f", remedy="r"), 422),
        (errors.InvalidInput("f", remedy="r", code="UPLOAD_TOO_LARGE"), 413),
        (errors.NotFound("f", remedy="r"), 404),
        (errors.ConflictError("f", remedy="r"), 409),
        (errors.NotPermitted("f", remedy="r"), 403),
        (errors.NotPermitted("f", remedy="r", code="SESSION_REFUSED"), 401),
        (errors.ServiceUnavailable("f", remedy="r"), 503),
        (UploadBusy("f", remedy="r"), 423),
        (errors.IntegrityError("f", remedy="r"), 500),
    ],
)
def test_every_kind_of_error_has_its_status_and_its_remedy(error: errors.RtvError, status: int) -> None:
    answer = problem(error)
    assert status_of(error) == answer.status_code == status
    assert answer.media_type == "application/problem+json"
    assert b'"remedy":"r"' in bytes(answer.body)
