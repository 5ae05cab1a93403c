"""A device's own page: how it is, what it said, a question, and a test push that is undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.devices import operations as devices
from community.devices.push import FORMATS
from community.devices.push.samples import MARKS_HISTORY, SAMPLES
from community.models import Command, Device, Event
from parking.models import Stay
from security.models import Passage, Picture, Reading
from security.pushes import trial
from tests.community import factories
from tests.community.devices.push import bodies
from tests.community.devices.push.bodies import PLATE
from tests.security.pushes.cameras import Pusher, nothing_happened, push_lane

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


def signed_in(lane: Any, role: str = "installer") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.user(role, at=lane.compound))
    return client


def url(name: str, device: Device) -> str:
    return reverse(name, args=[device.pk])


def send_test(lane: Any, plate: str) -> str:
    answer = signed_in(lane).post(url("setup-try-device", lane.camera), {"plate": plate})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_test_push_walks_the_whole_road_and_is_undone(kind: str):
    lane = push_lane(kind)
    shown = send_test(lane, PLATE)
    assert "The barrier would have been told to open." in shown
    assert f"plate {PLATE}" in shown.upper().replace("PLATE", "plate")
    assert nothing_happened()
    assert not Stay.objects.exists()
    assert not Event.objects.filter(kind__startswith="gate.").exists()
    tried = Event.objects.get(kind="device.push_tried")
    assert tried.payload == {"device": lane.camera_id, "code": "vehicle_registered"}
    assert Device.objects.get(pk=lane.camera_id).serial == ""


def test_a_strangers_plate_would_open_nothing():
    lane = push_lane()
    shown = send_test(lane, "豫A00000")
    assert "Nothing would have opened." in shown
    assert "The camera has no address yet." in shown
    assert nothing_happened()


def test_no_order_leaves_even_where_the_camera_itself_opens():
    """Committed for real: what a rolled back order would have sent after its commit is not sent."""
    lane = push_lane(barrier="vzenith")
    steps = trial.walk(lane.camera, PLATE, None)
    assert [step.name for step in steps] == [
        "address",
        "body",
        "serial",
        "lane",
        "decision",
        "answer",
    ]
    assert steps[4].facts["opens"]
    assert '"ok"' not in steps[5].facts["said"]
    assert not Command.objects.exists()


def test_the_road_ends_where_it_is_broken():
    lane = push_lane()
    lane.camera, camera = None, lane.camera
    lane.save()
    answer = signed_in(lane).post(url("setup-try-device", camera), {"plate": PLATE})
    shown = answer.content.decode()
    assert "This camera belongs to no lane yet." in shown
    assert "told to open" not in shown


@pytest.mark.parametrize("plate", ["", "<script>", "豫", "x" * 400])
def test_a_test_needs_a_plate(plate: str):
    lane = push_lane()
    answer = signed_in(lane).post(url("setup-try-device", lane.camera), {"plate": plate})
    assert answer.status_code == 422
    assert "This is no plate." in answer.content.decode()
    assert "<script>" not in answer.content.decode().partition("<main")[2]
    assert not Event.objects.filter(kind="device.push_tried").exists()


def test_the_page_says_how_a_camera_is_and_what_it_said():
    lane: Any = push_lane()
    push = Pusher(lane)
    push(bodies.vzenith_alive(), "application/x-www-form-urlencoded", "/heartbeat")
    push(bodies.vzenith("<b>"))
    push(bodies.vzenith(number=2, picture=bodies.jpeg(320, 180)))
    push(bodies.vzenith(number=3, serial="0000-0000"))
    Device.objects.filter(pk=lane.camera_id).update(clock_offset_ms=-95_000)
    client = signed_in(lane)
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(url("setup-device", lane.camera)).content.decode()
    assert len(asked) <= 15
    assert "Another camera pushes to this address." in shown
    assert "95 s behind ours." in shown
    assert "&lt;b&gt;" in shown
    assert "127.0.0.1" in shown
    for secret in ("hunter2x", push.secret, "<b>皖"):
        assert secret not in shown
    picture = client.get(url("setup-device-picture", lane.camera))
    assert picture.content == bodies.jpeg(320, 180)
    Picture.objects.update(erased_at="2026-01-01T00:00Z")
    assert client.get(url("setup-device-picture", lane.camera)).status_code == 404


def test_a_test_is_marked_among_what_the_camera_said():
    lane = push_lane()
    send_test(lane, "豫A00000")
    shown = signed_in(lane).get(url("setup-device", lane.camera)).content.decode()
    assert "<strong>Test</strong>" in shown
    assert not Reading.objects.exists()


def test_a_barrier_is_asked_and_its_orders_listed():
    lane: Any = push_lane()
    Pusher(lane)(bodies.vzenith())
    client = signed_in(lane, "manager")
    asked = client.post(url("setup-ask-device", lane.barrier), follow=True).content.decode()
    assert "It answers." in asked
    assert "Open once" in asked
    assert Passage.objects.count() == 1
    assert client.post(url("setup-try-device", lane.barrier), {"plate": PLATE}).status_code == 404


def test_a_camera_that_pushes_is_only_looked_for(monkeypatch: pytest.MonkeyPatch):
    lane: Any = push_lane()
    assert devices.ask_now(lane.camera).code == "peer_unknown"
    push = Pusher(lane)
    push(bodies.vzenith(), REMOTE_ADDR="127.0.0.1")
    assert devices.ask_now(lane.camera).code == "peer_refused"
    push(bodies.vzenith(number=2), REMOTE_ADDR="192.168.1.31")
    knocked: list[Any] = []

    def knock(address: Any, _timeout: float) -> Any:
        knocked.append(address)
        raise TimeoutError

    monkeypatch.setattr("socket.create_connection", knock)
    assert devices.ask_now(lane.camera).state == "offline"
    assert knocked == [("192.168.1.31", 80), ("192.168.1.31", 443)]


def test_others_have_no_such_page():
    lane = push_lane()
    for role in ("guard", "desk", "resident"):
        client = signed_in(lane, role)
        for name in ("setup-device", "setup-device-picture"):
            assert client.get(url(name, lane.camera)).status_code == 404
        assert (
            client.post(url("setup-try-device", lane.camera), {"plate": PLATE}).status_code == 404
        )
    stranger = signed_in(push_lane())
    assert stranger.get(url("setup-device", lane.camera)).status_code == 404


def test_every_maker_that_is_read_can_be_tried():
    assert set(SAMPLES) == set(FORMATS)
    assert set(FORMATS) > MARKS_HISTORY
