"""Two deeds in the same second: exactly one outcome, whoever was first. Threads of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from community.models import Command
from residents.models import Visit
from residents.operations import revoke_visit
from security.models import HomeCall, Passage
from security.operations import (
    AlreadyAnswered,
    AlreadyDecided,
    admit,
    answer_call,
    call_home,
    hang_up,
    refuse,
)
from tests.community import factories
from tests.residents.doors import door, resident, show, visit
from tests.security.gates import drive_up

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
LOST = (AlreadyAnswered, AlreadyDecided, ValidationError)


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave, all begun at the same moment; an exception where it came too late."""
    line = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            line.wait(10)
            return deed()
        except LOST as late:
            return late
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def couple(home):
    users = [factories.user("resident", at=home.compound) for _ in "ab"]
    return [resident(home, name, user=user) for name, user in zip("周许", users, strict=True)]


@pytest.fixture
def guards(home):
    return [factories.user("guard", at=home.compound) for _ in "ab"]


def orders(lane: Any) -> int:
    return Command.objects.filter(lane=lane, action="open").count()


def test_a_pass_revoked_in_the_second_it_is_shown(home, couple):
    lane = door(home.compound)
    for number in range(ROUNDS):
        row = visit(home)
        before = orders(lane)
        shown, _gone = together(
            lambda row=row, number=number: show(lane, "pass", row.secret, key=f"r{number}"),
            lambda row=row: revoke_visit(row),
        )
        row.refresh_from_db()
        opened = orders(lane) - before
        assert row.revoked_at
        assert (shown.code, row.entries, opened) in {("pass_valid", 1, 1), ("pass_revoked", 0, 0)}
        assert show(lane, "pass", row.secret, key=f"again{number}").code == "pass_revoked"


def test_one_says_yes_and_one_says_no(home, couple):
    lane = door(home.compound)
    for _ in range(ROUNDS):
        call = call_home(lane, home)
        said = together(
            lambda call=call: answer_call(call, couple[0], "let_in"),
            lambda call=call: answer_call(call, couple[1], "refused"),
        )
        call.refresh_from_db()
        assert [isinstance(one, AlreadyAnswered) for one in said].count(True) == 1
        assert (call.visit is not None) == (call.state == "let_in")
    assert Visit.objects.count() == HomeCall.objects.filter(state="let_in").count()


def test_an_answer_while_it_is_hung_up(home, couple):
    lane = door(home.compound)
    for _ in range(ROUNDS):
        call = call_home(lane, home)
        answered, _ended = together(
            lambda call=call: answer_call(call, couple[0], "let_in"),
            lambda call=call: hang_up(call),
        )
        call.refresh_from_db()
        assert call.state == ("withdrawn" if isinstance(answered, Exception) else "let_in")


def test_two_guards_and_the_tablet_open_for_one_yes(home, couple, guards):
    lane = door(home.compound)
    call = call_home(lane, home)
    answer_call(call, couple[0], "let_in")
    found = together(*(lambda user=user: admit(call, user=user) for user in (*guards, None)))
    assert len({passage.pk for passage in found}) == 1
    assert (orders(lane), Visit.objects.get().entries) == (1, 1)


def test_a_yes_taken_back_or_a_car_refused_while_a_guard_lets_it_in(home, couple, guards):
    road = factories.lane(home.compound)
    for number in range(ROUNDS):
        waiting = drive_up(road, f"皖A90C{number:02d}")
        call = call_home(road, home, passage=waiting)
        answer_call(call, couple[0], "let_in")
        row, before = Visit.objects.latest("pk"), orders(road)
        if number % 2:
            other = lambda row=row: revoke_visit(row)  # noqa: E731
        else:
            other = lambda car=waiting: refuse(car, guards[1], reason="turned_back")  # noqa: E731
        together(lambda call=call: admit(call, user=guards[0]), other)
        waiting.refresh_from_db()
        row.refresh_from_db()
        let_in = waiting.outcome == Passage.Outcome.ALLOW
        assert (row.entries, orders(road) - before) == ((1, 1) if let_in else (0, 0))
        assert let_in or waiting.state == ("waiting" if number % 2 else "refused")


def test_a_yes_that_was_taken_back_opens_no_barrier(home, couple, guards):
    road = factories.lane(home.compound)
    call = call_home(road, home, passage=drive_up(road, "皖A90C31"))
    answer_call(call, couple[0], "let_in")
    revoke_visit(Visit.objects.get())
    with pytest.raises(ValidationError):
        admit(call, user=guards[0])
    assert orders(road) == 0
