"""What cameras behind a broker say, read: every maker's way, and every trap in it."""

from __future__ import annotations

import contextlib
import json
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.devices.base import DeviceFault
from community.devices.mqtt_cameras import TALKERS, Message, Options
from community.devices.mqtt_cameras import frigate as frigates
from community.devices.outbox import Letter
from community.devices.push import NotUnderstood
from tests.community.devices.mqtt_cameras.messages import SN, frigate, message, qianyi, vzenith
from tests.community.devices.push.bodies import PLATE, jpeg, now

ZONE = ZoneInfo("Asia/Shanghai")
EVENTS = "frigate/events"
NEW, OLD = f"device/{SN}/message", f"{SN}/device/message"


def talker(kind: str, **options):
    named = {"camera": "gate"} if kind == "frigate" else {"sn": SN}
    values = {"format": kind, "host": "127.0.0.1"} | named | options
    return TALKERS[kind](Options.read(values))


def read(one, topic: str, values, **extra):
    return one.read(message(topic, values, **extra), ZONE)


def letter(**values) -> Letter:
    return Letter(7, "open", time.time() + 9, **values)


def test_frigate_counts_a_plate_that_two_frames_show_surely():
    one, at = talker("frigate"), now().timestamp()
    assert read(one, EVENTS, frigate(at=at)).what == "other"
    assert read(one, EVENTS, frigate(at=at)).what == "other"  # the same frame again
    told = read(one, EVENTS, frigate(at=at + 0.2, kind="update"))
    assert (told.plate.plate, told.plate.vendor_id) == (PLATE, "1718-abc")
    assert (told.plate.confidence, told.plate.is_realtime) == (0.95, True)
    assert read(one, EVENTS, frigate(at=at + 0.4, kind="end")).what == "other"


def test_frigate_believes_no_weak_score_and_no_plate_that_changes(monkeypatch):
    monkeypatch.setattr(frigates, "PATIENCE_S", 0.0)
    one, at = talker("frigate"), now().timestamp()
    for number, (plate, score) in enumerate([(PLATE, 0.89), (PLATE, 0.95), ("皖A52M7B", 0.97)]):
        assert read(one, EVENTS, frigate(plate, score, at=at + number)).what == "other"
    (told,) = one.due()
    assert (told.plate.plate, told.plate.confidence) == ("皖A52M7B", 0.0)
    assert one.due() == []


def test_frigate_stores_a_car_that_was_gone_before_it_was_sure_as_history():
    told = read(talker("frigate"), EVENTS, frigate(kind="end"))
    assert (told.plate.plate, told.plate.is_realtime, told.plate.confidence) == (PLATE, False, 0.0)


def test_frigate_attempts_count_as_sightings_once_each():
    one, at = talker("frigate"), now().timestamp()
    attempt = {"type": "lpr", "id": "1718-abc", "camera": "gate", "plate": PLATE, "score": 0.93}
    topic = "frigate/tracked_object_update"
    assert read(one, topic, attempt | {"timestamp": at}).what == "other"
    assert read(one, topic, attempt | {"timestamp": at}).what == "other"
    assert read(one, topic, attempt | {"timestamp": at + 1}).what == "plate"
    assert read(one, topic, attempt | {"type": "face", "name": "x"}).what == "other"


@pytest.mark.parametrize(
    "values",
    [frigate(camera="yard"), frigate(None), frigate(""), frigate([None, None]), frigate([])],
    ids=["another camera", "none", "empty", "list", "short list"],
)
def test_frigate_events_that_are_no_car_of_ours(values):
    one = talker("frigate")
    assert [read(one, EVENTS, values).what for _ in range(3)] == ["other"] * 3


def test_frigate_tells_whether_it_is_there():
    one = talker("frigate", prefix="site/frigate")
    topic = "site/frigate/available"
    assert read(one, topic, b"online", retained=True).what == "heartbeat"
    assert read(one, topic, b"offline", retained=True).what == "other"
    assert one.is_gone
    assert not one.owns("frigate/available")


def test_frigate_keeps_few_cars_in_memory():
    one = talker("frigate")
    for number in range(1000):
        read(one, EVENTS, frigate(key=f"car-{number}"))
    assert len(one._cars) == frigates.MOST_CARS


def test_vzenith_unpacks_the_plate_and_answers_the_family_it_heard_first():
    for family in (NEW, OLD):
        one = talker("vzenith")
        assert (one.can_order, one.order(letter())) == (False, None)
        told = read(one, f"{family}/up/ivs_result", vzenith())
        assert (told.plate.plate, told.serial, told.plate.picture) == (PLATE, SN, jpeg())
        other = OLD if family == NEW else NEW
        read(one, f"{other}/up/keep_alive", {"sn": SN})
        order = one.order(letter(pulse_ms=800))
        assert order.topic == f"{family}/down/gpio_out"
        assert order.values["payload"]["body"] == {"io": 0, "value": 2, "delay": 800}
        reply = {"id": order.values["id"], "sn": SN, "code": 200}
        said = message(f"{family}/down/gpio_out/reply", reply)
        assert (one.confirmed(said), one.confirmed(said)) == (7, None)


@pytest.mark.parametrize(
    ("result", "plate", "live"),
    [
        ({"license": "X+aXoF8="}, None, True),
        ({"license": ""}, None, True),
        ({"license": PLATE}, PLATE, True),
        ({"isoffline": 1}, PLATE, False),
        ({"type": 31}, None, True),
    ],
)
def test_vzenith_plates_that_are_none_and_records_of_before(result, plate, live):
    told = read(talker("vzenith"), f"{NEW}/up/ivs_result", vzenith(**result))
    assert (told.plate.plate, told.plate.is_realtime) == (plate, live)


