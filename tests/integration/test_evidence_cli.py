"""`rtv evidence` on real films of others: index, cut, scan, seal; errors say what to do."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from rtv_cli.commands import evidence
from rtv_core.evidence.film import read_film
from rtv_core.evidence.packet_copy import sample_leaves
from rtv_core.settings import get_settings
from tests.fixtures.films import frame_hashes, write_film

# Credits: Intel (CC BY 4.0) for the MP4 files, OpenCV (Apache-2.0) for vtest.avi; not in this repository.
_SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "video"
_REAL = {
    "one-by-one-person-detection.mp4": ("mp4", 20.0, 30.0),
    "bottle-detection.mp4": ("mp4", 12.0, 20.0),
    "vtest.avi": ("matroska", 40.0, 45.0),
}
_DEMUXER = {"mp4": "mov", "matroska": "matroska"}


class Shell:
    """The command line in a home of its own."""

    def __init__(self) -> None:
        self.app = typer.Typer()
        evidence.register(self.app)

    def run(self, *words: object, exit_code: int = 0) -> dict[str, object]:
        result = CliRunner().invoke(self.app, ["evidence", *map(str, words), "--json"])
        assert result.exit_code == exit_code, result.output
        text = result.stdout if exit_code == 0 else result.stderr
        found: dict[str, object] = json.loads(text)
        return found


@pytest.fixture
def shell(warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("RTV_WAREHOUSE__DSN", warehouse_dsn)
    get_settings.cache_clear()
    return Shell()


@pytest.mark.parametrize("name", _REAL)
def test_a_real_film_is_indexed_and_cut_frame_for_frame(name: str, shell: Shell, tmp_path: Path) -> None:
    if not (_SAMPLES / name).exists():
        pytest.skip(f"the real film {name} is not beside this checkout (shared/samples/video)")
    container, start, end = _REAL[name]
    path = tmp_path / "footage" / "gate-1" / f"2026-11-01T04-30-00Z{Path(name).suffix}"
    path.parent.mkdir(parents=True)
    shutil.copy(_SAMPLES / name, path)
    assert shell.run("index", tmp_path / "footage")["indexed"] == 1
    times = [f"2026-11-01T04:30:{second:02.0f}+00:00" for second in (start, end)]
    target = tmp_path / f"clip{'.mp4' if container == 'mp4' else '.mkv'}"
    answer = shell.run("cut", "--camera", "gate-1", "--from", times[0], "--to", times[1], "--to", target)
    (file,) = answer["manifest"]["files"]  # type: ignore[index]
    (part,) = file["parts"]
    assert answer["files"] == [str(target)]
    assert sample_leaves(target, _DEMUXER[container]) == [
        leaf
        for place, leaf in enumerate(read_film(path).table.leaves[: part["end_sample"]])
        if place >= part["first_sample"] and place not in part["left_out_samples"]
    ]
    shown = [digest for _, digest in frame_hashes(target)]
    original = [digest for at, digest in frame_hashes(path) if at >= start - part["pre_roll_seconds"] - 0.05]
    assert len(shown) == part["frames"]
    at = original.index(shown[0])
    assert shown == original[at : at + len(shown)]


def test_codes_seals_and_keys_are_printed(shell: Shell, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4")
    assert shell.run("scan", film) == {"codes": []}
    sealed = shell.run("seal")
    assert sealed["tree_size"] == 0
    assert shell.run("seal", "--key") == {"public_key": sealed["public_key"]}


def test_mistakes_are_answered_with_the_remedy(shell: Shell, tmp_path: Path) -> None:
    window = ("--from", "2026-11-01T04:30:00Z", "--to", "2026-11-01T04:31:00Z")
    out = ("--to", str(tmp_path / "x.mp4"))
    for words, code in (
        (("index", tmp_path / "none"), "FOOTAGE_FOLDER_MISSING"),
        (("cut", "--camera", "c", *out), "CUT_ARGUMENTS"),
        (("cut", "--camera", "c", *window), "CUT_ARGUMENTS"),
        (("cut", "--camera", "c", *window, *out, "--mode", "magic"), "CUT_ARGUMENTS"),
        (("cut", "--camera", "c", *window, *out, "--mode", "original"), "CUT_MODE_UNAVAILABLE"),
        (("cut", "--camera", "c", *window, *out, "--mode", "exact"), "FOOTAGE_NOT_FOUND"),
        (("cut", "--camera", "c", *window, *out), "FOOTAGE_NOT_FOUND"),
        (("scan", tmp_path / "none.mp4"), "FILE_NOT_FOUND"),
        (("plan",), "MARTS_NOT_BUILT"),
    ):
        answer = shell.run(*words, exit_code=2)
        assert answer["error"]["code"] == code  # type: ignore[index]
        assert answer["error"]["remedy"]  # type: ignore[index]
