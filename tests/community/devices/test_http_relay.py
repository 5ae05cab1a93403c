"""The HTTP relay against a board that delays, repeats, drops, refuses, lies, redirects, babbles."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.utils import timezone

from community.devices.base import BarrierState, DeviceFault, DeviceSilent
from community.devices.drivers.http_relay import HttpRelay
from tests.community.devices.relay import PASSWORD, TOKEN, USER, Relay

pytestmark = pytest.mark.pure
CREDENTIALS = {"username": USER, "password": PASSWORD, "token": TOKEN}


def driver(relay: Relay, **settings: Any) -> HttpRelay:
    own: dict[str, Any] = {
        "open_url": relay.url + "/open?timer={pulse_s}",
        "status_url": relay.url + "/status",
        "open_contains": '"input": true',
        "closed_contains": '"input": false',
        "auth": relay.auth,
        "timeout_s": 0.5,
    }
    credentials = settings.pop("credentials", CREDENTIALS)
    return HttpRelay(own | settings, credentials)


def opened_once(relay: Relay) -> bool:
    return len(relay.openings) == 1 == len(relay.commands())


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("drop", "no_answer"),
        ("dribble", "answer_not_understood"),
        ("garbage", "answer_not_understood"),
        ("endless_head", "answer_too_long"),
        ("redirect", "redirected"),
        ("error", "answered_500"),
    ],
)
def test_an_answer_that_is_no_answer_is_silence(relay: Relay, mode: str, code: str) -> None:
    relay.mode = mode
    with pytest.raises(DeviceSilent, match=code):
        driver(relay).open(command_id=1)
    assert opened_once(relay)


@pytest.mark.parametrize("mode", ["repeat", "endless", "truncated"])
def test_a_yes_stays_a_yes_whatever_follows(relay: Relay, mode: str) -> None:
    relay.mode = mode
    driver(relay).open(command_id=1)
    assert opened_once(relay)


@pytest.mark.parametrize(
    ("mode", "code"), [("refuse", "refused_409"), ("forbid", "not_authorised")]
)
def test_a_no_is_a_fault(relay: Relay, mode: str, code: str) -> None:
    relay.mode = mode
    with pytest.raises(DeviceFault, match=code):
        driver(relay).open(command_id=1)
    assert relay.openings == []


def test_a_polite_no_is_a_fault(relay: Relay) -> None:
    relay.mode = "no"
    with pytest.raises(DeviceFault, match="refused"):
        driver(relay, refused_contains='"code":"no"').open(command_id=1)


def test_a_200_without_the_agreed_yes_is_silence(relay: Relay) -> None:
    relay.mode = "no"
    with pytest.raises(DeviceSilent, match="answer_not_understood"):
        driver(relay, accepted_contains="was_on").open(command_id=1)


def test_a_yes_is_read_whatever_its_blanks(relay: Relay) -> None:
    driver(relay, accepted_contains='{"was_on":false}').open(command_id=1)
    assert opened_once(relay)


@pytest.mark.parametrize(
    ("mode", "state", "health", "code"),
    [
        ("lie", BarrierState.OPEN, "online", ""),
        ("drop", BarrierState.UNKNOWN, "offline", "no_answer"),
        ("garbage", BarrierState.UNKNOWN, "faulty", "answer_not_understood"),
        ("redirect", BarrierState.UNKNOWN, "faulty", "answered_302"),
        ("error", BarrierState.UNKNOWN, "faulty", "answered_500"),
        ("endless", BarrierState.UNKNOWN, "online", ""),
        ("endless_head", BarrierState.UNKNOWN, "faulty", "answer_too_long"),
    ],
)
def test_reads_never_raise(
    relay: Relay, mode: str, state: BarrierState, health: str, code: str
) -> None:
    relay.mode = mode
    board = driver(relay)
    assert board.state() is state
    assert (board.health().state, board.health().code) == (health, code)
    assert relay.commands() == []


def test_health_without_a_status_page_is_whether_it_listens(relay: Relay) -> None:
    board = driver(relay, status_url="")
    assert board.health().state == "online"
    assert board.state() is BarrierState.UNKNOWN
    relay.vanish()
    assert board.health().state == "offline"
    assert relay.requests == []


def test_pulse_and_command_are_filled_in_wherever_they_stand(relay: Relay) -> None:
    body = '{"id": {command_id}, "on": true, "toggle_after": {pulse_s}, "ds": {pulse_ds}}'
    board = driver(
        relay,
        method="POST",
        open_url=relay.url + "/open",
        open_body=body,
        content_type="application/json",
    )
    board.open(command_id=9, pulse_ms=1200)
    (request,) = relay.openings
    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")
    assert request.body == '{"id": 9, "on": true, "toggle_after": 1.2, "ds": 12}'


@pytest.mark.parametrize("pulse_ms", [0, -5, 99, 10_001])
def test_a_pulse_that_holds_the_barrier_is_refused(relay: Relay, pulse_ms: int) -> None:
    with pytest.raises(DeviceFault, match="pulse_refused"):
        driver(relay).open(command_id=1, pulse_ms=pulse_ms)
    assert relay.requests == []


def test_expired_before_it_was_sent_is_not_sent(relay: Relay) -> None:
    board = driver(relay, send_before=timezone.now() - timedelta(milliseconds=1))
    with pytest.raises(DeviceFault, match="expired"):
        board.open(command_id=1)
    assert relay.requests == []


def test_expired_while_asking_for_a_nonce_is_not_sent() -> None:
    with Relay(auth="digest") as relay:
        relay.mode = "obey"
        board = driver(relay, send_before=timezone.now() + timedelta(seconds=0.3))
        challenge = board.web.challenge

        def late_challenge(url: str) -> Any:
            answer = challenge(url)
            board.web.send_before = timezone.now()
            return answer

        board.web.challenge = late_challenge  # type: ignore[method-assign]
        with pytest.raises(DeviceFault, match="expired"):
            board.open(command_id=1)
        assert relay.commands() == []


def test_digest_asks_for_a_nonce_and_sends_the_command_once() -> None:
    with Relay(auth="digest") as relay:
        driver(relay).open(command_id=1)
        assert [request.path for request in relay.requests] == ["/status", "/open"]
        assert "authorization" not in relay.requests[0].headers


def test_two_refused_passwords_are_the_last() -> None:
    with Relay(auth="digest") as relay:
        wrong = {"username": USER, "password": "wrong"}
        with pytest.raises(DeviceFault, match="not_authorised"):
            driver(relay, credentials=wrong).open(command_id=1)
        assert len(relay.requests) == 2
        health = driver(relay, credentials=wrong).health()
        assert (health.state, health.code) == ("faulty", "not_authorised")
        assert len(relay.requests) == 4
        with pytest.raises(DeviceFault, match="password_held_back"):
            driver(relay, credentials=wrong).open(command_id=2)
        assert len(relay.requests) == 4
        driver(relay).open(command_id=3)
        assert len(relay.openings) == 1


def test_a_lost_nonce_is_a_fault_since_nothing_was_sent() -> None:
    with Relay(auth="none", mode="drop") as relay, pytest.raises(DeviceFault, match="unreachable"):
        driver(relay, auth="digest").open(command_id=1)
    assert relay.commands() == []


def test_a_redirect_of_the_nonce_is_not_followed() -> None:
    with Relay(auth="none", mode="redirect") as relay:
        with pytest.raises(DeviceFault, match="redirected"):
            driver(relay, auth="digest").open(command_id=1)
        assert [request.path for request in relay.requests] == ["/status"]


@pytest.mark.parametrize("auth", ["basic", "digest", "bearer"])
@pytest.mark.parametrize("credentials", [{}, {"username": "", "token": ""}, {"token": 5}])
def test_missing_credentials_are_a_fault(auth: str, credentials: dict[str, Any]) -> None:
    with Relay(auth=auth) as relay:
        with pytest.raises(DeviceFault, match="credentials_missing"):
            driver(relay, credentials=credentials, timeout_s=3).open(command_id=1)
        assert relay.commands() == []


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "a\nb"])
def test_a_token_cannot_add_a_header(relay: Relay, token: str) -> None:
    with pytest.raises(DeviceFault, match="settings_invalid"):
        driver(relay, auth="bearer", credentials={"token": token}).open(command_id=1)
    assert relay.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd?{pulse_s}",
        "ftp://192.168.1.5/{pulse_s}",
        "gopher://192.168.1.5/{pulse_s}",
        "//192.168.1.5/{pulse_s}",
        "/open?{pulse_s}",
        "http:///open?{pulse_s}",
        "http://admin:pw@192.168.1.5/{pulse_s}",
    ],
)
def test_addresses_that_are_no_web_address_are_refused(relay: Relay, url: str) -> None:
    with pytest.raises(DeviceFault, match="address_refused"):
        driver(relay, open_url=url)


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_metadata_is_refused_before_anything_is_sent(relay: Relay, host: str) -> None:
    board = driver(relay, open_url=f"http://{host}/latest?{{pulse_s}}")
    with pytest.raises(DeviceFault, match="address_refused"):
        board.open(command_id=1)


def test_loopback_is_refused_unless_the_installation_says_so(relay: Relay, settings: Any) -> None:
    settings.DEVICE_LOOPBACK = False
    board = driver(relay)
    with pytest.raises(DeviceFault, match="address_refused"):
        board.open(command_id=1)
    assert (board.health().state, board.health().code) == ("faulty", "address_refused")
    assert relay.requests == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"open_url": "http://192.168.1.5/on"},  # on without a pulse holds the barrier for ever
        {"method": "DELETE"},
        {"auth": "ntlm"},
        {"timeout_s": 60},
        {"timeout_s": True},
        {"verify_tls": "yes"},
        {"opne_url": "http://192.168.1.5/{pulse_s}"},
        {"status_url": "", "auth": "digest"},
        {"open_contains": 1},
        {"open_body": "x" * 5000},
        {"open_url": "http://192.168.1.5:99999999/{pulse_s}"},
        {"open_url": "http://[::1/{pulse_s}"},
    ],
)
def test_settings_that_cannot_work_are_refused(relay: Relay, wrong: dict[str, Any]) -> None:
    with pytest.raises(DeviceFault, match="settings_invalid"):
        driver(relay, **wrong)


def test_a_device_may_time_its_own_pulse(relay: Relay) -> None:
    board = driver(relay, open_url=relay.url + "/open", pulse_in_device=True)
    board.open(command_id=1)
    assert opened_once(relay)


def test_keep_open_needs_an_address(relay: Relay) -> None:
    with pytest.raises(DeviceFault, match="action_unsupported"):
        driver(relay).keep_open(command_id=1, until=timezone.now())
    assert relay.requests == []


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Relay]:
    """A relay with a certificate that nobody vouches for, as most come from the factory."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "relay.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with Relay(tls=context) as relay:
        yield relay


def test_a_certificate_that_nobody_vouches_for_gets_no_command(secured: Relay) -> None:
    with pytest.raises(DeviceFault, match="certificate_refused"):
        driver(secured).open(command_id=1)
    assert secured.requests == []


def test_a_relay_may_be_trusted_without_a_certificate(secured: Relay) -> None:
    driver(secured, verify_tls=False).open(command_id=1)
    assert opened_once(secured)
