"""A push takes the one road: stored, decided, answered as its camera needs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from community.devices import heard
from community.devices.operations import find_silent, revoke_token
from community.models import Command, Device, DeviceToken, Event
from security.models import Passage, Picture, Reading
from security.pushes import taking
from tests.community.devices.push import bodies
from tests.community.devices.push.bodies import HIKVISION_TYPE, PLATE, SERIAL
from tests.security.gates import OTHER
from tests.security.pushes.cameras import Pusher, nothing_happened, opens, push_lane

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
LIVE = [
    ("vzenith", bodies.vzenith, "application/json", ""),
    ("hikvision", bodies.hikvision, HIKVISION_TYPE, ""),
    ("hikvision", bodies.anpr_xml, "application/xml", "/"),
    ("dahua", bodies.dahua, "application/json", "/NotificationInfo/TollgateInfo"),
    ("huaxia", bodies.huaxia, FORM, ""),
    ("platerecognizer", bodies.platerecognizer, "multipart/form-data; boundary=x1", ""),
    ("openalpr", bodies.openalpr, "application/json", ""),
]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def push():
    return Pusher(push_lane())


@pytest.mark.parametrize(("kind", "made", "content_type", "rest"), LIVE)
def test_every_makers_push_opens_for_a_registered_car_once(kind, made, content_type, rest):
    push = Pusher(push_lane(kind), kind)
    body = made()
    first, second = push(body, content_type, rest), push(body, content_type, rest)
    assert (first.status_code, first.content) == (200, second.content)
    assert first["Content-Length"] == str(len(first.content))
    reading = Reading.objects.get()
    assert (reading.plate, reading.source, reading.device) == (PLATE, "push", push.lane.camera)
    assert (reading.picture is None) == (content_type == "application/xml")
    assert (reading.passage.outcome, Command.objects.count()) == ("allow", 1)


@pytest.mark.parametrize(("kind", "made", "content_type", "rest"), LIVE)
def test_no_makers_push_opens_for_a_stranger(kind, made, content_type, rest):
    push = Pusher(push_lane(kind), kind)
    answer = push(
        bodies.hikvision(bodies.anpr_xml(OTHER)) if made is bodies.hikvision else made(OTHER),
        content_type,
        rest,
    )
    assert Passage.objects.get().outcome == "ask"
    assert not Command.objects.exists()
    assert b'"ok"' not in answer.content


NOT_OPENING = {
    "a stranger": {"plate": OTHER},
    "no plate": {"plate": "_无_"},
    "markup": {"plate": "<script>alert(1)</script>"},
    "an unsure plate": {"confidence": 40},
    "a printed plate": {"is_fake_plate": 1},
    "an offline record": {"isoffline": 1},
    "an old picture": {"at": bodies.now() - timedelta(minutes=9)},
    "a clock ahead": {"at": bodies.now() + timedelta(hours=1)},
    "a car that stays": {"triggerType": 64},
    "no confidence": {"confidence": None},
    "a confidence of nonsense": {"confidence": "very"},
}


@pytest.mark.parametrize("why", NOT_OPENING)
def test_what_opens_nothing_is_answered_as_taken(push, why):
    answer = push(bodies.vzenith(**NOT_OPENING[why]))
    assert (answer.status_code, opens(answer)) == (200, False)
    assert b"retransfer_stop" in answer.content
    assert not Command.objects.exists()


def test_with_a_barrier_of_its_own_the_answer_never_opens(push):
    assert not opens(push(bodies.vzenith()))
    assert Command.objects.get().device == push.lane.barrier


def test_the_serial_of_the_first_push_is_bound(push):
    push(bodies.vzenith())
    camera = Device.objects.get(pk=push.lane.camera_id)
    assert camera.serial == SERIAL
    answer = push(bodies.vzenith(number=102, serial="0000-1111"))
    camera.refresh_from_db()
    assert (Reading.objects.count(), opens(answer)) == (1, False)
    assert (camera.health, camera.health_code) == ("faulty", "serial_mismatch")
    push(bodies.vzenith(number=103, serial=SERIAL.upper()))
    camera.refresh_from_db()
    assert (Reading.objects.count(), camera.health) == (2, "online")
    assert Event.objects.filter(kind="device.serial_bound").count() == 1


def test_a_push_without_a_serial_is_not_heard(push):
    push(bodies.vzenith(serial=""))
    assert nothing_happened()


@pytest.mark.parametrize("secret", ["A" * 22, "short", "../../etc", "A" * 400, "é" * 22])
def test_a_wrong_secret_hears_what_all_hear_and_moves_nothing(push, secret):
    answer = push(bodies.vzenith(), secret=secret)
    assert nothing_happened()
    assert answer.status_code in (200, 404)
    assert answer.status_code == 404 or not opens(answer)


def test_a_revoked_secret_a_device_out_of_use_and_another_kind_are_not_heard(push):
    token = DeviceToken.objects.get()
    assert push.secret not in (token.digest, token.hint)
    Device.objects.update(is_active=False)
    push(bodies.vzenith())
    Device.objects.update(is_active=True)
    push.kind = "dahua"
    assert push(bodies.dahua()).json() == {"Result": True, "Message": "Success"}
    push.kind = "vzenith"
    revoke_token(token, None)
    assert not opens(push(bodies.vzenith()))
    assert nothing_happened()


def test_a_key_of_the_api_is_no_address_and_an_address_no_key(push, client):
    headers = {"Authorization": f"Device {push.secret}"}
    assert client.post("/api/v1/readings/", {}, headers=headers).status_code == 401


def test_a_camera_without_a_lane_says_so(push):
    push.lane.camera = None
    push.lane.save()
    assert not opens(push(bodies.vzenith()))
    assert Device.objects.get(kind="camera").health_code == "device_without_lane"


def test_what_cannot_be_stored_now_shall_come_again(push, monkeypatch):
    def busy(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(taking.operations, "take_reading", busy)
    answer = push(bodies.vzenith())
    assert answer.status_code == 503
    monkeypatch.undo()
    push(bodies.vzenith())
    assert Reading.objects.count() == 1


def test_a_second_camera_word_for_the_same_car_is_one_passage(push):
    push(bodies.vzenith(number=1, triggerType=8))
    push(bodies.vzenith(number=2, triggerType=2))
    assert (Reading.objects.count(), Passage.objects.count()) == (2, 1)
    assert Command.objects.count() == 1


def test_an_offline_copy_of_a_live_car_is_known(push):
    at = bodies.now()
    push(bodies.vzenith(at=at))
    push(bodies.vzenith(at=at, isoffline=1))
    assert (Reading.objects.count(), Command.objects.count()) == (1, 1)


def test_two_cars_without_a_plate_are_never_the_same(push):
    push(bodies.vzenith(None, number=1))
    push(bodies.vzenith(None, number=2))
    assert Passage.objects.filter(code="plate_not_read").count() == 2


def test_a_picture_too_large_to_decode_is_left_out(push):
    push(bodies.vzenith(picture=bodies.huge_jpeg()))
    assert Passage.objects.get().outcome == "allow"
    assert not Picture.objects.exists()


def test_heartbeats_tell_that_a_camera_lives_and_silence_that_it_does_not(push, monkeypatch):
    push(bodies.vzenith_alive(), FORM, "/heartbeat")
    camera = push.lane.camera
    camera.refresh_from_db()
    assert camera.health == "online"
    assert find_silent() == 0
    Device.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(heard, "alive_at", lambda _: 1.0)
    assert find_silent() == 1
    camera.refresh_from_db()
    assert (camera.health, camera.health_code) == ("offline", "silent")


def test_what_came_is_kept_for_a_day_without_secrets_and_pictures(push):
    push(bodies.vzenith_alive(), FORM, "/heartbeat")
    push(bodies.vzenith())
    push(b"{")
    notes = heard.last(push.lane.camera_id)
    assert [note.code for note in notes] == ["json_invalid", "vehicle_registered", "heartbeat"]
    text = "".join(note.said for note in notes)
    assert PLATE in text
    assert "hunter2x" not in text
    assert bodies.b64(bodies.jpeg())[:200] not in text
    assert push.secret not in text


def test_a_terminal_tells_who_went_in_and_nothing_is_ordered():
    push = Pusher(push_lane("hikvision"), "hikvision")
    kind = "multipart/form-data; boundary=MIME_boundary"
    body = bodies.terminal()
    for _ in range(2):
        assert push(body, kind).status_code == 200
    push(bodies.terminal(813, minor=9, currentEvent=False), kind)
    found = Passage.objects.order_by("pk").values_list("way", "outcome", "code", "state")
    assert list(found) == [
        ("face", "allow", "terminal_granted", "stored"),
        ("card", "deny", "terminal_refused", "stored"),
    ]
    assert not Command.objects.exists()
    assert not Picture.objects.exists()
    assert "周岚" not in "".join(note.said for note in heard.last(push.lane.camera_id))


def test_a_stranger_kind_of_address_is_no_page(client):
    assert client.post("/devices/" + "A" * 22 + "/nokia").status_code == 404
    assert client.get("/devices/" + "A" * 22 + "/vzenith").status_code == 200


def test_a_probe_lists_what_a_camera_said_and_opens_nothing(push, capsys):
    from django.core.management import call_command

    push(bodies.vzenith_alive(), FORM, "/heartbeat")
    call_command("probe_device", str(push.lane.camera_id), "--bodies")
    said = capsys.readouterr().out
    assert "heartbeat" in said
    assert push.secret not in said
    assert "hunter2x" not in said
    call_command("probe_device", str(push.lane.barrier_id))
    assert "position: closed" in capsys.readouterr().out
    assert not Command.objects.exists()


def test_signs_of_life_do_not_push_out_what_cars_said(push):
    push(bodies.vzenith())
    for _ in range(heard.KEPT + 5):
        push(bodies.vzenith_alive(), FORM, "/comet")
    assert [note.code for note in heard.last(push.lane.camera_id)] == ["poll", "vehicle_registered"]
