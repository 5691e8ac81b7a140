"""From a folder of films to sealed clips: index, plan, cut, seal, in a real warehouse and store."""

import hashlib
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import av
import psycopg
import pytest

from rtv_commands.cut_clips import CutSummary, cut_clips
from rtv_commands.index_footage import IndexSummary
from rtv_commands.seal_entries import seal_checkpoint
from rtv_core.errors import NotPermitted
from rtv_core.evidence import seal
from rtv_core.evidence.lock_check import check_lock
from rtv_core.evidence.packet_copy import sample_leaves
from rtv_core.evidence.timestamp import ensure_local_authority, verify_stamp
from rtv_core.model.window import ClipRequest
from rtv_core.objects import content_key
from rtv_core.objects.folder import FolderStore
from rtv_core.objects.s3 import S3Store
from tests.fixtures.films import write_film
from tests.fixtures.footage_hub import BEGAN, NOW, Hub, add_discrepancy, make_hub


@pytest.fixture
def hub(warehouse_dsn: str, tmp_path: Path) -> Hub:
    return make_hub(warehouse_dsn, tmp_path)


def test_a_clip_is_cut_sealed_and_never_cut_again(hub: Hub) -> None:
    path = hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=10)
    assert hub.index().counts() == IndexSummary(indexed=1).counts()
    add_discrepancy(hub, "d1", 3, 5)
    (request,) = hub.plan()
    assert request.clock_offset_seconds == 1.5
    assert ClipRequest.from_dict(request.as_dict()) == request
    assert hub.cut([request]) == CutSummary(cut=1)
    assert hub.plan() == []
    assert hub.cut([request]) == CutSummary(already=1)

    (row,) = hub.rows("select * from ops.clips")
    data = hub.store.get_bytes(row["object_key"])
    assert hashlib.sha256(data).hexdigest() == row["sha256"]
    part = row["manifest"]["files"][0]["parts"][0]
    # Asked for 2 s to 6 s of true time: 3.5 s to 7.5 s by a clock that is 1.5 s ahead; keyframe at 2 s.
    assert (part["first_sample"], part["pre_roll_frames"], part["frames"] - part["post_roll_frames"]) == (
        20,
        15,
        55,
    )
    assert part["first_frame_at"] == (BEGAN + timedelta(seconds=0.5)).isoformat()
    clip = hub.folder / "out.mp4"
    clip.write_bytes(data)
    whole = sample_leaves(path, "mov")
    assert sample_leaves(clip, "mov") == whole[part["first_sample"] : part["end_sample"]]

    summary = seal_checkpoint(hub.dsn, hub.settings, now=NOW)
    assert (summary.tree_size, summary.films_sealed) == (2, 1)
    sealed = seal.sealed_entry(hub.dsn, row["leaf_index"])
    assert sealed.entry["sha256"] == row["sha256"]
    assert sealed.entry["manifest_sha256"] == hashlib.sha256(seal.canonical_json(row["manifest"])).hexdigest()
    (film,) = hub.rows("select * from ops.footage_segments")
    assert seal.sealed_entry(hub.dsn, film["leaf_index"]).entry["samples_root"] == film["samples_root"]
    proof = seal.inclusion_proof(hub.dsn, row["leaf_index"], summary.tree_size)
    checkpoint = seal.open_checkpoint(summary.note, seal.parse_public_key(summary.public_key))
    assert seal.verify_inclusion(
        sealed.leaf_hash, row["leaf_index"], summary.tree_size, proof, checkpoint.root
    )
    assert seal_checkpoint(hub.dsn, hub.settings, now=NOW).films_sealed == 0
    (kept,) = hub.rows("select note, timestamp_token, timestamp_authority from ops.seal_checkpoints")
    authority = ensure_local_authority(hub.settings.seal_key_file.with_name("timestamp.pem"), NOW)
    stated = verify_stamp(bytes(kept["timestamp_token"]), kept["note"].encode(), [authority.root])
    assert stated == NOW.replace(microsecond=0)
    assert kept["timestamp_authority"].startswith("local")


