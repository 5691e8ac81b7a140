"""A file that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rtv_core.errors import ResourceExhausted


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to, beside `path`; it takes its place when the block ends well, and is gone when not.

    Raises `ResourceExhausted` (`EXPORT_WRITE_FAILED`) when the disk or the folder refuses.
    """
    part = path.with_name(f".part-{path.name}")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise ResourceExhausted(
            f"{path} cannot be written: {error.strerror or error}",
            remedy="Free disk space, or choose a folder you may write to.",
            code="EXPORT_WRITE_FAILED",
        ) from error
    finally:
        part.unlink(missing_ok=True)
