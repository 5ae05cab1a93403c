"""What we send, our own receiver takes: one compound's platform is another's gateway."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from community.devices import exchange as wire
from community.devices.viid import numbers, speaker
from community.devices.viid.speaker import Speaker, Trouble
from security.models import Reading
from security.upper import kinds
from tests.security.gates import PLATE, jpeg
from tests.security.pushes.cameras import push_lane
from tests.security.upper.house import GATE_NUMBER, entered, fresh, passes, turn
from tests.security.upper.platform import NUMBER, PASSWORD, USER

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings, tmp_path, monkeypatch):
    """Our own `/VIID/`, reached without a socket."""
    settings.VAR_DIR = tmp_path
    lane = push_lane()
    lane.camera.driver, lane.camera.serial = "viid", ""
    lane.camera.settings = {"device_id": GATE_NUMBER, "assumed_confidence": 0.99}
    lane.camera.credentials = {"username": USER, "password": PASSWORD}
    lane.camera.save()

    def carry(request: httpx.Request, **_: object) -> wire.Answer:
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        answer = Client().generic(
            request.method, request.url.path, request.content,
            content_type=headers.pop("content-type"), headers=headers,
        )  # fmt: skip
        return wire.Answer(answer.status_code, httpx.Headers(dict(answer.headers)), answer.content)

    monkeypatch.setattr(speaker, "exchange", carry)
    return lane


def test_a_car_goes_up_and_comes_in_again(lane, platform, receiver):
    row = entered(lane, platform, sends_pictures=True)
    passes(lane, picture=jpeg())
    after = turn(row)
    assert (after.code, after.accepted_at is None) == ("", False)
    taken = Reading.objects.get(device=receiver.camera)
    assert (taken.plate, taken.colour) == (PLATE, "blue")
    assert (taken.picture.width, taken.picture.height) == (64, 48)
    # Forgotten there: registered again by itself.
    Client().post("/VIID/System/UnRegister", headers={"User-Identify": NUMBER})
    passes(lane, "皖A90001")
    turn(row)
    assert Reading.objects.filter(device=receiver.camera).count() == 2
    assert fresh(row).registered_at is not None


def test_a_wrong_password_is_no_more_tried_than_it_must(receiver):
    with pytest.raises(Trouble) as trouble:
        Speaker("http://10.0.0.1", NUMBER, USER, "wrong").register()
    assert trouble.value.code == "not_authorised"


CODES = (
    "unreachable", "address_refused", "certificate_refused", "no_answer", "answer_not_understood",
    "answer_too_long", "settings_invalid", "not_authorised", "challenge_not_understood",
    "not_registered", "bad_answer", "busy", "not_answered", "answered_500", "refused_7",
)  # fmt: skip


def test_every_trouble_has_words():
    said = [kinds.sentence(code) for code in CODES]
    assert kinds.sentence("never_heard_of") not in said
    assert all(said)


@pytest.mark.parametrize(
    ("text", "is_number"),
    [(NUMBER, True), (GATE_NUMBER, True), ("4101000000119000000７", False), (NUMBER + "1", False),
     ("00" + NUMBER[2:], False), ("", False)],
)  # fmt: skip
def test_a_number_has_a_province_and_a_kind(text, is_number):
    assert numbers.is_number(text) is is_number
