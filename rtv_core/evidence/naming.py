"""What the name and place of a film say: tenant, camera, and when it began by the camera's clock.

Recorders write local time without a zone (MediaMTX, NVR exports) or UTC (Frigate, a trailing Z).
A naive time is read in the zone of the camera's node.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

FILM_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".m2ts", ".mts"})

_FRIGATE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})/(?P<hour>\d{2})/(?P<camera>[^/]+)/(?P<minute>\d{2})\.(?P<second>\d{2})$"
)
_CHANNEL = re.compile(r"ch[^-]*-(\d{8})-(\d{6})-(\d{8})-(\d{6})$", re.IGNORECASE)
_STAMP = re.compile(
    r"(?<!\d)(?P<day>\d{4}-?\d{2}-?\d{2})[_T ](?P<time>\d{2}[-.:]?\d{2}[-.:]?\d{2})"
    r"(?:[-.](?P<fraction>\d{1,6}))?(?P<zone>Z|[+-]\d{4})?$"
)
_DAY_FOLDER = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{2}")


@dataclass(frozen=True, slots=True)
class FilmName:
    """What a film's place below the footage folder says; `naive` times wait for their zone."""

    tenant_code: str | None
    camera_code: str | None
    started_at: datetime | None
    ended_at: datetime | None = None

    def start_in(self, zone: ZoneInfo) -> datetime | None:
        """When the film began, in UTC."""
        return in_utc(self.started_at, zone)

    def end_in(self, zone: ZoneInfo) -> datetime | None:
        """When the film ended by its name, in UTC."""
        return in_utc(self.ended_at, zone)


def in_utc(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A time in UTC; a naive one is read in `zone`."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def doubt_about(at: datetime | None, zone: ZoneInfo) -> str | None:
    """What is doubtful about a time written without its zone in a night when clocks change."""
    if at is None or at.tzinfo is not None:
        return None
    first, second = at.replace(tzinfo=zone), at.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return None
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    which = "which came twice that night: read as the first" if back == at else "which was skipped that night"
    return f"It says that it begins at {at:%H:%M:%S} in {zone.key}, {which}"


def read_name(relative: PurePath) -> FilmName:
    """Read `<tenant>/<camera>/…`, `<camera>/…` and the patterns of recorders."""
    stem = relative.with_suffix("").as_posix()
    frigate = _FRIGATE.search(stem)
    if frigate is not None:
        return _frigate(frigate, stem[: frigate.start()].strip("/"))
    tenant, camera = _folders(relative.parent.parts)
    channel = _CHANNEL.search(relative.stem)
    if channel is not None:
        day, time, end_day, end_time = channel.groups()
        return FilmName(tenant, camera, _moment(day, time), _moment(end_day, end_time))
    stamp = _STAMP.search(relative.stem)
    if stamp is None:
        return FilmName(tenant, camera, None)
    return FilmName(tenant, camera, _moment(stamp["day"], stamp["time"], stamp["fraction"], stamp["zone"]))


def _frigate(found: re.Match[str], before: str) -> FilmName:
    started = _moment(found["day"], found["hour"] + found["minute"] + found["second"], None, "Z")
    return FilmName(before.split("/", maxsplit=1)[0] or None, found["camera"], started)


def _folders(all_parts: tuple[str, ...]) -> tuple[str | None, str | None]:
    parts = [part for part in all_parts if not _DAY_FOLDER.fullmatch(part)]
    if not parts:
        return None, None
    if len(parts) == 1:
        return None, parts[0]
    return parts[0], parts[1]


def _moment(day: str, time: str, fraction: str | None = None, zone: str | None = None) -> datetime | None:
    digits = re.sub(r"\D", "", day + time) + (fraction or "0").ljust(6, "0")
    text = digits + ("+0000" if zone == "Z" else zone or "")
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S%f%z" if zone else "%Y%m%d%H%M%S%f")  # noqa: DTZ007
    except ValueError:
        return None
