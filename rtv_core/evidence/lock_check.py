"""Tries to remove and to overwrite a retained object, and says whether the store held it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from rtv_core.errors import ConflictError, NotPermitted, RtvError
from rtv_core.model.clip import LockCheck
from rtv_core.objects import ObjectStore

# One object a day, locked for longer than the day.
_RETENTION = timedelta(hours=25)


def check_lock(store: ObjectStore, now: datetime) -> LockCheck:
    """Store an object under retention, try to remove it and to put other bytes in its place."""
    key = f"evidence/self-test/{now:%Y-%m-%d}.txt"
    data = f"Kept to see whether retention holds, {now:%Y-%m-%d}.\n".encode()
    address = store.uri(key)
    info = store.head(key)
    if info is None or info.retain_until is None or info.retain_until <= now:
        store.put_bytes(key, data, retain_until=now + _RETENTION)
    answers = [_answer(lambda: store.delete(key)), _answer(lambda: _overwrite(store, key))]
    is_kept = store.get_bytes(key) == data
    return LockCheck(
        address, all(ok for ok, _ in answers) and is_kept, "; ".join(text for _, text in answers)
    )


def _overwrite(store: ObjectStore, key: str) -> None:
    store.put_bytes(key, b"other bytes")


def _answer(attempt: Callable[[], None]) -> tuple[bool, str]:
    try:
        attempt()
    except (NotPermitted, ConflictError) as error:
        return True, error.code
    except RtvError as error:
        return False, error.code
    return False, "not refused"
