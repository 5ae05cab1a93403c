"""What every driver of a locker bank keeps to, the simulated one included.

A new driver adds a subject: see tests/contracts/lockers.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from community.devices.base import BarrierState, DeviceFault, DeviceSilent, LockerBank
from community.devices.registry import names
from community.events import CODE
from tests.contracts.lockers import Subject, subject_of

pytestmark = pytest.mark.pure
OPEN, CLOSED, UNKNOWN = BarrierState.OPEN, BarrierState.CLOSED, BarrierState.UNKNOWN


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.DEVICE_LOOPBACK = True


@pytest.fixture(params=["simulated", "8a_locked_short", "8a_open_short", "mqtt"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    with subject_of(request.param, lambda: request.getfixturevalue("mqtt_port")) as bank:
        yield bank


def test_meets_the_protocol_under_its_name(subject: Subject) -> None:
    assert isinstance(subject.driver(), LockerBank)
    assert subject.name in names()


def test_opens_one_compartment_and_no_other(subject: Subject) -> None:
    driver = subject.driver()
    assert driver.doors(range(1, 17)) == dict.fromkeys(range(1, 17), CLOSED)
    driver.open_compartment(command_id=31, number=11)
    assert subject.openings() == [11]
    standing = [number for number, door in driver.doors(range(1, 17)).items() if door is OPEN]
    assert standing == [11]
    subject.shut(11)
    assert subject.driver().doors([11]) == {11: CLOSED}


def test_reads_are_harmless(subject: Subject) -> None:
    assert subject.driver().health().state == "online"
    subject.driver().doors([1, 2, 3])
    assert subject.openings() == []


@pytest.mark.parametrize("number", [0, -1])
def test_number_zero_opens_nothing(subject: Subject, number: int) -> None:
    """Lock 0 opens every door of a board of the 8A family."""
    with pytest.raises(DeviceFault, match="number_invalid"):
        subject.driver().open_compartment(command_id=31, number=number)
    assert subject.openings() == []


def test_opened_again_it_opens_again(subject: Subject) -> None:
    for command_id in (31, 32):
        subject.driver().open_compartment(command_id=command_id, number=5)
        subject.shut(5)
    assert subject.openings() == [5, 5]


def test_a_jam_is_a_fault_and_the_door_stays_shut(subject: Subject) -> None:
    subject.make("jam")
    with pytest.raises(DeviceFault) as fault:
        subject.driver().open_compartment(command_id=31, number=5)
    assert fault.value.code == "lock_stuck"
    assert (subject.openings(), subject.driver().doors([5])) == ([], {5: CLOSED})


def test_a_lost_answer_is_silence_and_the_door_tells(subject: Subject) -> None:
    subject.make("drop")
    with pytest.raises(DeviceSilent) as silence:
        subject.driver().open_compartment(command_id=31, number=5)
    assert CODE.match(silence.value.code)
    subject.make("obey")
    assert (subject.openings(), subject.driver().doors([5])) == ([5], {5: OPEN})


def test_a_late_answer_is_silence_and_answers_no_later_order(subject: Subject) -> None:
    subject.make("late")
    with pytest.raises(DeviceSilent):
        subject.driver().open_compartment(command_id=31, number=5)
    assert subject.openings() == [5]
    subject.shut(5)
    subject.make("obey")
    assert subject.driver().doors([5, 6]) == {5: CLOSED, 6: CLOSED}
    subject.driver().open_compartment(command_id=32, number=6)
    assert subject.openings() == [5, 6]


def test_a_yes_is_no_open_door(subject: Subject) -> None:
    subject.make("deaf")
    subject.driver().open_compartment(command_id=31, number=5)
    assert subject.driver().doors([5]) == {5: CLOSED}


@pytest.mark.parametrize("said", ["open", "closed"])
def test_a_door_that_lies_is_told_as_it_says_and_changes_no_order(
    subject: Subject, said: str
) -> None:
    subject.lie(5, said)
    subject.driver().open_compartment(command_id=31, number=5)
    assert subject.driver().doors([5]) == {5: BarrierState(said)}
    assert subject.openings() == [5]


def test_vanished_it_is_a_fault_and_shows_no_last_position(subject: Subject) -> None:
    subject.driver().open_compartment(command_id=31, number=5)
    subject.make("vanish")
    with pytest.raises(DeviceFault, match="unreachable"):
        subject.driver().open_compartment(command_id=32, number=5)
    assert subject.driver().doors([5]) == {5: UNKNOWN}
    assert subject.driver().health().state == "offline"
    assert subject.openings() == [5]


def test_a_compartment_that_the_bank_has_not_is_unknown(subject: Subject) -> None:
    if subject.name == "simulated_locker":
        pytest.skip("a simulated bank has as many as are asked for")
    assert subject.driver().doors([1, 600]) == {1: CLOSED, 600: UNKNOWN}
    with pytest.raises(DeviceFault, match="number_invalid"):
        subject.driver().open_compartment(command_id=31, number=600)


def test_nothing_is_sent_after_the_expiry(subject: Subject) -> None:
    if subject.name == "simulated_locker":
        pytest.skip("its orders are written at once")
    late = timezone.now() - timedelta(seconds=1)
    with pytest.raises(DeviceFault, match="expired"):
        subject.driver(send_before=late).open_compartment(command_id=31, number=5)
    assert subject.openings() == []


@pytest.mark.parametrize("mode", ["twice", "noise", "split", "echo", "other", "checksum"])
def test_odd_answers(subject: Subject, mode: str) -> None:
    """Understood where the answer is there, unknown where it is not; never a second opening."""
    if subject.name == "simulated_locker":
        pytest.skip("it has no line for anything odd to happen on")
    if subject.name == "mqtt_locker" and mode not in ("twice", "other"):
        pytest.skip("its broker keeps bytes together")
    subject.make(mode)
    if mode in ("other", "checksum"):
        with pytest.raises(DeviceSilent):
            subject.driver().open_compartment(command_id=31, number=5)
    else:
        subject.driver().open_compartment(command_id=31, number=5)
        assert subject.driver().doors([5, 6]) == {5: OPEN, 6: CLOSED}
    assert subject.openings() == [5]


@pytest.mark.parametrize("wrong", [None, "", -1, [], {"open": 1}])
def test_settings_of_the_wrong_shape_are_a_fault(subject: Subject, wrong: object) -> None:
    name = "jam" if subject.name == "simulated_locker" else "port"
    if name == "jam" and wrong == []:
        pytest.skip("nothing is stuck")
    with pytest.raises(DeviceFault, match="settings_invalid"):
        subject.driver(**{name: wrong})
