"""What desk and manager see of the lockers: hours and sizes, carriers' totals, faults, drawings."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parcels import load, operations
from parcels.models import LockerBank, Parcel
from parcels.pages.drawing import drawn
from tests.community import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(place) -> Client:
    client = Client()
    client.force_login(place.clerk)
    return client


def test_what_was_put_in_is_counted_by_hour_and_size_and_each_carrier(place, desk):
    first, _second = place.put_in(), place.put_in(size="medium")
    operations.take(first)
    place.deliver(first)
    Parcel.objects.get(pk=first.pk)
    place.shut(first)
    found = load.of_month(place.compound, timezone.localdate().replace(day=1))
    assert found.put_in == 2
    hour = timezone.localtime().hour
    near = [found.hours[hour][size] + found.hours[hour - 1][size] for size in load.SIZES]
    assert near == [1, 1, 0]
    assert found.taken == {"small": 0, "medium": 1, "large": 0}
    (totals,) = found.carriers
    assert (totals.carrier, totals.came, totals.fetched, totals.here) == ("顺丰", 2, 1, 1)
    page = desk.get("/desk/parcels/load/")
    assert page.status_code == 200
    assert page.context["chart"]["bars"]
    text = b"".join(desk.get("/desk/parcels/load/csv/")).decode("utf-8-sig")
    assert text.splitlines()[1] == "顺丰,2,1,0,0,1"
    assert desk.get("/desk/parcels/load/exe/").status_code == 404
    other = Client()
    other.force_login(factories.user("manager", at=factories.compound("海棠里")))
    assert other.get("/desk/parcels/load/").context["load"].put_in == 0


def test_faults_are_listed_and_taken_back_into_use(place, desk):
    broken = place.bank.compartments.first()
    operations.mark_compartment(broken, out_of_order=True)
    assert desk.get("/desk/parcels/faults/").context["places"] == [(broken, False)]
    assert desk.post("/desk/parcels/faults/", {"place": broken.pk, "deed": "in"}).status_code == 302
    broken.refresh_from_db()
    assert not broken.is_faulty
    assert desk.post("/desk/parcels/faults/", {"place": "0"}).status_code == 404


def test_a_bank_is_drawn_as_it_was_said_to_be_built(place):
    row = place.put_in(size="medium")
    assert drawn(row.compartment) is None
    operations.change_bank(place.bank, rows=2, medium_cm="35 × 45 × 20")
    found = drawn(Parcel.objects.get(pk=row.pk).compartment)
    # Two small ones in the first column; the medium one stands on top of the second.
    assert found["column"] == 2
    assert [box["class"] for box in found["boxes"]] == ["", "", "on", ""]
    with pytest.raises(ValidationError):
        operations.change_bank(place.bank, small_cm="klein")
    assert LockerBank.objects.get().small_cm == ""
