"""The set-up's pages for every pair of eyes and hands: axe, finger, keys, both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from community.models import Lane
from security.setup import operations
from security.setup.operations import DevicePlan
from tests.community import factories
from tests.journeys.sitting import sit_down

pytestmark = [
    pytest.mark.journey,
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.django_db(transaction=True),
]
OF_LANE = ("camera", "region", "plate", "barrier", "test")
OTHERS = ("", "-compound", "-homes", "-gates", "-people", "-vehicle")


@pytest.fixture
def lane(settings, tmp_path: Path) -> Lane:
    """A lane half set up: a camera whose picture is there, a simulated barrier."""
    settings.VAR_DIR, settings.CAMERA_FOLDER = tmp_path, tmp_path / "cameras"
    settings.CAMERA_FOLDER.mkdir()
    picture = str(settings.CAMERA_FOLDER / "a.png")
    cv2.imwrite(picture, np.full((360, 640, 3), 90, np.uint8))
    compound = factories.compound("梧桐苑")
    lane = factories.lane(compound, camera=None, barrier=None, name="南门入口")
    manager = factories.user("manager", at=compound)
    operations.add_camera(manager, lane, DevicePlan("c", "folder", {"path": picture}, {}))
    operations.add_barrier(manager, lane, DevicePlan("b", "simulated", {}, {}))
    return lane


@pytest.fixture
def come(live_server: Any, new_context: Callable[..., BrowserContext], lane: Lane) -> Any:
    """`come("en", width="narrow")`: a signed-in manager's browser, at no page yet."""

    def come(language: str, **options: Any) -> Page:
        user = factories.user("manager", at=lane.compound)
        return sit_down(new_context(**options), live_server.url, user, language)

    return come


def addresses(lane: Lane) -> list[str]:
    return [reverse(f"setup{name}") for name in OTHERS] + [
        reverse(f"setup-{name}", args=[lane.pk]) for name in OF_LANE
    ]


@pytest.mark.parametrize(("language", "width"), [("zh-hans", "wide"), ("en", "narrow")])
def test_axe_finds_nothing(language: str, width: str, come, lane: Lane, live_server) -> None:
    page = come(language, width=width)
    found = {}
    for address in addresses(lane):
        page.goto(live_server.url + address, wait_until="domcontentloaded")
        if address.endswith("/region/"):
            expect(page.locator("[data-stage]")).to_be_visible(timeout=60_000)
        rules = [each["id"] for each in Axe().run(page).response["violations"]]
        if rules:
            found[address] = rules
    assert found == {}


def shown(page: Page) -> list[float]:
    return [float(page.locator(f"#region [name={name}]").input_value()) for name in "xywh"]


def test_a_finger_draws_the_region_and_keys_mend_it(come, lane: Lane, live_server) -> None:
    page = come("zh-hans", width="narrow", has_touch=True)
    page.goto(live_server.url + reverse("setup-region", args=[lane.pk]))
    stage = page.locator("[data-stage]")
    expect(stage).to_be_visible(timeout=60_000)
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y}
                  for x, y in zip(at[::2], at[1::2], strict=True)]  # fmt: skip
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.25, 0.3)
    touch("touchMove", 0.5, 0.6)
    touch("touchMove", 0.75, 0.8)
    touch("touchEnd")
    assert shown(page) == pytest.approx([25, 30, 50, 50], abs=1.5)
    # Inside, a finger moves the box; it stays within the picture.
    touch("touchStart", 0.5, 0.5)
    touch("touchMove", 0.95, 0.5)
    touch("touchEnd")
    assert shown(page)[0] == pytest.approx(50, abs=0.2)
    stage.focus()
    for key in ("ArrowUp", "Shift+ArrowLeft", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    x, y, w, h = shown(page)
    assert (x, w) == pytest.approx((50, 48), abs=0.3)
    page.get_by_role("button", name=re.compile("保存区域")).click()
    page.wait_for_url(re.compile("/setup/(?!.*region)"))
    lane.refresh_from_db()
    assert lane.roi == pytest.approx([x / 100, y / 100, w / 100, h / 100], abs=0.001)