@pytest.mark.parametrize(
    ("name", "codec", "has_copy"),
    [("avi", "mpeg4", True), ("mp4", "libx265", True), ("mp4", "libx264", False)],
)
def test_a_clip_that_browsers_do_not_play_has_a_copy_that_they_do(
    hub: Hub, tmp_path: Path, name: str, codec: str, has_copy: bool
) -> None:
    hub.film(f"cam-1/2026-11-01_10-00-00-000000.{name}", seconds=10, codec=codec, b_frames=0)
    hub.index()
    add_discrepancy(hub, "d1", 3, 5)
    assert hub.cut(hub.plan()) == CutSummary(cut=1)
    (row,) = hub.rows("select * from ops.clips")
    copy = row["manifest"].get("playable")
    assert bool(copy) is has_copy
    if not copy:
        return
    data = hub.store.get_bytes(copy["object_key"])
    assert hashlib.sha256(data).hexdigest() == copy["sha256"] != row["sha256"]
    (tmp_path / "copy.mp4").write_bytes(data)
    clip = tmp_path / f"clip{Path(row['object_key']).suffix}"
    clip.write_bytes(hub.store.get_bytes(row["object_key"]))
    with av.open(str(tmp_path / "copy.mp4")) as played, av.open(str(clip)) as sealed:
        assert played.streams.video[0].codec_context.name == "h264"
        frames = [sum(1 for _ in film.decode(video=0)) for film in (played, sealed)]
    assert frames[0] == frames[1] > 0


def test_without_film_it_is_said_and_tried_again_when_film_comes(hub: Hub) -> None:
    add_discrepancy(hub, "d1", 3, 5)
    add_discrepancy(hub, "d2", 3, 5, node_code="DEL9", bay_code=None)
    requests = hub.plan()
    assert hub.cut(requests) == CutSummary(no_footage=2)
    findings = {row["discrepancy_key"]: row["finding"] for row in hub.rows("select * from ops.clips")}
    assert findings == {"d1": "No film of this camera shows the window", "d2": "No camera is known at DEL9"}
    assert hub.plan() == []
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=10)
    hub.index()
    (request,) = hub.plan()
    assert hub.cut([request]) == CutSummary(cut=1)
    rows = hub.rows("select discrepancy_key, clip_status from ops.clips order by 1")
    assert [tuple(row.values()) for row in rows] == [("d1", "cut"), ("d2", "no_footage")]


def test_a_film_that_says_it_is_from_later_waits_for_its_time(hub: Hub) -> None:
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=10)
    hub.index()
    add_discrepancy(hub, "d1", 3, 5)
    early = BEGAN - timedelta(days=1)
    summary = cut_clips(hub.dsn, hub.store, hub.plan(), settings=hub.settings, now=early)
    assert summary == CutSummary(no_footage=1)
    (row,) = hub.rows("select finding from ops.clips")
    assert "the clock of its device is ahead" in row["finding"]
    assert hub.cut(hub.plan()) == CutSummary(cut=1)


