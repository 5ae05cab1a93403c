"""Agree, enrol by the phone's camera, be let in at the tablet, withdraw, be nobody: with the proof.

The camera is Chromium's own, fed with a film of pictures; others of the same person are shown to
the tablet.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from community.devices.operations import issue_token
from community.models import Command, Lane
from community.vision import pictures
from community.vision.engines import EngineUnavailable
from residents import face_engine
from residents.models import Consent, FaceErasure, FaceTemplate, Person
from residents.operations import give_card
from residents.operations.faces.consents import publish_proposed_texts
from residents.operations.faces.matching import load_gallery
from residents.operations.faces.proof import confirm_gallery
from security.kiosk_gallery import EYES
from security.models import Passage
from security.operations.faces import set_face_rule
from tests.community import factories
from tests.residents.doors import door, resident
from tests.residents.portraits import scene
from tests.security.test_kiosk_faces import CARD, look, message
from tests.servers.browser import ARGUMENTS, program

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
#: Somebody of whom there are six good pictures.
WHO, SIDE, WIDE, HIGH = "007", 460, 1280, 720


@pytest.fixture
def portraits(real_data: Path) -> list[np.ndarray]:
    paths = sorted((real_data / "faces/known" / WHO).glob("*.jpg"))
    found = [pictures.decode(path.read_bytes()) for path in paths]
    try:
        face_engine.engine()
    except EngineUnavailable as error:
        pytest.skip(str(error))
    return [cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for one in found]


@pytest.fixture
def lane() -> Lane:
    return door(factories.compound("梧桐苑"))


@pytest.fixture
def who(lane: Lane) -> Person:
    home = factories.unit(lane.compound)
    user = factories.user("resident", at=lane.compound)
    publish_proposed_texts(lane.compound)
    row = resident(home, "林晓", birth_date="1980-05-01", user=user)
    row.refresh_from_db()
    return row


def film_of(frames: list[np.ndarray], place: Path) -> Path:
    """A film of portraits, each for a second, before a grey wall."""
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F5:1 Ip A1:1 C420mpeg2\n".encode()
    with place.open("wb") as file:
        file.write(head)
        for portrait in frames:
            scene = np.full((HIGH, WIDE, 3), 105, np.uint8)
            scene[130 : 130 + SIDE, 410 : 410 + SIDE] = portrait
            plane = np.ascontiguousarray(cv2.cvtColor(scene, cv2.COLOR_BGR2YUV_I420)).tobytes()
            file.write((b"FRAME\n" + plane) * 5)
    return place


@pytest.fixture
def phone(
    live_server, browser: Browser, portraits: list[np.ndarray], who: Person, tmp_path: Path
) -> Iterator[Page]:
    """The resident's phone, signed in, its camera before their face; no fault goes unseen."""
    film = film_of(portraits[:3], tmp_path / "face.y4m")
    shows = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    camera = browser.browser_type.launch(executable_path=program(), args=shows)
    client, faults = Client(), []
    client.force_login(who.user)
    name = settings.SESSION_COOKIE_NAME
    kept = {"django_language": "zh-hans", name: client.cookies[name].value}
    context = camera.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in kept.items()])
    page = context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(live_server.url + reverse("home-face"))
    yield page
    camera.close()
    assert faults == []


@pytest.fixture
def tablet(lane: Lane) -> Iterator[Client]:
    """The screen at the gate; this process recognises for it and holds the copy."""
    EYES.forget()
    set_face_rule(lane.gate, is_on=True)
    device = factories.device(lane.compound, "kiosk", "none", settings={"lane": lane.pk})
    client = Client()
    client.post(reverse("kiosk-bind"), {"token": issue_token(device, None)})
    yield client
    EYES.forget()


def looks_in(tablet: Client, faces: list[np.ndarray]) -> str:
    """What the tablet is told about whoever stands before it."""
    return str(look(tablet, message(*(scene((one, 400)) for one in faces)))["state"])


def test_agreed_enrolled_let_in_withdrawn_and_nobody(
    phone: Page, tablet: Client, who: Person, portraits: list[np.ndarray]
) -> None:
    compound, others = who.compound_id, portraits[3:]
    phone.get_by_role("button", name="我同意").click()
    expect(phone.get_by_text("您还没有其他进门方式")).to_be_visible()
    give_card(who, CARD)
    phone.reload()
    phone.get_by_role("link", name="去拍照").click()

    phone.get_by_role("button", name="打开摄像头").click()
    for number in (1, 2, 3):
        phone.get_by_role("button", name=f"拍第 {number} 张").click()
        expect(phone.get_by_role("img", name=f"第 {number} 张照片")).to_be_visible()
    expect(phone.locator("[data-said]")).to_have_text("照片够了，现在可以录入人脸。")
    assert not FaceTemplate.objects.exists()
    phone.get_by_role("button", name="录入这张人脸").click()
    expect(phone.get_by_text("可以刷脸开门")).to_be_visible()
    assert FaceTemplate.objects.get().way.person == who

    confirm_gallery(compound, "gate-east", load_gallery(compound, "").version)
    assert looks_in(tablet, others) == "second"
    assert not Command.objects.filter(action="open").exists()
    shown = {"kind": "card", "value": CARD, "key": "card-1-key"}
    assert tablet.post(reverse("kiosk-show"), shown).json()["outcome"] == "allow"
    passage = Passage.objects.get()
    assert (passage.person, passage.way, passage.facts["beside"]) == (who, "face", "card")
    assert Command.objects.filter(action="open").count() == 1

    phone.get_by_role("button", name="撤回", exact=True).click()
    expect(phone.get_by_text("人脸已删除，设备正在确认")).to_be_visible()
    expect(phone.get_by_text("gate-east")).to_be_visible()
    assert not Consent.objects.standing().exists()
    assert looks_in(tablet, others) == "nobody"
    assert Command.objects.filter(action="open").count() == 1
    # The tablet's process has dropped its copy; one other still has to say so.
    assert FaceErasure.objects.get().proven_at is None
    confirm_gallery(compound, "gate-east", load_gallery(compound, "").version)
    phone.get_by_role("link", name="再看一次").click()
    expect(phone.get_by_text("人脸已在各处删除")).to_be_visible()
