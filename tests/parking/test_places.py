"""Areas, permits, homes' places, lists and tickets: who is let in, and as what it parks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from community.verdicts import sentence
from parking import occupancy, operations
from parking.access import may_pass
from parking.models import Area, AreaLane, Hold, Permit, Place, Stay, Vehicle
from tests.community import factories
from tests.parking import cars, money

pytestmark = pytest.mark.django_db
VISITOR, LATE = "皖A90C31", "皖A90C35"


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def entry(compound):
    return factories.lane(compound)


def area(compound, name="地面", **values):
    values.setdefault("capacity", 1)
    return operations.save_area(Area(compound=compound), name=name, **values)


def inner(compound, into, **values):
    lane = factories.lane(compound, values.pop("direction", "entry"))
    operations.lead_lane(AreaLane(compound=compound), lane=lane, inner=into, **values)
    return lane


def decide(lane, plate, kind="blue"):
    verdict, vehicle = may_pass(
        compound=lane.compound, lane=lane, direction=lane.direction, plate=plate, kind=kind,
        at=timezone.now(),
    )  # fmt: skip
    return verdict, vehicle


def told(verdict):
    with override("en"):
        return sentence(verdict.code, verdict.facts)


def arrive(lane, plate, passage):
    """Asks, keeps the place, and drives in if it may."""
    verdict, vehicle = decide(lane, plate)
    verdict = operations.keep_place(lane.compound, plate, verdict)
    if verdict.opens:
        _drive(lane, plate, passage, vehicle)
    return verdict.code


def _drive(lane, plate, passage, vehicle=None):
    verb = operations.vehicle_entered if lane.direction == "entry" else operations.vehicle_left
    return verb(
        compound=lane.compound, plate=plate, vehicle=vehicle, at=timezone.now(),
        passage_id=passage, lane=lane,
    )  # fmt: skip


def let_in(compound, *plates):
    for plate in plates:
        operations.list_plate(compound=compound, plate=plate, kind="allow", reason="施工")


def standing(compound):
    rows = Stay.objects.of(compound).open().order_by("pk")
    return [(stay.plate, stay.area and stay.area.name, stay.parked_as) for stay in rows]


def test_when_full_visitors_wait_and_residents_still_enter(compound, entry):
    area(compound, whole=True)
    let_in(compound, VISITOR, LATE)
    cars.car(compound)
    assert arrive(entry, VISITOR, 1) == "plate_let_in"
    verdict, _car = decide(entry, LATE)
    assert (verdict.outcome, verdict.code) == ("ask", "area_full")
    assert "(1 of 1)" in told(verdict)
    assert arrive(entry, cars.PLATE, 2) == "vehicle_registered"
    kinds = compound.events.values_list("kind", flat=True)
    assert list(kinds).count("parking.area_full") == 1


@pytest.mark.parametrize(
    ("rule", "outcome", "code"),
    [
        ("wait", "ask", "area_full"),
        ("refuse", "deny", "area_full_refused"),
        ("open", "allow", "plate_let_in"),
    ],
)
def test_the_rule_of_a_full_area(compound, entry, rule, outcome, code):
    area(compound, whole=True, capacity=0, when_full=rule)
    let_in(compound, VISITOR)
    assert decide(entry, VISITOR)[0].outcome == outcome
    assert decide(entry, VISITOR)[0].code == code


def test_the_last_place_is_kept_for_whoever_was_let_in_first(compound, entry):
    area(compound, whole=True)
    let_in(compound, VISITOR, LATE)
    first, second = decide(entry, VISITOR)[0], decide(entry, LATE)[0]
    assert first.opens
    assert second.opens
    assert operations.keep_place(compound, VISITOR, first).opens
    assert operations.keep_place(compound, LATE, second).code == "area_full"
    assert operations.keep_place(compound, VISITOR, first).opens
    # It turned back: the place is free for the other one.
    operations.give_place_up(compound, VISITOR)
    assert operations.keep_place(compound, LATE, second).opens
    Hold.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert occupancy.levels(compound)[0].free_for_visitors == 1
    assert operations.tidy_holds() == 1


def test_the_visitors_part_of_an_area_is_theirs_alone(compound, entry):
    area(compound, whole=True, capacity=9, visitors=1)
    let_in(compound, VISITOR, LATE)
    assert arrive(entry, VISITOR, 1) == "plate_let_in"
    assert arrive(entry, LATE, 2) == "area_full"
    level = occupancy.levels(compound)[0]
    assert (level.inside, level.free, level.free_for_visitors) == (1, 8, 0)


@pytest.mark.parametrize(
    ("rule", "code", "parked_as"),
    [
        ("visitor", "vehicle_registered", "visitor"),
        ("wait", "home_places_taken", None),
        ("refuse", "home_places_taken_refused", None),
    ],
)
def test_two_family_cars_on_one_place(compound, entry, rule, code, parked_as):
    unit = factories.unit(compound)
    both = [cars.car(compound, plate, unit=unit) for plate in (cars.PLATE, cars.OTHER)]
    operations.open_pool(compound=compound, unit=unit, cars=both, when_taken=rule)
    assert arrive(entry, cars.PLATE, 1) == "vehicle_registered"
    assert arrive(entry, cars.OTHER, 2) == code
    stays = {stay.plate: stay for stay in Stay.objects.of(compound)}
    assert stays[cars.PLATE].parked_as == "pool"
    assert stays[cars.PLATE].permit.pool.unit == unit
    if parked_as:
        assert (stays[cars.OTHER].parked_as, stays[cars.OTHER].permit) == (parked_as, None)


def family(compound, now):
    """Two cars on one place: the first inside since five hours, the second since three."""
    money.tariff(compound)
    unit = factories.unit(compound)
    both = [cars.car(compound, plate, unit=unit) for plate in (cars.PLATE, cars.OTHER)]
    operations.open_pool(compound=compound, unit=unit, cars=both)
    Permit.objects.update(valid_from="2024-01-01")
    both = [Vehicle.objects.get(pk=car.pk) for car in both]
    for passage, (car, hours) in enumerate(zip(both, (5, 3), strict=True), start=1):
        operations.vehicle_entered(
            compound=compound, plate=car.plate, vehicle=car, at=now - timedelta(hours=hours),
            passage_id=passage,
        )  # fmt: skip
    return both


def rights_of(compound):
    """Of the cars inside: the right, and whether a permit stands behind it."""
    open_now = Stay.objects.of(compound).open()
    return {stay.plate: (stay.parked_as, stay.permit_id is not None) for stay in open_now}


def test_when_the_first_family_car_leaves_the_second_moves_up_and_its_price_splits(compound):
    now = timezone.now()
    both = family(compound, now)
    second = Stay.objects.get(plate=cars.OTHER)
    assert second.parked_as == "visitor"
    gone = now - timedelta(hours=2)
    for _again in range(2):
        operations.vehicle_left(
            compound=compound, plate=cars.PLATE, vehicle=both[0], at=gone, passage_id=3
        )
    second.refresh_from_db()
    assert (second.parked_as, second.permit_from) == ("pool", gone)
    assert [change.what for change in second.changes.all()] == ["moved_up"]
    operations.vehicle_left(
        compound=compound, plate=cars.OTHER, vehicle=both[1], at=now, passage_id=4
    )
    # Three hours, of which the last two by the permit: the first one is paid for.
    charge = operations.close_charge(Stay.objects.get(pk=second.pk))
    assert charge is not None
    assert charge.total_fen == 500
    assert "covered" in {line["code"] for line in charge.lines}


def test_an_exit_taken_back_sends_whoever_moved_up_back_to_the_visitors_rate(compound):
    now = timezone.now()
    both = family(compound, now)
    gone = now - timedelta(hours=2)
    left = {"compound": compound, "vehicle": both[0], "at": gone, "passage_id": 3}
    operations.vehicle_left(plate=cars.PLATE, **left)
    assert rights_of(compound) == {cars.OTHER: ("pool", True)}
    stranger = left | {"vehicle": None, "direction": "exit"}
    for _again in range(2):
        operations.correct_crossing(plate="皖A77777", **stranger)
        assert rights_of(compound) == {cars.PLATE: ("pool", True), cars.OTHER: ("visitor", False)}
    second = Stay.objects.get(plate=cars.OTHER)
    assert second.permit_from is None
    assert [change.what for change in second.changes.order_by("pk")] == ["moved_up", "taken_back"]
    assert operations.reprice(second, "corrected").total_fen >= 1500
    # And the other way round: the guard was right the first time.
    operations.correct_crossing(plate=cars.PLATE, **left, direction="exit")
    assert rights_of(compound) == {cars.OTHER: ("pool", True)}


def test_an_exit_taken_back_after_the_second_car_left_too_charges_nobody(compound):
    now = timezone.now()
    both = family(compound, now)
    for car, passage in ((both[0], 3), (both[1], 4)):
        operations.vehicle_left(
            compound=compound, plate=car.plate, vehicle=car, at=now - timedelta(hours=2),
            passage_id=passage,
        )  # fmt: skip
    operations.correct_crossing(
        compound=compound, direction="exit", plate="皖A77777", vehicle=None,
        at=now - timedelta(hours=2), passage_id=3,
    )  # fmt: skip
    assert rights_of(compound) == {cars.PLATE: ("pool", True)}
    assert Stay.objects.get(plate=cars.OTHER).parked_as == "pool"


def test_an_entry_taken_back_gives_the_place_to_the_second_car(compound):
    now = timezone.now()
    family(compound, now)
    operations.correct_crossing(
        compound=compound, direction="entry", plate="皖A77777", vehicle=None,
        at=now - timedelta(hours=5), passage_id=1,
    )  # fmt: skip
    assert rights_of(compound)[cars.OTHER] == ("pool", True)
    second = Stay.objects.get(plate=cars.OTHER)
    assert second.permit_from == second.entered_at


def test_a_permit_is_told_and_kept_with_the_stay(compound, entry):
    car = cars.car(compound)
    until = timezone.localdate() + timedelta(days=20)
    permit = operations.give_permit(
        compound=compound, kind="monthly", vehicle=car, valid_until=until
    )
    assert told(decide(entry, cars.PLATE)[0]).startswith("Registered by the property office. Park")
    arrive(entry, cars.PLATE, 1)
    stay = Stay.objects.get()
    assert (stay.parked_as, stay.permit) == ("permit", permit)
    operations.renew_permit(permit, until=until + timedelta(days=30))
    with pytest.raises(ValidationError):
        operations.renew_permit(permit, until=until)
    operations.end_vehicle(car)
    assert Permit.objects.get().ended_at


def test_a_permit_is_not_given_twice_for_the_same_time(compound):
    car = cars.car(compound)
    operations.give_permit(compound=compound, kind="monthly", vehicle=car)
    with pytest.raises(ValidationError) as refused:
        operations.give_permit(compound=compound, kind="monthly", vehicle=car)
    assert "valid_from" in refused.value.error_dict
    assert Permit.objects.count() == 1


def test_the_end_of_a_permit_is_reminded_of_once(compound):
    last = timezone.localdate() + timedelta(days=5)
    permit = operations.give_permit(
        compound=compound, kind="staff", vehicle=cars.car(compound), valid_until=last
    )
    assert (operations.remind_ending(), operations.remind_ending()) == (1, 0)
    operations.renew_permit(permit, until=last + timedelta(days=1))
    assert operations.remind_ending() == 1


@pytest.mark.parametrize(
    ("plate", "code"),
    [("皖A1234警", "service_vehicle"), ("皖A1234应急", "emergency_vehicle")],
)
def test_police_and_rescue_pass_also_when_full(compound, entry, plate, code):
    area(compound, whole=True, capacity=0)
    assert arrive(entry, plate, 1) == code
    assert Stay.objects.get().parked_as == "free"


def test_a_listed_plate_is_kept_out_until_its_last_day(compound, entry):
    today = timezone.localdate()
    entry_ = operations.list_plate(
        compound=compound, plate=cars.PLATE, kind="deny", reason="x", valid_until=today
    )
    cars.car(compound)
    assert decide(entry, cars.PLATE)[0].outcome == "deny"
    with pytest.raises(ValidationError):
        operations.list_plate(compound=compound, plate=cars.PLATE, kind="allow", reason="x")
    operations.unlist_plate(entry_)
    assert decide(entry, cars.PLATE)[0].code == "vehicle_registered"


def test_areas_lie_within_areas(compound, entry):
    garage = area(compound, "地下车库", capacity=5)
    deep = area(compound, "负二层", parent=garage, capacity=5)
    into, down, up = (
        inner(compound, garage), inner(compound, deep, outer=garage),
        inner(compound, deep, outer=garage, direction="exit"),
    )  # fmt: skip
    out = factories.lane(compound, "exit")
    for passage, lane in enumerate((entry, into, down), start=1):
        _drive(lane, cars.PLATE, passage)
    names = [name for _plate, name, _right in standing(compound)]
    assert names == [None, "地下车库", "负二层"]
    _drive(up, cars.PLATE, 4)
    assert [name for _plate, name, _right in standing(compound)] == [None, "地下车库"]
    # The garage's exit missed it: who is out of the compound is out of the garage.
    _drive(out, cars.PLATE, 5)
    assert standing(compound) == []
    assert Stay.objects.get(area=garage).assumed
    assert not Stay.objects.get(area=None).assumed


def test_an_inner_lane_sees_a_car_that_the_gate_missed(compound):
    garage = area(compound, "地下车库")
    stay = _drive(inner(compound, garage), cars.PLATE, 1)
    whole = Stay.objects.get(area=None)
    assert (stay.area, stay.assumed, whole.assumed) == (garage, False, True)
    assert whole.changes.get().after == {"rule": "lost_entry"}


def test_a_visitor_let_in_at_the_gate_finds_the_garage_full(compound, entry):
    garage = area(compound, "地下车库", capacity=0)
    into = inner(compound, garage)
    assert decide(into, VISITOR)[0].code == "vehicle_not_registered"
    _drive(entry, VISITOR, 1)
    assert decide(into, VISITOR)[0].code == "area_full"
    operations.save_area(garage, capacity=3)
    assert decide(into, VISITOR)[0].code == "admitted_inside"


def test_bad_areas_are_refused_with_their_field(compound):
    outer = area(compound, "A")
    inside = area(compound, "B", parent=outer)
    for values, field in (
        ({"visitors": 2}, "visitors"), ({"name": ""}, "name"), ({"name": "B"}, "name"),
        ({"parent": inside}, "parent"), ({"capacity": -1}, "capacity"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            operations.save_area(Area.objects.get(pk=outer.pk), **values)
        assert field in refused.value.error_dict
    assert Area.objects.get(pk=outer.pk).name == "A"


def test_a_place_has_one_holder_at_a_time(compound):
    place = operations.save_place(
        Place(compound=compound), area=area(compound), number="b1-07", kind="owned"
    )
    homes = [factories.unit(compound, code) for code in ("3-2-1201", "3-2-1202")]
    for home in homes:
        operations.hold_place(place, unit=home)
    assert place.number == "B1-07"
    assert [row.unit for row in place.holdings.filter(ended_at=None)] == [homes[1]]
    assert (operations.give_back_place(place), operations.give_back_place(place)) == (1, 0)


def test_a_car_without_a_plate_parks_by_its_ticket(compound, entry):
    stay = operations.enter_by_ticket(entry, note="白色面包车")
    out = factories.lane(compound, "exit")
    assert (stay.plate, stay.parked_as) == ("", "visitor")
    assert len(stay.ticket.secret) >= 22  # 128 bits in base 64
    with pytest.raises(ValidationError):
        operations.leave_by_ticket(out, "x" * 10_000)
    assert operations.leave_by_ticket(out, stay.ticket.secret).left_at
    with pytest.raises(ValidationError):
        operations.leave_by_ticket(out, stay.ticket.secret)
    assert Stay.objects.count() == 1


def test_a_bicycle_is_known_by_its_tag(compound):
    shed = area(compound, "车棚")
    unit = factories.unit(compound)
    bicycle = operations.register_bicycle(compound=compound, tag="e2:00-34 11", unit=unit)
    assert bicycle.tag == "E2003411"
    stay = operations.bicycle_crossed(bicycle, inner(compound, shed), timezone.now())
    assert (stay.area, stay.plate) == (shed, "")
    with pytest.raises(ValidationError):
        operations.register_bicycle(compound=compound, tag="E2003411", unit=unit)
