"""The local authority: phones can check it, nobody else can abuse it."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from community import tls

pytestmark = pytest.mark.pure
HOME = ip_address("192.168.7.20")


def ensure(folder: Path, *addresses: str) -> tuple[tls.Authority, bool]:
    wanted = [ip_address(one) for one in addresses or (str(HOME),)]
    return tls.ensure(folder, wanted, "gatehouse.example.net")


@pytest.fixture
def answering(tmp_path: Path):
    """An HTTPS server with the certificate of a fresh authority: (authority, port)."""
    authority, _ = ensure(tmp_path / "tls")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write("闸机".encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate, authority.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield authority, server.server_port
    server.shutdown()


def trusting(authority: tls.Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.ca_certificate))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_who_trusts_the_authority_gets_through(answering, host):
    authority, port = answering
    answer = httpx.get(f"https://{host}:{port}/", verify=trusting(authority))
    assert answer.text == "闸机"


def test_who_does_not_trust_it_is_warned(answering):
    _, port = answering
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://localhost:{port}/")


def test_the_authority_cannot_speak_for_another_site(tmp_path: Path):
    """Even with its key stolen, a certificate for a bank is refused by who trusts it."""
    authority, _ = ensure(tmp_path)
    tls._issue(authority, ["bank.example.com"], [])
    server, client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(authority.certificate, authority.key)
    there = ours.wrap_bio(client, server, server_side=True)
    here = trusting(authority).wrap_bio(server, client, server_hostname="bank.example.com")
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake(here, there)


def shake(*sides: ssl.SSLObject) -> None:
    for _ in range(6):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue


def test_a_second_start_issues_nothing_new(tmp_path: Path):
    authority, issued = ensure(tmp_path)
    before = authority.certificate.read_bytes(), authority.ca_certificate.read_bytes()
    again, issued_again = ensure(tmp_path)
    assert (issued, issued_again) == (True, False)
    assert (again.certificate.read_bytes(), again.ca_certificate.read_bytes()) == before


def test_a_new_address_renews_the_certificate_but_not_the_authority(tmp_path: Path):
    authority, _ = ensure(tmp_path)
    ca = authority.ca_certificate.read_bytes()
    again, issued = ensure(tmp_path, "10.1.2.3")
    leaf = x509.load_pem_x509_certificate(again.certificate.read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert issued
    assert ip_address("10.1.2.3") in names.get_values_for_type(x509.IPAddress)
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "gatehouse.local"]
    assert again.ca_certificate.read_bytes() == ca


def test_a_certificate_near_its_end_is_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ensure(tmp_path)
    later = tls._now() + tls.timedelta(days=tls.LEAF_DAYS - 20)
    monkeypatch.setattr(tls, "_now", lambda: later)
    _, issued = ensure(tmp_path)
    assert issued


@pytest.mark.parametrize("broken", ["server.crt", "server.key", "ca.crt", "ca.key"])
def test_a_broken_file_is_made_again(tmp_path: Path, broken):
    ensure(tmp_path)
    (tmp_path / broken).write_text("-----BEGIN NONSENSE-----")
    authority, issued = ensure(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate, authority.key)
    leaf = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    assert issued
    leaf.verify_directly_issued_by(authority.ca)


def test_a_public_address_is_left_out(tmp_path: Path):
    authority, _ = ensure(tmp_path, "203.0.113.9")
    leaf = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ip_address("203.0.113.9") not in names.get_values_for_type(x509.IPAddress)


def test_keys_are_for_their_owner_only(tmp_path: Path):
    authority, _ = ensure(tmp_path / "tls")
    assert {path.stat().st_mode & 0o777 for path in (authority.key, authority.ca_key)} == {0o600}
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    assert authority.ca_certificate.stat().st_mode & 0o777 == 0o644


def test_lifetimes_are_what_phones_accept(tmp_path: Path):
    authority, _ = ensure(tmp_path)
    leaf = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days <= 398
    assert (authority.ca.not_valid_after_utc - authority.ca.not_valid_before_utc).days == 3650
    assert b"PRIVATE" not in authority.ca.public_bytes(serialization.Encoding.PEM)
