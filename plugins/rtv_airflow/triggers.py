"""The trigger behind the hub's watched assets: it fires when there is work that nobody has taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

REPEAT_SECONDS = 60.0


class WorkWaitingTrigger(BaseEventTrigger):
    """Looks every few seconds whether work waits, and yields an event when there is new work.

    `question` is `arrivals` (files in the drop folder, the inbox or at partners) or `outbox` (messages due).
    The same waiting work is announced again after a minute, so that a run that failed is followed
    by another, while a run in progress is not flooded. Partners' doors are looked at less often; one that
    stays shut is named once and keeps no other work waiting.
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question
        self._shut: set[str] = set()

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
        partner_seconds = settings.intake.remote_poll_seconds
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
            if self.question == "arrivals" and partner_seconds >= settings.intake.remote_poll_seconds:
                partner_seconds = 0.0
                if at_partners := await asyncio.to_thread(self._waiting_at_partners):
                    yield TriggerEvent({"waiting": at_partners})
            partner_seconds += settings.intake.poll_seconds
            quiet_seconds += settings.intake.poll_seconds
            await asyncio.sleep(settings.intake.poll_seconds)

    def _waiting_at_partners(self) -> str:
        from ingest.ways.configured import ways_in
        from rtv_commands.look_for_work import describe_parcels
        from rtv_core.settings import get_settings

        waiting, failures = describe_parcels(ways_in(get_settings()))
        for error in failures:
            if error.code not in self._shut:
                self.log.warning("%s: %s %s", error.code, error.fact, error.remedy)
        self._shut = {error.code for error in failures}
        return waiting


def _waiting_work(question: str) -> str:
    """A text that names the work waiting, empty when there is none; it changes when new work comes."""
    from rtv_commands.look_for_work import describe_arrivals, describe_due_messages
    from rtv_core.settings import get_settings

    settings = get_settings()
    if question == "arrivals":
        return describe_arrivals(settings.warehouse_dsn(), settings.drop_folder)
    return describe_due_messages(settings.warehouse_dsn())
