"""tus 1.0 as its text asks: the core and every extension that OPTIONS declares, one case a line."""

from __future__ import annotations

import base64
import fcntl
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from rtv_commands.issue_api_key import issue_api_key
from rtv_core.identity import Actor, ActorKind, Role
from rtv_core.warehouse.connection import connect
from tests.conftest import free_port
from tests.fixtures.bay import ADMIN, Bay, bay_settings, serving
from tests.fixtures.bay_requests import metadata

DATA = b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 4
SIZE, HALF = len(DATA), 500
DIGEST = hashlib.sha256(DATA).hexdigest()
KIND = {"Content-Type": "application/offset+octet-stream"}
SAID = metadata(filename="film.webm", filetype="video/webm", sha256=DIGEST) + ",is_last"
MAX_BYTES = 10_000
NONE = None


def checksum(name: str, data: bytes) -> dict[str, str | None]:
    return {"Upload-Checksum": f"{name} {base64.b64encode(hashlib.new(name, data).digest()).decode()}"}


def at(offset: int | str) -> dict[str, str | None]:
    return {**KIND, "Upload-Offset": str(offset)}


def length(size: int | str) -> dict[str, str | None]:
    return {"Upload-Length": str(size)}


@dataclass(frozen=True)
class Case:
    """One request to an upload at a stage; what is answered, and where the upload stands then."""

    name: str
    stage: str
    method: str
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes = b""
    status: int = 204
    wants: dict[str, str | None] = field(default_factory=dict)
    then: int | None = None
    """Offset that HEAD tells after, or the status of its refusal."""


META, OFFSET = "Upload-Metadata", "upload-offset"
NOBODY: dict[str, str | None] = {"Authorization": None}
OURS: dict[str, str | None] = {"tus-version": "1.0.0"}
REST = DATA[HALF:]


def new(name: str, headers: dict[str, str | None], body: bytes = b"", status: int = 204, wants: Any = None,
        then: int | None = None) -> Case:  # fmt: skip
    return Case(name, "none", "POST", headers, body, status, wants or {}, then)


def send(name: str, stage: str, headers: dict[str, str | None], body: bytes = b"", status: int = 204,
         wants: Any = None, then: int | None = None) -> Case:  # fmt: skip
    return Case(name, stage, "PATCH", headers, body, status, wants or {}, then)


def look(name: str, stage: str, status: int = 200, wants: Any = None) -> Case:
    return Case(name, stage, "HEAD", {}, b"", status, wants or {})


