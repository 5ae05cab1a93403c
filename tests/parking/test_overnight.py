"""Cars that tell the files below who came home, and which stranger stayed overnight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parking import operations
from parking.models import Stay
from residents import operations as residents
from residents.models import Sign
from tests.community import factories
from tests.residents.doors import resident, visit

pytestmark = pytest.mark.django_db
STRANGER, OURS = "豫Z60K17", "豫Y20K17"


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def night(home):
    """The last night that is over."""
    today = timezone.localdate()
    at = residents.night_of(home.compound, today)
    return at if at <= timezone.now() else residents.night_of(home.compound, today - timedelta(1))


def inside(home, plate, since, until=None, vehicle=None):
    Stay.objects.create(
        compound=home.compound, plate=plate, entered_at=since, left_at=until, vehicle=vehicle
    )


def test_a_stranger_overnight_is_noted_once_and_forgotten_when_registered(home, night):
    hour = timedelta(hours=1)
    inside(home, STRANGER, night - 5 * hour, night + 3 * hour)
    inside(home, "豫Z11111", night - 5 * hour, night - hour)  # left before the small hours
    inside(home, "豫Z22222", night - timedelta(days=40))  # never seen to leave
    for _ in range(2):
        operations.note_overnight()
    sign = Sign.objects.get()
    assert (sign.plate, sign.on, sign.unit) == (STRANGER, night.date(), None)
    operations.register_vehicle(
        compound=home.compound, plate=STRANGER, unit=home, valid_from=night.date()
    )
    operations.note_overnight()
    assert not Sign.objects.filter(kind="car_night").exists()


def test_a_visitors_car_names_the_home_and_a_couriers_nobody(home, night):
    resident(home)
    for plate, kind in ((STRANGER, "guest"), ("豫Z33333", "courier")):
        since, until = night - timedelta(hours=6), timezone.now() + timedelta(hours=1)
        visit(home, kind="guest", plates=[plate], starts_at=since, ends_at=until)
        home.visits.filter(cars__plate=plate).update(kind=kind)
        inside(home, plate, night - timedelta(hours=5))
    operations.note_overnight()
    found = {sign.plate: sign.unit for sign in Sign.objects.filter(on=night.date())}
    assert found == {STRANGER: home, "豫Z33333": None}


def test_a_homes_own_car_is_a_sign_of_life(home, night):
    car = operations.register_vehicle(
        compound=home.compound, plate=OURS, unit=home, valid_from=night.date()
    )
    inside(home, OURS, night - timedelta(hours=5), vehicle=car)
    operations.note_overnight()
    sign = Sign.objects.get()
    assert (sign.kind, sign.source, sign.unit) == ("entry", "car", home)
