"""The power goes between "door opened" and "parcel stored": the doors are asked, else the desk.

With each driver, and once with a process that is really killed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.devices import mqtt_line
from community.devices import operations as devices
from community.devices.base import BarrierState
from community.devices.drivers import simulated_locker
from community.models import Command, Device
from parcels import operations
from parcels.models import Parcel
from parcels.operations import watching
from tests.community.devices.lock_board import LockBoards
from tests.contracts.lockers import BoardsSubject, SimulatedSubject, Subject, subject_of, wait_for
from tests.parcels.lockers import Stand, stand
from tests.servers.process import Process, python_command

DRIVERS = ["simulated", "8a_locked_short", "mqtt"]


def on(place: Stand, subject: Subject) -> Stand:
    """The compound's bank is this one from now on."""
    assert place.bank.device
    if isinstance(subject, SimulatedSubject):
        subject.device_id = place.device_id
    Device.objects.filter(pk=place.device_id).update(driver=subject.name, settings=subject.settings)
    place.bank.refresh_from_db()
    return place


@pytest.fixture(params=DRIVERS)
def bank(request: pytest.FixtureRequest, place: Stand, settings: Any) -> Iterator[Any]:
    settings.DEVICE_LOOPBACK = True
    with subject_of(request.param, lambda: request.getfixturevalue("mqtt_port")) as subject:
        yield on(place, subject), subject


def later(minutes: float = 2) -> Any:
    return timezone.now() + timedelta(minutes=minutes)


def stands(row: Parcel) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.doubt


def test_seen_open_and_shut_while_we_were_away_it_is_stored(bank):
    place, subject = bank
    row = place.begin()
    assert operations.look(row).seen_open
    subject.shut(1)
    mqtt_line.hang_up()  # we come up anew
    assert operations.resolve_left(later()) == 1
    assert stands(row) == ("stored", "")


def test_nobody_saw_the_door_so_the_desk_looks(bank):
    place, subject = bank
    row = place.begin()
    subject.shut(1)
    assert operations.resolve_left(later()) == 1
    assert stands(row) == ("stored", "maybe_empty")
    assert operations.say_what_is_there(row, "inside").doubt == ""


def test_a_door_that_stands_open_is_flagged_and_its_compartment_kept(bank):
    place, _subject = bank
    row = place.begin()
    assert [operations.resolve_left(later()) for _one in range(2)] == [1, 0]
    assert stands(row) == ("opening", "door_open")
    assert place.begin().compartment.number == 2


def test_a_lost_answer_is_settled_by_the_round_that_sees_the_door(bank):
    """No courier's page asks any more: the regular look at all doors does."""
    place, subject = bank
    subject.make("drop")
    row = place.begin()
    assert Command.objects.get().state == "unknown"
    subject.make("obey")
    operations.watch_banks()
    assert stands(row) == ("opening", "")
    subject.shut(1)
    operations.watch_banks()
    assert stands(row) == ("stored", "")
    assert subject.openings() == [1]


def test_a_bank_without_power_is_flagged_until_it_answers(bank):
    place, subject = bank
    row = place.begin()
    subject.make("vanish" if subject.name == "simulated_locker" else "dead")
    assert operations.resolve_left(later()) == 1
    assert stands(row) == ("opening", "door_silent")
    subject.make("obey")
    subject.shut(1)
    assert operations.resolve_left(later()) == 1
    assert stands(row) == ("stored", "maybe_empty")


def test_an_order_that_never_left_opens_nothing_afterwards(bank):
    place, subject = bank
    row = place.reserve()
    Command.objects.filter(pk=row.command_id).update(expires_at=timezone.now())
    assert devices.sweep(later()) == 1
    assert operations.resolve_left(later()) == 1
    assert (stands(row), subject.openings()) == (("undone", ""), [])


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_the_board_opens(
    shared_environment: dict[str, str], settings: Any, tmp_path: Any
) -> None:
    settings.DEVICE_LOOPBACK = True
    with LockBoards() as boards:
        subject = BoardsSubject(boards)
        subject.settings["answer_ms"] = 3000
        place = on(stand(), subject)
        boards.mode, boards.delay_s = "late", 60.0
        environment = shared_environment | {
            "LINLI_VAR": str(settings.VAR_DIR),
            "LINLI_KEYRING": str(settings.KEYRING_PATH),
            "LINLI_DEVICE_LOOPBACK": "1",
        }
        arguments = map(str, (place.bank.pk, place.person.pk, place.courier.pk))
        command = python_command("-m", "tests.parcels.child", *arguments)
        process = Process(command, tmp_path / "child.log", environment)
        process.wait_until(lambda: bool(boards.opened))
        process.kill()
        boards.mode = "obey"
        row = Parcel.objects.get()
        assert (row.state, row.command.state) == ("opening", "sending")
        # What the clock of the next process does, time and again.
        assert devices.sweep(timezone.now() + timedelta(seconds=16)) == 1
        operations.watch_banks()
        boards.shut(1, 1)
        operations.watch_banks()
        assert stands(row) == ("stored", "")
        assert (Command.objects.get().state, boards.opened) == ("unknown", [(1, 1)])


def test_a_bank_that_hangs_delays_no_other_and_is_told(place, monkeypatch):
    """Its driver never returns: the other bank's forced door is an alarm all the same."""
    there = stand()
    there.behave(forced=[2])
    hanging, here = threading.Event(), place.device_id
    health = simulated_locker.SimulatedLocker.health

    def hang(driver: simulated_locker.SimulatedLocker) -> Any:
        if driver.device_id == here:
            hanging.wait()
        return health(driver)

    monkeypatch.setattr(simulated_locker.SimulatedLocker, "health", hang)
    monkeypatch.setattr(watching, "ROUND_S", 0.3)
    assert operations.watch_banks() == 1
    assert there.bank.compartments.get(alarm="forced").number == 2
    assert Device.objects.get(pk=here).health_code == "no_answer"
    hanging.set()
    name = f"bank-{place.bank.pk}"
    wait_for(lambda: name not in {thread.name for thread in threading.enumerate()})
    operations.watch_banks()
    assert Device.objects.get(pk=here).health == "online"


def test_an_older_look_says_nothing_of_a_later_order(place, monkeypatch):
    """The doors were read, and then the order went out: what they said is no news of it."""
    row = place.reserve()
    look = simulated_locker.SimulatedLocker.doors

    def slow(driver: Any, numbers: Any) -> Any:
        said = look(driver, numbers)
        return said | {1: BarrierState.OPEN}

    monkeypatch.setattr(simulated_locker.SimulatedLocker, "doors", slow)
    operations.watch_banks()
    row.refresh_from_db()
    assert (row.state, row.seen_open) == ("opening", False)
