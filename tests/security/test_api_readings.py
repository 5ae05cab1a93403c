"""The door for devices: what it takes, what it refuses, and that it never opens by mistake."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from community.devices.operations import issue_token, revoke_token
from community.models import Command, DeviceToken
from security import ingest
from security.api import readings as api
from security.models import Passage, Picture, Reading
from tests.community import factories
from tests.security.gates import OTHER, PLATE, gate, jpeg

pytestmark = pytest.mark.django_db
URL = "/api/v1/readings/"


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def lane():
    return gate()


@pytest.fixture
def send(lane, client: Client):
    """Post a reading of the lane's camera: JSON, or a form where there is a picture."""
    token = issue_token(lane.camera, None)

    def post(values: Any = None, *, authorization: str = f"Device {token}", **changed: Any):
        body = values if values is not None else body_of(**changed)
        headers = {"Authorization": authorization, "Accept-Language": "en"}
        is_form = isinstance(body, dict) and "picture" in body
        content = {} if is_form else {"content_type": "application/json"}
        return client.post(URL, body, headers=headers, **content)

    return post


def body_of(**changed: Any) -> dict[str, Any]:
    now = timezone.now().isoformat()
    body = {"id": "a-1", "plate": PLATE, "kind": "blue", "confidence": 0.97, "captured_at": now}
    body |= changed
    return {key: value for key, value in body.items() if value is not ...}


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat()


def nothing_happened() -> bool:
    return not any(rows.objects.exists() for rows in (Reading, Passage, Picture, Command))


