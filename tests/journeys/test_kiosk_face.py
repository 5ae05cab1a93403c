"""A resident looks into the tablet, uses a second way beside it, and is nobody once consent goes.

The camera is Chromium's own, fed with a film of pictures that were not enrolled. A film of
portraits does not blink, so the gate asks for a second way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from community.devices.operations import issue_token
from community.models import Command, Lane
from community.vision.arrays import Frame
from community.vision.engines import EngineUnavailable
from residents import face_engine
from residents.models import Consent, FaceErasure
from residents.operations import give_card
from residents.operations.faces.consents import withdraw_consent
from security.kiosk import COOKIE
from security.kiosk_gallery import EYES
from security.models import Passage
from security.operations.faces import set_face_rule
from tests.community import factories
from tests.journeys.test_kiosk_network import READ
from tests.residents.doors import door, resident
from tests.residents.portraits import enrolled_by, portraits, scene
from tests.servers.browser import ARGUMENTS, program

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
CARD = "0412345678"


@pytest.fixture
def lane() -> Lane:
    return door(factories.compound("梧桐苑"))


@pytest.fixture
def who(lane, real_data: Path):
    EYES.forget()
    row = resident(factories.unit(lane.compound), "邵晴", birth_date="1980-05-01")
    give_card(row, CARD)
    try:
        enrolled_by(face_engine.engine(), row, portraits(real_data)[:3])
    except EngineUnavailable as error:
        pytest.skip(str(error))
    yield row
    EYES.forget()


def film_of(frames: list[Frame], place: Path) -> Path:
    """A film of these pictures, each for a second."""
    height, width = frames[0].shape[:2]
    head = f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420mpeg2\n".encode()
    planes = [cv2.cvtColor(one, cv2.COLOR_BGR2YUV_I420) for one in frames]
    with place.open("wb") as file:
        file.write(head)
        for plane in planes:
            file.write((b"FRAME\n" + np.ascontiguousarray(plane).tobytes()) * 5)
    return place


@pytest.fixture
def tablet(
    live_server, lane: Lane, browser: Browser, real_data: Path, tmp_path: Path
) -> Iterator[Callable[[], Page]]:
    """`tablet()`: the gate's tablet, somebody before its camera; no fault of a script unseen."""
    device = factories.device(lane.compound, "kiosk", "none", settings={"lane": lane.pk})
    token = issue_token(device, None)
    film = film_of([scene((one, 410)) for one in portraits(real_data)[3:]], tmp_path / "face.y4m")
    shows = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    camera = browser.browser_type.launch(executable_path=program(), args=shows)
    faults: list[str] = []

    def put_up() -> Page:
        where = live_server.url + reverse("kiosk")
        context = camera.new_context(locale="zh-CN", viewport={"width": 1024, "height": 768})
        context.add_cookies([
            {"name": COOKIE, "value": token, "url": where},
            {"name": "django_language", "value": "zh-hans", "url": live_server.url},
        ])  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(where)
        return page

    yield put_up
    camera.close()
    assert faults == []


def show_card(page: Page) -> None:
    """As a reader types: at once, with Enter behind."""
    page.evaluate(READ, [*CARD, "Enter"])


def test_known_by_face_let_in_by_the_card_and_nobody_after_withdrawing(
    tablet: Callable[[], Page], lane: Lane, who
) -> None:
    set_face_rule(lane.gate, is_on=True)
    screen = tablet()
    expect(screen.get_by_role("heading", name="请再用一种方式")).to_be_visible()
    expect(screen.locator("#say")).to_contain_text("门卡")
    waiting = Passage.objects.get()
    assert (waiting.person, waiting.outcome) == (who, "ask")
    assert not Command.objects.filter(action="open").exists()
    show_card(screen)
    expect(screen.get_by_role("alert")).to_contain_text("请进")
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.facts["beside"]) == ("allow", "card")
    screen.close()

    withdraw_consent(Consent.objects.get())
    assert FaceErasure.objects.get().proven_at is None
    screen = tablet()
    with screen.expect_response("**/kiosk/face/") as looked:
        pass
    assert looked.value.json() == {"state": "nobody"}
    # The tablet's own server was the only holder, and has dropped it.
    assert FaceErasure.objects.get().proven_at is not None
    expect(screen.get_by_role("heading", name="看镜头，或出示二维码")).to_be_visible()
    assert Passage.objects.count() == 1
    assert Command.objects.filter(action="open").count() == 1