def test_the_same_film_again_is_left_alone_and_a_moved_one_stays_itself(hub: Hub) -> None:
    path = hub.film("cam-1/2026-11-01_10-00-00-000000.mp4")
    hub.index()
    assert hub.index() == IndexSummary(unchanged=1)
    moved = hub.folder / "default" / "cam-1" / path.name
    moved.parent.mkdir(parents=True)
    path.rename(moved)
    assert hub.index() == IndexSummary(moved=1)
    (row,) = hub.rows("select uri, gone_at from ops.footage_segments")
    assert (row["uri"], row["gone_at"]) == (moved.resolve().as_uri(), None)
    shutil.copy2(moved, moved.with_name("2026-11-01_10-00-01.mp4"))
    assert hub.index() == IndexSummary(unchanged=1, copies=1)
    kept = moved.read_bytes()
    state = moved.stat()
    shutil.rmtree(moved.parent)
    assert hub.index() == IndexSummary(gone=1)
    moved.parent.mkdir()
    moved.write_bytes(kept)
    os.utime(moved, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert hub.index() == IndexSummary(unchanged=1)
    (row,) = hub.rows("select gone_at from ops.footage_segments")
    assert row["gone_at"] is None


def test_films_that_cannot_be_used_are_named_with_the_remedy(hub: Hub) -> None:
    whole = hub.film("cam-1/2026-11-01_10-00-00-000000.mkv", seconds=6)
    cut_off = hub.film("cam-1/2026-11-01_11-00-00-000000.mkv", seconds=6)
    cut_off.write_bytes(cut_off.read_bytes()[: cut_off.stat().st_size * 2 // 3])
    (hub.folder / "cam-1" / "2026-11-01_12-00-00.mp4").write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    (hub.folder / "cam-1" / "2026-11-01_13-00-00.mp4").write_bytes(b"")
    shutil.copy(whole, hub.folder / "cam-1" / "nameless.mkv")
    shutil.copy(whole, hub.folder / "2026-11-01_14-00-00.mkv")
    assert hub.index() == IndexSummary(indexed=2, faulty=4)
    faults = hub.rows("select error_code, error_remedy from ops.footage_faults order by 1")
    assert [row["error_code"] for row in faults] == [
        "FOOTAGE_CAMERA_UNKNOWN",
        "FOOTAGE_FORMAT_UNKNOWN",
        "FOOTAGE_FORMAT_UNKNOWN",
        "FOOTAGE_TIME_UNKNOWN",
    ]
    (row,) = hub.rows("select * from ops.footage_segments where is_truncated")
    assert 0 < row["sample_count"] < 60
    assert row["finding"].startswith("Indexed up to the last good sample")


def test_a_list_says_more_than_a_name_and_absent_films_are_facts(hub: Hub) -> None:
    path = hub.film("anything.mp4")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (hub.folder / "footage.csv").write_text(
        "camera_code,started_at,ended_at,uri,sha256\n"
        f"cam-1,2026-11-01T10:00:00,,anything.mp4,{digest}\n"
        "cam-1,2026-11-01T11:00:00+05:30,,missing.mp4,\n"
    )
    assert hub.index() == IndexSummary(indexed=1, absent=1)
    (row,) = hub.rows("select camera_code, started_at, time_source from ops.footage_segments")
    assert tuple(row.values()) == ("cam-1", BEGAN, "list")
    assert hub.rows("select * from ops.footage_faults") == []


def test_a_film_that_differs_from_its_listed_hash_is_not_used(hub: Hub) -> None:
    hub.film("anything.mp4")
    (hub.folder / "footage.csv").write_text(
        f"camera_code,started_at,uri,sha256\ncam-1,2026-11-01T10:00:00Z,anything.mp4,{'0' * 64}\n"
    )
    assert hub.index() == IndexSummary(faulty=1)


def test_films_of_the_object_store_are_indexed_and_cut(hub: Hub, s3_store: S3Store, tmp_path: Path) -> None:
    hub.store = s3_store
    path = write_film(tmp_path / "film.mp4", seconds=10)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    key = content_key("footage", digest, ".mp4")
    s3_store.put_file(key, path, sha256=digest)
    (hub.folder / "footage.csv").write_text(
        "camera_code,started_at,uri\n"
        f"cam-1,2026-11-01T10:00:00+05:30,{s3_store.uri(key)}\n"
        f"cam-1,2026-11-01T11:00:00+05:30,{s3_store.uri('footage/missing.mp4')}\n"
    )
    assert hub.index() == IndexSummary(indexed=1, absent=1)
    assert hub.index() == IndexSummary(unchanged=1, absent=1)
    add_discrepancy(hub, "d1", 3, 5)
    assert hub.cut(hub.plan()) == CutSummary(cut=1)
    (row,) = hub.rows("select manifest from ops.clips")
    assert row["manifest"]["files"][0]["parts"][0]["source_name"] == f"{digest}.mp4"


def test_a_film_changed_after_indexing_is_not_cut(hub: Hub) -> None:
    path = hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=10)
    hub.index()
    data = bytearray(path.read_bytes())
    at = data.index(b"mdat") + len(data) // 2
    data[at] ^= 1
    path.write_bytes(data)
    add_discrepancy(hub, "d1", 0, 8)
    assert hub.cut(hub.plan()) == CutSummary(failed=1)
    (row,) = hub.rows("select finding, object_key from ops.clips")
    assert row["finding"].startswith("FOOTAGE_CHANGED")
    assert row["object_key"] is None


def test_the_film_of_a_capture_is_linked_as_it_is_with_a_playable_copy(hub: Hub, tmp_path: Path) -> None:
    recording = write_film(tmp_path / "r.webm", codec="libvpx", seconds=3, options={"live": "1"})
    data = recording.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    key = content_key("captures/default", digest, ".webm")
    with psycopg.connect(hub.dsn) as connection:
        connection.execute(
            """
            insert into raw.qc_captures (capture_id, started_at, ended_at, video_uri, video_sha256,
            tenant_code,
                _file_id, _row_no, _key_hash)
            values ('C1', '2026-11-01T10:00:00+05:30', '2026-11-01T10:05:00+05:30', 'x', %s, 'default', 1, 1,
                gen_random_uuid())
            """,
            (digest,),
        )
    add_discrepancy(hub, "d1", 3, 5, capture_id="C1", bay_code="NO-CAMERA")
    assert hub.cut(hub.plan()) == CutSummary(no_footage=1)
    assert hub.plan() == []
    hub.store.put_bytes(key, data)
    with psycopg.connect(hub.dsn) as connection:
        connection.execute(
            """
            insert into ops.uploads (upload_id, tenant_code, file_name, size_bytes, sha256, object_key,
            created_by,
                expires_at, completed_at)
            values ('u1', 'default', 'c.webm', %s, %s, %s, 'op', now(), now())
            """,
            (len(data), digest, key),
        )
    assert hub.cut(hub.plan()) == CutSummary(cut=1)
    (row,) = hub.rows("select * from ops.clips")
    assert (row["cut_mode"], row["object_key"], row["sha256"], row["camera_code"]) == (
        "original",
        key,
        digest,
        None,
    )
    assert row["leaf_index"] == 0
    copy = tmp_path / "copy.webm"
    hub.store.download(row["manifest"]["playable"]["object_key"], copy)
    assert sample_leaves(copy, "matroska") == sample_leaves(recording, "matroska")


def test_clips_in_s3_are_locked_until_retention_ends(hub: Hub, s3_store: S3Store) -> None:
    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=10)
    hub.store = s3_store
    hub.index()
    add_discrepancy(hub, "d1", 3, 5)
    assert hub.cut(hub.plan()) == CutSummary(cut=1)
    (row,) = hub.rows("select object_key from ops.clips")
    info = s3_store.head(row["object_key"])
    assert info is not None
    assert info.retain_until is not None
    assert info.retain_until > NOW + timedelta(days=399)
    with pytest.raises(NotPermitted):
        s3_store.delete(row["object_key"])
    (check,) = hub.rows("select is_locked, detail from ops.store_checks")
    assert check == {"is_locked": True, "detail": "STORE_REFUSED; OBJECT_EXISTS_DIFFERENT"}


def test_a_store_that_does_not_lock_is_found_out(hub: Hub) -> None:
    class Forgetful(FolderStore):
        """Keeps no retention."""

        def _retain(self, target: Path, until: datetime | None) -> None:
            del target, until

    assert check_lock(hub.store, NOW).is_locked
    assert check_lock(hub.store, NOW).is_locked
    found = check_lock(Forgetful(hub.folder.parent / "other"), NOW)
    assert (found.is_locked, found.detail) == (False, "not refused; not refused")


def test_workers_side_by_side_cut_each_clip_once(hub: Hub) -> None:
    from concurrent.futures import ThreadPoolExecutor

    hub.film("cam-1/2026-11-01_10-00-00-000000.mp4", seconds=10)
    hub.index()
    for number in range(6):
        add_discrepancy(hub, f"d{number}", 2, 4 + number % 2)
    requests = hub.plan()
    with ThreadPoolExecutor(3) as pool:
        summaries = list(pool.map(hub.cut, [requests] * 3))
    assert sum(summary.cut for summary in summaries) == 6
    assert sum(summary.already for summary in summaries) == 12
    rows = hub.rows("select leaf_index, object_key from ops.clips order by 1")
    assert [row["leaf_index"] for row in rows] == list(range(6))
    assert len({row["object_key"] for row in rows}) == 2
