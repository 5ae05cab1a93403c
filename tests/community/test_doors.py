"""The doors in front of the application: host names, cookies by scheme, lock-out by address."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from community import hosts
from community.cookies import CookiesByScheme
from community.hosts import OwnHostsOnly
from tests.community import factories


@pytest.fixture
def embedded(settings):
    settings.OWN_HOSTS_ONLY, settings.HOSTS = True, ["linli.example.com"]
    hosts.own_names.cache_clear()
    return settings


@pytest.fixture
def named(embedded, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Gatehouse.office.example")
    yield
    hosts.own_names.cache_clear()


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000",
        "127.0.0.1:8000",
        "192.168.1.5:8443",
        "[fd00::5]:8443",
        "gatehouse",
        "gatehouse.local:8000",
        "GATEHOUSE.office.example",
        "linli.example.com",
    ],
)
def test_this_machines_names_and_any_address_are_answered(named, host):
    assert hosts.is_ours(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "192.168.1.5.evil.example", "gatehouse.evil.example", "", "a b", "@"]
)
def test_a_foreign_name_is_not(named, host):
    assert not hosts.is_ours(host)


def test_in_production_only_the_named_hosts_are_answered(settings):
    settings.OWN_HOSTS_ONLY, settings.ALLOWED_HOSTS = False, ["linli.example.com"]
    assert hosts.is_ours("linli.example.com")
    assert not hosts.is_ours("192.168.1.5")


def visit(
    application: Any, scheme: str = "http", cookie: str = "", host: str = "localhost"
) -> tuple[list[Any], dict[str, Any]]:
    """Messages that a client gets from an ASGI application, and the scope that this one saw."""
    said: list[Any] = []
    kind = "websocket" if scheme.startswith("ws") else "http"
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    scope = {"type": kind, "scheme": scheme, "headers": headers, "path": "/", "seen": {}}

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request"}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(application(scope, receive, send))
    return said, scope["seen"]  # type: ignore[return-value]


async def inner(scope: Any, receive: Any, send: Any) -> None:
    scope["seen"].update(dict(scope["headers"]))
    cookies = [b"sessionid=abc; HttpOnly; Path=/; SameSite=Lax", b"django_language=en; Path=/"]
    headers = [(b"Set-Cookie", cookie) for cookie in cookies]
    start = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": start, "status": 200, "headers": headers})


@pytest.mark.parametrize(("scheme", "refusal"), [("http", 400), ("ws", 1008)])
def test_pages_and_sockets_of_a_foreign_name_never_reach_the_application(embedded, scheme, refusal):
    said, seen = visit(OwnHostsOnly(inner), scheme, host="evil.example")
    assert seen == {}
    assert said[0].get("status", said[0].get("code")) == refusal


def set_cookies(said: list[Any]) -> list[bytes]:
    return [value for _, value in said[0]["headers"]]


def test_over_https_the_session_is_bound_to_host_and_scheme():
    said, _ = visit(CookiesByScheme(inner), "https")
    assert set_cookies(said) == [
        b"__Host-sessionid=abc; HttpOnly; Path=/; SameSite=Lax; Secure",
        b"django_language=en; Path=/",
    ]


def test_over_http_cookies_stay_as_they_are():
    said, _ = visit(CookiesByScheme(inner), "http")
    assert set_cookies(said)[0].startswith(b"sessionid=abc;")


@pytest.mark.parametrize(
    ("scheme", "counts"), [("https", "good"), ("wss", "good"), ("http", "plain"), ("ws", "plain")]
)
def test_a_cookie_of_the_other_scheme_does_not_count(scheme, counts):
    both = "sessionid=plain; __Host-sessionid=good; django_language=en"
    _, seen = visit(CookiesByScheme(inner), scheme, both)
    assert seen[b"cookie"] == f"sessionid={counts}; django_language=en".encode()


@pytest.fixture
def locking(settings):
    settings.AXES_ENABLED = True
    return settings


WRONG = "wrong"


def try_password(client: Client, username: str, password: str = WRONG, address="10.0.0.9"):
    sent = {"username": username, "password": password}
    return client.post("/sign-in/", sent, REMOTE_ADDR=address)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "分钟"), ("en", "minutes")])
def test_wrong_passwords_lock_and_say_so(client, locking, language, words):
    user = factories.user("guard", at=factories.compound())
    user.set_password("korrekt-pferd-9")
    user.save()
    client.cookies["django_language"] = language
    answers = [try_password(client, user.username) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    with translation.override(language):
        assert words in answers[-1].content.decode()
    # The right password does not help now; from elsewhere it does.
    assert try_password(client, user.username, "korrekt-pferd-9").status_code == 429
    elsewhere = try_password(Client(), user.username, "korrekt-pferd-9", "10.0.0.10")
    assert elsewhere.status_code == 302


@pytest.mark.django_db
def test_another_user_at_the_same_address_is_not_locked(client, locking):
    for _ in range(9):
        try_password(client, "somebody")
    assert try_password(client, "somebody.else").status_code == 200


@pytest.mark.django_db
def test_a_forged_address_does_not_escape_the_lock(client, locking):
    for number in range(7):
        headers = {"x-forwarded-for": f"10.1.1.{number}", "x-real-ip": f"10.1.1.{number}"}
        sent = {"username": "x", "password": "wrong"}
        assert client.post("/sign-in/", sent, headers=headers).status_code == 200
    assert client.post("/sign-in/", sent, headers=headers).status_code == 429


@pytest.mark.parametrize(
    ("proxy", "client_is"), [("127.0.0.1", "203.0.113.7"), ("198.51.100.9", "198.51.100.9")]
)
def test_only_the_trusted_proxy_says_who_the_client_is(proxy, client_is):
    """As production starts uvicorn; what the client wrote stands left of the proxy's word."""
    seen: dict[str, Any] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.update(client=scope["client"][0], scheme=scope["scheme"])

    headers = [(b"x-forwarded-for", b"1.2.3.4, 203.0.113.7"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "scheme": "http", "client": (proxy, 5), "headers": headers}
    asyncio.run(ProxyHeadersMiddleware(application, "127.0.0.1")(scope, None, None))
    assert seen["client"] == client_is
    assert (seen["scheme"] == "https") == (proxy == "127.0.0.1")
