"""RFC 3161 timestamps: the built-in local authority, and the check of any authority's answer.

The local authority states the hub's own clock under the hub's own key. It is named as local wherever its
stamps are shown; an outside authority proves more.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import rfc3161_client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from rtv_core.errors import ConfigurationError, IntegrityError
from rtv_core.evidence import der

LOCAL_AUTHORITY = "local (this hub's own clock and key)"
_POLICY = "1.3.6.1.4.1.55555.1.1"
_SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
_TST_INFO = der.oid("1.2.840.113549.1.9.16.1.4")
_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
_YEARS = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class LocalAuthority:
    """A timestamp authority in this process: its key, its certificate and the root above it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    def stamp(self, data: bytes, now: datetime) -> bytes:
        """The RFC 3161 response that says these bytes were there at `now`, as DER."""
        info = self._info(data, now)
        attributes = [
            _attribute(_CONTENT_TYPE, _TST_INFO),
            _attribute(_MESSAGE_DIGEST, der.octets(hashlib.sha256(info).digest())),
            _attribute(_SIGNING_CERTIFICATE_V2, self._certificate_id()),
        ]
        signature = self.key.sign(der.set_of(*attributes), ec.ECDSA(hashes.SHA256()))
        issuer = der.sequence(
            self.certificate.issuer.public_bytes(), der.integer(self.certificate.serial_number)
        )
        signer = der.sequence(
            der.integer(1),
            issuer,
            _SHA256,
            der.tlv(0xA0, *sorted(attributes)),
            _ECDSA_SHA256,
            der.octets(signature),
        )
        signed = der.sequence(
            der.integer(3),
            der.set_of(_SHA256),
            der.sequence(_TST_INFO, der.explicit(0, der.octets(info))),
            der.tlv(0xA0, *sorted(map(_der_of, (self.certificate, self.root)))),
            der.set_of(signer),
        )
        token = der.sequence(_SIGNED_DATA, der.explicit(0, signed))
        return der.sequence(der.sequence(der.integer(0)), token)

    def _info(self, data: bytes, now: datetime) -> bytes:
        imprint = der.sequence(_SHA256, der.octets(hashlib.sha256(data).digest()))
        serial = int.from_bytes(hashlib.sha256(imprint + now.isoformat().encode()).digest()[:15], "big")
        return der.sequence(
            der.integer(1), der.oid(_POLICY), imprint, der.integer(serial), der.generalized_time(now)
        )

    def _certificate_id(self) -> bytes:
        digest = hashlib.sha256(_der_of(self.certificate)).digest()
        return der.sequence(der.sequence(der.sequence(der.octets(digest))))


def ensure_local_authority(path: Path, now: datetime) -> LocalAuthority:
    """The authority whose key and certificates stand at `path` (PEM), made when they are not there."""
    if not path.exists():
        _create(path, now)
    try:
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        certificate, root = x509.load_pem_x509_certificates(pem)
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            f"The timestamp key at {path} cannot be read",
            remedy="Restore it from its backup, or remove it: a new one is made.",
            code="TIMESTAMP_KEY_UNREADABLE",
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ConfigurationError(
            f"The key at {path} is of the wrong kind",
            remedy="Remove it: a new one is made.",
            code="TIMESTAMP_KEY_KIND",
        )
    return LocalAuthority(key, certificate, root)


def verify_stamp(response: bytes, data: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """The time an authority below `roots` states for these bytes; `IntegrityError` when it does not."""
    try:
        parsed = rfc3161_client.decode_timestamp_response(response)
        builder = rfc3161_client.VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(root)
        builder.build().verify_message(parsed, data)
        stated: datetime = parsed.tst_info.gen_time
    except (rfc3161_client.VerificationError, ValueError) as error:
        raise IntegrityError(
            f"The timestamp does not hold: {error}",
            remedy="Ask the authority again; if the bytes changed since, find out how.",
            code="TIMESTAMP_INVALID",
        ) from error
    return stated.astimezone(UTC) if stated.tzinfo else stated.replace(tzinfo=UTC)


def _create(path: Path, now: datetime) -> None:
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "RTV Hub local timestamp root")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "RTV Hub local timestamp authority")])
    root = _certificate(root_name, root_name, root_key, root_key, now)
    certificate = _certificate(name, root_name, key, root_key, now)
    # The root's key is not kept: this authority signs under one certificate only.
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem += b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, root))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=".tsa-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(pem)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(scratch)
    finally:
        Path(scratch).unlink()


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    is_root = subject == issuer
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if not is_root:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(signer, hashes.SHA256())


def _attribute(name: bytes, value: bytes) -> bytes:
    return der.sequence(name, der.set_of(value))


def _der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
