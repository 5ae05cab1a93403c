"""What browsers are told, and that our pages live with it in a real browser."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bench.stage import session_for
from community import security_headers
from tests.community import factories


def directives(response) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.django_db
def test_a_page_of_ours_allows_no_code_or_style_in_the_page(client: Client):
    policy = directives(client.get("/sign-in/"))
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())


@pytest.mark.django_db
def test_only_the_office_may_evaluate_and_nowhere_is_inline_code_allowed(client: Client):
    client.force_login(factories.user(is_superuser=True))
    policy = directives(client.get("/admin/"))
    assert policy["script-src"] == "'self' 'unsafe-eval'"
    assert "unsafe-inline" not in " ".join(policy.values())
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/=]{44}'", policy["style-src"])


@pytest.mark.django_db
def test_the_feed_is_named_for_older_browsers(client: Client):
    assert (
        "ws://linli.local"
        in directives(client.get("/sign-in/", headers={"host": "linli.local"}))["connect-src"]
    )
    secure = client.get("/sign-in/", secure=True, headers={"host": "linli.local:8443"})
    assert "wss://linli.local:8443" in directives(secure)["connect-src"]


def test_a_host_cannot_write_into_the_policy(rf):
    request = rf.get("/", headers={"host": "x; script-src *"})
    assert "script-src *" not in security_headers.written(security_headers.STRICT, request)


@pytest.mark.parametrize(
    ("path", "camera"),
    [("/camera/7/", "(self)"), ("/kiosk/", "(self)"), ("/guard/", "()"), ("/cameras/", "()")],
)
def test_only_camera_pages_may_ask_for_the_camera(path: str, camera: str):
    assert f"camera={camera}" in security_headers.permissions(path)


@pytest.mark.django_db
def test_the_other_headers_are_there(client: Client):
    answer = client.get("/sign-in/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Request-ID"]


def office_lists() -> list[str]:
    from django.contrib import admin

    ours = [model for model in admin.site._registry if model._meta.app_label in settings.LINLI_APPS]
    names = [model._meta.label_lower.replace(".", "_") for model in ours]
    lists = [reverse(f"admin:{name}_changelist") for name in names]
    forms = [reverse(f"admin:community_{name}_add") for name in ("user", "device", "lane")]
    return ["/admin/", "/admin/password_change/", *lists, *forms]


@pytest.mark.journey
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_no_page_breaks_its_policy(linli_server, page, monkeypatch):
    """Every list of the office, the guard's desk and the public pages, watched by the browser."""
    place = factories.compound()
    operator = factories.user("manager", "guard", at=place, is_superuser=True)
    factories.lane(place)
    cookie = {"name": "sessionid", "value": session_for(operator), "url": linli_server.url}
    page.context.add_cookies([cookie])
    broken: list[str] = []
    page.on(
        "console",
        lambda line: (
            broken.append(f"{page.url} {line.text}")
            if "ontent Security Policy" in line.text
            else None
        ),
    )
    for path in ["/account/", "/guard/", "/api/docs/", *office_lists()]:
        page.goto(linli_server.url + path, wait_until="load")
    page.context.clear_cookies()
    page.goto(linli_server.url + "/sign-in/", wait_until="load")
    assert broken == []
