"""ffmpeg runs bounded, and a browser's recording becomes playable without a changed sample."""

from pathlib import Path

import av
import pytest

from rtv_core.errors import InvalidInput, ResourceExhausted
from rtv_core.evidence.packet_copy import sample_leaves
from rtv_core.evidence.remux import remux_recording
from rtv_core.evidence.runner import Limits, film_input, film_output, run_graph
from tests.fixtures.films import write_film


def _duration(path: Path) -> int | None:
    with av.open(str(path)) as source:
        return source.duration


def _recording(folder: Path, seconds: float = 4) -> Path:
    """As MediaRecorder writes it: live, without length or index."""
    return write_film(folder / "recording.webm", codec="libvpx", seconds=seconds, options={"live": "1"})


def test_a_recording_without_length_gets_one_and_keeps_every_sample(tmp_path: Path) -> None:
    recording = _recording(tmp_path)
    assert _duration(recording) is None
    made = remux_recording(recording, tmp_path / "playable.webm")
    assert _duration(tmp_path / "playable.webm") == pytest.approx(4_000_000, abs=150_000)
    assert made.sample_count == len(sample_leaves(recording, "matroska")) == 40
    assert remux_recording(recording, tmp_path / "again.webm") == made


def test_a_playlist_that_calls_itself_a_film_is_never_opened(tmp_path: Path) -> None:
    secret = _recording(tmp_path)
    playlist = tmp_path / "film.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile {secret}\n")
    with pytest.raises(InvalidInput) as caught:
        remux_recording(playlist, tmp_path / "out.webm")
    assert caught.value.code == "FOOTAGE_FORMAT_UNKNOWN"
    assert not (tmp_path / "out.webm").exists()


def test_a_damaged_film_ends_the_run_with_an_error(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4")
    data = bytearray(film.read_bytes())
    middle = data.index(b"mdat") + 400
    data[middle : middle + 300] = bytes(300)
    film.write_bytes(data)
    with pytest.raises(InvalidInput) as caught:
        run_graph(
            film_output(film_input(film).video, path=tmp_path / "out.mp4", container="mp4", vcodec="libx264")
        )
    assert caught.value.code == "FFMPEG_REFUSED"


@pytest.mark.parametrize(
    "limits", [Limits(seconds=0.05), Limits(file_bytes=20_000), Limits(memory_bytes=30 << 20)]
)
def test_a_run_ends_at_its_limits(limits: Limits, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", seconds=20)
    output = film_output(
        film_input(film, stream_loop=40).video,
        path=tmp_path / "out.mkv",
        container="matroska",
        vcodec="rawvideo",
    )
    with pytest.raises((ResourceExhausted, InvalidInput)):
        run_graph(output, limits)
    assert not (tmp_path / "out.mkv").exists() or (tmp_path / "out.mkv").stat().st_size < 400 << 20
