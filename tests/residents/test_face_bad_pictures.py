"""What people send instead of a photo of themselves, through the phone's and the desk's addresses.

Real pictures and the real engine: each gets a sentence that says what to do, and nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from community.models import Event
from community.vision.arrays import Frame
from community.vision.engines import EngineUnavailable
from residents import face_engine
from residents.models import FaceTemplate, Person, WayIn
from residents.operations import give_card
from tests.community import factories
from tests.community.vision.faces.test_quality import encoded, few_colours, screenshot
from tests.residents.doors import resident
from tests.residents.faces import consent
from tests.residents.portraits import portraits
from tests.residents.test_face_pages import BORN

pytestmark = pytest.mark.django_db
LYING = Image.Exif()
LYING[0x0112] = 6


def cat() -> Frame:
    """A cat as a child draws it, photographed: the paper has grain."""
    found = np.full((500, 500, 3), 200, np.uint8)
    cv2.circle(found, (250, 270), 150, (60, 140, 220), -1)
    for x in (170, 330):
        cv2.fillPoly(found, [np.array([[x - 50, 180], [x, 60], [x + 50, 180]])], (60, 140, 220))
        cv2.ellipse(found, (x, 240), (25, 40), 0, 0, 360, (20, 20, 20), -1)
    grain = np.random.default_rng(5).integers(-6, 7, found.shape)
    return np.clip(found + grain, 0, 255).astype(np.uint8)


def on_its_side(photo: Frame) -> bytes:
    """As a phone held upright writes it: lying, with a note which way is up."""
    return encoded(cv2.rotate(photo, cv2.ROTATE_90_COUNTERCLOCKWISE), exif=LYING)


def heic(photo: Frame) -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return encoded(photo, "HEIF", quality=90)


#: What was sent; the codes of which one is said first; a word of the sentence.
BAD: dict[str, tuple[Callable[[Frame], bytes], str, str]] = {
    "screenshot": (lambda f: encoded(screenshot(cv2.resize(f, (500, 500))), "PNG"),
                   "not_a_photo", "屏幕"),
    "two faces": (lambda f: encoded(np.hstack([f, f[:, ::-1]])), "several_faces", "单独"),
    "drawing": (lambda f: encoded(few_colours(f)), "not_a_photo", "图画"),
    "animal": (lambda _: encoded(cat()), "no_face", "镜头"),
    "one pixel": (lambda f: encoded(f[:1, :1]), "too_small", "太小"),
    "truncated": (lambda f: encoded(f)[:9000], "truncated", "不完整"),
    "truncated HEIC": (lambda f: heic(f)[:6000], "truncated", "不完整"),
    "lying without a note": (lambda f: encoded(np.rot90(f)), "no_face", "镜头"),
}  # fmt: skip


@pytest.fixture
def own(real_data: Path) -> list[Frame]:
    try:
        face_engine.engine()
    except EngineUnavailable as error:
        pytest.skip(str(error))
    return portraits(real_data)


@pytest.fixture
def who() -> Person:
    home = factories.unit(factories.compound())
    account = factories.user("resident", at=home.compound)
    row = resident(home, "邵晴", birth_date=BORN, user=account)
    give_card(row, "0412345678")
    consent(row)
    return row


@pytest.fixture
def senders(who: Person) -> list[tuple[Client, str, str]]:
    """(client, address that judges, address that enrols) of the phone and of the desk."""
    phone, clerk = Client(), Client()
    phone.force_login(who.user)
    clerk.force_login(factories.user("desk", at=who.compound))
    names = (phone, "home"), (clerk, "desk")
    return [
        (client, *(reverse(f"{name}-face-{deed}", args=[who.pk]) for deed in ("judge", "enrol")))
        for client, name in names
    ]


def file(body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("picture.jpg", body, "image/jpeg")


@pytest.mark.parametrize("what", BAD)
def test_a_bad_picture_is_named_and_changes_nothing(what, own, senders):
    make, code, word = BAD[what]
    body, before = make(own[0]), Event.objects.count()
    for client, judge, enrol in senders:
        told = client.post(judge, {"picture": file(body)}).json()
        assert not told["good"]
        assert code in told["codes"]
        assert word in "".join(told["said"])
        assert told["said"][0].endswith("。")
        # With two good ones beside it nothing is enrolled either, and the page says which it was.
        sent = [encoded(own[1]), body, encoded(own[2])] if client is senders[0][0] else [body] * 3
        refused = client.post(enrol, {"pictures": [file(one) for one in sent]})
        assert refused.status_code == 422
        number = 2 if client is senders[0][0] else 1
        assert f"第 {number} 张" in refused.text
    assert Event.objects.count() == before
    assert not FaceTemplate.objects.exists()
    assert not WayIn.objects.filter(kind="face").exists()


def test_lying_on_its_side_and_in_heic_are_taken(own, senders):
    """What phones write: turned upright by the note, and the format of newer ones."""
    client, judge, enrol = senders[0]
    sent = [on_its_side(own[0]), heic(own[1]), encoded(own[2])]
    for body in sent[:2]:
        assert client.post(judge, {"picture": file(body)}).json()["good"]
    assert client.post(enrol, {"pictures": [file(one) for one in sent]}).status_code == 302
    assert FaceTemplate.objects.get().pictures == 3


def test_pictures_of_two_people_are_refused(own, senders, real_data):
    client, _, enrol = senders[0]
    sent = [own[0], own[1], portraits(real_data, 1)[0]]
    refused = client.post(enrol, {"pictures": [file(encoded(one)) for one in sent]})
    assert refused.status_code == 422
    assert "不全是同一个人" in refused.text
    assert not FaceTemplate.objects.exists()


def test_more_pixels_than_are_taken_are_refused_before_they_are_decoded(own, senders):
    client, judge, _ = senders[0]
    huge = bytearray(encoded(own[0]))
    place = huge.index(b"\xff\xc0") + 5
    huge[place : place + 4] = (30_000).to_bytes(2, "big") * 2
    told = client.post(judge, {"picture": file(bytes(huge))}).json()
    assert told["codes"] == ["too_many_pixels"]
