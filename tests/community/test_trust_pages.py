"""The page that helps a phone trust this machine, and what it may not give away."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from community import tls

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(settings, tmp_path: Path) -> tls.Authority:
    settings.VAR_DIR = tmp_path
    return tls.ensure(tmp_path / "tls", [ip_address("192.168.7.20")], "gatehouse")[0]


def test_the_page_names_the_phones_way(client, settings, authority):
    answer = client.get("/trust/", headers={"host": "192.168.7.20:8000"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"http://192.168.7.20:{settings.HTTP_PORT}/trust/" in page
    assert f"https://192.168.7.20:{settings.HTTPS_PORT}/" in page
    assert authority.fingerprint() in page
    assert "<svg" in page


def test_from_the_machine_itself_the_phone_gets_its_outer_address(client, authority, monkeypatch):
    monkeypatch.setattr("community.terminal.hosts", lambda: ["10.9.8.7"])
    page = client.get("/trust/", headers={"host": "localhost:8000"}).content.decode()
    assert "http://10.9.8.7:" in page


def test_an_address_of_ipv6_keeps_its_brackets(client, authority):
    page = client.get("/trust/", headers={"host": "[fd00::7]:8000"}).content.decode()
    assert "https://[fd00::7]:" in page


def test_the_certificate_is_the_authoritys(client, authority):
    answer = client.get("/trust/linli-ca.crt")
    assert answer["Content-Type"] == "application/x-x509-ca-cert"
    assert x509.load_pem_x509_certificate(answer.content) == authority.ca


@pytest.mark.parametrize("name", ["ca.key", "server.key", "../tls/ca.key", "server.crt"])
def test_no_key_has_an_address(client, authority, name):
    for place in ("trust", "static", "media", "tls"):
        answer = client.get(f"/{place}/{name}")
        assert answer.status_code in {302, 404}
        assert b"PRIVATE" not in answer.content


def test_without_a_local_authority_there_is_no_page(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert client.get("/trust/").status_code == 404
    assert client.get("/trust/linli-ca.crt").status_code == 404


def test_nobody_writes_there(client, authority):
    assert client.post("/trust/").status_code == 405
