"""Who may pass, code by code, in both directions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from community import verdicts
from parking.access import may_pass
from parking.models import Stay
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)
TODAY = date(2026, 5, 10)
DAY = timedelta(days=1)
EXPIRED = {"valid_until": TODAY - DAY}
EARLY = {"valid_from": TODAY + DAY}
BARRED = {"barred_reason": "多次占用消防通道"}

# registration (None: not registered), inside, plate kind seen, direction, outcome, code
CASES = [
    ({}, False, "blue", "entry", "allow", "vehicle_registered"),
    ({}, False, "unknown", "entry", "allow", "vehicle_registered"),
    ({"valid_until": TODAY}, False, "blue", "entry", "allow", "vehicle_registered"),
    ({"valid_from": TODAY}, False, "blue", "entry", "allow", "vehicle_registered"),
    (None, False, "blue", "entry", "ask", "vehicle_not_registered"),
    (None, True, "blue", "entry", "ask", "vehicle_not_registered"),
    ({"ended_at": NOW}, False, "blue", "entry", "ask", "vehicle_not_registered"),
    (BARRED, False, "blue", "entry", "deny", "vehicle_barred"),
    (BARRED | {"barred_until": TODAY}, False, "blue", "entry", "deny", "vehicle_barred"),
    (BARRED | {"barred_until": TODAY - DAY}, False, "blue", "entry", "allow", "vehicle_registered"),
    (BARRED | EXPIRED, False, "blue", "entry", "deny", "vehicle_barred"),
    (EXPIRED, False, "blue", "entry", "ask", "vehicle_expired"),
    (EARLY, False, "blue", "entry", "ask", "vehicle_not_yet_valid"),
    ({}, False, "yellow", "entry", "ask", "vehicle_kind_differs"),
    ({}, True, "yellow", "entry", "ask", "vehicle_kind_differs"),
    ({"kind": "unknown"}, False, "yellow", "entry", "allow", "vehicle_registered"),
    ({}, True, "blue", "entry", "ask", "vehicle_already_inside"),
    ({}, True, "blue", "exit", "allow", "vehicle_registered"),
    ({}, False, "blue", "exit", "allow", "vehicle_registered"),
    ({}, True, "yellow", "exit", "ask", "vehicle_kind_differs"),
    (None, True, "blue", "exit", "allow", "admitted_leaving"),
    (None, False, "blue", "exit", "ask", "vehicle_not_registered_leaving"),
    (EXPIRED, True, "blue", "exit", "allow", "admitted_leaving"),
    (EXPIRED, False, "blue", "exit", "ask", "vehicle_expired"),
    (EARLY, False, "blue", "exit", "ask", "vehicle_not_yet_valid"),
    (BARRED, True, "blue", "exit", "allow", "admitted_leaving"),
    (BARRED, False, "blue", "exit", "ask", "vehicle_barred_leaving"),
]


def decide(compound, direction, kind="blue", plate=cars.PLATE, at=NOW):
    lane = factories.lane(compound, direction)
    return may_pass(
        compound=compound, lane=lane, direction=direction, plate=plate, kind=kind, at=at
    )


def registered(compound, fields):
    vehicle = cars.car(compound, kind=fields.get("kind", "blue"), unit=factories.unit(compound))
    for name, value in fields.items():
        setattr(vehicle, name, value)
    vehicle.save()
    return vehicle


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[3]}-{case[5]}")
def test_decision(case):
    fields, inside, kind, direction, outcome, code = case
    compound = factories.compound()
    vehicle = registered(compound, fields) if fields is not None else None
    if inside:
        Stay.objects.create(compound=compound, plate=cars.PLATE, entered_at=NOW - DAY)
    verdict, found = decide(compound, direction, kind)
    assert (verdict.outcome, verdict.code) == (outcome, code)
    assert found == (None if fields and "ended_at" in fields else vehicle)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", sorted({case[5] for case in CASES}))
def test_every_code_has_a_sentence(code, language):
    with override(language):
        said = verdicts.sentence(code, {"home": "3-2-1202", "entered": 1778385600})
    assert said != code
    assert "%(" not in said


def test_days_are_those_of_the_compound():
    compound = factories.compound(timezone="Asia/Shanghai")
    registered(compound, {"valid_until": TODAY})
    last_minute = datetime(2026, 5, 10, 15, 59, tzinfo=UTC)
    assert decide(compound, "entry", at=last_minute)[0].opens
    assert decide(compound, "entry", at=last_minute + timedelta(minutes=1))[0].code == (
        "vehicle_expired"
    )


def test_another_compounds_car_is_not_registered_here():
    cars.car(factories.compound())
    assert decide(factories.compound(), "entry")[0].code == "vehicle_not_registered"


def test_a_lane_of_another_compound_is_a_mistake():
    here, there = factories.compound(), factories.compound()
    with pytest.raises(ValueError, match="another compound"):
        may_pass(
            compound=here, lane=factories.lane(there), direction="entry", plate=cars.PLATE,
            kind="blue", at=timezone.now(),
        )  # fmt: skip


def test_facts_hold_the_home_but_no_name(django_assert_num_queries):
    compound = factories.compound()
    vehicle = registered(compound, {})
    lane = factories.lane(compound)
    with django_assert_num_queries(5):  # car, lane, stays, list, permits
        verdict, _ = may_pass(
            compound=compound, lane=lane, direction="entry", plate=" 皖a·52m78", kind="blue", at=NOW
        )
    assert verdict.facts == {"vehicle": vehicle.pk, "unit": vehicle.unit_id, "home": "3-2-1202"}
