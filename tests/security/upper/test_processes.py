"""Two job processes and one platform, over real sockets: nothing twice at once, nothing lost."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from security.models import UpperPlatform
from tests.security.gates import gate
from tests.security.upper.house import entered, fresh, passes, plate_of
from tests.security.upper.platform import listening, store

SPEAK = """
import time
from security.upper import rounds
while True:
    rounds.go()
    time.sleep(0.05)
"""
ENVIRONMENT = {"LINLI_DEVICE_LOOPBACK": "1"}
CARS = 45


@pytest.fixture
def platform(transactional_db):
    with listening() as one:
        yield one


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def let_go(row: UpperPlatform) -> None:
    """The lease of whoever died is over."""
    UpperPlatform.objects.filter(pk=row.pk).update(leased_until=None, due_at=None)


def test_two_processes_tell_each_car_once_and_one_that_dies_loses_none(platform, start_command):
    lane = gate()
    row = entered(lane, platform)
    plates = [plate_of(number) for number in range(CARS)]
    for plate in plates[:-5]:
        passes(lane, plate)
    first, second = (start_command("shell", "-c", SPEAK, **ENVIRONMENT) for _ in range(2))
    until(lambda: len(platform.cars) >= CARS - 5 and fresh(row).code == "")
    assert platform.plates() == plates[:-5]
    assert platform.count("System/Register") == 2  # one challenge, one proof
    second.kill()
    let_go(row)  # if it died in the middle of a turn

    def kill_before_the_answer(handler):
        store(platform, platform.bodies[-1])
        first.kill()
        handler.connection.close()

    platform.manners["MotorVehicles"] = kill_before_the_answer
    for plate in plates[-5:]:
        passes(lane, plate)
    until(lambda: first.popen.poll() is not None)
    platform.manners = {}
    not_noted = platform.plates()[CARS - 5 :]
    assert not_noted
    let_go(row)
    start_command("shell", "-c", SPEAK, **ENVIRONMENT)
    until(lambda: len(platform.cars) == CARS + len(not_noted))
    # What was told and not noted comes again, under the same names.
    assert platform.plates() == plates[:-5] + not_noted + plates[-5:]
    assert len({car["MotorVehicleID"] for car in platform.cars}) == CARS
