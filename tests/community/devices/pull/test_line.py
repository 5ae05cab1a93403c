"""A camera that is read from, over real sockets: its sign-in, its events, its silence."""

from __future__ import annotations

import json
import time
from zoneinfo import ZoneInfo

import pytest

from community.devices.base import DeviceFault
from community.devices.pull import told as pulled
from community.devices.pull.line import Line, Stopped
from community.devices.push import NotUnderstood
from tests.community.devices.event_stream import (
    DAHUA_HEAD,
    HOLD,
    PASSWORD,
    USER,
    EventStream,
    dahua_event,
    heartbeat,
    part,
)
from tests.community.devices.push.bodies import PLATE, anpr_xml, jpeg, now

ZONE = ZoneInfo("Asia/Shanghai")
RIGHT = {"username": USER, "password": PASSWORD}


class Heard:
    """What a line told until it ended."""

    def __init__(self, camera: EventStream, until: int = 1, credentials=RIGHT, **settings) -> None:
        self.events: list = []
        self.opened = 0
        self.stopping = False
        self.until = until
        values = {"format": "hikvision", "address": camera.url, "silent_s": 3} | settings
        self.line = Line(
            values,
            credentials,
            on_open=self._open,
            on_event=self._take,
            is_stopping=lambda: self.stopping,
        )

    def _open(self) -> None:
        self.opened += 1

    def _take(self, event) -> None:
        self.events.append(event)
        self.stopping = len(self.events) >= self.until

    def told(self) -> list:
        form, options = self.line.format, self.line.options
        return [form.read(event, event.body(ZONE), options) for event in self.events]

    def run(self) -> list:
        with pytest.raises(Stopped):
            self.line.run()
        return self.told()

    def fault(self) -> str:
        with pytest.raises(DeviceFault) as found:
            self.line.run()
        return found.value.code


def hikvision_event(xml: bytes | None = None) -> bytes:
    return (
        part(xml or anpr_xml(), name="anpr.xml")
        + part(b"", "image/jpeg", name="licensePlatePicture.jpg")
        + part(jpeg(160, 90), "image/jpeg", name="detectionPicture.jpg")
    )


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_hikvision_tells_heartbeats_and_cars_with_their_picture(chunked, algorithm):
    scene = [heartbeat(), hikvision_event(), HOLD]
    with EventStream([scene], is_chunked=chunked, algorithm=algorithm) as camera:
        alive, car = Heard(camera, 2).run()
        assert camera.targets == ["/ISAPI/Event/notification/alertStream"] * 2
    assert (alive.what, car.what, car.plate.plate) == ("heartbeat", "plate", PLATE)
    assert (car.plate.is_realtime, car.plate.picture) == (True, jpeg(160, 90))


def test_a_car_does_not_wait_for_pictures_that_never_come(monkeypatch):
    monkeypatch.setattr(pulled, "PICTURES_S", 0.2)
    with EventStream([[part(anpr_xml()), HOLD]]) as camera:
        (car,) = Heard(camera).run()
    assert (car.plate.plate, car.plate.picture) == (PLATE, None)


def test_faces_in_the_car_are_not_taken():
    scene = [
        part(anpr_xml(), name="anpr.xml"),
        part(jpeg(90, 90), "image/jpeg", name="pilotPicture.jpg"),
        part(jpeg(91, 90), "image/jpeg", name="copilotPicture.jpg"),
        HOLD,
    ]
    with EventStream([scene]) as camera:
        (car,) = Heard(camera).run()
    assert car.plate.picture is None


def test_a_recorders_other_channels_are_not_this_camera():
    other = (
        anpr_xml().replace(b"<channelID>1<", b"<channelID>2<").replace(b">2</picNum", b">0</picNum")
    )
    with EventStream([[part(other), HOLD]] * 2) as camera:
        assert [told.what for told in Heard(camera).run()] == ["other"]
        assert [told.what for told in Heard(camera, channel=2).run()] == ["plate"]


@pytest.mark.parametrize("length", [-1, None, 0, 3, 9999])
@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_dahua_tells_cars_whatever_its_lengths_say(length, newline):
    shape = {"boundary": b"myboundary", "length": length, "newline": newline}
    at = int(now().timestamp())
    scene = [
        part(b"Heartbeat", "text/plain", **shape),
        part(dahua_event(at=at), "text/plain", **shape),
        HOLD,
    ]
    with EventStream([scene], content_type=DAHUA_HEAD) as camera:
        heard = Heard(camera, 2, format="dahua")
        alive, car = heard.run()
        assert "codes=[TrafficJunction]" in camera.targets[0]
    assert (alive.what, car.plate.plate, car.plate.colour) == ("heartbeat", PLATE, "blue")
    assert car.plate.confidence == pytest.approx(250 / 255)
    assert int(car.plate.captured_at.timestamp()) == at


