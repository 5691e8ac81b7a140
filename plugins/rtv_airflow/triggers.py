"""The trigger behind the hub's watched assets: it fires when there is work that nobody has taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

REPEAT_SECONDS = 60.0


class WorkWaitingTrigger(BaseEventTrigger):
    """Looks every few seconds whether work waits, and yields an event when there is new work.

    `question` is `arrivals` (files in the drop folder or the inbox) or `outbox` (messages due).
    The same waiting work is announced again after a minute, so that a run that failed is followed
    by another, while a run in progress is not flooded.
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class path and its arguments, as Airflow stores a trigger."""
        return (f"{type(self).__module__}.{type(self).__qualname__}", {"question": self.question})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event whenever waiting work appears or stays."""
        from rtv_core.errors import TransientError
        from rtv_core.settings import get_settings

        settings = get_settings()
        announced = ""
        quiet_seconds = 0.0
        while True:
            try:
                waiting = await asyncio.to_thread(_waiting_work, self.question)
            except TransientError as error:
                self.log.warning("%s: %s", error.code, error.fact)
                waiting = announced
            if waiting and (waiting != announced or quiet_seconds >= REPEAT_SECONDS):
                quiet_seconds = 0.0
                yield TriggerEvent({"waiting": waiting})
            announced = waiting
            quiet_seconds += settings.intake.poll_seconds
            await asyncio.sleep(settings.intake.poll_seconds)


def _waiting_work(question: str) -> str:
    """A text that names the work waiting, empty when there is none; it changes when new work comes."""
    from rtv_commands.look_for_work import describe_arrivals, describe_due_messages
    from rtv_core.settings import get_settings

    settings = get_settings()
    if question == "arrivals":
        return describe_arrivals(settings.warehouse_dsn(), settings.drop_folder)
    return describe_due_messages(settings.warehouse_dsn())
