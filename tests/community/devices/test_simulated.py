"""The simulated device: changed at run time, counted whoever caused what, and honest when told."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.devices import registry, simulated
from community.devices.base import BarrierState, DeviceFault
from community.devices.simulated import Simulated
from community.models import Device

pytestmark = pytest.mark.pure


def device(**settings: Any) -> Device:
    return Device(pk=5, kind="barrier", driver="simulated", settings=settings)


def test_settings_of_the_admin_count_for_the_next_command() -> None:
    registry.driver_for(device()).open(command_id=1)
    with pytest.raises(DeviceFault, match="jammed"):
        registry.driver_for(device(jam=True)).open(command_id=2)
    assert [deed.command_id for deed in simulated.openings(5)] == [1]


def test_behaviour_at_run_time_counts_over_settings_and_can_be_taken_back() -> None:
    driver = registry.driver_for(device(vanish=True))
    simulated.behave(5, vanish=False)
    assert driver.health().state == "online"
    simulated.behave(5)
    assert driver.health().state == "offline"


@pytest.mark.parametrize(
    "wrong", [{"jamm": True}, {"jam": 1}, {"latency_ms": -1}, {"latency_ms": "9"}, {"lie": "up"}]
)
def test_behaviour_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no such behaviour"):
        simulated.behave(5, **wrong)
    assert registry.driver_for(device()).health().state == "online"


def test_the_arm_comes_down_by_itself() -> None:
    driver = registry.driver_for(device(open_ms=50))
    driver.open(command_id=1)
    time.sleep(0.06)
    assert driver.state() is BarrierState.CLOSED


def test_the_arm_lags_behind_the_command() -> None:
    driver = registry.driver_for(device(lag_ms=60_000))
    driver.open(command_id=1)
    assert driver.state() is BarrierState.CLOSED
    assert registry.driver_for(device()).state() is BarrierState.OPEN


def test_a_yes_is_no_movement() -> None:
    driver = registry.driver_for(device(deaf=True))
    driver.open(command_id=1)
    assert driver.state() is BarrierState.CLOSED
    assert simulated.deeds(5) == []


def test_a_long_log_is_read_from_its_end_for_the_position() -> None:
    driver = registry.driver_for(device(open_ms=0))
    for number in range(900):
        driver.open(command_id=number)
    driver.keep_open(command_id=900, until=timezone.now() + timedelta(hours=1))
    assert driver.state() is BarrierState.OPEN
    assert len(simulated.deeds(5, simulated.TAIL)) < len(simulated.deeds(5)) == 901


def test_forgotten_it_is_as_new() -> None:
    driver = registry.driver_for(device())
    driver.open(command_id=1)
    simulated.behave(5, jam=True)
    simulated.forget(5)
    assert simulated.deeds(5) == []
    assert driver.health().state == "online"


def test_drivers_are_found_by_name() -> None:
    assert {"simulated", "http_relay"} <= set(registry.names())
    assert isinstance(registry.driver_for(device()), Simulated)


@pytest.mark.parametrize("name", ["", "nothing_like_it", "../simulated", "Simulated", "base", "os"])
def test_other_names_are_no_drivers(name: str) -> None:
    with pytest.raises(DeviceFault, match="driver_unknown"):
        registry.driver_for(Device(pk=5, driver=name))


def test_a_driver_without_its_library_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError("no such library")

    monkeypatch.setattr(registry, "import_module", missing)
    monkeypatch.setattr(registry, "_drivers", {})
    with pytest.raises(DeviceFault, match="driver_missing"):
        registry.driver_for(Device(pk=5, driver="http_relay"))
