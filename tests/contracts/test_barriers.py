"""What every driver of a barrier or a door keeps to, the simulated one included.

A new driver adds a subject (``tests.contracts.barriers``): something that makes the driver and
makes its device misbehave.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from community.devices import simulated
from community.devices.base import (
    Barrier,
    BarrierState,
    DeviceFault,
    DeviceSilent,
    Door,
    Inputs,
    Opener,
)
from community.devices.simulated import Simulated
from community.events import CODE
from tests.contracts.barriers import (
    BEHIND_BROKER,
    WITHOUT_BROKER,
    SimulatedSubject,
    Subject,
    subject_of,
)

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.DEVICE_LOOPBACK = True


@pytest.fixture(params=[*WITHOUT_BROKER, *BEHIND_BROKER])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    def port() -> int:
        return int(request.getfixturevalue("mqtt_port"))

    with subject_of(request.param, port) as made:
        yield made


def test_meets_the_protocols(subject: Subject) -> None:
    driver = subject.driver()
    assert isinstance(driver, Opener)
    assert isinstance(driver, Barrier) is not subject.is_door
    assert isinstance(driver, Door)


def test_cannot_close(subject: Subject) -> None:
    public = [name for name in dir(subject.driver()) if not name.startswith("_")]
    assert not [name for name in public if "close" in name]


def test_opens_once_with_the_pulse_timed_in_the_device(subject: Subject) -> None:
    subject.driver().open(command_id=31, pulse_ms=700)
    assert subject.openings() == [subject.wire(31, 700)]


def test_pulse_has_a_default(subject: Subject) -> None:
    subject.driver().open(command_id=31)
    assert subject.openings() == [subject.wire(31, 800)]


def test_reads_are_harmless(subject: Subject) -> None:
    driver = subject.driver()
    assert driver.state() is BarrierState.CLOSED
    assert driver.health().state == "online"
    assert subject.openings() == []
    assert not subject.is_held()


def test_tells_that_it_is_open(subject: Subject) -> None:
    driver = subject.driver()
    driver.open(command_id=31)
    assert driver.state() is BarrierState.OPEN


def test_is_held_open_until_released(subject: Subject) -> None:
    driver = subject.driver()
    if subject.is_door:
        return
    if not subject.can_hold:
        with pytest.raises(DeviceFault, match="action_unsupported"):
            driver.keep_open(command_id=1, until=timezone.now() + timedelta(hours=1))
        return
    driver.keep_open(command_id=1, until=timezone.now() + timedelta(hours=1))
    assert subject.is_held()
    assert driver.state() is BarrierState.OPEN
    driver.release(command_id=2)
    assert not subject.is_held()
    assert subject.openings() == []


def test_refusal_is_a_fault_and_opens_nothing(subject: Subject) -> None:
    subject.make("refuse")
    with pytest.raises(DeviceFault if subject.can_refuse else DeviceSilent) as fault:
        subject.driver().open(command_id=31)
    assert CODE.match(fault.value.code)
    assert subject.openings() == []


def test_unreachable_is_a_fault_and_shows_no_last_position(subject: Subject) -> None:
    driver = subject.driver()
    driver.open(command_id=31)
    subject.make("vanish")
    with pytest.raises(DeviceFault, match="unreachable"):
        driver.open(command_id=32)
    assert driver.state() is BarrierState.UNKNOWN
    assert driver.health().state == "offline"
    assert subject.openings() == [subject.wire(31, 800)]


def test_lost_answer_is_silence_and_is_not_sent_again(subject: Subject) -> None:
    subject.make("drop")
    with pytest.raises(DeviceSilent) as silence:
        subject.driver().open(command_id=31)
    assert CODE.match(silence.value.code)
    assert subject.openings() == [subject.wire(31, 800)]


def test_late_answer_is_silence_and_is_not_sent_again(subject: Subject) -> None:
    driver = subject.driver()
    subject.make("slow")
    with pytest.raises(DeviceSilent):
        driver.open(command_id=31)
    assert subject.openings() == [subject.wire(31, 800)]


def test_lie_about_the_position_changes_no_command(subject: Subject) -> None:
    subject.make("lie")
    driver = subject.driver()
    assert driver.state() is BarrierState.OPEN
    driver.open(command_id=31)
    assert subject.openings() == [subject.wire(31, 800)]


def test_two_commands_are_two_openings(subject: Subject) -> None:
    for command_id in (31, 32):
        subject.driver().open(command_id=command_id)
    assert subject.openings() == [subject.wire(31, 800), subject.wire(32, 800)]


@pytest.mark.parametrize("wrong", [None, "", 5, [], {"open": 1}])
def test_settings_of_the_wrong_shape_are_a_fault(subject: Subject, wrong: object) -> None:
    name = "jam" if isinstance(subject, SimulatedSubject) else "open_url"
    with pytest.raises(DeviceFault, match="settings_invalid"):
        subject.driver(**{name: wrong})


def test_a_simulated_door_says_its_inputs():
    driver = Simulated({"device_id": 77}, {})
    simulated.forget(77)
    assert isinstance(driver, Door)
    assert driver.inputs() == Inputs(BarrierState.CLOSED, False, False, exit_sure=True)
    simulated.behave(77, contact="open", button=True, fire=True)
    assert driver.inputs() == Inputs(BarrierState.OPEN, True, True, exit_sure=True)
    simulated.behave(77, no_exit_input=True)
    assert not driver.inputs().tells_exit
    simulated.behave(77, vanish=True)
    assert driver.inputs() == Inputs()


@pytest.mark.parametrize("subject", ["none"], indirect=True)
def test_a_relay_says_its_inputs_where_it_is_told_how(subject):
    assert isinstance(subject.driver(), Door)
    assert subject.driver().inputs() == Inputs()
    told = {"contact_open_contains": '"input":true', "contact_closed_contains": '"input":false'}
    contact = subject.driver().state()
    found = subject.driver(**told, fire_contains='"input":').inputs()
    assert found == Inputs(contact, None, True)
    assert not found.tells_exit
    assert subject.driver(**told, inputs_url="http://127.0.0.1:9/").inputs() == Inputs()


@pytest.mark.parametrize("subject", ["none"], indirect=True)
def test_a_relay_tells_of_an_exit_button_by_age_count_or_latch(subject):
    contact = {"contact_open_contains": '"input":true'}
    told = {"button_age_after": '"pressed_s" :', "button_count_after": '"presses":'}
    found = subject.driver(**contact, **told)
    inputs = found.inputs()
    assert (inputs.exit_age_s, inputs.exit_count, inputs.tells_exit) == (1.5, 4, True)
    lacking = subject.driver(**contact, button_age_after="no such text").inputs()
    assert (lacking.exit_age_s, lacking.tells_exit) == (None, False)
    assert subject.driver(**contact, no_exit_button=True).inputs().tells_exit
    assert not subject.driver(**contact, button_contains="pressed").inputs().tells_exit
    latched = subject.driver(**contact, button_contains='"input":', button_latched=True).inputs()
    assert (latched.exit_button, latched.tells_exit) == (True, True)
