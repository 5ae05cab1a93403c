"""A phone as a camera: who may film, and which frames are taken."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from community.models import Device, Lane
from security import camera_pages
from security.sources.stills import frame_path
from tests.community import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def lane() -> Lane:
    compound = factories.compound()
    phone = factories.device(compound, "camera", "browser", name="南门手机")
    return factories.lane(compound, camera=phone)


def client_of(*roles: str, lane: Lane, language: str = "en", **options: bool) -> Client:
    client = Client(**options)
    client.force_login(factories.user(*roles, at=lane.compound))
    client.cookies["django_language"] = language
    return client


def jpeg(width: int = 320, height: int = 180) -> bytes:
    image = np.random.default_rng(2).integers(0, 255, (height, width, 3), np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


def post(client: Client, camera: Device | int, body: bytes, **headers: str):
    key = camera if isinstance(camera, int) else camera.pk
    where = reverse("camera-frames", args=[key])
    return client.post(where, body, content_type="image/jpeg", headers=headers)


@pytest.mark.parametrize("role", ["guard", "installer", "manager"])
def test_who_may_film_sees_the_page_and_sends_frames(lane: Lane, role: str) -> None:
    client, frame = client_of(role, lane=lane), jpeg()
    shown = client.get(reverse("camera", args=[lane.camera_id]))
    assert shown.status_code == 200
    assert lane.name in shown.content.decode()
    assert post(client, lane.camera, frame).status_code == 200
    assert frame_path(lane.camera_id).read_bytes() == frame


@pytest.mark.parametrize("role", ["resident", "desk", "cashier", "courier", "landlord"])
def test_others_may_not(lane: Lane, role: str) -> None:
    client = client_of(role, lane=lane)
    assert client.get(reverse("camera", args=[lane.camera_id])).status_code == 403
    assert post(client, lane.camera, jpeg()).status_code == 403
    assert not frame_path(lane.camera_id).exists()


def test_the_signed_out_are_sent_to_sign_in_and_their_frames_refused(lane: Lane) -> None:
    shown = Client().get(reverse("camera", args=[lane.camera_id]))
    assert shown.status_code == 302
    answer = post(Client(), lane.camera, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_another_compounds_camera_is_none_of_ours(lane: Lane) -> None:
    stranger = client_of("manager", lane=factories.lane(factories.compound()))
    assert stranger.get(reverse("camera", args=[lane.camera_id])).status_code == 404
    assert post(stranger, lane.camera, jpeg()).json()["code"] == "no_camera"
    assert not frame_path(lane.camera_id).exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"driver": "rtsp"}, {"kind": "door"}])
def test_only_a_camera_in_use_that_is_a_phone_takes_frames(lane: Lane, change: dict) -> None:
    Device.objects.filter(pk=lane.camera_id).update(**change)
    answer = post(client_of("guard", lane=lane), lane.camera_id, jpeg())
    assert answer.status_code == 404


def damaged() -> bytes:
    return jpeg()[: len(jpeg()) // 2]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 415, "not_jpeg"),
        (b"MZ this is no picture", 415, "not_jpeg"),
        (cv2.imencode(".png", np.zeros((9, 9, 3), np.uint8))[1].tobytes(), 415, "not_jpeg"),
        (b"\xff\xd8\xff" + b"x" * 99, 400, "truncated"),
        (damaged(), 400, "truncated"),
        (b"\xff\xd8\xff" + b"x" * camera_pages.FRAME_BYTES, 413, "too_large"),
        (jpeg(2600, 1500)[:1_400_000], 413, "too_many_pixels"),
    ],
)
def test_what_is_no_frame_is_refused_and_changes_nothing(
    lane: Lane, body: bytes, status: int, code: str
) -> None:
    client, good = client_of("guard", lane=lane), jpeg()
    post(client, lane.camera, good)
    answer = post(client, lane.camera, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert frame_path(lane.camera_id).read_bytes() == good


def test_a_frame_needs_the_pages_token(lane: Lane) -> None:
    client = client_of("guard", lane=lane, enforce_csrf_checks=True)
    assert post(client, lane.camera, jpeg()).status_code == 403
    client.get(reverse("camera", args=[lane.camera_id]))
    token = client.cookies["csrftoken"].value
    assert post(client, lane.camera, jpeg(), **{"X-CSRFToken": token}).status_code == 200


def test_the_phone_hears_whether_somebody_reads_its_frames(lane: Lane) -> None:
    client = client_of("guard", lane=lane)
    assert post(client, lane.camera, jpeg()).json() == {"watched": False}
    Device.objects.filter(pk=lane.camera_id).update(health=Device.Health.ONLINE)
    assert post(client, lane.camera, jpeg()).json() == {"watched": True}


def test_a_full_disk_is_said(lane: Lane, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(camera_pages, "replace_file", full)
    answer = post(client_of("guard", lane=lane), lane.camera, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")


def test_the_list_names_cameras_and_lanes_of_this_compound_only(lane: Lane) -> None:
    other = factories.compound()
    factories.device(other, "camera", "browser", name="别处的手机")
    shown = client_of("installer", lane=lane).get(reverse("cameras")).content.decode()
    assert "南门手机" in shown
    assert lane.name in shown
    assert "别处的手机" not in shown
