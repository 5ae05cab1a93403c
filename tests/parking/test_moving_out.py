"""Who moves out holds no place and no bicycle there any more; their file says what they hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community import events
from community.models import Event
from parking import my_data, operations
from parking.models import Area, Bicycle, Holding, Permit, Place, Pool
from residents import operations as residents
from residents.models import Residency
from tests.community import factories
from tests.parking import cars
from tests.residents.test_notices import resident

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def handle(kind):
    """What the jobs process does with the newest event of a kind."""
    event = Event.objects.filter(kind=kind).latest("sequence")
    for handler in events._handlers[kind].values():
        handler(event)


@pytest.fixture
def person():
    return resident(factories.compound(), phone="13800001234").files.get()


@pytest.fixture
def home(person):
    return person.residencies.get().unit


def place(home, number, kind="rented"):
    area, _new = Area.objects.get_or_create(
        compound=home.compound, name="地下车库", defaults={"capacity": 9}
    )
    return Place.objects.create(compound=home.compound, area=area, number=number, kind=kind)


@pytest.fixture
def held(person, home):
    """A place and a bicycle of the person, and of the home a rented place, one that it owns, a
    bicycle and a shared permit."""
    mine = operations.hold_place(place(home, "A1"), unit=home, holder=person)
    for number, kind in (("A2", "rented"), ("A3", "owned")):
        operations.hold_place(place(home, number, kind), unit=home)
    ridden = {"compound": home.compound, "unit": home}
    operations.register_bicycle(tag="E2000001", owner=person, plate="皖1234567", **ridden)
    operations.register_bicycle(tag="E2000002", **ridden)
    operations.open_pool(
        compound=home.compound, unit=home, cars=[cars.car(home.compound, unit=home, owner=person)]
    )
    return mine


def running():
    held = Holding.objects.running().values_list("place__number", flat=True)
    tags = Bicycle.objects.running().values_list("tag", flat=True)
    return {*held, *tags}


def test_with_a_residency_end_the_places_and_bicycles_of_that_person(person, home, held):
    residency = person.residencies.get()
    again = Residency.objects.create(
        compound=home.compound, person=person, unit=home, kind="family",
        started_on=timezone.localdate() - DAY,
    )  # fmt: skip
    today = timezone.localdate()
    residents.end_residency(residency, on=today)
    handle("residents.residency_ended")
    assert running() == {"A1", "A2", "A3", "E2000001", "E2000002"}  # still at home there
    residents.end_residency(again, on=today)
    handle("residents.residency_ended")
    held.refresh_from_db()
    assert (held.valid_until, held.ended_at) == (today, None)
    assert Bicycle.objects.get(owner=person).valid_until == today
    Residency.objects.filter(person=person).update(ended_on=today - DAY)
    handle("residents.residency_ended")
    handle("residents.residency_ended")
    assert running() == {"A2", "A3", "E2000002"}


def test_an_empty_home_keeps_only_the_place_that_it_owns(person, home, held):
    residents.move_out(home, [person], on=timezone.localdate(), sold=True)
    handle("residents.moved_out")
    assert running() == {"A3"}
    assert Pool.objects.get().ended_at is not None
    assert not Permit.objects.running().exists()


def test_the_last_day_to_come_is_the_shared_permits_last_day(person, home, held):
    last = timezone.localdate() + 5 * DAY
    operations.end_home_things(home.pk, last)
    assert Permit.objects.get(pool__unit=home).valid_until == last
    assert Pool.objects.get().ended_at is None
    assert set(Holding.objects.values_list("place__number", "valid_until")) == {
        ("A1", None), ("A2", last), ("A3", None),
    }  # fmt: skip


def test_the_file_of_a_person_holds_them_and_erasure_forgets_what_ended(person, home, held):
    def said():
        found = {one.code: one.rows for one in my_data.sections(person.user, person)}
        return [fact.value for row in found["places_bicycles"] for fact in row]

    assert {"A1", "E2000001", "皖1234567"} <= set(said())
    other = resident(home.compound, "3-2-1203", phone="13800001235").files.get()
    assert operations.move_things(person.pk, other.pk) == 2
    assert said() == []
    operations.end_things_of([other.pk], home.pk, timezone.localdate(), now=True)
    assert operations.forget_holder(other.pk) == 2
    ridden = Bicycle.objects.get(tag="E2000001")
    assert (ridden.owner, ridden.plate) == (None, "")
    assert not Holding.objects.filter(holder__isnull=False).exists()