@pytest.mark.parametrize(
    ("data", "plate", "sure"),
    [
        ({"Object": {"ObjectType": "Vehicle", "Text": "Audi"}}, "皖Z00000", False),
        ({"Object": {"ObjectType": "Plate", "Text": "unknown"}}, "unknown", False),
        ({"Object": {"ObjectType": "Plate", "Text": ""}}, None, False),
        ({"Object": None, "TrafficCar": None}, None, False),
        ({"Object": [], "TrafficCar": "x"}, None, False),
    ],
)
def test_dahuas_plate_stands_where_its_kind_says(data, plate, sure):
    text = dahua_event(at=int(now().timestamp()), **data)
    with EventStream([[part(text, boundary=b"myboundary"), HOLD]], content_type=DAHUA_HEAD) as one:
        (car,) = Heard(one, format="dahua").run()
    assert (car.plate.plate, car.plate.confidence > 0) == (plate, sure)


def test_dahua_with_pictures_and_the_other_channel():
    lines = "\r\n".join(
        f"Events[0].{name}={value}"
        for name, value in {
            "EventBaseInfo.Code": "TrafficJunction",
            "EventBaseInfo.Index": 0,
            "GroupID": 3,
            "Object.ObjectType": "Plate",
            "Object.Text": PLATE,
            "Object.Confidence": 240,
            "RealUTC": int(now().timestamp()),
            "Object.ObjectType.Deeper": "broken",
            "Object.BoundingBox[0]": 77,
        }.items()
    )
    scene = [
        part(lines.encode(), "text/plain", boundary=b"myboundary"),
        part(jpeg(160, 90), "image/jpeg", boundary=b"myboundary"),
        HOLD,
    ]
    with EventStream([scene] * 2, content_type=DAHUA_HEAD) as camera:
        (car,) = Heard(camera, format="dahua", pictures=True).run()
        (other,) = Heard(camera, format="dahua", pictures=True, channel=2).run()
    assert (car.plate.plate, car.plate.picture) == (PLATE, jpeg(160, 90))
    assert other.what == "other"


@pytest.mark.parametrize(
    "text",
    [b"Code=;", b"\xff\xfe\x00", b"Code=TrafficJunction;action=Pulse;index=0;data={]}",
     b"Code=TrafficJunction;action=Pulse;index=0;data=" + b'{"a":' * 9_000 + b"1" + b"}" * 9_000],
)  # fmt: skip
def test_what_makes_no_sense_is_said_to_be_that(text):
    body = part(text, boundary=b"myboundary") + b"--myboundary\r\n"
    with EventStream([[body, HOLD]], content_type=DAHUA_HEAD) as camera:
        heard = Heard(camera, format="dahua")
        with pytest.raises(NotUnderstood):
            heard.run()
        assert len(heard.events) == 1


def test_silence_and_single_bytes_that_drip_end_the_connection():
    drip = [step for byte in heartbeat()[:60] for step in (bytes([byte]), 0.05)]
    for scene in ([heartbeat(), HOLD], [heartbeat(), *drip, HOLD]):
        with EventStream([scene]) as camera:
            began = time.monotonic()
            assert Heard(camera, 9, silent_s=0.4).fault() == "silent"
            assert time.monotonic() - began < 3


def test_a_camera_that_hangs_up_or_is_gone_says_which():
    with EventStream([[heartbeat()]]) as camera:
        heard = Heard(camera, 9)
        assert (heard.fault(), heard.opened) == ("broken_off", 1)
    assert Heard(camera).fault() == "unreachable"


def test_a_wrong_password_is_tried_once():
    with EventStream([], password="another") as camera:
        assert Heard(camera).fault() == "not_authorised"
        assert (len(camera.targets), camera.refused) == (2, 1)
        assert Heard(camera, credentials={}).fault() == "credentials_missing"
        assert camera.refused == 1


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "500 Oops"])
def test_a_recorder_that_cannot_says_so(status):
    with EventStream([[HOLD]], status=status) as camera:
        assert Heard(camera).fault() == f"answered_{status[:3]}"


def test_fifty_megabytes_are_dropped_and_the_next_car_heard():
    flood = [b"<" + b"x" * 1_000_000] * 50
    scene = [part(b"<", length=50_000_000)[:-2], *flood, b"\r\n", hikvision_event(), HOLD]
    with EventStream([scene]) as camera:
        heard = Heard(camera)
        (car,) = heard.run()
        assert car.plate.plate == PLATE
        assert heard.line._splitter.dropped == 1


WRONG = [
    {"address": "ftp://192.168.1.9"},
    {"address": 7},
    {"channel": 0},
    {"channel": "1"},
    {"format": "unknown"},
    {"silent_s": 0},
    {"tls": 1},
    {"verify_tls": "no"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_settings_that_make_no_sense_are_refused(wrong):
    with EventStream([]) as camera, pytest.raises(DeviceFault, match="settings_invalid"):
        Heard(camera, **wrong)


def test_an_address_of_this_host_is_not_asked(settings):
    settings.DEVICE_LOOPBACK = False
    with EventStream([]) as camera:
        assert Heard(camera).fault() == "address_refused"
        assert camera.targets == []
