"""A phone's browser films, and its frames reach the source that a worker reads."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from community.models import Device, Lane
from security.sources import open_source
from security.sources.stills import frame_path
from tests.community import factories
from tests.journeys.sitting import sit_down

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lane(settings, tmp_path) -> Lane:
    settings.VAR_DIR = tmp_path
    compound = factories.compound()
    phone = factories.device(compound, "camera", "browser", name="南门手机")
    return factories.lane(compound, camera=phone, name="南门入口")


@pytest.fixture
def film(
    live_server, new_context: Callable[..., BrowserContext], lane: Lane
) -> Callable[[str], Page]:
    """`film("en")`: the page of this camera on a guard's phone."""

    def come(language: str) -> Page:
        user = factories.user("guard", at=lane.compound)
        page = sit_down(new_context(width="narrow"), live_server.url, user, language)
        page.goto(live_server.url + reverse("camera", args=[lane.camera_id]))
        return page

    return come


def test_frames_of_a_phone_reach_the_source(film, lane: Lane, take_screenshots) -> None:
    page = film("en")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("status")).to_contain_text("nobody reads them yet", timeout=20_000)
    source = open_source(Device.objects.get(pk=lane.camera_id))
    frames = source.frames()
    first, second = next(frames), next(frames)
    frames.close()
    assert first.image.ndim == 3
    assert second.number > first.number
    Device.objects.filter(pk=lane.camera_id).update(health=Device.Health.ONLINE)
    expect(page.get_by_role("status")).to_contain_text("Plates are read", timeout=20_000)
    take_screenshots(page, "phone-as-camera")


def test_stopping_stops_the_frames(film, lane: Lane) -> None:
    page = film("en")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("status")).to_contain_text("Pictures arrive", timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_contain_text("camera is off")
    time.sleep(0.5)
    before = frame_path(lane.camera_id).stat().st_mtime_ns
    time.sleep(1)
    assert frame_path(lane.camera_id).stat().st_mtime_ns == before


def test_a_camera_taken_out_of_use_says_so_on_the_phone(film, lane: Lane) -> None:
    page = film("en")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("status")).to_contain_text("Pictures arrive", timeout=20_000)
    Device.objects.filter(pk=lane.camera_id).update(is_active=False)
    expect(page.get_by_role("status")).to_contain_text(re.compile("No such camera"), timeout=10_000)
