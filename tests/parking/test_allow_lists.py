"""Who may pass without us: registered cars and the allow list, at outer lanes only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.devices import allow_lists
from community.devices import operations as devices
from community.models import Device
from parking import operations
from parking.allowed import let_through
from parking.models import Area, AreaLane, ListEntry, Vehicle
from tests.community import factories
from tests.community.devices.hikvision_device import HikvisionDevice
from tests.community.devices.relay import PASSWORD, USER
from tests.parking import cars

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def listed(compound: Any, plate: str, kind: str, **fields: Any) -> ListEntry:
    values = {"valid_from": TODAY, "reason": "x"} | fields
    return ListEntry.objects.create(compound=compound, plate=plate, kind=kind, **values)


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def lane(compound):
    return factories.lane(compound)


def test_cars_with_a_right_of_their_own_pass(compound, lane, django_assert_num_queries):
    cars.car(compound, "豫A11111")
    cars.car(compound, "豫A22222", valid_until=TODAY)
    cars.car(compound, "豫A33333", valid_until=TODAY - DAY, valid_from=TODAY - DAY)
    cars.car(compound, "豫A44444", valid_from=TODAY + DAY)
    operations.bar_vehicle(cars.car(compound, "豫A55555"), reason="x")
    lifted = operations.bar_vehicle(cars.car(compound, "豫A66666"), reason="x", until=TODAY)
    Vehicle.objects.filter(pk=lifted.pk).update(barred_until=TODAY - DAY)
    operations.end_vehicle(cars.car(compound, "豫A77777"))
    cars.car(compound, "豫A88888")
    cars.car(factories.compound(), "豫A99999")
    listed(compound, "豫A88888", "deny")
    listed(compound, "豫B11111", "allow", valid_until=TODAY + DAY)
    listed(compound, "豫B22222", "free", valid_from=TODAY + DAY)
    with django_assert_num_queries(3):
        found = let_through(lane, TODAY)
    assert found == {
        "豫A11111": None,
        "豫A22222": TODAY,
        "豫A66666": None,
        "豫B11111": TODAY + DAY,
    }


def test_the_later_of_two_rights_counts(compound, lane):
    cars.car(compound, "豫A11111", valid_until=TODAY)
    listed(compound, "豫A11111", "allow", valid_until=TODAY + 9 * DAY)
    assert let_through(lane, TODAY) == {"豫A11111": TODAY + 9 * DAY}


def test_an_inner_lane_has_no_list(compound, lane):
    cars.car(compound, "豫A11111")
    garage = Area.objects.create(compound=compound, name="地下车库", capacity=80)
    AreaLane.objects.create(compound=compound, lane=lane, inner=garage)
    assert let_through(lane, TODAY) == {}


def test_the_camera_of_a_lane_is_told(compound, settings, tmp_path):
    settings.VAR_DIR, settings.DEVICE_LOOPBACK = tmp_path, True
    cars.car(compound, "豫A11111")
    with HikvisionDevice() as camera:
        own = {"url": camera.url, "timeout_s": 1.0}
        secrets = {"username": USER, "password": PASSWORD}
        keeps = device(compound, "a", own | {"holds_list": True}, secrets)
        device(compound, "b", own, secrets)
        device(compound, "c", {"url": 5}, {})
        factories.lane(compound, barrier=keeps)
        with devices.inline():
            assert operations.push_lists() == 1
        assert [row[0] for row in camera.plates.values()] == ["豫A11111"]
        told = allow_lists.told(keeps.pk)
        assert (told.cars, told.waiting, told.code) == (1, 0, "")
        # The barrier of no lane lets nobody through.
        keeps.closed_lanes.update(barrier=None)
        with devices.inline():
            operations.push_lists()
        assert camera.plates == {}


def device(compound: Any, name: str, own: dict[str, Any], secrets: dict[str, str]) -> Device:
    return factories.device(
        compound, "barrier", "hikvision_barrier", name=name, settings=own, credentials=secrets
    )
