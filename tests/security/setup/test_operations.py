"""Each verb of the set-up: who may, what is refused, and that doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from community.devices import simulated
from community.models import Compound, Device, Event, Gate, Lane, RetentionRule, Role, Unit, User
from security.models import LaneCheck
from security.setup import operations
from security.setup.homes import Pattern, read_buildings
from security.setup.operations import DevicePlan, LanePlan
from security.setup.steps import CheckList
from tests.community import factories
from tests.security.gates import PLATE, told

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef"
WHERE = {"address": "", "timezone": "Asia/Shanghai", "language": "zh-hans"}
SIMULATED = DevicePlan("道闸", "simulated", {}, {})
RELAY = DevicePlan(
    "继电器",
    "http_relay",
    {"open_url": "http://192.168.1.70/on?for={pulse_s}", "method": "GET", "auth": "basic"},
    {"username": "admin", "password": "relay-secret"},
)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def operator() -> User:
    return User.objects.create_user("operator", password=None, is_superuser=True)


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


@pytest.fixture
def manager(compound: Compound) -> User:
    return factories.user("manager", at=compound)


@pytest.fixture
def lane(compound: Compound) -> Lane:
    return factories.lane(compound, camera=None, barrier=None, name="南门入口")


def test_a_compound_comes_with_its_rules_and_once_for_each_page(operator: User) -> None:
    made = operations.create_compound(operator, key=KEY, name="梧桐苑", **WHERE)
    again = operations.create_compound(operator, key=KEY, name="梧桐苑", **WHERE)
    assert again == made
    rules = RetentionRule.objects.filter(compound=made)
    assert rules.get(subject="pictures").days >= 30
    assert "place.changed" in told(made)
    with pytest.raises(ValidationError, match="already"):
        operations.create_compound(operator, key="fedcba98", name="梧桐苑", **WHERE)
    assert Compound.objects.count() == 1


def test_only_the_operator_makes_compounds(manager: User) -> None:
    with pytest.raises(PermissionDenied):
        operations.create_compound(manager, key=KEY, name="梧桐苑", **WHERE)


def test_homes_by_pattern_are_made_once(manager: User, compound: Compound) -> None:
    pattern = Pattern(read_buildings("1-2, A"), entrances=2, first_floor=2, floors=3, homes=2)
    assert operations.add_homes(manager, compound, pattern) == pattern.count == 36
    assert operations.add_homes(manager, compound, pattern) == 0
    home = Unit.objects.get(compound=compound, code="A-2-402")
    assert (home.building.code, home.entrance, home.floor, home.room) == ("A", "2", 4, "402")
    assert told(compound, "setup.") == ["setup.homes_added"]


def test_without_entrances_a_home_has_no_middle_part(manager: User, compound: Compound) -> None:
    operations.add_homes(manager, compound, Pattern(("7",), 0, 1, 1, 1))
    assert Unit.objects.get(compound=compound).code == "7-101"


@pytest.mark.parametrize("typed", ["", " , ", "8-1", "1-5000", "<b>", "a b/c", "1--3"])
def test_buildings_that_make_no_sense_are_named(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_buildings(typed)


def test_too_many_homes_are_refused_before_any_is_made(manager: User, compound: Compound) -> None:
    with pytest.raises(ValidationError):
        operations.add_homes(manager, compound, Pattern(read_buildings("1-200"), 3, 1, 30, 4))
    assert not Unit.objects.exists()


def test_a_lane_saved_twice_is_one(manager: User, compound: Compound) -> None:
    plan = LanePlan("南门", "vehicle", "入口", "entry", "assumed")
    first = operations.save_lane(manager, compound, plan)
    events = Event.objects.count()
    assert operations.save_lane(manager, compound, plan) == first
    assert Event.objects.count() == events
    assert (Gate.objects.count(), Lane.objects.count()) == (1, 1)
    other = LanePlan("南门", "vehicle", "入口", "exit", "loop")
    assert operations.save_lane(manager, compound, other).direction == "exit"


def test_secrets_are_kept_for_the_same_address_only(manager: User, lane: Lane) -> None:
    barrier = operations.add_barrier(manager, lane, RELAY)
    same = DevicePlan(RELAY.name, RELAY.driver, RELAY.options, {})
    assert operations.add_barrier(manager, lane, same).credentials == RELAY.credentials
    elsewhere = {**RELAY.options, "open_url": "http://192.168.1.99/on?for={pulse_s}"}
    moved = DevicePlan(RELAY.name, RELAY.driver, elsewhere, {})
    assert operations.add_barrier(manager, lane, moved).credentials == {}
    assert Lane.objects.get(pk=lane.pk).barrier == barrier


def test_settings_that_a_driver_refuses_leave_nothing_behind(manager: User, lane: Lane) -> None:
    never_off = DevicePlan("x", "http_relay", {"open_url": "http://192.168.1.70/on"}, {})
    with pytest.raises(ValidationError):
        operations.add_barrier(manager, lane, never_off)
    lane.refresh_from_db()
    assert lane.barrier is None
    assert not Device.objects.filter(driver="http_relay").exists()


@pytest.mark.parametrize(
    "roi", [[0.5, 0, 0.6, 1], [-0.1, 0, 1, 1], [0, 0, 0.01, 1], [float("nan")] * 4, [0, 0, 1]]
)
def test_a_region_outside_the_picture_is_refused(manager: User, lane: Lane, roi: list) -> None:
    operations.add_camera(manager, lane, DevicePlan("c", "browser", {}, {}))
    with pytest.raises(ValidationError):
        operations.draw_region(manager, lane, roi)
    lane.refresh_from_db()
    assert lane.roi == [0, 0, 1, 1]


def test_another_camera_makes_region_and_plate_count_no_more(manager: User, lane: Lane) -> None:
    operations.add_camera(manager, lane, DevicePlan("c", "browser", {}, {}))
    operations.draw_region(manager, lane, [0.1, 0.2, 0.5, 0.5])
    operations.confirm_plate(manager, lane, 0.97)
    operations.confirm_plate(manager, lane, 0.97)
    assert LaneCheck.objects.filter(lane=lane).count() == 2
    assert told(lane.compound, "setup.") == ["setup.region_drawn", "setup.plate_read"]
    operations.add_camera(
        manager, lane, DevicePlan("c", "video", {"path": "demo/south_in.mp4"}, {})
    )
    assert not LaneCheck.objects.filter(lane=lane).exists()
    operations.draw_region(manager, lane, [0.1, 0.2, 0.5, 0.5])
    operations.confirm_plate(manager, lane, 0.97)
    operations.draw_region(manager, lane, [0.2, 0.2, 0.5, 0.5])
    assert [check.step for check in LaneCheck.objects.filter(lane=lane)] == ["region"]


@pytest.mark.django_db(transaction=True)
def test_one_press_opens_once_and_counts_when_somebody_saw_it(
    manager: User, lane: Lane, settings, tmp_path
) -> None:
    settings.VAR_DIR = tmp_path
    barrier = operations.add_barrier(manager, lane, SIMULATED)
    with pytest.raises(ValidationError, match="Look at the lane"):
        operations.test_barrier(manager, lane, key=KEY, clear=False)
    order = operations.test_barrier(manager, lane, key=KEY, clear=True)
    assert operations.test_barrier(manager, lane, key=KEY, clear=True) == order
    assert len(simulated.openings(barrier.pk)) == 1
    order.refresh_from_db()
    operations.confirm_barrier(manager, lane, order, moved=True)
    assert LaneCheck.objects.get(lane=lane).device == barrier
    colleague = factories.user("installer", at=lane.compound)
    with pytest.raises(ValidationError):
        operations.confirm_barrier(colleague, lane, order, moved=True)
    operations.confirm_barrier(manager, lane, order, moved=False)
    assert not LaneCheck.objects.exists()
    kinds = told(lane.compound, "setup.")
    assert kinds == ["setup.barrier_tested", "setup.barrier_stood_still"]


@pytest.mark.parametrize("role", ["guard", "desk", "resident"])
def test_others_may_set_nothing_up(role: str, lane: Lane) -> None:
    user = factories.user(role, at=lane.compound)
    for deed in (
        lambda: operations.add_camera(user, lane, DevicePlan("c", "browser", {}, {})),
        lambda: operations.draw_region(user, lane, [0, 0, 1, 1]),
        lambda: operations.test_barrier(user, lane, key=KEY, clear=True),
        lambda: operations.add_homes(user, lane.compound, Pattern(("1",), 1, 1, 1, 1)),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_an_installer_sets_up_devices_and_no_people(lane: Lane) -> None:
    installer = factories.user("installer", at=lane.compound)
    operations.add_camera(installer, lane, DevicePlan("c", "browser", {}, {}))
    with pytest.raises(PermissionDenied):
        operations.add_vehicle(installer, lane.compound, plate=PLATE, unit=None)
    person = {"username": "x", "name": "x", "role": "guard", "password": "long-enough-77"}
    with pytest.raises(PermissionDenied):
        operations.add_person(installer, lane.compound, **person)


def test_a_person_added_twice_is_one_and_a_manager_makes_no_manager(
    manager: User, compound: Compound
) -> None:
    person = {"username": "qin", "name": "老秦", "role": "guard", "password": "wutong-gate-77"}
    added = operations.add_person(manager, compound, **person)
    assert operations.add_person(manager, compound, **person) == added
    assert Role.objects.filter(user=added).count() == 1
    with pytest.raises(ValidationError, match="taken"):
        operations.add_person(manager, compound, **{**person, "password": "another-word-88"})
    with pytest.raises(PermissionDenied):
        operations.add_person(manager, compound, **{**person, "username": "m", "role": "manager"})
    assert not User.objects.filter(username="m").exists()


def test_a_car_that_is_registered_already_is_no_fault(manager: User, compound: Compound) -> None:
    first = operations.add_vehicle(manager, compound, plate=PLATE, unit=None)
    assert operations.add_vehicle(manager, compound, plate=PLATE, unit=None) == first
    with pytest.raises(ValidationError):
        operations.add_vehicle(manager, compound, plate="hello", unit=None)


def test_the_list_ends_when_all_is_done(operator: User, lane: Lane, settings, tmp_path) -> None:
    compound = lane.compound
    assert not CheckList(operator, compound).is_complete
    assert CheckList(operator, compound).next.name == "homes"
    operations.add_homes(operator, compound, Pattern(("1",), 1, 1, 1, 1))
    operations.add_camera(operator, lane, DevicePlan("c", "browser", {}, {}))
    operations.draw_region(operator, lane, [0, 0, 1, 1])
    operations.confirm_plate(operator, lane, 0.9)
    barrier = operations.add_barrier(operator, lane, SIMULATED)
    LaneCheck.objects.create(
        compound=compound,
        lane=lane,
        device=barrier,
        step="barrier",
        passed_by=operator,
        passed_at=compound.created_at,
    )
    operations.add_vehicle(operator, compound, plate=PLATE, unit=None)
    person = {"username": "qin", "name": "老秦", "role": "guard", "password": "wutong-gate-77"}
    operations.add_person(operator, compound, **person)
    steps = CheckList(operator, compound)
    assert steps.is_complete, [step.name for step in steps.steps if not step.is_done]
    installer = factories.user("installer", at=compound)
    assert CheckList(installer, compound).places[1].url == ""
