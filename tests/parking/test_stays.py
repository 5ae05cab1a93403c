"""Entries and exits become stays; what was missed is repaired and marked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from parking.models import Stay
from parking.operations import vehicle_entered, vehicle_left
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def compound():
    return factories.compound()


def at(minutes):
    return START + timedelta(minutes=minutes)


def enter(compound, passage, minutes, plate=cars.PLATE, **values):
    return vehicle_entered(
        compound=compound, plate=plate, vehicle=None, at=at(minutes), passage_id=passage, **values
    )


def leave(compound, passage, minutes, plate=cars.PLATE, **values):
    return vehicle_left(
        compound=compound, plate=plate, vehicle=None, at=at(minutes), passage_id=passage, **values
    )


def stays(compound):
    """Each stay as (in, out, assumed), minutes from the start."""

    def minutes(moment):
        return None if moment is None else int((moment - START).total_seconds() / 60)

    rows = Stay.objects.of(compound).order_by("entered_at", "left_at")
    return [(minutes(row.entered_at), minutes(row.left_at), row.assumed) for row in rows]


def repairs(compound):
    rows = compound.events.order_by("sequence").values_list("payload", flat=True)
    return [payload["repaired"] for payload in rows]


@pytest.mark.parametrize(
    ("crossings", "expected", "repaired"),
    [
        ("in0 out9", [(0, 9, False)], [None, None]),
        ("in0", [(0, None, False)], [None]),
        ("out9", [(None, 9, True)], ["lost_entry"]),
        ("in0 in5", [(0, 5, True), (5, None, False)], [None, "lost_exit"]),
        ("in0 in5 out9", [(0, 5, True), (5, 9, False)], [None, "lost_exit", None]),
        ("in0 out3 out9", [(0, 3, False), (None, 9, True)], [None, None, "lost_entry"]),
        # reported late: the exit at 4 replaces the one assumed at 5
        ("in0 in5 out4", [(0, 4, True), (5, None, False)], [None, "lost_exit", "late_exit"]),
        # reported late: the entry at 2 belongs before the open stay
        ("in5 in2", [(2, 5, True), (5, None, False)], [None, "lost_exit"]),
        # an exit from before the open stay, of an entry nobody saw
        ("in5 out2", [(None, 2, True), (5, None, False)], [None, "lost_entry"]),
    ],
)
def test_crossings_become_stays(compound, crossings, expected, repaired):
    for number, crossing in enumerate(crossings.split(), start=1):
        verb = enter if crossing.startswith("in") else leave
        verb(compound, number, int(crossing.strip("inout")))
    by_order = sorted(expected, key=str)
    assert sorted(stays(compound), key=str) == by_order
    assert repairs(compound) == repaired


def test_the_same_passage_again_changes_nothing(compound):
    for _ in range(2):
        enter(compound, 1, 0)
    for _ in range(2):
        leave(compound, 2, 9)
    assert enter(compound, 1, 30).left_at == at(9)
    assert stays(compound) == [(0, 9, False)]
    assert len(repairs(compound)) == 2


def test_an_assumed_crossing_marks_the_stay(compound):
    enter(compound, 1, 0, assumed=True)
    leave(compound, 2, 9)
    assert stays(compound) == [(0, 9, True)]


def test_plates_are_joined_however_they_were_written(compound):
    enter(compound, 1, 0, "皖A52M78")
    leave(compound, 2, 9, "皖a·52m78")
    assert stays(compound) == [(0, 9, False)]


def test_compounds_do_not_mix(compound):
    there = factories.compound()
    enter(compound, 1, 0)
    leave(there, 2, 9)
    assert stays(compound) == [(0, None, False)]
    assert stays(there) == [(None, 9, True)]


@pytest.mark.parametrize("plate", ["", "···", "皖" * 11])
def test_no_stay_without_a_plate(compound, plate):
    with pytest.raises(ValueError, match="no plate"):
        enter(compound, 1, 0, plate)
    assert not compound.events.exists()


def test_the_database_allows_one_open_stay_per_plate(compound):
    enter(compound, 1, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(compound=compound, plate=cars.PLATE, entered_at=at(1))
