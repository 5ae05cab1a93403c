"""Traps of real cameras that show only at the door itself: how we answer, and what never counts."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from community.devices.push import FORMATS
from community.models import Command, Device
from security.models import Passage, Reading
from tests.community.devices.push import bodies
from tests.community.devices.push.bodies import HIKVISION_TYPE
from tests.security.gates import OTHER
from tests.security.pushes.cameras import Pusher, opens, push_lane

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
#: What each maker sends of a stranger's car.
CARS: dict[str, tuple[bytes, str, str]] = {
    "vzenith": (bodies.vzenith(OTHER), "application/json", ""),
    "hikvision": (bodies.anpr_xml(OTHER), "application/xml", ""),
    "dahua": (bodies.dahua(OTHER), "application/json", "/NotificationInfo/TollgateInfo"),
    "huaxia": (bodies.huaxia(OTHER), FORM, ""),
    "platerecognizer": (bodies.platerecognizer(OTHER), HIKVISION_TYPE, ""),
    "openalpr": (bodies.openalpr(OTHER), "application/json", ""),
}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("slash", ["", "/"])
def test_an_answer_is_short_plain_and_leads_nowhere_else(kind: str, slash: str):
    """Cameras follow no redirect, unpack nothing, and some read no answer without its length."""
    data, content_type, rest = CARS[kind]
    answer = Pusher(push_lane(kind), kind)(
        data, content_type, rest + slash, HTTP_ACCEPT_ENCODING="gzip, deflate, br"
    )
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
    assert int(answer["Content-Length"]) == len(answer.content) < 1000
    assert "Set-Cookie" not in answer


def test_huaxia_hears_its_own_yes_and_dahua_its_own():
    """Anything else, and the same comes again for ever."""
    for kind, said in (
        ("huaxia", {"error_num": 0, "error_str": ""}),
        ("dahua", {"Result": True, "Message": "Success"}),
    ):
        push = Pusher(push_lane(kind), kind)
        for data, content_type, rest in (CARS[kind], (b"rubbish", *CARS[kind][1:])):
            assert json.loads(push(data, content_type, rest).content) == said


@pytest.mark.parametrize("direction", [0, 1, 2, 3, 4, 99, "in", None])
def test_where_a_car_goes_in_the_picture_never_says_which_way_the_lane_leads(direction: Any):
    """Entry and exit are the lane's, from our own settings."""
    lane = push_lane()
    Pusher(lane)(bodies.vzenith(direction=direction))
    assert Passage.objects.get().direction == lane.direction == "entry"


def test_how_often_an_alarm_was_uploaded_is_no_number_of_it():
    push = Pusher(push_lane("hikvision"), "hikvision")
    first = bodies.anpr_xml()
    again = first.replace(b"<activePostCount>1<", b"<activePostCount>2<")
    other = bodies.anpr_xml(OTHER, uuid="another")
    for xml in (first, again, other):
        push(xml, "application/xml")
    assert Reading.objects.count() == 2
    assert Command.objects.count() == 1


def test_a_terminal_that_was_reset_counts_from_the_start_and_is_heard_all_the_same():
    lane = push_lane("hikvision")
    push = Pusher(lane, "hikvision")
    now = bodies.now()
    for at in (now, now, now + timedelta(seconds=30)):
        answer = push(bodies.terminal(at=at.isoformat()), "application/json")
        assert answer.status_code == 200
    keys = Device.objects.get(pk=lane.camera_id)
    assert keys.health == "online"
    first = FORMATS["hikvision"].read
    names = {
        first(_body(bodies.terminal(at=at.isoformat()))).access.vendor_id
        for at in (now, now, now + timedelta(seconds=30))
    }
    assert len(names) == 2


def _body(data: bytes) -> Any:
    from community.devices.push import Body
    from community.devices.zones import SHANGHAI

    return Body(data, "application/json", "", SHANGHAI)


def test_a_generic_yes_of_a_careless_answer_is_never_given_to_a_vzenith():
    """Its answer is the command: nothing but an order may look like one."""
    push = Pusher(push_lane(), "vzenith")
    odd = (b"", b"{}", b"ok", b'{"info":"ok"}', b"\xff\xd8\xff", bodies.vzenith(OTHER),
           bodies.vzenith("", number=2), bodies.vzenith(isoffline=1, number=3))  # fmt: skip
    for data in odd:
        assert not opens(push(data))
    assert not opens(push.client.get(f"/devices/{push.secret}/vzenith"))
    assert not opens(push(bodies.vzenith(number=4), secret="B" * 22))
