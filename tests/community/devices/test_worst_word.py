"""A relay that stays on is told until it is cured, whatever else is told of it meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community import events
from community.devices import operations
from community.devices.base import Health
from community.devices.operations import couriers
from community.devices.registry import driver_for
from community.models import Device, Event
from tests.community import factories
from tests.community.devices.modbus_board import ModbusBoard


def words_of(device: Device) -> tuple[str, str]:
    device.refresh_from_db()
    return device.health, device.health_code


def order(device: Device, action: str, key: str) -> Any:
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    parameters = {"until": until} if action == "keep_open" else {}
    with couriers.inline(), events.writing():
        return operations.order(
            device,
            action,
            key=key,
            expires_at=timezone.now() + timedelta(seconds=20),
            parameters=parameters,
        )


@pytest.fixture
def board() -> Any:
    with ModbusBoard() as made:
        yield made


@pytest.fixture
def relay(compound: Any, board: Any) -> Device:
    own = {"host": "127.0.0.1", "port": board.port, "pulse": "guarded"}
    return factories.device(compound, "barrier", "modbus_relay", settings=own)


def test_what_is_told_next_does_not_hide_a_relay_that_stays_on(relay: Device, board: Any) -> None:
    operations.record_health(relay.pk, Health("faulty", "relay_stays_on"))
    board.is_on = True
    for word in (driver_for(relay).health(), Health("online"), Health("offline", "unreachable"),
                 Health("faulty", "not_authorised")):  # fmt: skip
        operations.record_health(relay.pk, word)
        assert words_of(relay) == ("faulty", "relay_stays_on")
    kinds = Event.objects.filter(kind__startswith="device.").values_list("kind", flat=True)
    assert list(kinds) == ["device.faulty"]


def test_it_is_over_when_the_relay_is_seen_off(relay: Device, board: Any) -> None:
    operations.record_health(relay.pk, Health("faulty", "relay_stays_on"))
    board.is_on = False
    told = driver_for(relay).health()
    assert told == Health("online", stays_on=False)
    operations.record_health(relay.pk, told)
    assert words_of(relay) == ("online", "")


@pytest.mark.parametrize(
    ("code", "cure"), [("relay_stays_on", "release"), ("pulse_not_timed", "open")]
)
def test_the_order_that_cures_it_ends_it_and_no_other(
    barrier: Device, code: str, cure: str
) -> None:
    operations.record_health(barrier.pk, Health("faulty", code))
    other = {"release": "open", "open": "keep_open"}[cure]
    assert order(barrier, other, "k1").device_id == barrier.pk
    assert words_of(barrier) == ("faulty", code)
    order(barrier, cure, "k2")
    assert words_of(barrier) == ("online", "")


def test_other_words_are_no_worse_than_each_other(barrier: Device) -> None:
    operations.record_health(barrier.pk, Health("faulty", "jammed"))
    operations.record_health(barrier.pk, Health("online"))
    assert words_of(barrier) == ("online", "")