CREATION = [
    new("creation", length(SIZE), status=201, wants={OFFSET: "0"}, then=0),
    new("no length", {}, status=400),
    new("negative length", length(-1), status=400),
    new("length is a word", length("many"), status=400),
    new("length is a fraction", length("1.5"), status=400),
    new("length is a foreign digit", length("١"), status=400),
    new("length is beyond counting", length("9" * 19), status=400),
    new("as long as may be", length(MAX_BYTES), status=201, then=0),
    new("longer than may be", length(MAX_BYTES + 1), status=413),
    new("nothing at all is whole", length(0), status=201, wants={OFFSET: "0"}, then=0),
    new("deferred length is not declared", {"Upload-Defer-Length": "1"}, status=400),
    new("deferred beside a length", {**length(9), "Upload-Defer-Length": "1"}, status=400),
    new("partial upload is not declared", {**length(9), "Upload-Concat": "partial"}, status=400),
    new("final upload is not declared", {"Upload-Concat": "final;/a /b"}, status=400),
    new("metadata", {**length(9), META: SAID}, status=201),
    new("metadata without value", {**length(9), META: "a,b"}, status=201),
    new("metadata empty", {**length(9), META: ""}, status=201),
    new("metadata with spaces", {**length(9), META: "a YQ== , b Yg=="}, status=201),
    new("metadata twice", {**length(9), META: "a YQ==,a Yg=="}, status=400),
    new("metadata not base64", {**length(9), META: "a ###"}, status=400),
    new("metadata not UTF-8", {**length(9), META: "a //8="}, status=400),
    new("metadata of three words", {**length(9), META: "a YQ== YQ=="}, status=400),
    Case("a kind that is not taken", "none", "POST",
         {**length(9), META: metadata(filetype="text/html")}, status=415),
    new("a hash that is none", {**length(9), META: metadata(sha256="ab")}, status=422),
]  # fmt: skip
WITH_UPLOAD = [
    new("whole with creation", {**KIND, **length(SIZE)}, DATA, 201,
         {OFFSET: str(SIZE), "rtv-sha256": DIGEST, "upload-expires": NONE}, then=SIZE),
    new("part with creation", {**KIND, **length(SIZE)}, DATA[:HALF], 201,
         {OFFSET: str(HALF)}, then=HALF),
    new("no byte with creation", {**KIND, **length(SIZE)}, status=201,
         wants={OFFSET: "0"}, then=0),
    new("more than announced", {**KIND, **length(5)}, DATA, 413),
    new("bytes of nothing", {**KIND, **length(0)}, DATA, 413),
    new("bytes of another type", {**length(SIZE), "Content-Type": "text/plain"}, DATA, 415),
    new("bytes of no type", length(SIZE), DATA, 415),
    new("right checksum", {**KIND, **length(SIZE), **checksum("sha1", DATA)}, DATA, 201,
         {OFFSET: str(SIZE)}, then=SIZE),
    new("wrong checksum", {**KIND, **length(SIZE), **checksum("sha1", b"x")}, DATA, 460),
]  # fmt: skip
HEAD = [
    look("begun", "begun", status=200, wants={
        OFFSET: "0", "upload-length": str(SIZE), "upload-metadata": SAID, "cache-control": "no-store"}),
    look("half", "half", status=200, wants={OFFSET: str(HALF), "upload-length": str(SIZE)}),
    look("complete", "complete", status=200, wants={
        OFFSET: str(SIZE), "upload-length": str(SIZE), "rtv-sha256": DIGEST, "upload-expires": NONE}),
    *(look(f"{stage}", stage, status=status, wants={OFFSET: NONE, "cache-control": "no-store"})
      for stage, status in (("unknown", 404), ("foreign", 404), ("terminated", 404),
                            ("terminated complete", 410), ("expired", 410), ("refused", 410))),
]  # fmt: skip
PATCH = [
    send("all at once", "begun", at(0), DATA, 204, {OFFSET: str(SIZE), "rtv-sha256": DIGEST}, SIZE),
    send("first half", "begun", at(0), DATA[:HALF], 204, {OFFSET: str(HALF)}, HALF),
    send("second half", "half", at(HALF), REST, 204, {"rtv-sha256": DIGEST}, SIZE),
    send("no byte", "half", at(HALF), b"", 204, {OFFSET: str(HALF)}, HALF),
    send("before the offset", "half", at(HALF - 1), DATA[HALF - 1 :], 409, then=HALF),
    send("from the start again", "half", at(0), DATA, 409, then=HALF),
    send("past the offset", "half", at(HALF + 1), DATA[HALF + 1 :], 409, then=HALF),
    send("past the end", "half", at(SIZE + 1), b"x", 409, then=HALF),
    send("no offset", "half", KIND, REST, 400, then=HALF),
    send("negative offset", "half", at(-1), REST, 400, then=HALF),
    send("offset is a word", "half", at("here"), REST, 400, then=HALF),
    send("no type", "half", {"Upload-Offset": str(HALF)}, REST, 415, then=HALF),
    send("another type", "half", {**at(HALF), "Content-Type": "text/plain"}, REST, 415, then=HALF),
    send("type in capitals", "half", {**at(HALF), "Content-Type": "Application/Offset+Octet-Stream"},
         REST, 204, then=SIZE),
    send("more than announced", "half", at(HALF), DATA, 413),
    send("complete, nothing more", "complete", at(SIZE), b"", 204, {OFFSET: str(SIZE)}, SIZE),
    send("complete, from the start again", "complete", at(0), DATA, 409, then=SIZE),
    send("complete, more bytes", "complete", at(SIZE), b"x", 413, then=SIZE),
    send("bytes that hash to another film", "other film", at(0), DATA, 422, then=410),
    send("bytes of another kind", "other kind", at(0), DATA, 422, then=410),
    *(send(f"{stage}", stage, at(0), DATA, status, {OFFSET: NONE})
      for stage, status in (("unknown", 404), ("foreign", 404), ("terminated", 404),
                            ("terminated complete", 410), ("expired", 410), ("refused", 410))),
]  # fmt: skip
CHECKSUM = [
    *(send(f"{name} right", "half", {**at(HALF), **checksum(name, REST)}, REST, then=SIZE)
      for name in ("sha1", "sha256")),
    *(send(f"{name} wrong", "half", {**at(HALF), **checksum(name, b"x")}, REST, 460, then=HALF)
      for name in ("sha1", "sha256")),
    send("right of a part", "begun", {**at(0), **checksum("sha1", DATA[:9])}, DATA[:9], then=9),
    send("wrong from the start", "begun", {**at(0), **checksum("sha1", b"x")}, DATA, 460, then=0),
    send("of no byte", "half", {**at(HALF), **checksum("sha1", b"")}, b"", 204, then=HALF),
    send("too many bytes", "half", {**at(HALF), **checksum("sha1", DATA)}, DATA, 413, then=HALF),
    send("unknown algorithm", "half", {**at(HALF), **checksum("md5", REST)}, REST, 400, then=HALF),
    send("no value", "half", {**at(HALF), "Upload-Checksum": "sha1"}, REST, 400, then=HALF),
    send("no base64", "half", {**at(HALF), "Upload-Checksum": "sha1 ###"}, REST, 400, then=HALF),
    send("empty", "half", {**at(HALF), "Upload-Checksum": ""}, REST, 400, then=HALF),
]  # fmt: skip
TERMINATION = [
    Case("begun", "begun", "DELETE", then=404),
    Case("half", "half", "DELETE", then=404),
    Case("complete", "complete", "DELETE", then=410),
    *(Case(f"{stage}", stage, "DELETE", status=status)
      for stage, status in (("unknown", 404), ("foreign", 404), ("terminated", 404),
                            ("terminated complete", 410), ("expired", 410), ("refused", 410))),
]  # fmt: skip
VERSION = [
    *(Case(f"{method} {what}", "half", method, {**headers, "Tus-Resumable": version}, body, 412,
           OURS, HALF)
      for what, version in (("of none", NONE), ("of another", "0.2.2"), ("of the next", "1.0.1"))
      for method, headers, body in (("HEAD", {}, b""), ("PATCH", at(HALF), REST), ("DELETE", {}, b""))),
    new("POST of none", {**length(9), "Tus-Resumable": NONE}, status=412, wants=OURS),
    new("POST of another", {**length(9), "Tus-Resumable": "2"}, status=412, wants=OURS),
    Case("OPTIONS asks no version", "none", "OPTIONS", {"Tus-Resumable": "9.9.9"}, wants={
        "tus-version": "1.0.0", "tus-max-size": str(MAX_BYTES), "tus-checksum-algorithm": "sha1,sha256",
        "tus-extension": "creation,creation-with-upload,checksum,termination,expiration"}),
    Case("OPTIONS of an upload", "half", "OPTIONS", wants=OURS, then=HALF),
    Case("OPTIONS asks nobody who he is", "none", "OPTIONS", {**NOBODY}),
]  # fmt: skip
METHODS = [
    *(Case(f"POST for {method}", "half", "POST", {**more, "X-HTTP-Method-Override": method}, body, status,
           then=then)
      for method, more, body, status, then in (
          ("PATCH", at(HALF), REST, 204, SIZE), ("HEAD", {}, b"", 200, HALF),
          ("DELETE", {}, b"", 204, 404), ("patch", at(HALF), REST, 204, SIZE))),
    Case("GET stands for itself", "half", "GET", {"X-HTTP-Method-Override": "DELETE"}, status=404, then=HALF),
    *(Case(f"{method} of an upload", "half", method, status=405, then=HALF) for method in ("POST", "PUT")),
    Case("GET of an upload: nothing is there to read", "half", "GET", status=404, then=HALF),
    *(Case(f"{method} of all", "none", method, status=405) for method in ("PUT", "PATCH", "DELETE")),
]  # fmt: skip
STRANGERS = [
    *(Case(f"{method} by nobody", "half", method, {**headers, **NOBODY}, body, 401,
           {OFFSET: NONE}, HALF)
      for method, headers, body in (("HEAD", {}, b""), ("PATCH", at(HALF), REST), ("DELETE", {}, b""))),
    new("POST by nobody", {**length(9), **NOBODY}, status=401, wants={"location": NONE}),
]  # fmt: skip
GROUPS = {
    "creation": CREATION, "creation-with-upload": WITH_UPLOAD, "head": HEAD, "patch": PATCH,
    "checksum": CHECKSUM, "termination": TERMINATION, "version": VERSION, "methods": METHODS,
    "strangers": STRANGERS,
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A bay server and two tenants' keys."""

    bay: Bay
    client: httpx.Client
    other: httpx.Client

    def begin(self, client: httpx.Client, said: str = SAID) -> str:
        headers = {"Tus-Resumable": "1.0.0", **length(SIZE), "Upload-Metadata": said}
        return client.post("/v1/uploads", headers=headers).raise_for_status().headers["Location"]

    def upload(self, stage: str) -> str:
        """The address of an upload at this stage."""
        if stage == "none":
            return "/v1/uploads"
        if stage == "unknown":
            return "/v1/uploads/" + "0" * 32
        wrong = {
            "refused": metadata(sha256="0" * 64),
            "other film": metadata(sha256="0" * 64),
            "other kind": metadata(filetype="image/png"),
        }
        where = self.begin(self.other if stage == "foreign" else self.client, wrong.get(stage, SAID))
        came = {"half": DATA[:HALF], "complete": DATA, "terminated complete": DATA, "refused": DATA}
        if stage in came:
            self.client.patch(where, content=came[stage], headers={"Tus-Resumable": "1.0.0", **at(0)})
        if stage.startswith("terminated"):
            self.client.delete(where, headers={"Tus-Resumable": "1.0.0"}).raise_for_status()
        if stage == "expired":
            with connect(self.bay.dsn) as connection:
                connection.execute(
                    "update ops.uploads set expires_at = now() - interval '1 second' where upload_id = %s",
                    (where.rsplit("/", 1)[1],),
                )
        return where


@pytest.fixture(scope="module")
def world(module_warehouse_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    dsn, now = module_warehouse_dsn, datetime.now(UTC)
    lead = Actor(ActorKind.PERSON, "lead", frozenset({Role.ADMIN}), "brand-b")
    keys = [issue_api_key(dsn, key_name="tus", actor=actor, now=now) for actor in (ADMIN, lead)]
    home = tmp_path_factory.mktemp("tus")
    with serving(bay_settings(dsn, home, free_port(), max_upload_bytes=MAX_BYTES)) as bay:
        mine, theirs = (
            httpx.Client(base_url=bay.url, timeout=30, headers={"Authorization": f"Bearer {key}"})
            for key in keys
        )
        with mine, theirs:
            yield World(bay, mine, theirs)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{group}: {case.name}") for group, cases in GROUPS.items() for case in cases],
)
def test_the_server_does_as_tus_asks(world: World, case: Case) -> None:
    where = world.upload(case.stage)
    who = {"Authorization": world.client.headers["Authorization"], "Tus-Resumable": "1.0.0"}
    headers = {name: value.encode() for name, value in {**who, **case.headers}.items() if value is not None}
    with httpx.Client(base_url=world.bay.url) as client:
        answer = client.request(case.method, where, content=case.body or None, headers=headers)
    assert answer.status_code == case.status, answer.text
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert {name: answer.headers.get(name) for name in case.wants} == case.wants
    if answer.status_code == 201:
        where = answer.headers["Location"]
    if case.then is not None:
        stands = world.client.head(where, headers={"Tus-Resumable": "1.0.0"})
        found = int(stands.headers["Upload-Offset"]) if stands.status_code == 200 else stands.status_code
        assert found == case.then
        if stands.status_code == 200 and found < SIZE and stands.headers["Upload-Length"] == str(SIZE):
            assert parsedate_to_datetime(stands.headers["Upload-Expires"]) > datetime.now(UTC)


def test_one_writer_at_a_time(world: World) -> None:
    where = world.upload("half")
    upload_id = where.rsplit("/", 1)[1]
    state = {"Tus-Resumable": "1.0.0", **at(HALF)}
    with world.bay.settings.upload_folder.joinpath(f"{upload_id}.part").open("rb") as part:
        fcntl.flock(part, fcntl.LOCK_EX)
        patch = world.client.patch(where, content=DATA[HALF:], headers=state)
        delete = world.client.delete(where, headers=state)
        head = world.client.head(where, headers=state)
    assert [answer.status_code for answer in (patch, delete, head)] == [423, 423, 200]
    assert patch.json()["code"] == "UPLOAD_BUSY"
    assert world.client.patch(where, content=DATA[HALF:], headers=state).headers["Rtv-Sha256"] == DIGEST


def test_the_film_of_a_complete_upload_that_is_given_up_stays(world: World) -> None:
    world.upload("terminated complete")
    assert world.bay.store.get_bytes(f"captures/default/{DIGEST[:2]}/{DIGEST}.webm") == DATA
