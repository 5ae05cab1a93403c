"""A real Chromium, through Playwright, with Debian's build of the browser."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WIDTHS = {"wide": (1440, 900), "narrow": (390, 844)}
# A camera made of a moving test picture; nothing that would leave this machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def program() -> str:
    """Chromium without a window, made for this: less than half the work of the whole one."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not found:
        raise RuntimeError("Chromium is not installed; `make test` as root installs it")
    return found


def uses_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Between its calls Playwright leaves its event loop marked as running.

    Django's ORM and asynchronous tests refuse to work under a running loop. A test with a browser
    gets leave from Django, from its first fixture to its last; for other tests the mark is off.
    """
    with pytest.MonkeyPatch.context() as patch:
        if uses_browser(item):
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
            return (yield)
        marked = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return (yield)
        finally:
            asyncio._set_running_loop(marked)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; `context` gives each test a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        marked = asyncio._get_running_loop()
        yield started
        asyncio._set_running_loop(marked)
        started.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(width="narrow", locale="en")`: a fresh profile; wide and Chinese unless told."""
    opened: list[BrowserContext] = []

    def new(width: str = "wide", locale: str = "zh-CN", **more: Any) -> BrowserContext:
        across, down = WIDTHS[width]
        size = {"width": across, "height": down}
        more = {"ignore_https_errors": True, "timezone_id": "Asia/Shanghai", **more}
        opened.append(browser.new_context(viewport=size, locale=locale, **more))
        return opened[-1]

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A wide page of a reader of Chinese."""
    return new_context().new_page()


@pytest.fixture
def take_screenshots() -> Callable[..., list[Path]]:
    """`take_screenshots(page, "guard")` keeps it wide and narrow in var/screenshots."""

    def take(page: Page, name: str, full_page: bool = False) -> list[Path]:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        pictures = []
        for width, (across, down) in WIDTHS.items():
            page.set_viewport_size({"width": across, "height": down})
            pictures.append(SCREENSHOTS / f"{name}-{width}.png")
            page.screenshot(path=pictures[-1], full_page=full_page)
        if before:
            page.set_viewport_size(before)
        return pictures

    return take
