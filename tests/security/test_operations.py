"""By hand, kept open, crossed, gone, failed: what happens after the first decision."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.models import Command, Event, Lane
from parking.models import Stay
from security import operations
from security.models import Alert, KeepOpen, Passage
from security.operations import AlreadyDecided, PassageOver
from security.tasks import assume_crossings as run_by_the_clock
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, told, vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane() -> Lane:
    return gate()


@pytest.fixture
def guard(lane: Lane):
    return factories.user("guard", at=lane.compound)


def orders(lane: Lane, action: str = "open") -> list[Command]:
    return list(Command.objects.filter(lane=lane, action=action).order_by("pk"))


def end(command: Command, state: str, code: str = "jammed") -> None:
    """The command as the device's driver left it."""
    now = timezone.now()
    values = {"state": state, "code": code, "sent_at": now, "finished_at": now}
    Command.objects.filter(pk=command.pk).update(**values)


def in_an_hour() -> datetime:
    return timezone.now() + timedelta(hours=1)


def test_a_guard_opens_for_a_waiting_car_and_the_record_keeps_who_and_why(lane, guard):
    waiting = drive_up(lane, OTHER)
    opened = operations.open_by_hand(lane=lane, passage=waiting, user=guard, reason="delivery")
    assert (opened.state, opened.outcome, opened.by_hand) == ("opened", "allow", True)
    assert (opened.decided_by, opened.reason) == (guard, "delivery")
    assert opened.code == "vehicle_not_registered"
    assert [order.requested_by for order in orders(lane)] == [guard]
    event = Event.objects.get(kind="gate.opened_by_hand")
    assert (event.actor, event.payload["reason"]) == (guard, "delivery")


def test_the_second_guard_hears_who_was_first_and_nothing_opens_again(lane, guard):
    waiting = drive_up(lane, OTHER)
    operations.open_by_hand(lane=lane, passage=waiting, user=guard, reason="repair")
    second = factories.user("guard", at=lane.compound)
    with pytest.raises(AlreadyDecided) as told_so:
        operations.open_by_hand(lane=lane, passage=waiting, user=second, reason="repair")
    assert str(guard) in str(told_so.value)
    again = operations.open_by_hand(lane=lane, passage=waiting, user=guard, reason="repair")
    assert again.pk == waiting.pk
    assert len(orders(lane)) == 1


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [("", "", "reason"), ("because", "", "reason"), ("other", " ", "note")],
)
def test_a_reason_is_required(lane, guard, reason: str, note: str, field: str):
    waiting = drive_up(lane, OTHER)
    with pytest.raises(ValidationError) as refused:
        operations.open_by_hand(lane=lane, passage=waiting, user=guard, reason=reason, note=note)
    assert field in refused.value.message_dict
    assert orders(lane) == []


@pytest.mark.parametrize("role", ["resident", "desk", "installer", "courier"])
def test_only_guards_and_managers_open(lane, role: str):
    waiting = drive_up(lane, OTHER)
    other = factories.user(role, at=lane.compound)
    stranger = factories.user("guard", at=factories.compound())
    for user in (other, stranger):
        with pytest.raises(PermissionDenied):
            operations.open_by_hand(lane=lane, passage=waiting, user=user, reason="police")
        with pytest.raises(PermissionDenied):
            operations.refuse(waiting, user)
        with pytest.raises(PermissionDenied):
            operations.keep_open(lane, user, "fire", in_an_hour())
        with pytest.raises(PermissionDenied):
            operations.release(lane, user)
    assert orders(lane) == orders(lane, "keep_open") == []


def test_a_passage_is_opened_at_its_own_lane_only(lane, guard):
    waiting = drive_up(lane, OTHER)
    beside = factories.lane(lane.compound)
    with pytest.raises(PermissionDenied):
        operations.open_by_hand(lane=beside, passage=waiting, user=guard, reason="police")


def test_a_bare_lane_opens_once_for_two_presses(lane, guard):
    first = operations.open_by_hand(lane=lane, user=guard, reason="emergency")
    second = operations.open_by_hand(lane=lane, user=guard, reason="emergency")
    assert first == second
    assert (first.plate, first.code) == ("", "opened_by_hand")
    Passage.objects.update(decided_at=timezone.now() - timedelta(seconds=6))
    assert operations.open_by_hand(lane=lane, user=guard, reason="emergency") != first
    assert len(orders(lane)) == 2


def test_a_lane_without_barrier_cannot_be_opened_by_hand(guard, lane):
    bare = factories.lane(lane.compound, barrier=None)
    with pytest.raises(ValidationError):
        operations.open_by_hand(lane=bare, user=guard, reason="police")
    assert Passage.objects.count() == 0


