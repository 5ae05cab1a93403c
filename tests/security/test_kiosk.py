"""The tablet at a gate: bound by a token, the same road for each way in, nothing counted twice."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
import segno
from django.test import Client
from django.utils import timezone
from PIL import Image

from community.devices.operations import issue_token, revoke_token
from community.models import Command
from community.vision.codes import read_code
from residents.models import Visit
from residents.operations import give_card, give_personal_code, set_pin
from security.models import Alert, Passage, Presentation
from tests.community import factories
from tests.residents.doors import code_of, door, resident, visit

pytestmark = pytest.mark.django_db
KEY = "a-key-of-its-own"


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def lane(home):
    return door(home.compound)


@pytest.fixture
def tablet(lane):
    return factories.device(lane.compound, "kiosk", "none", settings={"lane": lane.pk})


@pytest.fixture
def screen(tablet):
    client = Client()
    answer = client.post("/kiosk/bind/", {"token": issue_token(tablet, None)})
    assert answer.status_code == 302
    return client


def frame(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=6, border=4)
    code = np.array(Image.open(out).convert("L"))
    picture = np.full((720, 1280, 3), 90, np.uint8)
    height, width = code.shape
    picture[100 : 100 + height, 300 : 300 + width] = code[..., None]
    done, data = cv2.imencode(".jpg", picture)
    assert done
    return data.tobytes()


def hold_up(client: Client, text: str) -> Any:
    return client.post("/kiosk/frame/", frame(text), content_type="image/jpeg")


def type_pin(client: Client, home: str, pin: str, key: str = KEY) -> Any:
    return client.post("/kiosk/show/", {"kind": "pin", "home": home, "value": pin, "key": key})


def opened() -> int:
    return Command.objects.filter(action="open").count()


def test_a_tablet_without_token_shows_the_page_that_binds_it(client, lane):
    assert b'name="token"' in client.get("/kiosk/").content
    assert client.post("/kiosk/show/", {"kind": "card"}).status_code == 401
    assert client.post("/kiosk/bind/", {"token": "linli_guess"}).status_code == 422


def test_a_cameras_token_binds_no_tablet(client, lane):
    token = issue_token(lane.camera, None)
    assert client.post("/kiosk/bind/", {"token": token}).status_code == 422


def test_a_revoked_token_ends_the_tablet_at_once(screen, tablet):
    assert screen.get("/kiosk/alive/").status_code == 200
    revoke_token(tablet.tokens.get(), None)
    assert screen.get("/kiosk/alive/").status_code == 401
    assert b'name="token"' in screen.get("/kiosk/").content


def test_each_way_in_opens_the_door(screen, home):
    who = resident(home)
    give_card(who, "A1B2C3D4")
    code = give_personal_code(who)
    set_pin(who, home, "407182")
    card = {"kind": "card", "value": "A1B2C3D4", "key": "card-1-key"}
    answers = [
        screen.post("/kiosk/show/", card),
        hold_up(screen, code_of(code)),
        type_pin(screen, home.code, "407182"),
    ]
    assert [answer.json()["outcome"] for answer in answers] == ["allow"] * 3
    assert opened() == 3


def test_a_code_that_is_still_held_up_counts_once(screen, home):
    resident(home)
    expected = visit(home, most_entries=2)
    answers = [hold_up(screen, f"V1:{expected.secret}").json() for _ in range(3)]
    assert len({answer["passage"] for answer in answers}) == 1
    assert Visit.objects.get(pk=expected.pk).entries == 1
    assert opened() == 1


def test_the_same_pass_later_is_the_next_entry(screen, home):
    resident(home)
    expected = visit(home, most_entries=2)
    hold_up(screen, f"V1:{expected.secret}")
    Presentation.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    hold_up(screen, f"V1:{expected.secret}")
    assert Visit.objects.get(pk=expected.pk).entries == 2


def test_a_link_is_read_as_its_pass(screen, home):
    resident(home)
    answer = hold_up(screen, f"https://linli.example/pass/{visit(home).secret}/")
    assert answer.json()["outcome"] == "allow"


def test_what_is_said_names_nobody(screen, home):
    who = resident(home, "周宁")
    give_card(who, "A1B2C3D4")
    told = screen.post("/kiosk/show/", {"kind": "card", "value": "A1B2C3D4", "key": KEY}).content
    assert "周宁" not in told.decode()
    assert home.code not in told.decode()


def test_a_picture_without_code_is_nothing(screen, lane):
    done, data = cv2.imencode(".jpg", np.full((480, 640, 3), 127, np.uint8))
    assert done
    answer = screen.post("/kiosk/frame/", data.tobytes(), content_type="image/jpeg")
    assert answer.status_code == 204
    assert not Passage.objects.exists()


@pytest.mark.parametrize("body", [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"0" * 100])
def test_what_is_no_picture_is_refused(screen, body):
    answer = screen.post("/kiosk/frame/", body, content_type="image/jpeg")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "face", "value": "x", "key": KEY},
        {"kind": "card", "value": "A1B2C3D4", "key": "short"},
        {"kind": "pass", "value": "x" * 27, "key": KEY},
        {},
    ],
)
def test_what_is_no_showing_is_refused(screen, wrong):
    assert screen.post("/kiosk/show/", wrong).status_code == 400
    assert not Passage.objects.exists()


def test_a_call_rings_once_until_it_is_closed(screen, lane):
    for _ in range(2):
        assert screen.post("/kiosk/call/").status_code == 200
    assert Alert.objects.get(kind="kiosk_call").lane == lane


def test_the_pass_page_shows_its_code_and_what_became_of_it(client, home):
    resident(home)
    expected = visit(home)
    page = client.get(f"/pass/{expected.secret}/")
    assert page["Referrer-Policy"] == "no-referrer"
    assert "许安" in page.content.decode()
    assert client.get("/pass/" + "x" * 27 + "/").status_code == 404
    Visit.objects.update(revoked_at=timezone.now())
    assert b"<path" not in client.get(f"/pass/{expected.secret}/").content.partition(b"l-qr")[2]


def test_codes_are_read_turned_and_small():
    text = "V1:" + "b" * 27
    picture = cv2.imdecode(np.frombuffer(frame(text), np.uint8), cv2.IMREAD_COLOR)
    turned = cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)
    assert read_code(turned) == text
    assert read_code(cv2.resize(picture, None, fx=0.6, fy=0.6)) == text
    assert read_code(np.zeros((4, 4, 3), np.uint8)) is None