def picture(data: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def bomb(side: int = 60_000) -> bytes:
    """A PNG that says it is 60,000 pixels square and would unpack to gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_registered_car_opens_and_the_device_hears_why(send, lane):
    answer = send()
    assert answer.status_code == 201
    told = answer.json()
    assert told.pop("passage") == Passage.objects.get().pk
    assert told == {
        "outcome": "allow",
        "code": "vehicle_registered",
        "sentence": "Registered by the property office.",
        "opened": True,
        "duplicate": False,
    }
    assert Command.objects.get().lane == lane


@pytest.mark.parametrize(
    ("plate", "colour", "kind"),
    [
        (PLATE, "", "unknown"),
        (PLATE, "blue", "blue"),
        (PLATE, "yellow", "yellow"),
        ("皖AD12345", "", "green"),
        ("皖A1234警", "", "white"),
        ("", "", "unknown"),
    ],
)
def test_a_kind_that_nobody_said_is_not_guessed(plate: str, colour: str, kind: str):
    assert ingest.kind_said(plate, colour) == kind


def test_the_same_id_again_hears_the_first_answer_and_opens_nothing(send):
    first, second = send(), send(plate=OTHER)
    assert (second.status_code, second.json()) == (200, first.json() | {"duplicate": True})
    assert Command.objects.count() == Reading.objects.count() == 1


def test_a_stranger_is_asked_about(send):
    told = send(plate=OTHER).json()
    assert (told["outcome"], told["opened"]) == ("ask", False)
    assert not Command.objects.exists()


def test_the_sentence_comes_in_the_callers_language(send, client, lane):
    headers = {"Authorization": f"Device {issue_token(lane.camera, None)}"}
    refused = client.post(URL, {}, headers=headers | {"Accept-Language": "zh-hans"})
    assert refused.status_code == 400
    assert refused.json()["detail"] != send({}).json()["detail"]


@pytest.mark.parametrize(
    "authorization", ["", "Device", "Device x y", "Device linli_no", "Bearer x"]
)
def test_without_a_token_nobody_is_heard(send, authorization: str):
    answer = send(authorization=authorization)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Device realm="linli"'
    assert nothing_happened()


def test_a_revoked_token_and_a_device_out_of_use_are_not_heard(send, lane):
    lane.camera.is_active = False
    lane.camera.save()
    assert send().status_code == 401
    lane.camera.is_active = True
    lane.camera.save()
    revoke_token(DeviceToken.objects.get(), None)
    answer = send()
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert nothing_happened()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"plate": "皖" * 10_000}, "plate"),
        ({"plate": "<script>alert(1)</script>"}, "plate"),
        ({"plate": "皖A\x0052M78"}, "plate"),
        ({"plate": {"a": 1}}, "plate"),
        ({"plate": ...}, "plate"),
        ({"confidence": ...}, "confidence"),
        ({"confidence": 97}, "confidence"),
        ({"confidence": "high"}, "confidence"),
        ({"captured_at": ...}, "captured_at"),
        ({"captured_at": None}, "captured_at"),
        ({"captured_at": ..., "realtime": None}, "captured_at"),
        ({"captured_at": "yesterday"}, "captured_at"),
        ({"captured_at": "0001-01-01T00:00:00Z"}, "captured_at"),
        ({"captured_at": "9999-12-31T23:59:59-12:00"}, "captured_at"),
        ({"id": ...}, "id"),
        ({"id": ""}, "id"),
        ({"id": "x" * 121}, "id"),
        ({"id": "\ud800"}, "id"),
        ({"kind": "pink"}, "kind"),
        ({"lane": "south"}, "lane"),
        ({"picture": "not a file"}, "picture"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_happens(send, client, changed: dict, field: str):
    answer = send(body_of(**changed))
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert nothing_happened()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '"x"',
        "{",
        "[" * 20_000,
        '{"confidence": NaN}',
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_what_is_no_reading_is_refused(send, body):
    answer = send(body if isinstance(body, bytes) else body.encode())
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "detail", "fields"}
    assert nothing_happened()


def test_a_body_of_megabytes_is_not_read(send):
    answer = send(b'{"plate": "' + b"x" * 100_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("age", "changed", "code"),
    [
        ({"minutes": 2}, {}, "reading_too_old"),
        ({"seconds": -30}, {}, "reading_from_future"),
        ({"days": -400}, {}, "reading_from_future"),
        ({}, {"realtime": False}, "reading_history"),
        ({}, {"captured_at": ..., "realtime": False}, "reading_history"),
    ],
)
def test_a_reading_of_another_time_is_kept_and_opens_nothing(
    send, age: dict, changed: dict, code: str
):
    answer = send(**{"captured_at": ago(**age)} | changed)  # its age counts from this moment
    told = answer.json()
    assert (answer.status_code, told["code"], told["opened"]) == (201, code, False)
    assert Passage.objects.get().state == "stored"
    assert not Command.objects.exists()


def test_without_a_time_a_live_push_opens(send):
    assert send(captured_at=..., realtime=True).json()["opened"]


def test_a_device_without_a_lane_is_told_so(client, lane):
    token = issue_token(factories.device(lane.compound), None)
    answer = client.post(
        URL, body_of(), "application/json", headers={"Authorization": f"Device {token}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "device_without_lane")
    assert nothing_happened()


def test_a_device_of_two_lanes_names_one_of_its_own(send, lane):
    second = factories.lane(lane.compound, camera=lane.camera)
    elsewhere = factories.lane(factories.compound())
    assert send().json()["code"] == "device_of_many_lanes"
    assert send(lane=elsewhere.pk).json()["code"] == "device_not_of_lane"
    assert nothing_happened()
    assert send(lane=second.pk).json()["opened"]
    assert Passage.objects.get().lane == second


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"this is a text", "picture_not_a_picture"),
        (jpeg()[:200], "picture_truncated"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "picture_truncated"),
        (bomb(), "picture_too_many_pixels"),
    ],
    ids=["text", "cut", "zeros", "bomb"],
)
def test_what_is_no_picture_is_refused_before_it_is_unpacked(send, data: bytes, code: str):
    answer = send(body_of(plate=..., confidence=..., picture=picture(data)))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert nothing_happened()


def test_a_picture_of_13_megabytes_is_refused(send):
    answer = send(body_of(picture=picture(jpeg() + b"\0" * 13_000_000)))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert nothing_happened()


def test_a_picture_without_a_plate_is_a_row_with_its_picture(send, monkeypatch):
    monkeypatch.setattr(ingest, "_engine", lambda: None)
    told = send(body_of(plate=..., confidence=..., picture=picture(jpeg()))).json()
    assert (told["outcome"], told["code"]) == ("fail", "plate_not_read")
    assert Passage.objects.get().picture


def test_a_plate_with_a_picture_is_not_read_again(send, monkeypatch):
    monkeypatch.setattr(ingest, "recognise", lambda *_: pytest.fail("read again"))
    assert send(body_of(picture=picture(jpeg()))).json()["opened"]
    assert Passage.objects.get().picture


def test_a_drawn_car_is_read_and_let_in(send, lane):
    np, render = pytest.importorskip("numpy"), pytest.importorskip("community.vision.render")
    cv2 = pytest.importorskip("cv2")
    from community.vision.plates import PlateKind

    face = render.plate_picture(PLATE, PlateKind.BLUE, np.random.default_rng(1), width=240, wear=0)
    street = np.full((480, 640, 3), 90, np.uint8)
    street[250 : 250 + face.shape[0], 200 : 200 + face.shape[1]] = face
    data = cv2.imencode(".jpg", street)[1].tobytes()
    ingest.recognise(street, lane)  # the first picture of a process waits for the engine
    told = send(body_of(plate=..., confidence=..., kind=..., picture=picture(data))).json()
    assert (told["code"], told["opened"]) == ("vehicle_registered", True)
    row = Reading.objects.get()
    assert (row.plate, row.source, row.kind) == (PLATE, "api", "blue")


def test_a_token_that_floods_is_slowed_down(send, monkeypatch):
    monkeypatch.setattr(api.TokenThrottle, "rate", "3/min")
    codes = [send(id=f"n{number}").status_code for number in range(4)]
    assert codes == [201, 201, 201, 429]


def test_a_busy_database_says_send_it_again(send, monkeypatch):
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("security.operations.take_reading", locked)
    answer = send()
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post_is_known(send, client, lane, method: str):
    headers = {"Authorization": f"Device {issue_token(lane.camera, None)}"}
    assert getattr(client, method)(URL, headers=headers).status_code == 405


def test_the_description_and_its_page_name_the_door(client):
    schema = client.get("/api/schema/", headers={"Accept": "application/json"})
    assert URL in schema.json()["paths"]
    page = client.get("/api/docs/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "captured_at" in text
    assert "cam7-000182" in text


def test_a_session_opens_no_door_for_devices(client, lane):
    client.force_login(factories.user("manager", at=lane.compound))
    assert client.post(URL, body_of(), "application/json").status_code == 401
    assert nothing_happened()


def test_an_upload_is_read_up_to_its_bound_only(settings):
    settings.PICTURE_MAX_BYTES = 10
    source = io.BytesIO(b"x" * 1000)
    with pytest.raises(ValueError, match="larger"):
        ingest._image(source)
    assert source.tell() == 11