def test_vzenith_says_the_rest_too_and_nothing_for_others():
    one = talker("vzenith")
    assert read(one, f"{NEW}/up/quick_ivs_result", vzenith()).what == "other"
    assert read(one, f"{NEW}/up/keep_alive", {"sn": SN.upper()}).what == "heartbeat"
    assert read(one, f"{NEW}/up/ivs_result", vzenith(), retained=True).what == "other"
    gpio = {"AlarmGioIn": {"result": {"TriggerResult": {"source": 1, "value": 1}}}}
    assert read(one, f"{NEW}/up/gpio_in", {"payload": gpio}).input.is_on
    for wrong in (vzenith(sn="1234-5678"), vzenith(is_encrypted=1), {"payload": None}):
        with pytest.raises(NotUnderstood):
            read(one, f"{NEW}/up/ivs_result", wrong)


def test_qianyi_registers_and_is_answered_where_it_listens():
    one = talker("qianyi")
    hello = {"cmd": "camera_register", "msg_id": "m1", "sn": SN.upper(),
             "pubtopic": f"own/{SN}/up", "subtopic": f"own/{SN}/down"}  # fmt: skip
    said = message("/serverAll", hello)
    assert one.read(said, ZONE).what == "heartbeat"
    (reply,) = one.replies(said, "heartbeat")
    wanted = {"cmd": "camera_register_rsp", "msg_id": "m1", "status": "ok"}
    assert (reply.topic, reply.values) == (f"own/{SN}/down", wanted)
    assert f"own/{SN}/up" in one.topics()


@pytest.mark.parametrize("topic", ["#", "own/+/x", f"$SYS/{SN}", "another/camera", "", "a" * 300])
def test_qianyi_may_name_no_pattern_and_no_topic_of_others(topic):
    one = talker("qianyi")
    hello = {"cmd": "camera_register", "sn": SN, "pubtopic": topic, "subtopic": topic}
    read(one, "/serverAll", hello)
    assert topic not in one.topics()
    assert one.order(letter()).topic == f"device/plate/{SN}"


def test_qianyi_results_are_answered_by_their_name_once_they_are_stored():
    one, topic = talker("qianyi"), f"aiot/plate/{SN.upper()}"
    said = message(topic, qianyi())
    told = one.read(said, ZONE).plate
    assert (told.plate, told.colour, told.is_realtime, told.picture) == (
        PLATE,
        "blue",
        True,
        jpeg(),
    )
    assert one.replies(said, "not_stored") == []
    (reply,) = one.replies(said, "vehicle_registered")
    assert reply.values == {
        "cmd": "result_rsp", "msg_id": "1784000000000AbCdEf1", "status": "ok",
    }  # fmt: skip
    assert "ok" not in str(one.replies(message(topic, {"cmd": "mqtt_herat"}), "heartbeat"))


def test_qianyi_plates_that_are_none_and_cameras_that_are_others():
    one, topic = talker("qianyi"), f"aiot/plate/{SN}"
    assert read(one, topic, qianyi("null")).plate.plate is None
    assert not read(one, topic, qianyi(type="offline")).plate.is_realtime
    assert read(one, topic, {"cmd": "mqtt_herat"}).what == "heartbeat"
    assert read(one, "/serverAll", {"cmd": "camera_register", "sn": "xyz"}).what == "other"
    assert (
        one.replies(
            message("/serverAll", {"cmd": "camera_register", "sn": "x", "msg_id": "1"}), "x"
        )
        == []
    )
    with pytest.raises(NotUnderstood, match="serial_mismatch"):
        read(one, topic, qianyi(sn="xyz"))
    read(one, topic, {"cmd": "offline", "sn": SN})
    assert one.is_gone


def test_qianyi_is_never_told_to_close():
    one = talker("qianyi")
    for io in range(4):
        order = one.order(letter(io=io)).values
        assert (order["cmd"], order["ionum"], order["action"]) == ("iooutput", 0, "on")
    assert one.order(letter(value=1)).values["isKeepOpen"] == 1
    order = one.order(letter())
    reply = {"cmd": "iooutput_rsp", "msg_id": order.values["msg_id"], "status": "ok"}
    assert one.confirmed(message(f"aiot/plate/{SN}", reply)) == 7
    assert one.confirmed(message(f"aiot/plate/{SN}", reply | {"status": "busy"})) is None


TOPICS = [EVENTS, "frigate/tracked_object_update", f"{NEW}/up/ivs_result", f"{OLD}/up/gpio_in",
          "/serverAll", f"aiot/plate/{SN}", f"{NEW}/down/gpio_out/reply"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["cmd", "sn", "after", "id", "camera", "payload", "AlarmInfoPlate", "result", "type",
         "PlateResult", "license", "msg_id", "plate", "frame_time", "recognized_license_plate"]),
        inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TALKERS)), st.sampled_from(TOPICS), st.binary(max_size=40) | JSON)
def test_whatever_comes_is_read_or_refused(kind, topic, values):
    one = talker(kind)
    payload = values if isinstance(values, bytes) else json.dumps(values).encode()
    said = Message(topic, payload)
    for deed in (lambda: one.read(said, ZONE), lambda: one.confirmed(said)):
        with contextlib.suppress(NotUnderstood):
            deed()
    one.replies(said, "x")


@pytest.mark.parametrize(
    "wrong",
    [{"sn": ""}, {"sn": "a/#"}, {"sn": "+"}, {"port": 0}, {"tls": 1}, {"threshold": 2},
     {"prefix": "a/+"}, {"host": ""}, {"unknown": 1}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(DeviceFault, match="settings_invalid"):
        talker("vzenith", **wrong)
