"""Misread plates: opened for by hand, put right with their stay, learnt, and never opened by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Command, Lane, RetentionRule, User
from parking.models import Stay
from security import operations
from security.guesses import guesses, newest_readings
from security.models import Correction, Misread, Passage
from tests.community import factories
from tests.security.gates import PLATE, drive_up, gate, told, vehicle

pytestmark = pytest.mark.django_db
#: Not like PLATE at all: only what was learnt can bring the two together.
READ, ALIKE = "皖AD0Q19", "皖A52M7B"


@pytest.fixture
def lane() -> Lane:
    cache.clear()
    return gate()


@pytest.fixture
def guard(lane: Lane) -> User:
    return factories.user("guard", at=lane.compound, name="陈国栋")


def commands(lane: Lane) -> int:
    return Command.objects.filter(lane=lane, action="open").count()


def guessed(passage: Passage) -> list[Any]:
    return guesses([passage], newest_readings([passage])).get(passage.pk, [])


def later(passage: Passage) -> None:
    """The car went on long ago: what is read next is another one."""
    ago = timezone.now() - timedelta(minutes=5)
    Passage.objects.filter(pk=passage.pk).update(decided_at=ago, crossed_at=ago, state="crossed")


# ── opened for by hand ────────────────────────────────────────────────────────────────────────


def test_a_guess_is_opened_for_with_its_reason_its_event_and_what_was_learnt(lane, guard):
    unread = drive_up(lane, None, plate_raw=ALIKE)
    assert [guess.plate for guess in guessed(unread)] == [PLATE]
    opened = operations.open_as(unread, guard, PLATE)
    assert (opened.state, opened.plate, opened.read_as) == ("opened", PLATE, ALIKE)
    assert (opened.reason, opened.decided_by, opened.vehicle.plate) == (
        "plate_misread",
        guard,
        PLATE,
    )
    assert commands(lane) == 1
    assert told(lane.compound, "gate.") == [
        "gate.passage_decided",
        "gate.plate_corrected",
        "gate.opened_by_hand",
    ]
    misread = Misread.objects.get()
    assert (misread.read, misread.plate) == (ALIKE, PLATE)


def test_the_same_press_twice_opens_once_and_another_guard_is_told(lane, guard):
    unread = drive_up(lane, None, plate_raw=ALIKE)
    operations.open_as(unread, guard, PLATE)
    assert operations.open_as(unread, guard, PLATE).state == "opened"
    with pytest.raises(operations.AlreadyDecided):
        operations.open_as(unread, factories.user("guard", at=lane.compound), PLATE)
    assert commands(lane) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"barred_reason": "arrears"},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"ended_at": timezone.now()},
    ],
    ids=["barred", "expired", "ended"],
)
def test_a_car_without_the_right_to_pass_is_not_opened_for(lane, guard, fields):
    vehicle(lane.compound, "皖A70K55", **fields)
    unread = drive_up(lane, None, plate_raw="皖A70K5S")
    with pytest.raises(ValidationError):
        operations.open_as(unread, guard, "皖A70K55")
    unread.refresh_from_db()
    assert (unread.state, unread.plate, commands(lane)) == ("waiting", "", 0)
    assert not Misread.objects.exists()


def test_a_car_that_has_left_or_was_refused_is_not_opened_for(lane, guard):
    unread = drive_up(lane, None, plate_raw=ALIKE)
    operations.refuse(unread, guard, "not_expected")
    with pytest.raises(operations.AlreadyDecided):
        operations.open_as(unread, guard, PLATE)
    Passage.objects.update(state="gone", by_hand=False)
    with pytest.raises(operations.PassageOver):
        operations.open_as(unread, guard, PLATE)
    assert commands(lane) == 0


def test_the_reason_is_not_to_be_had_without_a_car(lane, guard):
    with pytest.raises(ValidationError):
        operations.open_by_hand(lane=lane, user=guard, reason="plate_misread")


# ── learnt, and never opened by ───────────────────────────────────────────────────────────────


def test_a_learnt_misread_ranks_the_right_car_first_and_opens_nothing(lane, guard):
    """On the road that every reading takes: surely read, unsurely read, and not read."""
    vehicle(lane.compound, "皖AD0019")  # looks far more like what was read
    first = drive_up(lane, READ)
    operations.correct_plate(first, guard, PLATE)
    later(first)
    looks: list[dict[str, Any]] = [
        {"plate": READ},
        {"plate": READ, "confidence": 0.4},
        {"plate": None, "plate_raw": READ},
    ]
    for look in looks:
        again = drive_up(lane, **look)
        assert (again.state, again.vehicle, again.command) == ("waiting", None, None), look
        best = guessed(again)[0]
        assert (best.plate, best.learnt, best.may) == (PLATE, True, True)
        later(again)
    assert commands(lane) == 0


def test_a_misread_that_is_another_registered_car_changes_nothing_for_that_car(lane, guard):
    first = drive_up(lane, READ)
    operations.correct_plate(first, guard, PLATE)
    later(first)
    vehicle(lane.compound, READ)
    own = drive_up(lane, READ)
    assert (own.state, own.code, own.vehicle.plate) == ("opened", "vehicle_registered", READ)


def test_what_one_compound_learnt_is_unknown_in_another(lane, guard):
    operations.correct_plate(drive_up(lane, READ), guard, PLATE)
    assert guessed(drive_up(gate(), READ)) == []


def test_without_a_text_there_is_nothing_to_learn(lane, guard):
    unread = drive_up(lane, None)
    operations.open_as(unread, guard, PLATE)
    assert not Misread.objects.exists()


def test_the_table_refuses_what_makes_no_sense(lane):
    now = timezone.now()
    for read, plate in (("", PLATE), (READ, ""), (PLATE, PLATE)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Misread.objects.create(compound=lane.compound, read=read, plate=plate, learnt_at=now)
    Misread.objects.create(compound=lane.compound, read=READ, plate=PLATE, learnt_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Misread.objects.create(compound=lane.compound, read=READ, plate=PLATE, learnt_at=now)


# ── put right, and taken back ─────────────────────────────────────────────────────────────────


def crossed(lane: Lane, plate: str | None, guard: User) -> Passage:
    passage = drive_up(lane, plate)
    if passage.state == "waiting":
        passage = operations.open_by_hand(
            lane=lane, passage=passage, user=guard, reason="home_agreed"
        )
    return operations.complete_passage(passage.pk, "loop", timezone.now())


def inside(lane: Lane) -> list[str]:
    rows = Stay.objects.of(lane.compound).filter(left_at=None)
    return list(rows.order_by("plate").values_list("plate", flat=True))


def test_the_stay_moves_to_the_right_car_and_back(lane, guard):
    passage = crossed(lane, READ, guard)
    assert inside(lane) == [READ]
    correction = operations.correct_plate(passage, guard, PLATE)
    stay = Stay.objects.get()
    assert (stay.plate, stay.vehicle.plate, stay.entry_passage) == (PLATE, PLATE, passage.pk)
    operations.undo_correction(correction, guard)
    passage.refresh_from_db()
    assert (passage.plate, passage.vehicle, passage.read_as) == (READ, None, "")
    assert inside(lane) == [READ]


def test_a_car_that_was_not_read_gets_its_stay_with_its_plate(lane, guard):
    passage = crossed(lane, None, guard)
    assert inside(lane) == []
    correction = operations.correct_plate(passage, guard, PLATE)
    assert inside(lane) == [PLATE]
    operations.undo_correction(correction, guard)
    assert inside(lane) == []


def test_a_car_corrected_before_it_crosses_enters_as_the_right_one(lane, guard):
    opened = operations.open_as(drive_up(lane, None, plate_raw=ALIKE), guard, PLATE)
    operations.complete_passage(opened.pk, "loop", timezone.now())
    assert inside(lane) == [PLATE]


def test_undoing_forgets_what_no_other_correction_taught(lane, guard):
    first = drive_up(lane, READ)
    one = operations.correct_plate(first, guard, PLATE)
    later(first)
    two = operations.correct_plate(drive_up(lane, READ), guard, PLATE)
    operations.undo_correction(one, guard)
    assert Misread.objects.exists()
    operations.undo_correction(two, guard)
    assert operations.undo_correction(two, guard).undone_by == guard
    assert not Misread.objects.exists()
    assert told(lane.compound).count("gate.correction_undone") == 2


def test_a_waiting_car_put_right_waits_on_under_the_rule_of_its_plate(lane, guard):
    waiting = drive_up(lane, READ)
    correction = operations.correct_plate(waiting, guard, PLATE)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.code, waiting.outcome) == ("waiting", "plate_corrected", "ask")
    # Read again as before, also after a while, it is the same car and nothing opens.
    assert drive_up(lane, READ) == waiting
    ago = timezone.now() - timedelta(seconds=40)
    Passage.objects.filter(pk=waiting.pk).update(decided_at=ago)
    assert drive_up(lane, READ) == waiting
    waiting.refresh_from_db()
    assert (waiting.plate, waiting.state, commands(lane)) == (PLATE, "waiting", 0)
    operations.undo_correction(correction, guard)
    waiting.refresh_from_db()
    assert (waiting.plate, waiting.code) == (READ, "vehicle_not_registered")


def test_a_second_correction_takes_the_place_of_the_first(lane, guard):
    passage = drive_up(lane, READ)
    operations.correct_plate(passage, guard, "皖A33333")
    operations.correct_plate(passage, guard, PLATE)
    assert operations.correct_plate(passage, guard, PLATE).read == READ
    assert [row.plate for row in Correction.objects.filter(undone_at=None)] == [PLATE]
    assert [row.plate for row in Misread.objects.all()] == [PLATE]
    # The plate as read, typed in, is the correction taken back.
    operations.correct_plate(passage, guard, READ)
    passage.refresh_from_db()
    assert (passage.plate, Misread.objects.count()) == (READ, 0)


@pytest.mark.parametrize("text", ["", "abc", "皖A52M7", "皖A52M781234", "x" * 300, READ])
def test_bad_plates_change_nothing(lane, guard, text):
    passage = drive_up(lane, READ)
    with pytest.raises(ValidationError):
        operations.correct_plate(passage, guard, text)
    assert not Correction.objects.exists()


def test_only_those_who_watch_the_gates_put_plates_right(lane, guard):
    passage = drive_up(lane, READ)
    correction = operations.correct_plate(passage, guard, PLATE)
    for user in (
        factories.user("desk", at=lane.compound),
        factories.user("guard", at=factories.compound()),
    ):
        for deed in (
            lambda user=user: operations.correct_plate(passage, user, "皖A33333"),
            lambda user=user: operations.open_as(passage, user, PLATE),
            lambda user=user: operations.undo_correction(correction, user),
        ):
            with pytest.raises(PermissionDenied):
                deed()


def test_what_was_learnt_goes_with_the_passages_that_taught_it(lane, guard):
    passage = drive_up(lane, READ)
    operations.correct_plate(passage, guard, PLATE)
    RetentionRule.objects.update_or_create(
        compound=lane.compound, subject="readings", defaults={"days": 30}
    )
    operations.retire_readings(timezone.now() + timedelta(days=60))
    assert not Misread.objects.exists()