def test_a_guard_refuses_and_may_think_again(lane, guard):
    waiting = drive_up(lane, OTHER)
    refused = operations.refuse(waiting, guard, "home_declined")
    assert (refused.state, refused.outcome, refused.reason) == ("refused", "deny", "home_declined")
    assert operations.refuse(waiting, guard, "home_declined") == refused
    opened = operations.open_by_hand(lane=lane, passage=waiting, user=guard, reason="home_agreed")
    assert opened.state == "opened"
    with pytest.raises(AlreadyDecided):
        operations.refuse(waiting, factories.user("guard", at=lane.compound))


def test_a_car_that_is_gone_is_not_opened_for(lane, guard):
    waiting = drive_up(lane, OTHER)
    drive_up(lane, None)
    with pytest.raises(PassageOver):
        operations.open_by_hand(lane=lane, passage=waiting, user=guard, reason="police")
    with pytest.raises(PassageOver):
        operations.refuse(waiting, guard)


def test_a_lane_is_kept_open_until_its_end_and_then_released(lane, guard):
    held = operations.keep_open(lane, guard, "removal", in_an_hour())
    assert operations.keep_open(lane, guard, "fire", in_an_hour()) == held
    assert len(orders(lane, "keep_open")) == 1
    assert operations.end_keep_opens() == 0
    assert operations.end_keep_opens(held.until) == 1
    assert operations.end_keep_opens(held.until) == 0
    held.refresh_from_db()
    assert (held.released_at, held.released_by) == (held.until, None)
    assert len(orders(lane, "release")) == 1
    assert told(lane.compound, "gate.") == ["gate.kept_open", "gate.released"]


@pytest.mark.parametrize("hours", [0, -1, 12.1, 1000])
def test_a_lane_is_kept_open_for_twelve_hours_at_most(lane, guard, hours: float):
    with pytest.raises(ValidationError):
        operations.keep_open(lane, guard, "works", timezone.now() + timedelta(hours=hours))
    assert not KeepOpen.objects.exists()


def test_a_guard_releases_and_may_press_again(lane, guard):
    held = operations.keep_open(lane, guard, "works", in_an_hour())
    assert operations.release(lane, guard) == held
    assert operations.release(lane, guard) is None
    assert len(orders(lane, "release")) == 2


def test_a_crossing_is_told_to_parking_once(lane):
    passage, at = drive_up(lane), timezone.now()
    for _ in range(2):
        done = operations.complete_passage(passage.pk, "loop", at)
    assert (done.state, done.crossing, done.crossed_at) == ("crossed", "loop", at)
    stay = Stay.objects.get(compound=lane.compound)
    assert (stay.plate, stay.entry_passage, stay.assumed) == (PLATE, passage.pk, False)
    assert told(lane.compound).count("gate.passage_crossed") == 1


def test_a_car_that_waits_has_not_crossed(lane):
    waiting = drive_up(lane, OTHER)
    assert operations.complete_passage(waiting.pk, "loop", timezone.now()).state == "waiting"
    assert not Stay.objects.exists()


def test_a_crossing_is_assumed_after_its_seconds_if_the_barrier_obeyed(lane):
    passage = drive_up(lane)
    later = passage.decided_at + timedelta(seconds=lane.crossing_after_s)
    assert operations.assume_crossings(later) == 0, "the command has not been sent yet"
    end(passage.command, "done", "")
    assert operations.assume_crossings(later - timedelta(seconds=1)) == 0
    assert operations.assume_crossings(later) == 1
    passage.refresh_from_db()
    assert (passage.crossing, passage.crossed_at) == ("assumed", later)
    assert Stay.objects.get().assumed


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_no_crossing_is_assumed_after_a_command_that_was_not_obeyed(lane, state: str):
    passage = drive_up(lane)
    end(passage.command, state)
    assert operations.assume_crossings(timezone.now() + timedelta(minutes=5)) == 0


def test_the_next_camera_tells_that_a_car_crossed(lane):
    Lane.objects.filter(pk=lane.pk).update(crossing="next_camera")
    passage = drive_up(lane)
    inner = factories.lane(lane.compound, barrier=None)
    assert operations.cross_by_next_camera() == 0
    drive_up(inner)
    assert operations.cross_by_next_camera() == 1
    passage.refresh_from_db()
    assert (passage.state, passage.crossing) == ("crossed", "next_camera")


def test_what_waits_too_long_is_gone(lane):
    waiting = drive_up(lane, OTHER)
    soon, late = (timezone.now() + timedelta(minutes=m) for m in (9, 11))
    assert operations.let_go(soon) == 0
    assert operations.let_go(late) == 1
    waiting.refresh_from_db()
    assert waiting.state == "gone"
    assert told(lane.compound)[-1] == "gate.passage_gone"


