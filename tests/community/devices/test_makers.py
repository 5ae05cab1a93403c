"""Hikvision and Dahua by digest: told once, believed little, never into a locked account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from community.devices import refusals
from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.drivers.dahua_barrier import DahuaBarrier
from community.devices.drivers.dahua_door import DahuaDoor
from community.devices.drivers.hikvision_barrier import HikvisionBarrier
from community.devices.drivers.hikvision_door import HikvisionDoor
from tests.community.devices.dahua_device import DahuaDevice
from tests.community.devices.hikvision_device import HikvisionDevice
from tests.community.devices.maker import Maker
from tests.community.devices.relay import PASSWORD, USER

pytestmark = pytest.mark.pure
RIGHT, WRONG = {"username": USER, "password": PASSWORD}, {"username": USER, "password": "wrong"}
DRIVERS = [HikvisionBarrier, HikvisionDoor, DahuaBarrier, DahuaDoor]


@pytest.fixture
def camera() -> Iterator[HikvisionDevice]:
    with HikvisionDevice() as device:
        yield device


@pytest.fixture(params=DRIVERS)
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def device(kind: Any) -> Iterator[Maker]:
    with HikvisionDevice() if kind in DRIVERS[:2] else DahuaDevice() as made:
        yield made


def make(kind: Any, device: Maker, credentials: Any = RIGHT, **settings: Any) -> Any:
    own = {"device_id": 7, "send_before": None, "url": device.url, "timeout_s": 0.5}
    return kind(own | settings, credentials)


def test_the_nonce_comes_from_a_question_and_the_order_goes_once(kind, device):
    make(kind, device).open(command_id=1)
    assert len(device.commands()) == len(device.pulses) == 1
    first = device.requests[0]
    assert device.is_question(first)
    assert "authorization" not in first.headers


def test_a_stale_nonce_sends_nothing_again(kind, device):
    device.stale = 1
    with pytest.raises(DeviceFault, match="nonce_refused"):
        make(kind, device).open(command_id=1)
    assert (len(device.commands()), device.pulses) == (1, [])
    # No wrong password: the next order goes.
    make(kind, device).open(command_id=2)
    assert len(device.pulses) == 1


def test_a_stale_nonce_of_a_question_is_asked_anew(kind, device):
    device.stale = 1
    assert make(kind, device).health() == Health("online")


def test_two_wrong_passwords_are_the_last(kind, device):
    for _time in range(2):
        with pytest.raises(DeviceFault, match="not_authorised"):
            make(kind, device, WRONG).open(command_id=1)
    asked = len(device.requests)
    driver = make(kind, device, WRONG)
    with pytest.raises(DeviceFault, match="password_held_back"):
        driver.open(command_id=3)
    assert driver.health() == Health("faulty", "password_held_back")
    assert driver.state() is BarrierState.UNKNOWN
    assert (len(device.requests), device.wrong, device.is_locked) == (asked, 2, False)
    make(kind, device).open(command_id=4)
    assert len(device.pulses) == 1


def test_a_held_back_password_is_tried_again_after_half_an_hour(kind, device, monkeypatch):
    for _time in range(2):
        with pytest.raises(DeviceFault, match="not_authorised"):
            make(kind, device, WRONG).open(command_id=1)
    monkeypatch.setattr(refusals, "HELD_S", 0.0)
    with pytest.raises(DeviceFault, match="not_authorised"):
        make(kind, device, WRONG).open(command_id=1)


def test_no_password_lies_on_the_disk(camera, settings):
    with pytest.raises(DeviceFault):
        make(HikvisionBarrier, camera, WRONG).open(command_id=1)
    (kept,) = (settings.VAR_DIR / "refusals").iterdir()
    assert WRONG["password"] not in kept.read_text()
    assert USER not in kept.read_text()


@pytest.mark.parametrize("wrong", [{}, {"username": USER}, {"username": USER, "password": 5}])
def test_missing_credentials_send_no_order(kind, device, wrong):
    with pytest.raises(DeviceFault, match="credentials_missing"):
        make(kind, device, wrong).open(command_id=1)
    assert device.commands() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://192.168.1.64/ISAPI"},
        {"url": "192.168.1.64"},
        {"url": "http://admin:pw@192.168.1.64"},
        {"channel": 0, "door": 0},
        {"timeout_s": 60},
        {"verify_tls": "no"},
        {"url": ["http://192.168.1.64"]},
    ],
)
def test_settings_that_cannot_work_are_refused(kind, device, wrong):
    known = {name: wrong[name] for name in wrong if name in ("url", "timeout_s", "verify_tls")}
    known |= {"door" if kind is HikvisionDoor else "channel": 0} if "door" in wrong else {}
    with pytest.raises(DeviceFault, match=r"settings_invalid|address_refused"):
        make(kind, device, **known)


def test_an_account_that_hikvision_locked_is_left_alone(camera):
    camera.wrong = 5
    with pytest.raises(DeviceFault, match="account_locked"):
        make(HikvisionBarrier, camera).open(command_id=1)
    assert make(HikvisionBarrier, camera).health() == Health("faulty", "account_locked")
    assert all("authorization" not in request.headers for request in camera.requests)


def test_a_locked_barrier_says_ok_and_is_not_believed(camera):
    camera.is_barrier_locked = True
    with pytest.raises(DeviceSilent, match="arm_still_closed"):
        make(HikvisionBarrier, camera, moves_within_s=0.3).open(command_id=1)
    assert (len(camera.commands()), camera.pulses) == (1, [])


def test_a_barrier_without_a_signal_is_believed(camera):
    camera.has_signal, camera.mode = False, "deaf"
    driver = make(HikvisionBarrier, camera)
    driver.open(command_id=1)
    assert driver.state() is BarrierState.UNKNOWN


@pytest.mark.parametrize("prefix", ["", "ns1"])
@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.isapi.org/ver20/XMLSchema",
        "http://www.hikvision.com/ver20/XMLSchema",
        "http://www.std-cgi.com/ver10/XMLSchema",
    ],
)
def test_answers_are_read_in_every_namespace(camera, namespace, prefix):
    camera.namespace, camera.prefix = namespace, prefix
    driver = make(HikvisionBarrier, camera)
    driver.open(command_id=1)
    assert driver.state() is BarrierState.OPEN


def test_what_a_model_does_not_have_is_a_refusal(camera):
    with pytest.raises(DeviceFault, match="refused_notsupport"):
        make(HikvisionBarrier, camera, channel=2).open(command_id=1)


def test_a_lock_that_keeps_the_arm_where_it_is_comes_after_the_opening(camera):
    camera.locks_where_it_is = True
    driver = make(HikvisionBarrier, camera, hold="open_then_lock")
    driver.keep_open(command_id=1, until=timezone.now())
    assert camera.is_held
    driver.release(command_id=2)
    assert not camera.is_held
    sent = [request.body for request in camera.commands()]
    assert [text[23:].partition("<")[0] for text in sent] == ["open", "lock", "unlock"]


def test_holding_is_refused_where_nobody_said_how(camera):
    driver = make(HikvisionBarrier, camera)
    for deed in (lambda: driver.keep_open(command_id=1, until=timezone.now()),
                 lambda: driver.release(command_id=1)):  # fmt: skip
        with pytest.raises(DeviceFault, match="action_unsupported"):
            deed()
    assert camera.requests == []


@pytest.mark.parametrize(
    ("contact", "state"), [(0, "closed"), (1, "open"), (2, "unknown"), (3, "unknown")]
)
def test_a_doors_contact_that_was_cut_says_nothing(camera, contact, state):
    camera.contact = contact
    driver = make(HikvisionDoor, camera)
    assert (driver.state(), driver.inputs().contact) == (BarrierState(state), driver.state())
    assert make(HikvisionDoor, camera, contact=False).state() is BarrierState.UNKNOWN
    assert make(HikvisionDoor, camera, door=9).state() is BarrierState.UNKNOWN


def test_dahua_holds_by_its_output_and_gives_it_back():
    with DahuaDevice() as device:
        driver = make(DahuaBarrier, device, hold_output=1)
        driver.keep_open(command_id=1, until=timezone.now())
        driver.release(command_id=2)
        assert device.outputs == {1: 0}
        assert not [one for one in device.requests if "close" in one.target.lower()]
        with pytest.raises(DeviceFault, match="action_unsupported"):
            make(DahuaBarrier, device).release(command_id=3)


@pytest.mark.parametrize("mode", ["garbage", "truncated", "endless", "error", "redirect"])
def test_babble_after_the_order_is_silence_or_no_more_than_a_yes(kind, device, mode):
    driver = make(kind, device)
    device.mode = mode
    with pytest.raises(DeviceSilent):
        driver.open(command_id=1)
    assert len(device.commands()) == len(device.pulses) == 1
