"""Stays that were booked wrongly are put right with a trace; misread exits find their stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parking import operations
from parking.access import may_pass
from parking.models import Stay
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db
READ_AS = "皖A5ZM7B"  # 2 read as Z, 8 as B


@pytest.fixture
def compound():
    return factories.compound()


def ago(hours):
    return timezone.now() - timedelta(hours=hours)


def entered(compound, hours, passage=1, plate=cars.PLATE, **seen):
    return operations.vehicle_entered(
        compound=compound, plate=plate, vehicle=None, at=ago(hours), passage_id=passage, **seen
    )


def left(compound, hours, passage=9, plate=cars.PLATE):
    return operations.vehicle_left(
        compound=compound, plate=plate, vehicle=None, at=ago(hours), passage_id=passage
    )


def test_a_correction_keeps_what_was_before_and_is_priced_anew(compound, monkeypatch):
    priced = []
    monkeypatch.setattr(
        "parking.operations.prices.reprice", lambda stay, why, actor=None: priced.append(why)
    )
    guard = factories.user("manager", at=compound)
    stay = entered(compound, 5)
    was, right = stay.entered_at, ago(3)
    operations.correct_stay(stay, reason="钟不准", actor=guard, entered_at=right)
    change = stay.changes.get()
    assert (change.what, change.by, change.reason) == ("times", guard, "钟不准")
    assert change.before == {"entered_at": was.isoformat()}
    assert change.after == {"entered_at": right.isoformat()}
    assert priced == ["corrected"]
    # The same again changes nothing, and leaves no second trace.
    operations.correct_stay(stay, reason="钟不准", entered_at=right)
    assert stay.changes.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"left_at": 9}, "left_at"),
        ({"left_at": -9}, "left_at"),
        ({"plate": "<b>" * 4000}, "plate"),
        ({"parked_as": "x"}, "parked_as"),
        ({"reason": ""}, "reason"),
    ],
)
def test_bad_corrections_change_nothing(compound, values, field):
    stay = entered(compound, 5)
    given = {"reason": "x"} | {
        name: ago(value) if name == "left_at" else value for name, value in values.items()
    }
    with pytest.raises(ValidationError) as refused:
        operations.correct_stay(stay, **given)
    assert field in refused.value.error_dict
    assert not Stay.objects.get().changes.exists()


def test_two_stays_of_a_car_cannot_be_made_to_overlap(compound):
    entered(compound, 9, passage=1)
    left(compound, 7, passage=2)
    second = entered(compound, 5, passage=3)
    with pytest.raises(ValidationError):
        operations.correct_stay(second, reason="x", entered_at=ago(8))


def test_a_misread_exit_finds_the_likeliest_open_stay_and_is_joined_to_it(compound):
    stay = entered(compound, 5)
    entered(compound, 4, passage=2, plate="皖A52M90")
    orphan = left(compound, 1, plate=READ_AS)
    assert orphan.assumed
    found = operations.candidates(compound, READ_AS)
    assert found[0][0] == stay
    assert found[0][1] < 0.6
    operations.match_exit(orphan, stay)
    joined = Stay.objects.get(pk=stay.pk)
    assert (joined.exit_passage, joined.left_at) == (9, orphan.left_at)
    assert not Stay.objects.filter(pk=orphan.pk).exists()
    assert joined.changes.get().what == "matched"


def test_two_clocks_that_differ_make_no_negative_stay(compound):
    now = timezone.now()
    car = {"compound": compound, "plate": cars.PLATE, "vehicle": None}
    operations.vehicle_entered(**car, at=now, passage_id=1)
    stay = operations.vehicle_left(**car, at=now - timedelta(seconds=20), passage_id=2)
    assert (stay.entered_at, stay.left_at) == (now, now)
    assert stay.changes.get().after == {"rule": "clock_skew"}
    assert Stay.objects.count() == 1


def test_a_plate_of_another_kind_at_the_exit_is_shown_to_the_guard(compound):
    entered(compound, 2, kind="blue")
    lane = factories.lane(compound, "exit")
    asked = {"compound": compound, "lane": lane, "direction": "exit", "plate": cars.PLATE}
    verdict, _car = may_pass(**asked, kind="yellow", at=timezone.now())
    assert (verdict.outcome, verdict.code) == ("ask", "stay_kind_differs")
    assert may_pass(**asked, kind="blue", at=timezone.now())[0].opens
