"""Every error carries code, fact and remedy; an actor may do what its roles say."""

from __future__ import annotations

import pytest

from rtv_core import errors
from rtv_core.identity import Actor, ActorKind, Role, job


def all_errors(kind: type[errors.RtvError] = errors.RtvError) -> list[type[errors.RtvError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in all_errors(child))]


def test_every_error_is_terminal_or_transient() -> None:
    for kind in all_errors()[1:]:
        assert issubclass(kind, errors.TransientError) != issubclass(kind, errors.TerminalError), kind


def test_codes_are_unique_and_facts_are_kept() -> None:
    ours = [kind for kind in all_errors() if kind.__module__ == "rtv_core.errors"]
    assert len({kind.code for kind in ours}) == len(ours)
    error = errors.InvalidInput("The file is empty", remedy="Send it again.", code="FILE_EMPTY", size=0)
    assert error.as_dict() == {
        "code": "FILE_EMPTY", "fact": "The file is empty", "remedy": "Send it again.", "facts": {"size": 0},
    }  # fmt: skip


def test_an_actor_without_the_role_is_told_which_one() -> None:
    operator = Actor(ActorKind.PERSON, "asha", frozenset({Role.OPERATOR}))
    operator.require(Role.OPERATOR, Role.BAY_LEAD)
    with pytest.raises(errors.NotPermitted, match="claims"):
        operator.require(Role.CLAIMS)


def test_an_admin_may_do_everything_and_a_job_is_a_machine() -> None:
    Actor(ActorKind.PERSON, "root", frozenset({Role.ADMIN})).require(Role.FINANCE)
    assert job("ingest_files").roles == {Role.MACHINE}
