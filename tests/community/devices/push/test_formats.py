"""What each maker's push is read as: every trap that is known of, one by one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from community.devices.outbox import Letter
from community.devices.push import FORMATS, Body, NotUnderstood, Told
from tests.community.devices.push import bodies
from tests.community.devices.push.bodies import HIKVISION_TYPE, PLATE, SERIAL

pytestmark = pytest.mark.pure
SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 2, 7, 30, 15, tzinfo=UTC)


def read(kind: str, data: bytes, content_type: str = "", rest: str = "") -> Told:
    return FORMATS[kind].read(Body(data, content_type, rest, SHANGHAI))


def plate_of(kind: str, data: bytes, content_type: str = "", rest: str = "") -> Any:
    told = read(kind, data, content_type, rest)
    assert told.what == "plate"
    return told.plate


XML = bodies.anpr_xml(at=AT.isoformat())
LIVE = [
    ("vzenith", bodies.vzenith(at=AT), "application/json", 0.98, "blue"),
    ("hikvision", bodies.hikvision(XML), HIKVISION_TYPE, 0.97, "blue"),
    ("hikvision", XML, "application/xml", 0.97, "blue"),
    ("dahua", bodies.dahua(at="2026-03-02 15:30:15.000"), "application/json", 250 / 255, "blue"),
    ("huaxia", bodies.huaxia(at=AT), "application/x-www-form-urlencoded", None, "blue"),
    ("platerecognizer", bodies.platerecognizer(at="2026-03-02T07:30:15Z"), "", 0.93, ""),
    ("openalpr", bodies.openalpr(at=AT), "application/json", 0.941, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "content_type", "confidence", "colour"), LIVE)
def test_every_maker_tells_the_same_car(kind, data, content_type, confidence, colour):
    found = plate_of(kind, data, content_type)
    assert (found.plate or "").upper() == PLATE
    assert found.captured_at.astimezone(UTC) == AT
    assert found.is_realtime
    assert found.colour == colour
    assert found.confidence == (None if confidence is None else pytest.approx(confidence))
    assert read(kind, data, content_type).serial


@pytest.mark.parametrize(
    "said", ["无牌车", "_无_", "无", "null", "unknown", "UNKNOWN", "-", "", None]
)
def test_no_plate_in_all_its_spellings_is_none(said):
    from community.vision import grammar

    for kind, data in (
        ("vzenith", bodies.vzenith(said)),
        ("dahua", bodies.dahua(said)),
        ("openalpr", bodies.openalpr(said)),
        ("huaxia", bodies.huaxia(said or "")),
        ("hikvision", bodies.anpr_xml(said or "")),
    ):
        assert grammar.parse(plate_of(kind, data).plate) is None


def test_vzenith_kinds_that_are_no_sure_plate():
    assert plate_of("vzenith", bodies.vzenith(type=31)).plate is None
    for fake in ({"type": 29}, {"is_fake_plate": 1}):
        assert plate_of("vzenith", bodies.vzenith(**fake)).confidence == 0.0
    assert read("vzenith", bodies.vzenith(triggerType=65)).what == "other"
    assert plate_of("vzenith", bodies.vzenith(colorType=6)).colour == "green"


def test_vzenith_offline_records_are_history_under_the_same_name():
    live, late = (plate_of("vzenith", bodies.vzenith(at=AT, isoffline=flag)) for flag in (0, 1))
    assert (live.is_realtime, late.is_realtime) == (True, False)
    assert live.vendor_id == late.vendor_id
    after_reset = plate_of("vzenith", bodies.vzenith(at=AT + timedelta(hours=1)))
    assert after_reset.vendor_id != live.vendor_id


def test_vzenith_says_that_it_lives_asks_and_tells_inputs():
    assert read("vzenith", bodies.vzenith_alive(), rest="heartbeat").what == "heartbeat"
    told = read("vzenith", bodies.vzenith_alive(), rest="comet/")
    assert (told.what, told.serial) == ("poll", SERIAL)
    contact = read("vzenith", bodies.vzenith_input(1)).input
    assert contact is not None
    assert (contact.number, contact.is_on) == (1, True)
    assert read("vzenith", b'{"SerialData": {"serialno": "x"}}').what == "other"


PULSE = Letter(1, "open", 0, output="io", io=1, pulse_ms=700)
LETTERS: list[tuple[Letter | None, str, Any]] = [
    (None, "no", None),
    (Letter(1, "open", 0), "ok", None),
    (PULSE, "no", {"io": 1, "value": 2, "delay": 700}),
    (Letter(1, "keep_open", 0, output="io", value=1), "no", {"io": 0, "value": 1}),
    (Letter(1, "release", 0, output="io", value=0), "no", {"io": 0, "value": 0}),
    (Letter(1, "release", 0, output="answer"), "no", None),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "info", "ioctrl"), LETTERS)
def test_a_vzenith_answer_opens_for_a_letter_and_for_nothing_else(letter, info, ioctrl):
    body = FORMATS["vzenith"].answer(read("vzenith", bodies.vzenith()), letter).body
    said = json.loads(body)["Response_AlarmInfoPlate"]
    assert (said["info"], said["content"]) == (info, "retransfer_stop")
    assert said.get("ivs_ioctrl") == ioctrl
    assert len(body) < 1000


def test_a_vzenith_answer_asks_for_the_next_stored_record():
    told = read("vzenith", bodies.vzenith(isoffline=1, number=55))
    said = json.loads(FORMATS["vzenith"].answer(told, None).body)["Response_AlarmInfoPlate"]
    assert said["ContinuePushOffline"] == {"plateid": 55, "continue": 1}
    assert said["info"] == "no"


def test_no_other_maker_takes_orders_from_an_answer():
    letter = Letter(1, "open", 0)
    for how in FORMATS.values():
        if not how.carries:
            assert how.answer(None, letter) == how.answer(None, None)


NAMESPACES = [
    ('xmlns="http://www.isapi.org/ver20/XMLSchema"', ""),
    ('xmlns="http://www.hikvision.com/ver20/XMLSchema"', ""),
    ('xmlns="http://www.std-cgi.com/ver10/XMLSchema"', ""),
    ('xmlns:ns1="http://www.std-cgi.com/ver10/XMLSchema"', "ns1:"),
    ("", ""),
]


@pytest.mark.parametrize(("namespace", "prefix"), NAMESPACES)
def test_hikvision_in_every_namespace(namespace, prefix):
    xml = bodies.anpr_xml(namespace=namespace, prefix=prefix)
    assert plate_of("hikvision", bodies.hikvision(xml), HIKVISION_TYPE).plate == PLATE


@pytest.mark.parametrize(
    "mark",
    ["<alarmDataType>1</alarmDataType>", "<isDataRetransmission>true</isDataRetransmission>"],
)
def test_hikvision_history_is_history(mark):
    assert not plate_of("hikvision", bodies.anpr_xml(extra=mark)).is_realtime


def test_hikvision_without_an_offset_counts_in_the_devices_zone():
    found = plate_of("hikvision", bodies.anpr_xml(at="2026-03-02T15:30:15"))
    assert found.captured_at.astimezone(UTC) == AT


def test_whoever_sits_in_the_car_is_dropped():
    found = plate_of("hikvision", bodies.hikvision(), HIKVISION_TYPE)
    assert found.picture == bodies.jpeg(160, 90)
    head = 'Content-Disposition: form-data; name="pilotPicture.jpg"; filename="p.jpg"'
    xml = ('Content-Disposition: form-data; name="anpr.xml"', bodies.anpr_xml())
    only = bodies.multipart(xml, (head, bodies.jpeg(90, 90, 7)))
    assert plate_of("hikvision", only, HIKVISION_TYPE).picture is None
    assert plate_of("dahua", bodies.dahua()).picture == bodies.jpeg(160, 90)


def test_hikvision_terminals_tell_who_went_in_and_are_never_told_to_open():
    told = read("hikvision", bodies.terminal(), "multipart/form-data; boundary=MIME_boundary")
    access = told.access
    assert access is not None
    assert (access.way, access.granted, access.is_realtime) == ("face", True, True)
    replay = read("hikvision", bodies.terminal(currentEvent=False)).access
    waits = read("hikvision", bodies.terminal(remoteCheck=True)).access
    unknown = read("hikvision", bodies.terminal(minor=9)).access
    assert replay is not None and waits is not None and unknown is not None  # noqa: PT018
    assert (replay.is_realtime, waits.is_realtime, unknown.granted) == (False, False, False)
    assert FORMATS["hikvision"].answer(told, None).body == b""


def test_dahua_confidence_time_and_life():
    assert plate_of("dahua", bodies.dahua(exists=False)).plate is None
    for text in ("2026-03-02 15:30:15", "2026-03-02T15:30:15+08:00", "2026/03/02 15:30:15.0"):
        assert plate_of("dahua", bodies.dahua(at=text)).captured_at.astimezone(UTC) == AT
    broken = plate_of("dahua", bodies.dahua(at="soon"))
    assert (broken.captured_at, broken.is_realtime) == (None, False)
    assert (
        read("dahua", bodies.dahua_alive(), rest="NotificationInfo/KeepAlive").what == "heartbeat"
    )
    answer = json.loads(FORMATS["dahua"].answer(None, None).body)
    assert answer == {"Result": True, "Message": "Success"}


def test_huaxia_forms_broken_and_whole():
    assert not plate_of("huaxia", bodies.huaxia(kind="offline")).is_realtime
    assert read("huaxia", b"type=heartbeat&cam_id=9&&==&%zz").what == "heartbeat"
    assert plate_of("huaxia", bodies.huaxia()).picture == bodies.jpeg()
    with pytest.raises(NotUnderstood):
        read("huaxia", b"\0\0\0")


def test_platerecognizer_takes_the_nearest_car_and_openalpr_only_groups():
    assert plate_of("platerecognizer", bodies.platerecognizer()).plate == PLATE.lower()
    for kind in ("alpr_results", "vehicle"):
        assert read("openalpr", bodies.openalpr(kind=kind)).what == "other"
    assert read("openalpr", bodies.openalpr(kind="heartbeat")).what == "heartbeat"


@pytest.mark.parametrize(
    "province", "京沪津渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新蒙"
)
def test_gbk_and_utf8_are_told_apart(province):
    plate = f"{province}A52M78"
    for encoding in ("utf-8", "gbk"):
        assert plate_of("vzenith", bodies.vzenith(plate, encoding=encoding)).plate == plate
        assert plate_of("huaxia", bodies.huaxia(plate, encoding=encoding)).plate == plate
        xml = bodies.anpr_xml(plate).decode().replace("UTF-8", encoding).encode(encoding)
        assert plate_of("hikvision", xml).plate == plate


def test_a_gbk_plate_alone_that_is_valid_utf8():
    from community.devices.push.text import decode

    for text in ("豫A12345", "鲁B00001", "豫A·12345"):
        assert decode(text.encode("gbk")) == decode(text.encode()) == text
    assert "豫A12345".encode("gbk").decode("utf-8") != "豫A12345"  # the trap is real


DEEP = b"[" * 10_000 + b"]" * 10_000
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<EventNotificationAlert><licensePlate>&b;</licensePlate></EventNotificationAlert>"
)
FILE = (
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b"<EventNotificationAlert><licensePlate>&f;</licensePlate></EventNotificationAlert>"
)
BAD = [
    ("vzenith", b'{"AlarmInfoPlate":' + DEEP + b"}", "json_too_deep"),
    ("dahua", b'{"Picture":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}", "json_too_deep"),
    ("dahua", b"[]", "json_invalid"),
    ("openalpr", b"{", "json_invalid"),
    ("hikvision", BOMB, "xml_forbidden"),
    ("hikvision", FILE, "xml_forbidden"),
    ("hikvision", b"<a><b></a>", "xml_invalid"),
    ("hikvision", b"", "no_event"),
    ("platerecognizer", b"--x\r\n", "no_parts"),
]


@pytest.mark.parametrize(("kind", "data", "code"), BAD)
def test_what_is_no_push_is_named_and_never_followed(kind, data, code):
    with pytest.raises(NotUnderstood, match=code):
        read(kind, data)


def test_a_deep_xml_is_read_without_falling_down():
    deep = b"<a>" * 10_000 + b"<licensePlate>x</licensePlate>" + b"</a>" * 10_000
    assert plate_of("hikvision", deep).plate == "x"
