"""What follows an attempt is decided from its result alone."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from rtv_core.outbound.attempt import AttemptResult, Effect, delay_after, next_step
from rtv_core.outbound.outbox import message_id_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _step(result: AttemptResult, attempt_no: int = 1) -> tuple[Effect, datetime | None, str | None]:
    step = next_step(result, attempt_no=attempt_no, max_attempts=12, message_id="msg_1", now=NOW)
    return step.effect, step.at, step.reason


def test_delays_grow_to_a_day_and_span_more_than_three_days() -> None:
    delays = [delay_after(number, "msg_1") for number in range(1, 12)]
    assert timedelta(seconds=4) < delays[0] < timedelta(seconds=6)
    assert all(later > earlier * 2 for earlier, later in itertools.pairwise(delays[:8]))
    assert max(delays) <= timedelta(hours=24) * 1.05
    assert sum(delays, timedelta()) > timedelta(days=3)


def test_delays_are_the_same_on_repeat_and_spread_between_messages() -> None:
    assert delay_after(3, "msg_1") == delay_after(3, "msg_1")
    assert len({delay_after(3, f"msg_{number}") for number in range(50)}) > 40


def test_results_become_steps() -> None:
    assert _step(AttemptResult(Effect.DELIVERED, "ok", 200)) == (Effect.DELIVERED, None, None)
    refused = _step(AttemptResult(Effect.REFUSED, "moved", 410))
    assert refused == (Effect.REFUSED, None, "refused for good (status 410): moved")
    effect, at, _ = _step(AttemptResult(Effect.RETRY, "busy", 503))
    assert effect is Effect.RETRY
    assert at is not None
    assert at < NOW + timedelta(seconds=6)
    last = _step(AttemptResult(Effect.RETRY, "busy", 503), attempt_no=12)
    assert last == (Effect.REFUSED, None, "12 attempts failed (status 503): busy")


def test_the_receiver_may_ask_for_more_time_up_to_a_day() -> None:
    _, at, _ = _step(AttemptResult(Effect.RETRY, "", 429, retry_after=timedelta(hours=1)))
    assert at == NOW + timedelta(hours=1)
    _, at, _ = _step(AttemptResult(Effect.RETRY, "", 429, retry_after=timedelta(days=400)))
    assert at == NOW + timedelta(days=1)


def test_the_same_fact_has_the_same_id_and_another_another() -> None:
    assert message_id_of("t", "webhook", "a", "b") == message_id_of("t", "webhook", "a", "b")
    assert message_id_of("t", "webhook", "a", "b") != message_id_of("t", "webhook", "ab", "")
