"""A frame of a courier's phone: the waybill in it, or a sentence, or nothing; bounded."""

from __future__ import annotations

import cv2
import pytest
import segno
from django.test import Client

from tests.community.vision.bars import bars, parcel, seen
from tests.parcels.lockers import Stand

pytestmark = pytest.mark.django_db
URL = "/courier/read/"


@pytest.fixture
def courier(place: Stand) -> Client:
    client = Client()
    client.force_login(place.courier.user)
    return client


def jpeg(frame) -> bytes:
    return bytes(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())


def sent(client: Client, body: bytes):
    return client.post(URL, body, content_type="image/jpeg")


def test_the_waybill_of_a_tilted_frame_is_read(courier):
    frame = seen(parcel(bars("SF1428091666315", 4), angle=-12), blur=1.2, noise=6, contrast=0.7)
    assert sent(courier, jpeg(frame)).json() == {"waybill": "SF1428091666315"}


def test_a_qr_code_counts_where_it_is_a_number_and_two_numbers_are_none(courier, tmp_path):
    def square(text: str):
        segno.make(text, micro=False).save(tmp_path / "q.png", scale=8, border=4)
        return cv2.imread(str(tmp_path / "q.png"), cv2.IMREAD_GRAYSCALE)

    assert sent(courier, jpeg(parcel(square("YT8462301947")))).json() == {"waybill": "YT8462301947"}
    assert sent(courier, jpeg(parcel(square("https://example.org/a")))).status_code == 204
    first, second = (bars(text, 3, 120) for text in ("JT3022718845107", "773012345678901"))
    told = sent(courier, jpeg(parcel(first, second))).json()
    assert list(told) == ["said"]
    assert "条码" in told["said"]


def test_what_is_no_frame_of_ours_is_refused_before_it_is_decoded(courier, place):
    assert sent(courier, b"").status_code == 400
    assert sent(courier, b"\x89PNG\r\n\x1a\n" + b"0" * 50).status_code == 400
    assert sent(courier, b"\xff\xd8\xff" + b"0" * 900_000).status_code == 400
    wide = cv2.resize(parcel(bars("SF1428091666315")), (4000, 1000))
    assert sent(courier, jpeg(wide)).status_code == 400
    assert sent(courier, jpeg(parcel())).status_code == 204
    assert courier.get(URL).status_code == 405
    assert sent(Client(), jpeg(parcel())).status_code == 403
    office = Client()
    office.force_login(place.clerk)
    assert sent(office, jpeg(parcel())).status_code == 403


def test_only_pages_of_couriers_may_ask_for_the_camera(courier, place):
    courier.post("/courier/locker/", {"bank": place.bank.pk})
    page = courier.get("/courier/")
    assert "camera=(self)" in page["Permissions-Policy"]
    assert "data-camera" in page.content.decode()
    session = courier.session
    session["courier_tablet"] = "x"  # a shared tablet has its scanner
    session.save()
    assert "data-camera" not in courier.get("/courier/").content.decode()
