"""What journeys share: a guard who sits at the desk in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from community.models import User
from tests.journeys.sitting import sit_down
from tests.servers.linli import LinliServer

Open = Callable[..., Page]


@pytest.fixture
def at_desk(
    linli_server: LinliServer, new_context: Callable[..., BrowserContext]
) -> Iterator[Open]:
    """`at_desk(user, width="narrow", language="en")`: the page, signed in and live."""
    faults: list[str] = []

    def come(user: User, width: str = "wide", language: str = "zh-hans") -> Page:
        page = sit_down(new_context(width=width), linli_server.url, user, language)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(f"{linli_server.url}/guard/")
        expect(page.locator("#live")).to_be_visible(timeout=15_000)
        return page

    yield come
    assert not faults
