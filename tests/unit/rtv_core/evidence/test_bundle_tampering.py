"""Any change of any byte of a bundle is found, at whichever layer the forger stops."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rtv_core.errors import IntegrityError
from rtv_core.evidence.bundle import carried_file
from rtv_core.evidence.bundle_files import verify as verifier
from rtv_core.evidence.notes import public_key_text, sign_note
from rtv_core.evidence.verify import Outcome, judge_bundle
from tests.fixtures.bundles import (
    HUB,
    STRANGER,
    Files,
    bundle_bytes,
    files_of,
    rezip,
    small_contents,
    with_manifests,
)

PROGRAM_STEP = int(os.environ.get("FLIP_STEP", "13"))


@pytest.fixture
def bundle(tmp_path: Path) -> bytes:
    return bundle_bytes(small_contents(tmp_path))


def _examine(content: bytes | bytearray, trust: str | None = None) -> str:
    return verifier.examine(io.BytesIO(content), trust)[0]


def test_an_untouched_bundle_is_proven_to_who_has_the_key(bundle: bytes) -> None:
    assert _examine(bundle) == "intact_unknown_signer"
    assert _examine(bundle, public_key_text(HUB)) == "proven"
    assert rezip(files_of(bundle)) == bundle


def test_a_bundle_has_the_same_bytes_when_made_again(tmp_path: Path, bundle: bytes) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert bundle_bytes(small_contents(other)) == bundle


def test_every_flipped_byte_is_found(bundle: bytes) -> None:
    forged = bytearray(bundle)
    missed = []
    # The two programs are most of a small bundle, and are hashed like any file: some places stand for all.
    programs = [carried_file(name) for name in ("verify.py", "verify.html")]
    inside = {at for text in programs for at in range(bundle.index(text), bundle.index(text) + len(text))}
    for at in range(len(bundle)):
        if at in inside and at % PROGRAM_STEP:
            continue
        forged[at] ^= 1 << (at % 8)
        if _examine(forged) != "broken":
            missed.append(at)
        forged[at] = bundle[at]
    assert len(bundle) > 30_000
    assert missed == []


def test_every_cut_and_every_addition_is_found(bundle: bytes) -> None:
    for cut in (0, 1, 21, 22, 23, len(bundle) // 2, len(bundle) - 1):
        assert _examine(bundle[:cut]) == "broken"
    for added in (bundle + b"\0", b"\0" + bundle, bundle + bundle, b"#!/bin/sh\n" + bundle):
        assert _examine(added) == "broken"


def test_a_change_in_any_file_is_found_though_the_container_fits(bundle: bytes) -> None:
    files = files_of(bundle)
    for name, content in files.items():
        for at in {0, len(content) // 2, len(content) - 1}:
            changed = bytearray(content)
            changed[at] ^= 1
            assert _examine(rezip({**files, name: bytes(changed)})) == "broken", (name, at)


def test_a_change_is_found_though_both_manifests_are_made_anew(bundle: bytes) -> None:
    files = files_of(bundle)
    for name, content in files.items():
        if name.endswith(("manifest-sha256.txt",)):
            continue
        forged = with_manifests({**files, name: content + b" "})
        assert _examine(rezip(forged)) == "broken", name


@pytest.mark.parametrize(
    "forge",
    [
        lambda files, bag: {name: content for name, content in files.items() if "clips" not in name},
        lambda files, bag: {**files, f"{bag}/data/extra.txt": b"more"},
        lambda files, bag: {**files, f"{bag}/seal/proofs/002.json": b"{}"},
        lambda files, bag: {
            name.replace("001-CAM", "009-CAM"): content for name, content in files.items()
        },
        lambda files, bag: {name.replace(bag, "other-claim"): content for name, content in files.items()},
        lambda files, bag: {**files, f"{bag}/data/../../evil.sh": b"x"},
        lambda files, bag: {**files, f"{bag}/data/FACTS.json": b"x"},
        lambda files, bag: {**files, "elsewhere/data/x.txt": b"x"},
    ],
)  # fmt: skip
def test_files_added_removed_renamed_or_misplaced_are_found(
    bundle: bytes, forge: Callable[[Files, str], Files]
) -> None:
    files = files_of(bundle)
    bag = next(iter(files)).split("/")[0]
    forged = forge(files, bag)
    assert _examine(rezip(forged)) == "broken"
    assert _examine(rezip(with_manifests(forged))) == "broken"


def test_a_name_that_stands_twice_is_found(bundle: bytes) -> None:
    sink = io.BytesIO(bundle)
    with zipfile.ZipFile(sink, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr(opened.namelist()[0], b"another content")
    assert _examine(sink.getvalue()) == "broken"


def test_a_compressed_or_commented_container_is_found(bundle: bytes) -> None:
    files = files_of(bundle)
    for comment, method in ((b"hello", zipfile.ZIP_STORED), (b"", zipfile.ZIP_DEFLATED)):
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", method) as made:
            made.comment = comment
            for name, content in files.items():
                made.writestr(name, content)
        assert _examine(sink.getvalue()) == "broken"


def test_a_bundle_that_a_stranger_signed_anew_is_not_ours(tmp_path: Path) -> None:
    forged = bundle_bytes(small_contents(tmp_path, STRANGER), STRANGER)
    assert _examine(forged) == "intact_unknown_signer"
    assert _examine(forged, public_key_text(STRANGER)) == "proven"
    verdict, findings, _ = verifier.examine(io.BytesIO(forged), public_key_text(HUB))
    assert verdict == "broken"
    assert "another key than the one you trust" in findings[0]


def test_a_stranger_cannot_keep_our_key_in_the_bundle(tmp_path: Path, bundle: bytes) -> None:
    forged = files_of(bundle_bytes(small_contents(tmp_path, STRANGER), STRANGER))
    bag = next(iter(forged)).split("/")[0]
    key_name = f"{bag}/{verifier.KEY_FILE}"
    forged = with_manifests({**forged, key_name: files_of(bundle)[key_name]})
    assert _examine(rezip(forged)) == "broken"


def test_a_film_that_is_not_in_the_log_is_found_even_if_the_hub_signs(tmp_path: Path) -> None:
    contents = small_contents(tmp_path)
    film = contents.films["001-CAM.mp4"]
    part = contents.films["002-CAM.mp4"]
    assert _examine(bundle_bytes(contents)) == "intact_unknown_signer"
    for wrong in (
        replace(film, proof=replace(film.proof, hashes=film.proof.hashes[::-1])),
        replace(film, proof=replace(film.proof, entry='{"sha256":"00"}')),
        replace(film, proof=replace(film.proof, leaf_index=0)),
        replace(part, manifest=part.manifest + " "),
        replace(part, manifest="{}"),
    ):
        assert _examine(bundle_bytes(replace(contents, films={"001-CAM.mp4": wrong}))) == "broken"
    other_log = sign_note(STRANGER, "rtv-hub.local/log\n3\n" + "A" * 43 + "=\n")
    assert _examine(bundle_bytes(replace(contents, checkpoint_note=other_log))) == "broken"


def test_a_film_that_changed_in_the_store_is_not_bundled(tmp_path: Path) -> None:
    contents = small_contents(tmp_path)
    contents.films["001-CAM.mp4"].path.write_bytes(b"another film")
    with pytest.raises(IntegrityError, match="not the one that was sealed"):
        bundle_bytes(contents)


def test_hostile_bytes_never_escape_as_an_error() -> None:
    chance = random.Random(11)
    for length in (0, 5, 22, 46, 100, 400):
        assert _examine(chance.randbytes(length)) == "broken"
    deep = rezip({"b/seal/key.txt": b"[" * 100_000, "b/bagit.txt": verifier.BAGIT})
    assert _examine(deep) == "broken"


@pytest.mark.parametrize(
    ("trust", "code", "verdict"),
    [(HUB, 0, "proven"), (None, 3, "intact_unknown_signer"), (STRANGER, 1, "broken")],
)
def test_the_program_in_the_bundle_says_the_same(
    tmp_path: Path, bundle: bytes, trust: object, code: int, verdict: str
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle)
    with zipfile.ZipFile(path) as opened:
        opened.extractall(tmp_path / "out")
    (program,) = (tmp_path / "out").glob("*/verify.py")
    key = public_key_text(trust) if trust is not None else None  # type: ignore[arg-type]
    arguments = ["--trust", key] if key else []
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(path), "--json", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout)["verdict"] == verdict
    ours = judge_bundle(path, key)
    assert (ours.outcome, ours.exit_code) == (Outcome(verdict), code)


def test_the_program_in_the_bundle_finds_a_flip(tmp_path: Path, bundle: bytes) -> None:
    forged = bytearray(bundle)
    forged[len(forged) // 2] ^= 4
    path = tmp_path / "bundle.zip"
    path.write_bytes(forged)
    program = tmp_path / "verify.py"
    program.write_bytes(carried_file("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "BROKEN")
