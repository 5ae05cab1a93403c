"""Cars that do what no rule foresees: twins, tailgaters, turning back, two exits at one moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.handling import run_due
from community.models import Lane
from parking import occupancy
from parking import operations as parking
from parking.models import Area, Charge, Debt, Hold, Stay, Vehicle
from security import operations
from security.models import Passage
from tests.community import factories
from tests.parking import money
from tests.security.gates import PLATE, drive_up, gate
from tests.security.test_races import together

pytestmark = pytest.mark.django_db
STRANGER = "皖A90C31"


@pytest.fixture
def entry() -> Lane:
    lane = gate(crossing="loop")
    money.tariff(lane.compound)
    return lane


@pytest.fixture
def out(entry: Lane) -> Lane:
    return factories.lane(entry.compound, "exit", crossing="loop")


def through(passage: Passage, hours: float = 0) -> None:
    """It drives through, some hours ago."""
    at = timezone.now() - timedelta(hours=hours)
    operations.complete_passage(passage.pk, "loop", at)
    Passage.objects.filter(pk=passage.pk).update(seen_at=at, decided_at=at)


def rules_of(stay: Stay) -> list[str]:
    return [change.after["rule"] for change in stay.changes.filter(what="repaired")]


def test_a_cloned_plate_asks_and_what_the_guard_lets_in_ends_the_other_stay(entry):
    guard = factories.user("guard", at=entry.compound)
    through(drive_up(entry), 3)
    first = Stay.objects.get()
    twin = drive_up(entry)
    assert (twin.code, twin.state) == ("vehicle_already_inside", "waiting")
    assert twin.command is None
    operations.open_by_hand(lane=entry, passage=twin, user=guard, reason="emergency")
    through(twin)
    first.refresh_from_db()
    assert (first.left_at is not None, first.assumed, rules_of(first)) == (
        True,
        True,
        ["lost_exit"],
    )
    assert Stay.objects.get(left_at=None).entry_passage == twin.pk


def test_a_plate_that_changes_kind_asks_at_the_exit(entry, out):
    Vehicle.objects.update(kind="blue")
    through(drive_up(entry, kind="blue"), 1)
    money.inside(entry.compound, 90, STRANGER)
    for plate, code in ((PLATE, "vehicle_kind_differs"), (STRANGER, "stay_kind_differs")):
        other = drive_up(out, plate, kind="yellow")
        assert (other.code, other.state) == (code, "waiting")


def test_a_tailgater_leaves_as_an_end_only_that_costs_nothing(entry, out):
    guard = factories.user("guard", at=entry.compound)
    through(drive_up(entry), 1)  # the tailgater came in behind it, unseen
    leaves = drive_up(out, STRANGER)
    assert (leaves.code, leaves.state) == ("vehicle_not_registered_leaving", "waiting")
    operations.open_by_hand(lane=out, passage=leaves, user=guard, reason="emergency")
    through(leaves)
    run_due()
    stay = Stay.objects.get(plate=STRANGER)
    assert (stay.entered_at, stay.assumed, rules_of(stay)) == (None, True, ["lost_entry"])
    assert not Debt.objects.exists()
    assert Stay.objects.get(plate=PLATE).left_at is None


def test_who_turns_back_takes_no_place_and_pays_nothing(entry):
    at = entry.compound
    Area.objects.create(compound=at, name="全小区", whole=True, capacity=1)
    parking.list_plate(compound=at, plate=STRANGER, kind="allow", reason="施工车")
    turned = drive_up(entry, STRANGER)
    assert turned.state == "opened"
    assert occupancy.levels(at)[0].free_for_visitors == 0
    operations.let_go(timezone.now() + timedelta(minutes=4))
    assert not Stay.objects.exists()
    assert not Hold.objects.exists()
    assert occupancy.levels(at)[0].free_for_visitors == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_exit_told_twice_at_once_ends_one_stay_with_one_charge(entry, out):
    guard = factories.user("guard", at=entry.compound)
    money.inside(entry.compound, 90, STRANGER)
    leaves = drive_up(out, STRANGER)
    operations.open_by_hand(lane=out, passage=leaves, user=guard, reason="emergency")
    twice = lambda: operations.complete_passage(leaves.pk, "loop", timezone.now())  # noqa: E731
    together(twice, twice, twice)
    run_due()
    run_due()
    stay = Stay.objects.get()
    assert stay.exit_passage == leaves.pk
    assert Charge.objects.get(stay=stay).is_final
    assert Debt.objects.get(stay=stay).amount_fen == 1000
