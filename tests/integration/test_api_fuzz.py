"""Calls made up from our own OpenAPI never break the API, and nobody gets in without being known (R22)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import urllib3
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode

from ingest.api.security import Caller, Sessions
from ingest.api.tus import OFFSET_TYPE
from rtv_commands.issue_api_key import issue_api_key
from rtv_core.identity import Role
from tests.conftest import free_port
from tests.fixtures.bay import ADMIN, NODE, SIGN_IN, Bay, bay_settings, expect_consignment, serving

SEED = int(os.environ.get("FUZZ_SEED", "7"))
CALLS = int(os.environ.get("FUZZ_CALLS", "5000"))
UNBOUND = 10**9
# Where nobody has to be known: health, what tus is spoken, and the doors that ask for a PIN or a proof.
OPEN = {
    "GET /healthz",
    "GET /readyz",
    "OPTIONS /v1/uploads",
    "POST /v1/sessions",
    "POST /v1/hooks/{name}",
    # A time and a state of the log disclose nothing; a witness's line proves itself.
    "GET /v1/beacon",
    "GET /v1/beacon.svg",
    "GET /v1/seal/checkpoint",
    "GET /v1/seal/consistency/{old_size}/{new_size}",
    "POST /v1/seal/cosignatures",
}
# What a partner's key opens besides.
PARTNERS = {"GET /v1/status/consignments", "POST /v1/pickups"}
schemathesis.serializer.alias(OFFSET_TYPE, "application/octet-stream")
_TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "64"}


@dataclass
class Fuzz:
    """Sends each made-up call as everybody who may or must not; where nobody is asked, once.

    It is made up and written once, and sent by each over one connection: making it up costs most.
    """

    bay: Bay
    http: urllib3.HTTPConnectionPool
    known: dict[str, dict[str, str]]
    strangers: dict[str, dict[str, str]]
    seen: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    @property
    def calls(self) -> int:
        return sum(self.seen.values())

    def send(self, label: str, case: Case, *, is_guarded: bool) -> None:
        case.headers.pop("Authorization", None)
        made_up = case.as_transport_kwargs(base_url=self.bay.url)
        written = requests.Request(**{**made_up, "cookies": None}).prepare()
        for name, who in (self.strangers | self.known if is_guarded else {"nobody": {}}).items():
            answer = self.http.urlopen(
                str(written.method),
                written.path_url,
                body=written.body,
                headers={**written.headers, **who},
                retries=urllib3.Retry(0, redirect=3),
            )
            self.seen[label, name, answer.status] += 1
            found = _wrong(label, name, answer, is_stranger=name in self.strangers and is_guarded)
            assert not found, f"{found}\n{name}: {case.as_curl_command(headers=who)}\n{answer.data[:2000]!r}"


def _wrong(label: str, name: str, answer: urllib3.BaseHTTPResponse, *, is_stranger: bool) -> str | None:
    """What is wrong with an answer, if anything."""
    status = answer.status
    if status >= 500:
        return f"{status}: it broke"
    # What cannot be read at all is refused before anybody asks who sent it.
    if is_stranger and status not in {400, 401, 422}:
        return f"{status}: a stranger got in"
    if name == "partner" and label not in PARTNERS and status < 400:
        return f"{status}: a partner got in"
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    if status >= 400 and not is_problem and not label.startswith("HEAD"):
        return f"{status} without a problem"
    return None


@pytest.fixture
def fuzz(warehouse_dsn: str, tmp_path: Path) -> Iterator[Fuzz]:
    limits = ("sign_in_tries_per_minute", "key_calls_per_minute", "station_calls_per_minute")
    unlimited = dict.fromkeys(limits, UNBOUND)
    with serving(bay_settings(warehouse_dsn, tmp_path / "bay", free_port(), **unlimited)) as bay:
        expect_consignment(warehouse_dsn, bay.store)
        now = datetime.now(UTC)
        key = issue_api_key(warehouse_dsn, key_name="fuzz", actor=ADMIN, now=now)
        partner = issue_api_key(
            warehouse_dsn, key_name="p", actor=ADMIN, now=now, roles=(Role.PARTNER,), party_code="SWIFT"
        )
        session = requests.post(f"{bay.url}/v1/sessions", json=SIGN_IN, timeout=20).json()["token"]
        forged = Sessions("f" * 40, 1).sign(Caller(ADMIN, NODE, "ST-1", "BAY-1"))
        known = {"key": f"Bearer {key}", "operator": f"Bearer {session}", "partner": f"Bearer {partner}"}
        strangers = {
            "wrong key": f"Bearer {key[:-1]}{'0' if key[-1] != '0' else '1'}",
            "forged session": f"Bearer {forged}",
            "cut session": f"Bearer {session[:-1]}",
        }
        with urllib3.HTTPConnectionPool("127.0.0.1", bay.settings.api.port, timeout=20) as http:
            yield Fuzz(
                bay,
                http,
                {name: {"Authorization": said} for name, said in known.items()},
                {"nobody": {}} | {name: {"Authorization": said} for name, said in strangers.items()},
            )


def _strategies(fuzz: Fuzz, operation: Any) -> Iterator[SearchStrategy[Case]]:
    """Calls as the description wants them and as it does not, of an upload that is there and of any."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        yield operation.as_strategy(generation_mode=mode)
    if "{upload_id}" in operation.path:
        begun = requests.post(f"{fuzz.bay.url}/v1/uploads", headers={**_TUS, **fuzz.known["key"]}, timeout=20)
        upload_id = begun.headers["Location"].rsplit("/", 1)[1]
        yield operation.as_strategy(path_parameters={"upload_id": upload_id})


def _try(fuzz: Fuzz, operation: Any, strategy: SearchStrategy[Case], *, examples: int, number: int) -> None:
    is_guarded = operation.label not in OPEN

    @seed(SEED + number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def made_up(case: Case) -> None:
        fuzz.send(operation.label, case, is_guarded=is_guarded)

    try:
        made_up()
    except Unsatisfiable:
        # What takes nothing cannot be called wrongly.
        assert not [*operation.body, *operation.query, *operation.path_parameters]


@pytest.mark.slow
def test_no_call_breaks_the_api_and_no_stranger_gets_in(fuzz: Fuzz) -> None:
    schema = schemathesis.openapi.from_url(f"{fuzz.bay.url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    # One round if it can be: each round builds what makes calls up anew.
    a_case = sum(2 * (1 if operation.label in OPEN else 7) for operation in operations)
    examples = min(max(2, CALLS // a_case), 200)
    number = 0
    while fuzz.calls < CALLS:
        for operation in operations:
            for strategy in _strategies(fuzz, operation):
                _try(fuzz, operation, strategy, examples=examples, number=number)
        number += 1
    outcomes = Counter[tuple[str, int]]()
    for (label, _, status), times in fuzz.seen.items():
        outcomes[label, status] += times
    print(f"\n{fuzz.calls} calls, FUZZ_SEED={SEED}: {sorted(outcomes.items())}")  # noqa: T201 - shown when it fails
    for label in ("POST /v1/captures", "POST /v1/gate-receipts"):
        assert outcomes[label, 202], f"no made-up {label} was good enough to be kept"
        assert outcomes[label, 422], f"no made-up {label} was wrong"
    for operation in operations:
        is_guarded = operation.label not in OPEN
        assert is_guarded == ("security" in operation.definition.raw), operation.label
        for name in fuzz.strangers:
            assert not is_guarded or fuzz.seen[operation.label, name, 401], f"{operation.label}: {name}"
