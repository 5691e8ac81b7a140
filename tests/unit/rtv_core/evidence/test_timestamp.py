"""The local timestamp authority speaks RFC 3161: other verifiers accept what it said, and only that."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from rtv_core.errors import ConfigurationError, IntegrityError
from rtv_core.evidence import der
from rtv_core.evidence.timestamp import ensure_local_authority, verify_stamp

_NOW = datetime(2026, 11, 1, 10, 30, 15, tzinfo=UTC)
_DATA = b"rtv-hub.local/log\n7\nroot\n"


def test_a_stamp_holds_for_its_bytes_and_its_root_only(tmp_path: Path) -> None:
    authority = ensure_local_authority(tmp_path / "tsa.pem", _NOW)
    stamp = authority.stamp(_DATA, _NOW)
    assert verify_stamp(stamp, _DATA, [authority.root]) == _NOW
    other = ensure_local_authority(tmp_path / "other.pem", _NOW)
    for response, data, root in (
        (stamp, _DATA + b"x", authority.root),
        (stamp, _DATA, other.root),
        (stamp[:-1], _DATA, authority.root),
        (b"", _DATA, authority.root),
        (stamp.replace(b"20261101103015Z", b"20251101103015Z"), _DATA, authority.root),
    ):
        with pytest.raises(IntegrityError):
            verify_stamp(response, data, [root])


def test_openssl_agrees(tmp_path: Path) -> None:
    authority = ensure_local_authority(tmp_path / "tsa.pem", _NOW)
    (tmp_path / "stamp.tsr").write_bytes(authority.stamp(_DATA, _NOW))
    (tmp_path / "data").write_bytes(_DATA)
    (tmp_path / "root.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    command = ["openssl", "ts", "-verify", "-in", "stamp.tsr", "-data", "data", "-CAfile", "root.pem"]
    try:
        answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("the openssl program is not installed here")
    assert answer.returncode == 0, answer.stderr
    assert "Verification: OK" in answer.stdout + answer.stderr


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tsa.pem"
    first = ensure_local_authority(path, _NOW)
    assert ensure_local_authority(path, _NOW).certificate == first.certificate
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("no key")
    with pytest.raises(ConfigurationError):
        ensure_local_authority(path, _NOW)


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (der.integer(0), "020100"),
        (der.integer(127), "02017f"),
        (der.integer(128), "02020080"),
        (der.integer(256), "02020100"),
        (der.oid("1.2.840.113549"), "06062a864886f70d"),
        (der.octets(bytes(200))[:3], "0481c8"),
        (der.set_of(der.integer(2), der.integer(1)), "3106020101020102"),
    ],
)
def test_der_is_written_as_the_standard_says(made: bytes, wanted: str) -> None:
    assert made.hex() == wanted
