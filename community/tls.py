"""A local certificate authority, so that phones in the same network can use HTTPS.

Made at first start below ``VAR_DIR/tls``. Its constraints let it speak for this machine's private
addresses and ``.local`` names only: a phone that trusts it is not exposed to anything else.
Private keys are readable by their owner only and never leave the folder.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = IPv4Address | IPv6Address

CA_DAYS = 3650
# Phones refuse leaves that live longer than 825 days, browsers longer than 398.
LEAF_DAYS = 365
RENEW_BEFORE = timedelta(days=30)
# A phone whose clock is behind must accept a fresh certificate.
BACKDATE = timedelta(days=1)
# Loopback, RFC 1918, link-local, carrier-grade NAT, unique local addresses.
PRIVATE = [
    ip_network(block)
    for block in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
]
LOOPBACK: tuple[Address, ...] = (ip_address("127.0.0.1"), ip_address("::1"))


@dataclass(frozen=True)
class Authority:
    """The files of the local authority and of the certificate it gave this machine."""

    folder: Path

    @property
    def ca_certificate(self) -> Path:
        return self.folder / "ca.crt"

    @property
    def ca_key(self) -> Path:
        return self.folder / "ca.key"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"

    @cached_property
    def ca(self) -> x509.Certificate:
        """Raises FileNotFoundError before the first ``ensure``."""
        return x509.load_pem_x509_certificate(self.ca_certificate.read_bytes())

    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate, as phones show it: ``AB:CD:…``."""
        return self.ca.fingerprint(hashes.SHA256()).hex(":").upper()


def ensure(folder: Path, addresses: Iterable[Address], host_name: str) -> tuple[Authority, bool]:
    """The authority with a certificate for these addresses; True when it was issued just now.

    Makes the authority at first use; issues again when an address or the name is new or the end
    is near. Addresses outside the private ranges are left out, since no phone would accept them.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = Authority(folder)
    if not _is_usable(authority):
        _make_authority(authority)
        authority = Authority(folder)
    names = ["localhost", *([f"{label}.local"] if (label := _label(host_name)) else [])]
    private = {address for address in addresses if is_private(address)} | set(LOOPBACK)
    if _covers(authority, names, private):
        return authority, False
    _issue(authority, names, sorted(private, key=lambda one: (one.version, int(one))))
    return authority, True


def is_private(address: Address) -> bool:
    return any(address in block for block in PRIVATE)


def _label(host_name: str) -> str:
    """The first label of a host name, made fit for DNS; empty if nothing fits."""
    return re.sub(r"[^a-z0-9-]", "", host_name.partition(".")[0].lower()).strip("-")[:63]


def _is_usable(authority: Authority) -> bool:
    try:
        key = _load_key(authority.ca_key)
        ends = authority.ca.not_valid_after_utc
        return ends - RENEW_BEFORE > _now() and key.public_key() == authority.ca.public_key()
    except (FileNotFoundError, ValueError):
        return False


def _covers(authority: Authority, names: Sequence[str], addresses: set[Address]) -> bool:
    """Whether the present certificate is ours, lives on, and names all that is asked."""
    try:
        leaf = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
        key = _load_key(authority.key)
        held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        leaf.verify_directly_issued_by(authority.ca)
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return (
        leaf.not_valid_after_utc - RENEW_BEFORE > _now()
        and key.public_key() == leaf.public_key()
        and set(names) <= set(held.get_values_for_type(x509.DNSName))
        and addresses <= set(held.get_values_for_type(x509.IPAddress))
    )


def _make_authority(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    # Phones list authorities by name: two installations must be told apart.
    name = _name(f"Linli {socket.gethostname()[:40]} {_now():%Y-%m-%d}")
    names = [x509.DNSName("localhost"), x509.DNSName("local")]
    permitted: list[x509.GeneralName] = [*names, *(x509.IPAddress(block) for block in PRIVATE)]
    certificate = (
        _builder(name, name, key.public_key(), CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(authority.ca_key, key)
    _write(authority.ca_certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _issue(authority: Authority, names: Sequence[str], addresses: Sequence[Address]) -> None:
    ca_key = _load_key(authority.ca_key)
    key = ec.generate_private_key(ec.SECP256R1())
    ca_identifier = authority.ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternatives += [x509.IPAddress(address) for address in addresses]
    certificate = (
        _builder(_name("Linli"), authority.ca.subject, key.public_key(), LEAF_DAYS)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_identifier.value),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    _write_key(authority.key, key)
    _write(authority.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    start = _now() - BACKDATE
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Raises FileNotFoundError, or ValueError for anything but our kind of key."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} holds another kind of key")  # noqa: TRY004
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(path, pem, 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step; it never exists with wider rights than ``mode``."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
