"""An alert goes from hand to hand: taken, given to a guard on duty, closed with an outcome."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Event
from community.operations import end_role
from security import alerts
from security.models import Alert
from tests.community import factories
from tests.security.gates import gate, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane():
    return gate()


@pytest.fixture
def guard(lane):
    return factories.user("guard", at=lane.compound, name="陈国栋")


@pytest.fixture
def colleague(lane):
    return factories.user("guard", at=lane.compound, name="马骁")


@pytest.fixture
def alert(lane) -> Alert:
    return alerts.raise_alert(
        compound=lane.compound, kind="disk_full", key="k", severity=Alert.Severity.URGENT
    )


def test_each_step_is_kept_with_who_and_when_and_told(lane, guard, colleague, alert):
    taken = alerts.acknowledge(alert, guard)
    assert (taken.state, taken.taken_by) == ("acknowledged", guard)
    given = alerts.assign(alert, guard, colleague)
    assert (given.state, given.assigned_to) == ("assigned", colleague)
    closed = alerts.close_with(alert, colleague, "passed_on", "电工明早到")
    assert (closed.state, closed.ending, closed.note) == ("closed", "passed_on", "电工明早到")
    assert (closed.closed_by, closed.taken_by) == (colleague, guard)
    assert all((closed.taken_at, closed.assigned_at, closed.closed_at))
    assert told(lane.compound) == [
        "alert.raised",
        "alert.acknowledged",
        "alert.assigned",
        "alert.closed",
    ]
    payloads = (
        Event.objects.of(lane.compound).order_by("sequence").values_list("payload", flat=True)
    )
    assert payloads[2]["to"] == colleague.pk
    assert payloads[3]["ending"] == "passed_on"


def test_the_same_step_twice_counts_once(lane, guard, colleague, alert):
    for _ in range(2):
        alerts.acknowledge(alert, guard)
        alerts.assign(alert, guard, colleague)
        alerts.assign(alert, guard, colleague)
    for _ in range(2):
        alerts.close_with(alert, guard, "put_right")
    assert len(told(lane.compound)) == 4


def test_an_alert_may_be_given_on_to_another_guard(guard, colleague, alert):
    alerts.acknowledge(alert, guard)
    alerts.assign(alert, guard, colleague)
    assert alerts.assign(alert, colleague, guard).assigned_to == guard


def test_steps_that_skip_one_are_refused_and_say_why(guard, colleague, alert):
    for step in (
        lambda: alerts.assign(alert, guard, colleague),
        lambda: alerts.close_with(alert, guard, "put_right"),
    ):
        with pytest.raises(alerts.AlertMoved) as refused:
            step()
        assert refused.value.alert.state == "open"
    alerts.acknowledge(alert, guard)
    alerts.close_with(alert, guard, "put_right")
    with pytest.raises(alerts.AlertMoved):
        alerts.assign(alert, guard, colleague)
    with pytest.raises(alerts.AlertMoved):
        alerts.close_with(alert, colleague, "false_alarm")


def test_it_is_given_only_to_guards_on_duty_here(lane, guard, colleague, alert):
    alerts.acknowledge(alert, guard)
    end_role(colleague.held_roles.get())
    others = [
        factories.user("guard", at=factories.compound()),
        factories.user("desk", at=lane.compound),
        factories.user("guard", at=lane.compound, is_active=False),
        type(colleague).objects.get(pk=colleague.pk),
    ]
    for other in others:
        with pytest.raises(ValidationError):
            alerts.assign(alert, guard, other)
    alert.refresh_from_db()
    assert alert.assigned_to is None


@pytest.mark.parametrize("ending", ["", "over", "because"])
def test_it_is_closed_with_one_of_the_endings(guard, alert, ending):
    alerts.acknowledge(alert, guard)
    with pytest.raises(ValidationError):
        alerts.close_with(alert, guard, ending)


def test_other_needs_words(guard, alert):
    alerts.acknowledge(alert, guard)
    with pytest.raises(ValidationError):
        alerts.close_with(alert, guard, "other", "  ")
    assert alerts.close_with(alert, guard, "other", "猫").note == "猫"


def test_only_those_who_watch_the_gates_take_steps(lane, guard, colleague, alert):
    clerk = factories.user("desk", at=lane.compound)
    alerts.acknowledge(alert, guard)
    with pytest.raises(PermissionDenied):
        alerts.assign(alert, clerk, colleague)
    with pytest.raises(PermissionDenied):
        alerts.close_with(alert, clerk, "put_right")


def test_what_raised_it_may_take_it_back_at_any_step(guard, alert):
    alerts.acknowledge(alert, guard)
    over = alerts.close(alert)
    assert (over.state, over.ending, over.closed_by) == ("closed", "over", None)
    assert alerts.close(alert).closed_at == over.closed_at


def test_the_table_refuses_states_that_do_not_fit(guard, alert):
    now = timezone.now()
    wrong = [
        {"state": "acknowledged"},
        {"state": "assigned", "taken_by": guard, "taken_at": now},
        {"state": "closed"},
        {"state": "closed", "closed_at": now},
        {"state": "closed", "closed_at": now, "ending": "put_right"},
        {"state": "closed", "closed_at": now, "ending": "over", "closed_by": guard},
        {"state": "open", "taken_by": guard},
        {"state": "open", "ending": "over"},
        {"state": "lost"},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=alert.pk).update(**values)
