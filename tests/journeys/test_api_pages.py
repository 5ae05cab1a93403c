"""In a browser: a token is made, used by a program and revoked; a webhook is added and its secret
shown; the API's own page is read."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from community.models import Webhook
from tests.community import factories

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PASSWORD = "korrekt-pferd-9"


@pytest.fixture
def manager():
    compound = factories.compound("梧桐苑")
    user = factories.user("manager", at=compound, name="周经理")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page: Page, url: str, username: str) -> None:
    page.goto(f"{url}/sign-in/", wait_until="domcontentloaded")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in/" not in address, wait_until="domcontentloaded")


def ask(port: int, token: str) -> tuple[int, Any]:
    """``GET /api/v1/me/`` as a program does it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    connection.request("GET", "/api/v1/me/", headers=headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


OUTSIDE = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .filter(one => !one.closest(".l-scroll, pre"))
    .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""


def leaves(page: Page) -> list[str]:
    """What reaches beyond the right edge, apart from what scrolls by itself."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*page.evaluate(OUTSIDE), *(["the page scrolls sideways"] if wide else [])]


def test_a_token_from_making_to_revoking(linli_server, page, manager, take_screenshots):
    sign_in(page, linli_server.url, manager.username)
    page.goto(f"{linli_server.url}/account/tokens/new/", wait_until="domcontentloaded")
    take_screenshots(page, "api-new-token", full_page=True)
    page.fill("[name=name]", "大厅屏幕")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    take_screenshots(page, "api-new-token-wrong", full_page=True)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    token = page.locator("#new-token").inner_text()
    take_screenshots(page, "api-token-shown", full_page=True)
    status, told = ask(linli_server.port, token)
    assert (status, told["scope"], list(told["roles"].values())) == (200, "read", [["manager"]])
    page.goto(f"{linli_server.url}/account/", wait_until="domcontentloaded")
    expect(page.get_by_text("大厅屏幕", exact=True)).to_be_visible()
    take_screenshots(page, "api-account", full_page=True)
    page.set_viewport_size({"width": 360, "height": 800})
    assert leaves(page) == []
    page.locator("form[action*='/tokens/'] button").click()
    expect(page.locator("form[action*='/tokens/']")).to_have_count(0)
    status, told = ask(linli_server.port, token)
    assert (status, told["code"]) == (401, "token_invalid")


def test_a_webhook_in_the_office(linli_server, page, manager, take_screenshots):
    sign_in(page, linli_server.url, manager.username)
    office = f"{linli_server.url}/admin/community"
    page.goto(f"{office}/webhook/add/", wait_until="domcontentloaded")
    page.fill("[name=name]", "街道平台")
    page.fill("[name=url]", "http://169.254.169.254/latest/")
    take_screenshots(page, "api-webhook-add", full_page=True)
    page.press("[name=url]", "Enter")
    expect(page.locator("[name=url]")).to_be_visible()
    expect(page.get_by_text("这个地址在内网中")).to_be_visible()
    page.fill("[name=url]", "https://street.example/linli")
    page.press("[name=url]", "Enter")
    page.wait_for_url(lambda address: address.endswith("/webhook/"), wait_until="domcontentloaded")
    take_screenshots(page, "api-webhooks", full_page=True)
    page.get_by_role("link", name="街道平台").first.click()
    page.wait_for_url(lambda address: "/change/" in address, wait_until="domcontentloaded")
    take_screenshots(page, "api-webhook", full_page=True)
    page.get_by_role("link", name="发放签名密钥").first.click()
    page.get_by_role("button", name="发放并显示一次").click()
    secret = page.locator("#new-secret").inner_text()
    take_screenshots(page, "api-webhook-secret", full_page=True)
    assert secret == Webhook.objects.get().secret


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_page_of_the_api(linli_server, new_context, take_screenshots, locale):
    page = new_context(locale=locale).new_page()
    page.goto(f"{linli_server.url}/api/docs/", wait_until="domcontentloaded")
    take_screenshots(page, f"api-docs-{locale}")
    page.locator("#part-lanes summary").first.click()
    page.locator("#part-lanes details").first.scroll_into_view_if_needed()
    take_screenshots(page, f"api-docs-lanes-{locale}")
    page.set_viewport_size({"width": 360, "height": 800})
    assert leaves(page) == []
