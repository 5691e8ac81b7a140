"""How often and how many at once: every 429 of the API is decided here, per process and in memory.

Tries to sign in: who guesses has to wait. Calls of one key, hook or station: one sender cannot crowd out the
others. Requests at once: a burst is told to come back, so that what was taken is still answered in time.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock

from starlette.types import ASGIApp, Receive, Scope, Send

from ingest.api.problems import TooMany, problem
from ingest.api.tus import UPLOADS

# A sender may be ahead of its pace by this much: a phone that was offline sends its queue at once.
AHEAD_S = 10.0
_MOST_NAMES = 10_000
_LONGEST_WAIT_S = 60
_NEVER_REFUSED = ("/healthz", "/readyz")


class TryLimit:
    """So many tries a minute for each name; the next one waits."""

    def __init__(
        self, tries: int, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tries, self.seconds, self._clock = tries, seconds, clock
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def count(self, *names: str) -> None:
        """Count a try for each of these names; `TooMany` says how long to wait."""
        at = self._clock()
        with self._lock:
            for name in names:
                seen = self._seen[name]
                while seen and seen[0] <= at - self.seconds:
                    seen.popleft()
                if len(seen) >= self.tries:
                    wait = int(seen[0] + self.seconds - at) + 1
                    raise TooMany(
                        f"More than {self.tries} tries a minute",
                        remedy=f"Wait {wait} seconds and try again.",
                        code="TOO_MANY_TRIES",
                        retry_after_seconds=wait,
                    )
                seen.append(at)
            if len(self._seen) > _MOST_NAMES:
                self._seen = defaultdict(deque, {key: seen for key, seen in self._seen.items() if seen})

    def forget(self, name: str) -> None:
        """Someone got in: his earlier tries no longer count."""
        with self._lock:
            self._seen.pop(name, None)


class CallLimit:
    """A steady pace for each name, which may be ahead of it by `AHEAD_S`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[str, float] = {}
        self._lock = Lock()

    def count(self, name: str, per_minute: int) -> None:
        """Count one call; `TooMany` says how long to wait. A refused call does not count."""
        at = self._clock()
        with self._lock:
            due = max(self._due.get(name, at), at)
            if due - at > AHEAD_S:
                wait = math.ceil(due - at - AHEAD_S)
                raise TooMany(
                    f"More than {per_minute} calls a minute come from {name}",
                    remedy=f"Wait {wait} seconds and go on at that pace; nothing of this call was kept.",
                    code="TOO_MANY_CALLS",
                    retry_after_seconds=wait,
                )
            self._due[name] = due + 60.0 / per_minute
            if len(self._due) > _MOST_NAMES:
                self._due = {key: due for key, due in self._due.items() if due > at}


class Room:
    """Requests of one kind: how many are in, and about how many were turned away and will come back."""

    def __init__(self, most: int) -> None:
        self.most, self.inside, self._to_come = most, 0, 0

    def enter(self) -> TooMany | None:
        """Let one in, or say when he may come back: in a later second the more are to come before him."""
        if self.inside < self.most:
            self.inside += 1
            self._to_come = max(self._to_come - 1, 0)
            return None
        wait = min(1 + self._to_come // (2 * self.most), _LONGEST_WAIT_S)
        self._to_come += 1
        return TooMany(
            f"More than {self.most} requests at once",
            remedy=f"Send it again in {wait} seconds; nothing of it was kept.",
            code="TOO_MANY_AT_ONCE",
            retry_after_seconds=wait,
        )

    def leave(self) -> None:
        """One is done. When nobody is in, the crowd is over, also for those who never came back."""
        self.inside -= 1
        if self.inside == 0:
            self._to_come = 0


class Crowd:
    """Lets so many requests in at once; the next ones are told when to come back."""

    def __init__(self, app: ASGIApp, *, records: int, uploads: int) -> None:
        self.app = app
        self._records, self._uploads = Room(records), Room(uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 429. Films have room of their own: they take minutes."""
        if scope["type"] != "http" or scope["path"] in _NEVER_REFUSED:
            await self.app(scope, receive, send)
            return
        room = self._uploads if scope["path"].startswith(UPLOADS) else self._records
        refusal = room.enter()
        if refusal is not None:
            await problem(refusal)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            room.leave()
