"""A crossing booked on the wrong car is taken back and booked on the right one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.models import Compound, Event
from parking import operations
from parking.models import Debt, Stay
from tests.community import factories
from tests.parking.cars import OTHER, PLATE, car

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


def at(minutes: int) -> Any:
    return NOW + timedelta(minutes=minutes)


def enters(compound: Compound, plate: str, minute: int, passage: int) -> Stay:
    return operations.vehicle_entered(
        compound=compound, plate=plate, vehicle=None, at=at(minute), passage_id=passage
    )


def leaves(compound: Compound, plate: str, minute: int, passage: int) -> Stay:
    return operations.vehicle_left(
        compound=compound, plate=plate, vehicle=None, at=at(minute), passage_id=passage
    )


def correct(compound: Compound, direction: str, plate: str, minute: int, passage: int) -> Any:
    return operations.correct_crossing(
        compound=compound,
        direction=direction,
        plate=plate,
        vehicle=None,
        at=at(minute),
        passage_id=passage,
    )


def books(compound: Compound, plate: str) -> list[tuple[Any, Any]]:
    rows = Stay.objects.of(compound).filter(plate=plate).order_by("pk")
    return [(row.entered_at, row.left_at) for row in rows]


def test_an_entry_moves_to_the_right_car_with_its_registration(compound):
    vehicle = car(compound)
    enters(compound, OTHER, 0, 1)
    stay = operations.correct_crossing(
        compound=compound,
        direction="entry",
        plate=PLATE,
        vehicle=vehicle,
        at=at(0),
        passage_id=1,
    )
    assert stay is not None
    assert (stay.plate, stay.vehicle, stay.entry_passage) == (PLATE, vehicle, 1)
    assert books(compound, OTHER) == []
    kinds = Event.objects.of(compound).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["parking.crossing_taken_back", "parking.vehicle_entered"]


def test_said_twice_it_changes_nothing_more(compound):
    enters(compound, OTHER, 0, 1)
    first = correct(compound, "entry", PLATE, 0, 1)
    events = Event.objects.count()
    assert correct(compound, "entry", PLATE, 0, 1) == first
    assert (Stay.objects.count(), Event.objects.count()) == (1, events)


def test_an_entry_that_ended_an_earlier_stay_gives_it_back(compound):
    enters(compound, OTHER, 0, 1)
    enters(compound, OTHER, 60, 2)  # misread: the first stay seemed to have a lost exit
    correct(compound, "entry", PLATE, 60, 2)
    assert books(compound, OTHER) == [(at(0), None)]
    assert books(compound, PLATE) == [(at(60), None)]


def test_the_later_exit_goes_to_the_stay_that_it_ended(compound):
    enters(compound, OTHER, 0, 1)
    enters(compound, OTHER, 60, 2)
    leaves(compound, OTHER, 90, 3)
    correct(compound, "entry", PLATE, 60, 2)
    assert books(compound, OTHER) == [(at(0), at(90))]
    assert Stay.objects.get(plate=OTHER).exit_passage == 3


def test_an_exit_without_any_other_entry_stays_as_an_end_only(compound):
    enters(compound, OTHER, 0, 1)
    leaves(compound, OTHER, 30, 2)
    correct(compound, "entry", PLATE, 0, 1)
    assert books(compound, OTHER) == [(None, at(30))]
    assert Stay.objects.get(plate=OTHER).assumed


def test_an_exit_moves_and_the_wrong_car_is_inside_again(compound):
    enters(compound, OTHER, 0, 1)
    enters(compound, PLATE, 5, 2)
    leaves(compound, OTHER, 30, 3)
    correct(compound, "exit", PLATE, 30, 3)
    assert books(compound, OTHER) == [(at(0), None)]
    assert books(compound, PLATE) == [(at(5), at(30))]


def test_an_exit_taken_back_before_a_later_stay_ends_there_unseen(compound):
    enters(compound, OTHER, 0, 1)
    leaves(compound, OTHER, 30, 2)
    enters(compound, OTHER, 60, 3)
    correct(compound, "exit", PLATE, 30, 2)
    assert books(compound, OTHER) == [(at(0), at(60)), (at(60), None)]
    assert Stay.objects.of(compound).filter(plate=OTHER, assumed=True).count() == 1


def test_an_exit_of_a_car_never_seen_to_enter_leaves_nothing_behind(compound):
    leaves(compound, OTHER, 30, 1)
    correct(compound, "exit", PLATE, 30, 1)
    assert books(compound, OTHER) == []
    assert books(compound, PLATE) == [(None, at(30))]


def test_without_a_plate_the_crossing_is_on_no_car(compound):
    enters(compound, OTHER, 0, 1)
    assert correct(compound, "entry", "", 0, 1) is None
    assert not Stay.objects.exists()
    assert correct(compound, "entry", PLATE, 0, 1).plate == PLATE


def test_a_stay_with_money_on_it_is_emptied_and_not_deleted(compound):
    stay = enters(compound, OTHER, 0, 1)
    debt = Debt.objects.create(
        compound=compound, stay=stay, plate=OTHER, amount_fen=500, reason="other", created_at=NOW
    )
    correct(compound, "entry", PLATE, 0, 1)
    stay.refresh_from_db()
    assert (stay.entered_at, stay.left_at, stay.entry_passage) == (at(0), at(0), None)
    assert Debt.objects.get().pk == debt.pk
    assert books(compound, PLATE) == [(at(0), None)]
