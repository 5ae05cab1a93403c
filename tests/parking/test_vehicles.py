"""Registering, changing, ending and barring."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from community import handling
from community.vision import grammar
from parking import operations
from parking.models import Vehicle
from parking.operations import rules
from residents.operations import add_person, add_residency, end_residency
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound():
    return factories.compound()


def told(compound):
    return list(compound.events.order_by("sequence").values_list("kind", "payload"))


def refused(verb, *arguments, **values):
    with pytest.raises(ValidationError) as error:
        verb(*arguments, **values)
    return {name: errors[0].code for name, errors in error.value.error_dict.items()}


@pytest.mark.parametrize(
    ("typed", "plate", "kind"),
    [
        ("皖a·52m78", "皖A52M78", "unknown"),
        (" 皖A 52 M78 ", "皖A52M78", "unknown"),
        ("皖AD12345", "皖AD12345", "green"),
        ("皖A12345D", "皖A12345D", "green_large"),
        ("皖A123A学", "皖A123A学", "yellow"),
        ("粤ZA123港", "粤ZA123港", "black"),
        ("WJ皖01234", "WJ皖01234", "white"),
    ],
)
def test_a_plate_is_kept_in_one_form_and_tells_its_kind(compound, typed, plate, kind):
    vehicle = cars.car(compound, typed)
    assert (vehicle.plate, vehicle.kind) == (plate, kind)
    assert told(compound) == [("parking.vehicle_registered", {"vehicle": vehicle.pk, "unit": None})]


@pytest.mark.parametrize(
    "plate",
    [
        "",
        "皖A52M7",
        "皖I52M78",
        "ABC1234",
        "皖" * 10_000,
        "<b>皖A52M78</b>",
        "皖A52M78'--",
        "皖A52M78",
    ],
)
def test_what_is_no_plate_is_refused(compound, plate):
    if plate == "皖A52M78":
        cars.car(compound, plate)
        assert refused(cars.car, compound, plate) == {"plate": "plate_registered"}
        return
    if plate == "皖A52M78'--":
        # Marks around a plate are dropped, as the dot and blanks are.
        assert cars.car(compound, plate).plate == cars.PLATE
        return
    assert set(refused(cars.car, compound, plate)) == {"plate"}
    assert not Vehicle.objects.exists()


def test_every_bad_field_is_named_at_once(compound):
    there = factories.unit(factories.compound())
    codes = refused(cars.car, compound, "x", colour="<i>", unit=there, valid_until=date(2020, 1, 1))
    assert codes == {
        "plate": "plate_invalid",
        "colour": "colour_invalid",
        "unit": "other_compound",
        "valid_until": "ends_before_start",
    }


def test_a_kind_that_the_plate_contradicts_is_refused(compound):
    assert refused(cars.car, compound, kind="green") == {"kind": "kind_contradicts"}
    assert cars.car(compound, kind="yellow").kind == "yellow"


def test_the_same_plate_may_stand_in_two_compounds_and_again_after_its_end(compound):
    first = cars.car(compound)
    cars.car(factories.compound())
    operations.end_vehicle(first)
    assert cars.car(compound).pk != first.pk


def test_the_database_itself_refuses_a_second_registration(compound):
    cars.car(compound)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vehicle.objects.create(compound=compound, plate=cars.PLATE, valid_from=date(2024, 1, 1))


def test_a_change_says_what_changed_and_no_change_says_nothing(compound):
    vehicle = cars.car(compound, colour="白色")
    operations.change_vehicle(vehicle, colour="白色")
    assert len(told(compound)) == 1
    operations.change_vehicle(vehicle, colour="黑色", plate=cars.OTHER)
    assert told(compound)[1] == (
        "parking.vehicle_changed", {"vehicle": vehicle.pk, "fields": ["plate", "colour"]}
    )  # fmt: skip


def test_an_ended_registration_stays_ended(compound):
    vehicle = operations.end_vehicle(operations.end_vehicle(cars.car(compound)))
    assert [kind for kind, _ in told(compound)].count("parking.vehicle_ended") == 1
    for verb, values in (
        (operations.change_vehicle, {"colour": "x"}),
        (operations.bar_vehicle, {"reason": "x"}),
    ):
        with pytest.raises(ValidationError):
            verb(vehicle, **values)


def test_barring_needs_a_reason_and_a_day_to_come(compound):
    vehicle = cars.car(compound)
    assert refused(operations.bar_vehicle, vehicle, reason="  ") == {"reason": "reason_missing"}
    past = rules.today(compound) - timedelta(days=1)
    assert refused(operations.bar_vehicle, vehicle, reason="挡道", until=past) == {
        "until": "ends_before_start"
    }
    barred = operations.bar_vehicle(vehicle, reason="挡道")
    assert barred.state_on(rules.today(compound)) == "barred"
    assert operations.unbar_vehicle(barred).state_on(rules.today(compound)) == "valid"


def test_likeliest_ranks_look_alikes_first(compound):
    near, far = cars.car(compound, "皖A52M7B"), cars.car(compound, "皖A90C31")
    cars.car(factories.compound(), "皖A52M78")
    same = cars.car(compound, "皖A52M78")
    found = Vehicle.objects.likeliest(compound, "皖A52M78")
    assert [car.pk for car in found] == [same.pk, near.pk]
    assert far not in found
    assert found[0].distance == 0 < found[1].distance < 1


@pytest.mark.parametrize("gone", [{}, {"until": True}])
def test_the_end_of_a_residency_ends_the_persons_cars_there(compound, gone):
    home = factories.unit(compound)
    person = add_person(compound=compound, name="周闻达")
    lives = add_residency(person=person, unit=home, kind="tenant", started_on=date(2020, 1, 1))
    mine, other = (
        cars.car(compound, unit=home, owner=person),
        cars.car(compound, cars.OTHER, unit=home),
    )
    today = rules.today(compound)
    end_residency(lives, on=today if gone else today - timedelta(days=1))
    handling.run_due()
    mine.refresh_from_db()
    other.refresh_from_db()
    assert other.state_on(today) == "valid"
    assert mine.state_on(today) == ("valid" if gone else "ended")
    assert mine.state_on(today + timedelta(days=1)) == ("expired" if gone else "ended")


@st.composite
def plates(draw):
    pattern = draw(st.sampled_from(grammar.PATTERNS))
    return "".join(draw(st.sampled_from(place)) for place in pattern.places)


class PlatesOfAnyForm(TestCase):
    def setUp(self):
        self.compound = factories.compound()

    @settings(max_examples=60, deadline=None)
    @given(plates())
    def test_every_plate_of_the_grammar_can_be_registered(self, plate):
        vehicle = cars.car(self.compound, plate)
        assert vehicle.plate == plate
        operations.change_vehicle(vehicle, kind=vehicle.kind)
        operations.end_vehicle(vehicle)

    @settings(max_examples=150, deadline=None)
    @given(st.text(max_size=60))
    def test_any_text_is_a_plate_or_a_clear_refusal(self, text):
        fits = len(text.strip()) <= rules.MOST_TYPED and grammar.is_plate(text.strip())
        if fits and not rules.MARKUP & set(text):
            assert grammar.is_plate(rules.clean_plate(text))
            return
        with pytest.raises(ValidationError):
            rules.clean_plate(text)
