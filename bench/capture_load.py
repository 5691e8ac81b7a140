"""Sends captures as phones do: at a pace, in bursts, again after every refusal, with the same key."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

AWB_NO = "AWB7781200451"
_BROKEN = 599


def capture(number: int, node_code: str = "FC-BLR") -> dict[str, Any]:
    """A carton with two kinds of units."""
    at = "2026-11-02T10:15:30+05:30"
    return {
        "capture_id": f"cap-{number:010d}",
        "node_code": node_code,
        "bay_code": "BAY-1",
        "station_code": "ST-1",
        "operator_code": "OP-7",
        "awb_no": AWB_NO,
        "started_at": at,
        "ended_at": "2026-11-02T10:18:30+05:30",
        "items": [
            {"item_no": 1, "scanned_code": "8901234500019", "qty": 2, "grade": "A", "seen_at": at},
            {"item_no": 2, "scanned_code": "8901234500026", "qty": 1, "grade": "B", "seen_at": at},
        ],
    }


def quantile_ms(times_s: list[float], share: float) -> float:
    """What `share` of the times did not exceed, in milliseconds."""
    ranked = sorted(times_s)
    return round(ranked[min(int(len(ranked) * share), len(ranked) - 1)] * 1000, 1)


@dataclass
class Load:
    """What was sent and what came back. Times in seconds."""

    url: str
    tokens: list[str]
    seed: int = 7
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    waits_s: list[float] = field(default_factory=list)
    """Of each attempt that was accepted, from its first byte to its answer."""
    late_s: list[float] = field(default_factory=list)
    """How much later than planned the sender itself came to each capture: its own fault, not the API's."""
    too_many: int = 0
    failed: int = 0
    """Answers of 5xx."""
    broken: int = 0
    """Connections that ended without an answer."""
    first_failures: list[str] = field(default_factory=list)

    async def paced(self, *, per_second: int, seconds: float, burst: int, every_s: float) -> None:
        """So many captures a second, whatever comes back, and all `every_s` seconds a burst at once."""
        started = time.perf_counter()
        total = int(per_second * seconds)
        bursts = [every_s * (number + 0.5) for number in range(int(seconds / every_s))] if burst else []
        due = sorted(
            [number / per_second for number in range(total)] + [at for at in bursts for _ in range(burst)]
        )
        async with self._session() as http, asyncio.TaskGroup() as group:
            for number, at in enumerate(due):
                await asyncio.sleep(max(0.0, started + at - time.perf_counter()))
                group.create_task(self.send(http, number, due=started + at))

    async def steady(self, *, workers: int, first: int = 0, is_enough: Callable[[], bool]) -> None:
        """Each worker sends the next capture when its last one was kept, until it is enough."""
        numbers = iter(range(first, 10**9))

        async def work(http: aiohttp.ClientSession) -> None:
            while not is_enough():
                await self.send(http, next(numbers))

        async with self._session() as http, asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work(http))

    async def send(self, http: aiohttp.ClientSession, number: int, due: float | None = None) -> None:
        """Send one capture until it is kept."""
        if due is not None:
            self.late_s.append(time.perf_counter() - due)
        key = f"load-{number:010d}"
        headers = {
            "Authorization": f"Bearer {self.tokens[number % len(self.tokens)]}",
            "Idempotency-Key": key,
        }
        headers["Content-Type"] = "application/json"
        body = orjson.dumps(capture(number))
        dice = random.Random(self.seed * 1_000_003 + number)
        while True:
            began = time.perf_counter()
            try:
                async with http.post("/v1/captures", data=body, headers=headers) as answer:
                    status, said = answer.status, await answer.json(content_type=None)
            except (aiohttp.ClientError, TimeoutError) as error:
                status, said = _BROKEN, repr(error)
            if status == 202:
                self.waits_s.append(time.perf_counter() - began)
                self.acknowledged[key] = said
                return
            if status == 429:
                self.too_many += 1
                pause = float(answer.headers["Retry-After"]) + dice.random()
            elif status >= 500:
                self.broken += status == _BROKEN
                self.failed += status != _BROKEN
                self.first_failures = [*self.first_failures, f"{status} {said}"][:5]
                pause = 0.2 + dice.random() / 5
            else:
                raise RuntimeError(f"{status} {said}")
            await asyncio.sleep(pause)

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            self.url,
            # Let go of an idle line before the server does, or the next request meets a closed one.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=2),
            timeout=aiohttp.ClientTimeout(total=30),
        )
