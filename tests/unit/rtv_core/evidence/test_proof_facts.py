"""Honest films of one take are believed; spliced, frozen, looped and re-timed ones are found out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from rtv_core.errors import InvalidInput
from rtv_core.evidence.proof_facts import code_identity, proof_facts
from rtv_core.evidence.runner import ffmpeg_program
from rtv_core.evidence.watching import watch_film
from rtv_core.model.proof import ProofFacts
from tests.fixtures import takes
from tests.fixtures.takes import FPS, ITEMS, LABEL, Picture, frozen, looped, slowed, spliced, take, write_take

_SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples" / "video"


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return take()


def _judged(path: Path, frames: list[Picture], **options: object) -> ProofFacts:
    write_take(path, frames, **options)  # type: ignore[arg-type]
    return proof_facts(watch_film(path), label=LABEL, scanned=ITEMS)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain.mp4", {"b_frames": 0}),
        ("b.mp4", {"b_frames": 2}),
        ("hevc.mp4", {"codec": "libx265", "b_frames": 2}),
        ("variable.mkv", {"late": range(1, 110, 3)}),
        ("browser.webm", {"codec": "libvpx"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_honest_take_is_believed(
    name: str, options: dict[str, object], frames: list[Picture], tmp_path: Path
) -> None:
    facts = _judged(tmp_path / name, frames, **options)
    assert (facts.one_take.answer, facts.breaks) == ("yes", ())
    assert (facts.label_legible.answer, facts.label_legible.at_seconds) == ("yes", pytest.approx(1, abs=0.3))
    assert {text: fact.answer for text, fact in facts.items_seen.items()} == dict.fromkeys(ITEMS, "yes")
    assert (facts.scanned_never_seen, facts.seen_never_scanned) == ((), ())
    assert facts.sealed_until_opened.answer == "not_decided"


@pytest.mark.parametrize("seed", [2, 3])
def test_other_bays_are_believed_too(seed: int, tmp_path: Path) -> None:
    facts = _judged(tmp_path / "other.mp4", take(seed=seed, noise=1.0 + seed / 2))
    assert (facts.one_take.answer, facts.breaks) == ("yes", ())


FORGED: dict[str, tuple[Callable[[list[Picture]], list[Picture]], str]] = {
    "time cut out": (lambda frames: spliced(frames, 6.2, 8.7), "join"),
    "another take joined": (lambda frames: [*frames[:62], *take(seed=9)[62:]], "join"),
    "a picture held": (lambda frames: frozen(frames, 4.2, 2.0), "frozen"),
    "a stretch shown again": (lambda frames: looped(frames, 1.5, 2.0, 8.0), "repeated"),
    "each picture twice": (slowed, "retimed"),
}


@pytest.mark.parametrize(
    ("name", "codec"),
    [*((name, "libx264") for name in FORGED), ("time cut out", "libx265"), ("a picture held", "libx265")],
)
def test_a_forged_take_is_found_out(name: str, codec: str, frames: list[Picture], tmp_path: Path) -> None:
    forge, kind = FORGED[name]
    facts = _judged(tmp_path / "forged.mp4", forge(frames), codec=codec)
    assert facts.one_take.answer != "yes"
    assert kind in {one.kind for one in facts.breaks}


def _still(noise: float, *, count: int = 80) -> list[Picture]:
    """A bay in which nothing moves, with or without the noise of a sensor."""
    roll = np.random.default_rng(5)
    scene = np.kron(roll.uniform(60, 180, (17, 30)), np.ones((16, 16)))
    shown = [scene + roll.normal(0, noise, scene.shape) if noise else scene for _ in range(count)]
    return [np.clip(one, 0, 255).astype(np.uint8)[..., None].repeat(3, -1) for one in shown]


def test_a_loop_in_a_still_scene_is_told_by_its_noise(tmp_path: Path) -> None:
    scene = _still(2.0)
    honest = proof_facts(watch_film(write_take(tmp_path / "still.mp4", scene, gop=40)))
    assert (honest.one_take.answer, honest.breaks) == ("yes", ())
    forged = proof_facts(watch_film(write_take(tmp_path / "loop.mp4", looped(scene, 0.7, 2, 4.4), gop=40)))
    (found,) = forged.breaks
    assert (found.kind, found.is_certain) == ("repeated", False)
    assert found.reason.startswith("nothing moves, and the noise is that from")
    assert 4.4 <= found.at_seconds <= 6.4


@pytest.mark.parametrize("gop", [5, 40])
def test_a_scene_without_movement_or_noise_is_unknown_and_accuses_nobody(gop: int, tmp_path: Path) -> None:
    """Its keyframes are the same bytes, honestly."""
    facts = proof_facts(watch_film(write_take(tmp_path / "screen.mp4", _still(0), gop=gop)))
    assert facts.one_take.answer == "not_decided"
    assert not any(one.is_certain for one in facts.breaks)


def test_a_stretch_copied_without_encoding_anew_is_found_by_its_bytes(
    frames: list[Picture], tmp_path: Path
) -> None:
    whole, path = write_take(tmp_path / "whole.mp4", frames, gop=10), tmp_path / "copied.mp4"
    with av.open(str(whole)) as source, av.open(str(path), "w") as sink:
        stream = source.streams.video[0]
        copy = sink.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.pts is not None]
        places = [*range(60), *range(20, 40), *range(80, 110)]
        contents = [(bytes(packets[place]), packets[place].is_keyframe) for place in places]
        for number, (content, is_keyframe) in enumerate(contents):
            packet = av.Packet(content)
            packet.pts = packet.dts = number * round(1 / FPS / stream.time_base)
            packet.time_base, packet.is_keyframe, packet.stream = stream.time_base, is_keyframe, copy
            sink.mux(packet)
    facts = proof_facts(watch_film(path))
    assert facts.one_take.answer == "no"
    assert ("repeated", 6.0, True) in {(one.kind, one.at_seconds, one.is_certain) for one in facts.breaks}


def test_light_that_flickers_accuses_nobody(tmp_path: Path) -> None:
    roll = np.random.default_rng(3)
    scene = roll.uniform(60, 180, (takes.HEIGHT, takes.WIDTH))
    light = [1 + 0.1 * np.sin(number * 1.9) for number in range(80)]
    grey = [np.clip(scene * gain + roll.normal(0, 2, scene.shape), 0, 255).astype(np.uint8) for gain in light]
    path = write_take(tmp_path / "lamp.mp4", [picture[..., None].repeat(3, -1) for picture in grey])
    facts = proof_facts(watch_film(path))
    assert (facts.one_take.answer, {one.kind for one in facts.breaks}) == ("not_decided", {"repeated"})


def test_a_join_at_a_keyframe_without_encoding_anew_is_found_out(
    frames: list[Picture], tmp_path: Path
) -> None:
    """Samples copied, times rewritten: the picture alone tells."""
    whole = write_take(tmp_path / "whole.mp4", frames, gop=10)
    path = tmp_path / "joined.mp4"
    with av.open(str(whole)) as source, av.open(str(path), "w") as sink:
        stream = source.streams.video[0]
        copy = sink.add_stream_from_template(stream)
        step = 0
        for packet in source.demux(stream):
            if packet.pts is None or 5.0 <= float(packet.pts * packet.time_base) < 8.0:
                continue
            packet.pts = packet.dts = step * round(1 / FPS / packet.time_base)
            packet.stream, step = copy, step + 1
            sink.mux(packet)
    facts = proof_facts(watch_film(path), label=LABEL, scanned=ITEMS)
    assert facts.one_take.answer == "no"
    assert facts.scanned_never_seen == (ITEMS[0],)


def test_a_film_that_runs_faster_than_it_was_encoded_is_found_out(
    frames: list[Picture], tmp_path: Path
) -> None:
    whole = write_take(tmp_path / "whole.mp4", frames)
    path = tmp_path / "fast.mp4"
    command = [ffmpeg_program(), "-v", "error", "-itsscale", "0.5", "-i", str(whole), "-c", "copy", str(path)]
    subprocess.run(command, check=True)
    facts = proof_facts(watch_film(path))
    assert (facts.one_take.answer, {one.kind for one in facts.breaks}) == ("not_decided", {"retimed"})


def test_what_was_scanned_and_what_was_seen_are_held_against_each_other(
    frames: list[Picture], tmp_path: Path
) -> None:
    path = write_take(tmp_path / "film.mp4", frames)
    film = watch_film(path)
    facts = proof_facts(film, label=LABEL, scanned=[f"(01)0{ITEMS[0]}(10)B7", "8900000000001"])
    assert facts.scanned_never_seen == ("8900000000001",)
    assert facts.seen_never_scanned == (ITEMS[1],)
    assert proof_facts(film, label="AWB-9", scanned=ITEMS).label_legible.answer == "no"
    late = proof_facts(film, label=ITEMS[1], scanned=[ITEMS[0]])
    assert (late.label_legible.answer, late.label_legible.at_seconds) == ("no", pytest.approx(8, abs=0.3))
    assert proof_facts(film).label_legible.answer == "not_decided"


def test_a_film_longer_than_its_capture_cannot_be_its_film(frames: list[Picture], tmp_path: Path) -> None:
    film = watch_film(write_take(tmp_path / "film.mp4", frames))
    assert proof_facts(film, declared_seconds=10).one_take.answer == "yes"
    assert proof_facts(film, declared_seconds=5).one_take.answer == "no"
    assert proof_facts(film, declared_seconds=60).one_take.answer == "not_decided"


@pytest.mark.parametrize("name", ["bottle-detection.mp4", "one-by-one-person-detection.mp4"])
def test_real_films_are_believed(name: str) -> None:
    if not (_SAMPLES / name).exists():
        pytest.skip("the films of SOURCES.md are not beside this checkout (shared/samples/video)")
    facts = proof_facts(watch_film(_SAMPLES / name, samples_per_second=0.5))
    assert (facts.one_take.answer, facts.breaks) == ("yes", ())


def test_one_code_has_one_identity_however_it_is_written() -> None:
    same = [
        "08901030865278",
        "8901030865278",
        "(01)08901030865278(17)271231",
        "0108901030865278",
        " 8901030865278",
    ]
    assert {code_identity(text) for text in same} == {"8901030865278"}
    assert code_identity("awb 47-11") == code_identity("AWB4711")
    assert code_identity("AWB4711") != code_identity("AWB4712")


def test_what_is_no_film_of_an_unboxing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(InvalidInput):
        watch_film(tmp_path / "text.mp4")