def test_a_loop_that_never_speaks_means_that_the_car_turned_back():
    lane = gate(crossing="loop")
    passage = drive_up(lane)
    assert operations.assume_crossings(timezone.now() + timedelta(minutes=3)) == 0
    assert operations.let_go(timezone.now() + timedelta(minutes=3)) == 1
    passage.refresh_from_db()
    assert passage.state == "gone"
    assert not Stay.objects.exists()


@pytest.mark.parametrize(
    ("state", "code"), [("failed", "barrier_failed"), ("unknown", "barrier_unknown")]
)
def test_a_command_that_went_wrong_puts_the_car_before_the_guard(lane, guard, state, code):
    passage = drive_up(lane)
    end(passage.command, state)
    for _ in range(2):
        operations.take_command_failure(passage.command_id)
    passage.refresh_from_db()
    assert (passage.outcome, passage.code, passage.state) == ("ask", code, "waiting")
    assert passage.facts["decided"] == "vehicle_registered"
    assert Alert.objects.get().kind == f"command_{state}"
    opened = operations.open_by_hand(lane=lane, passage=passage, user=guard, reason="home_agreed")
    assert len(orders(lane)) == 2
    assert opened.command_id == orders(lane)[1].pk


def test_a_late_failure_does_not_take_back_what_a_guard_did(lane, guard):
    passage = drive_up(lane)
    lost = passage.command
    end(lost, "failed")
    operations.open_by_hand(lane=lane, passage=passage, user=guard, reason="home_agreed")
    operations.take_command_failure(lost.pk)
    passage.refresh_from_db()
    assert passage.state == "opened"


def test_the_loop_is_believed_although_the_barrier_never_answered(lane):
    passage = drive_up(lane)
    end(passage.command, "unknown")
    operations.take_command_failure(passage.command_id)
    assert operations.complete_passage(passage.pk, "loop", timezone.now()).state == "crossed"


def test_a_lane_that_could_not_be_kept_open_is_not_said_to_be(lane, guard):
    operations.keep_open(lane, guard, "fire", in_an_hour())
    command = orders(lane, "keep_open")[0]
    end(command, "failed")
    operations.take_command_failure(command.pk)
    assert KeepOpen.objects.get().released_at
    assert drive_up(lane, OTHER).code == "vehicle_not_registered"


def test_a_release_that_failed_is_urgent(lane, guard):
    operations.keep_open(lane, guard, "fire", in_an_hour())
    operations.release(lane, guard)
    command = orders(lane, "release")[0]
    end(command, "failed")
    operations.take_command_failure(command.pk)
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity) == ("release_failed", Alert.Severity.URGENT)


def test_alerts_of_a_barrier_do_not_pile_up_and_close_when_it_obeys_again(lane):
    vehicle(lane.compound, OTHER)
    for plate in (PLATE, OTHER):
        command = drive_up(lane, plate).command
        end(command, "failed")
        operations.take_command_failure(command.pk)
    alert = Alert.objects.get()
    assert operations.close_answered() == 0
    end(command, "done", "")
    assert operations.close_answered() == 1
    alert.refresh_from_db()
    assert alert.state == "closed"


def test_the_clock_ends_what_is_over_and_may_run_twice(lane, guard):
    passage = drive_up(lane)
    end(passage.command, "done", "")
    Passage.objects.update(decided_at=timezone.now() - timedelta(minutes=1))
    operations.keep_open(lane, guard, "fire", in_an_hour())
    KeepOpen.objects.update(
        started_at=timezone.now() - timedelta(hours=2), until=timezone.now() - timedelta(hours=1)
    )
    assert run_by_the_clock() == 2
    assert run_by_the_clock() == 0


def test_exit_of_an_admitted_car_ends_its_stay(lane):
    Stay.objects.create(compound=lane.compound, plate=OTHER, entered_at=timezone.now())
    out = factories.lane(lane.compound, "exit")
    passage = drive_up(out, OTHER)
    assert passage.code == "admitted_leaving"
    operations.complete_passage(passage.pk, "loop", timezone.now())
    assert Stay.objects.get().left_at


def test_two_compounds_never_meet(lane):
    elsewhere = factories.lane(factories.compound())
    vehicle(elsewhere.compound, OTHER)
    assert drive_up(lane, OTHER).code == "vehicle_not_registered"
    assert drive_up(elsewhere, PLATE).code == "vehicle_not_registered"
    guard = factories.user("guard", at=elsewhere.compound)
    assert Passage.objects.visible_to(guard).count() == 1
