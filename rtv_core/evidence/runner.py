"""The one place that starts ffmpeg: graphs in, bounded process out.

Bounded in time, memory and file size, on one thread, without any network; inputs are opened by a demuxer
that is named, and damage ends the run with an error instead of a film with holes.
"""

from __future__ import annotations

import os
import resource
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from rtv_core.errors import ConfigurationError, InvalidInput, ResourceExhausted
from rtv_core.evidence.containers import container_of

_INPUT = {"protocol_whitelist": "file", "err_detect": "explode", "threads": 1}
_GLOBAL = ("-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-y")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use."""

    seconds: float = 600.0
    memory_bytes: int = 2 << 30
    file_bytes: int = 8 << 30


def film_input(path: Path, **options: Any) -> Any:
    """A film as the input of a graph, by the demuxer that its bytes call for."""
    return ffmpeg.input(f"file:{path.resolve()}", format=container_of(path), **_INPUT, **options)


def picture_input(path: Path) -> Any:
    """A PNG of our own as the input of a graph; it stays until the graph ends."""
    return ffmpeg.input(f"file:{path.resolve()}", format="png_pipe", **_INPUT)


def film_output(*streams: Any, path: Path, container: str, **options: Any) -> Any:
    """The output of a graph: one file, the same bytes each time, no program's name in it."""
    return ffmpeg.output(
        *streams,
        f"file:{path.resolve()}",
        format=container,
        threads=1,
        fflags="+bitexact",
        map_metadata=-1,
        **options,
    )


def run_graph(output: Any, limits: Limits | None = None) -> None:
    """Run a graph to its end; `InvalidInput` when ffmpeg refuses the film, `ResourceExhausted` at a limit."""
    bounds = limits or Limits()
    command = ffmpeg.compile(output.global_args(*_GLOBAL), cmd=ffmpeg_program())
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"PATH": "", "LC_ALL": "C"},
        start_new_session=True,
    )
    _bound(process.pid, bounds)
    try:
        _, said = process.communicate(timeout=bounds.seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise _exhausted(f"took longer than {bounds.seconds:g} s") from error
    if process.returncode < 0:
        raise _exhausted(
            f"was ended by signal {-process.returncode}, at a limit of memory, time or file size"
        )
    if process.returncode:
        raise InvalidInput(
            f"ffmpeg refuses the film: {_last_line(said)}",
            remedy="The film is damaged or of a kind that cannot be processed; export it again.",
            code="FFMPEG_REFUSED",
        )


@cache
def ffmpeg_program() -> str:
    """The ffmpeg that came with the installation; `ConfigurationError` when there is none."""
    try:
        program: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise ConfigurationError(
            "No ffmpeg is installed", remedy="Install the locked requirements again.", code="FFMPEG_MISSING"
        ) from error
    return program


def _bound(pid: int, limits: Limits) -> None:
    """Set on the process just started: no code of ours runs between fork and exec."""
    cpu_seconds = int(limits.seconds) + 1
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.prlimit(pid, kind, (value, value))
        except ProcessLookupError:
            return


def _exhausted(what: str) -> ResourceExhausted:
    return ResourceExhausted(
        f"ffmpeg {what}",
        remedy="Try again on a less busy host, or cut a shorter window.",
        code="FFMPEG_LIMIT",
    )


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else f"no reason given (process {os.getpid()})"
