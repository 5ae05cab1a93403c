"""Lists in cameras: only what differs, only what is ours, and an end for every car."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from community.devices import allow_lists, vzenith_list
from community.devices.base import DeviceFault
from community.devices.drivers.dahua_barrier import DahuaBarrier
from community.devices.drivers.hikvision_barrier import HikvisionBarrier
from community.devices.drivers.vzenith_mqtt import VzenithMqtt
from tests.community.devices.dahua_device import DahuaDevice
from tests.community.devices.hikvision_device import HikvisionDevice
from tests.community.devices.relay import PASSWORD, USER
from tests.community.devices.vzenith_broker import SN, BrokerCamera

pytestmark = pytest.mark.pure
TODAY = date(2026, 7, 1)
ONE, TWO, ODD = "豫A12345", "豫AD12345", "京B67890"
KINDS: dict[str, tuple[Any, Any]] = {
    "hikvision": (HikvisionDevice, HikvisionBarrier),
    "dahua": (DahuaDevice, DahuaBarrier),
}


@pytest.fixture(params=[*KINDS, "vzenith"])
def camera(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(vzenith_list, "PACE_S", 0.0)
    if request.param == "vzenith":
        with BrokerCamera(request.getfixturevalue("mqtt_port")) as behind:
            yield behind
        return
    with KINDS[request.param][0]() as device:
        yield device


def push(camera: Any, *plates: str, today: date = TODAY, **until: date) -> allow_lists.Told:
    wanted = dict.fromkeys(plates, None) | {ONE: until["one"]} if until else dict.fromkeys(plates)
    return allow_lists.push(7, keeper(camera), wanted, today)


def keeper(camera: Any) -> Any:
    if isinstance(camera, BrokerCamera):
        place = {"device_id": 7, "host": "127.0.0.1", "port": camera.port, "sn": SN}
        return VzenithMqtt(place | {"timeout_s": 1.0, "holds_list": True}, {})
    kind = KINDS["hikvision" if isinstance(camera, HikvisionDevice) else "dahua"][1]
    own = {"device_id": 7, "url": camera.url, "timeout_s": 1.0, "holds_list": True}
    return kind(own, {"username": USER, "password": PASSWORD})


def kept(camera: Any) -> set[str]:
    return {row[0] for row in camera.plates.values()}


def changes(camera: Any) -> int:
    if isinstance(camera, BrokerCamera):
        return len(camera.orders())
    words = ("recordUpdater", "record?", "DelLicense")
    told = [one for one in camera.requests if any(word in one.target for word in words)]
    return len([one for one in told if "authorization" in one.headers])


def test_what_differs_is_told_and_no_more(camera):
    how = push(camera, ONE, TWO)
    assert (kept(camera), how.cars, how.waiting, how.code) == ({ONE, TWO}, 2, 0, "")
    assert changes(camera) == 2
    push(camera, ONE, TWO)
    assert changes(camera) == 2
    assert push(camera, TWO).cars == 1
    assert (kept(camera), changes(camera)) == ({TWO}, 3)


def test_a_camera_that_keeps_a_list_is_known(camera):
    assert isinstance(keeper(camera), allow_lists.KeepsList)
    assert keeper(camera).list_is_wanted()


def test_what_somebody_typed_into_the_camera_stays(camera):
    typed = (ODD, "whiteList", "2030-01-01") if camera.plates == {} and isinstance(
        camera, HikvisionDevice
    ) else (ODD, "2030-01-01 00:00:00")  # fmt: skip
    camera.plates[1] = typed
    assert push(camera, ONE).cars == 1
    assert push(camera).cars == 0
    assert kept(camera) == {ODD}
    # Also where we would have it too: it is not ours to end.
    push(camera, ODD)
    push(camera)
    assert kept(camera) == {ODD}


def test_every_car_has_an_end_and_is_renewed_before_it(camera):
    push(camera, ONE)
    last = TODAY + timedelta(days=allow_lists.LAST_DAYS)
    assert last.isoformat() in str(camera.plates)
    push(camera, ONE, today=TODAY + timedelta(days=20))
    assert changes(camera) == 1
    push(camera, ONE, today=TODAY + timedelta(days=40))
    assert changes(camera) == 2
    assert (TODAY + timedelta(days=100)).isoformat() in str(camera.plates)
    assert len(camera.plates) == 1


def test_a_right_that_ends_earlier_ends_earlier_in_the_camera(camera):
    push(camera, ONE)
    push(camera, one=TODAY + timedelta(days=3))
    assert "2026-07-04" in str(camera.plates)
    assert len(camera.plates) == 1


def test_a_camera_that_says_yes_and_keeps_nothing_is_told_of(camera):
    camera.forgets = True
    how = push(camera, ONE)
    assert (how.cars, how.waiting, how.code) == (0, 1, "list_not_taken")


def test_a_dead_camera_changes_nothing_and_is_told_of(camera):
    push(camera, ONE)
    camera.vanish()
    how = push(camera, TWO)
    assert (how.cars, how.code) == (1, "unreachable")
    assert allow_lists.told(7) == how


def test_a_round_is_bounded_and_the_next_goes_on(camera, monkeypatch):
    monkeypatch.setattr(allow_lists, "MOST_CHANGES", 2)
    plates = [f"豫A0000{number}" for number in range(5)]
    left = [push(camera, *plates).waiting for _round in range(3)]
    assert (left, kept(camera)) == ([3, 1, 0], set(plates))


def test_more_than_fits_is_told(camera, monkeypatch):
    monkeypatch.setattr(allow_lists, "MOST_CARS", 1)
    how = push(camera, TWO, ONE)
    assert (len(kept(camera)), how.code) == (1, "list_too_long")


def test_who_must_not_pass_any_more_goes_first(camera, monkeypatch):
    push(camera, ONE)
    monkeypatch.setattr(allow_lists, "MOST_CHANGES", 1)
    push(camera, TWO)
    assert kept(camera) == set()


def test_no_plate_lies_on_the_disk(camera, settings):
    push(camera, ONE)
    files = [path for path in settings.VAR_DIR.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if "12345" in path.read_text()] == []


@pytest.mark.parametrize("camera", KINDS, indirect=True)
def test_long_lists_are_read_page_by_page(camera):
    plates = [f"豫A{number:05}" for number in range(230)]
    typed = [(plate, "whiteList", "2030-01-01") for plate in plates]
    is_dahua = isinstance(camera, DahuaDevice)
    camera.plates = {
        number + 1: (row[0], row[2]) if is_dahua else row for number, row in enumerate(typed)
    }
    assert [one.plate for one in keeper(camera).listed_cars()] == plates


def test_the_other_word_for_the_list_is_tried():
    with HikvisionDevice(word="allowList") as camera:
        assert push(camera, ONE).code == ""
        assert kept(camera) == {ONE}


def test_blocked_plates_of_a_camera_are_none_that_may_pass():
    with HikvisionDevice() as camera:
        camera.plates[1] = (ODD, "blackList", "2030-01-01")
        assert keeper(camera).listed_cars() == []


@pytest.fixture
def vzenith(mqtt_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokerCamera]:
    monkeypatch.setattr(vzenith_list, "PACE_S", 0.0)
    with BrokerCamera(mqtt_port) as behind:
        yield behind


def test_a_list_is_never_emptied_by_a_delete_without_a_plate(vzenith):
    push(vzenith, ONE)
    for plate in ("", "  "):
        with pytest.raises(DeviceFault, match="list_not_taken"):
            keeper(vzenith).unlist_car(allow_lists.Held(plate, plate))
    assert kept(vzenith) == {ONE}


def test_a_camera_that_was_reset_is_found_out_within_a_day(vzenith, monkeypatch):
    push(vzenith, ONE, TWO)
    vzenith.plates.clear()
    assert push(vzenith, ONE, TWO).cars == 2  # its word of this morning still counts
    monkeypatch.setattr(vzenith_list, "OLD_S", -1.0)
    push(vzenith, ONE, TWO)
    assert kept(vzenith) == {ONE, TWO}


def test_whatever_is_kept_aside_and_cannot_be_read_is_asked_anew(vzenith, settings):
    push(vzenith, ONE)
    (file,) = (settings.VAR_DIR / "kept_lists").iterdir()
    file.write_text("d1$rubbish")
    assert push(vzenith, ONE).cars == 1
    assert changes(vzenith) == 1


@pytest.mark.parametrize("more", [{"dldb_rec": 5}, {"dldb_rec": [5, {"plate": []}]}, {}, {"a": {}}])
def test_answers_that_make_no_sense_are_no_cars(vzenith, monkeypatch, more):
    monkeypatch.setattr(BrokerCamera, "_list", lambda self, body: more)
    assert push(vzenith, ONE).code == "list_not_taken"
