"""Patrols: planned by the clock, walked point by point, told when they are not."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Compound
from security import alerts
from security.models import Alert, PatrolPoint, PatrolRound, PatrolScan
from security.operations import patrols
from security.operations.patrols.planning import AHEAD
from security.tasks import watch_patrols
from tests.community import factories
from tests.security.duty import due, guard, pass_by, points, route
from tests.security.gates import gate, told

pytestmark = pytest.mark.django_db
State = PatrolRound.State


@pytest.fixture
def here() -> Compound:
    return gate(name="南门入口").compound


@pytest.fixture
def walker(here):
    return guard(here)


# ── planning ──────────────────────────────────────────────────────────────────────────────────


def test_rounds_are_planned_ahead_and_once(here):
    made = route(here, starts=[0, 6 * 60, 12 * 60, 18 * 60])
    rows = PatrolRound.objects.filter(route=made)
    count = rows.count()
    assert count in (2, 3)
    assert patrols.plan_rounds() == 0
    assert rows.count() == count
    now = timezone.now()
    assert all(row.late_at > now and row.opens_at <= now + AHEAD for row in rows)
    tomorrow = patrols.plan_rounds(now + timedelta(hours=12))
    assert tomorrow >= 2


def test_times_are_the_compounds_own(here):
    patrol = due(here)
    local = patrol.planned_at.astimezone(ZoneInfo(here.timezone))
    assert local.hour * 60 + local.minute == patrol.route.starts[0]
    assert patrol.late_at - patrol.opens_at == timedelta(minutes=30)
    assert patrol.due_at - patrol.late_at == timedelta(minutes=30)


def test_only_on_the_days_of_the_route(here):
    now = timezone.now()
    wrong = [day for day in range(7) if day != timezone.localtime(now).weekday()]
    made = route(here, begins=now, weekdays=wrong)
    today = timezone.localtime(now).date()
    planned = {timezone.localtime(row.planned_at).date() for row in made.rounds.all()}
    assert today not in planned


def test_a_changed_route_is_planned_anew_and_walked_rounds_stay(here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    before = list(patrol.stops)
    later = timezone.localtime(timezone.now() + timedelta(hours=3))
    minutes = later.hour * 60 + later.minute
    more = points(here, "北门")
    changed = patrols.change_route(
        patrol.route, actor=None, points=more, starts=[minutes], weekdays=list(range(7))
    )
    rows = {row.state: row for row in changed.rounds.all()}
    assert rows[State.RUNNING].stops == before
    assert rows[State.PLANNED].stops == [more[0].pk]
    assert {row.planned_at.astimezone(ZoneInfo(here.timezone)).hour for row in rows.values()}


def test_a_route_out_of_use_plans_nothing(here):
    made = route(here)
    patrols.change_route(made, actor=None, points=list(made.points.all()), is_active=False)
    assert patrols.plan_rounds(timezone.now() + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"starts": []},
        {"starts": [1440]},
        {"starts": [-1]},
        {"starts": [60, 80]},
        {"starts": [5, 1435]},
        {"starts": list(range(0, 1440, 40))},
        {"weekdays": []},
        {"weekdays": [7]},
        {"tolerance_min": 1},
        {"duration_min": 500},
        {"name": ""},
    ],
)
def test_a_route_that_makes_no_sense_is_refused(here, values):
    with pytest.raises(ValidationError):
        route(here, **values)
    assert not PatrolRound.objects.exists()


def test_a_route_takes_points_of_its_own_compound_in_use(here):
    elsewhere = points(gate().compound)
    with pytest.raises(ValidationError):
        route(here, points=elsewhere)
    first, second = points(here)
    with pytest.raises(ValidationError):
        route(here, points=[first, first])
    patrols.change_point(second, actor=None, is_active=False)
    second.refresh_from_db()
    with pytest.raises(ValidationError):
        route(here, points=[first, second])
    route(here, points=[first])
    with pytest.raises(ValidationError):
        patrols.change_point(first, actor=None, is_active=False)


def test_managers_of_the_compound_set_them_up(here, walker):
    manager, stranger = factories.user("manager", at=here), guard(gate().compound, role="manager")
    for nobody in (walker, stranger):
        with pytest.raises(PermissionDenied):
            patrols.create_point(compound=here, actor=nobody, name="东门")
    point = patrols.create_point(compound=here, actor=manager, name="东门")
    old = point.secret
    for nobody in (walker, stranger):
        with pytest.raises(PermissionDenied):
            patrols.rotate_secret(point, actor=nobody)
    fresh = patrols.rotate_secret(point, actor=manager)
    assert fresh.secret != old
    assert not PatrolPoint.objects.filter(digest=patrols.digest_of(old)).exists()
    assert told(here, "patrol") == ["patrol.point_changed", "patrol.code_renewed"]


# ── walking ───────────────────────────────────────────────────────────────────────────────────


def test_a_round_is_begun_walked_and_complete(here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    for key in patrol.stops:
        patrols.confirm_point(patrol, PatrolPoint.objects.get(pk=key), walker)
    patrol.refresh_from_db()
    assert (patrol.state, patrol.started_by, patrol.missed) == (State.DONE, walker, 0)
    kinds = ["patrol.started", "patrol.point_confirmed", "patrol.point_confirmed", "patrol.done"]
    assert told(here, "patrol")[-4:] == kinds


def test_a_repeated_scan_gives_the_first_one_back(here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    point = PatrolPoint.objects.get(pk=patrol.stops[0])
    first = patrols.confirm_point(patrol, point, walker)
    again = patrols.confirm_point(patrol, point, guard(here, "马小军"))
    assert (again.pk, again.by) == (first.pk, walker)
    assert told(here, "patrol.point_confirmed") == ["patrol.point_confirmed"]
    with pytest.raises(IntegrityError), transaction.atomic():
        PatrolScan.objects.create(
            compound=here, round=patrol, point=point, at=timezone.now(), by=walker, how="code"
        )


def test_out_of_order_is_marked_on_an_ordered_route_only(here, walker):
    for in_order in (True, False):
        patrol = due(
            here,
            in_order=in_order,
            name=f"r{in_order}",
            points=points(here, f"a{in_order}", f"b{in_order}"),
        )
        patrols.start_round(patrol, walker)
        last = PatrolPoint.objects.get(pk=patrol.stops[1])
        assert patrols.confirm_point(patrol, last, walker).out_of_order is in_order


def test_by_hand_needs_a_reason_and_other_a_note(here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    point = PatrolPoint.objects.get(pk=patrol.stops[0])
    for reason, note in (("", ""), ("bored", ""), ("other", " "), ("other", "x" * 201)):
        with pytest.raises(ValidationError):
            patrols.confirm_point(patrol, point, walker, how="hand", reason=reason, note=note)
    scan = patrols.confirm_point(patrol, point, walker, how="hand", reason="sheet_damaged")
    assert (scan.how, scan.reason) == ("hand", "sheet_damaged")


def test_a_point_of_another_round_is_refused(here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    with pytest.raises(ValidationError):
        patrols.confirm_point(patrol, points(here, "北门")[0], walker)


def test_only_guards_of_the_compound_walk(here):
    patrol = due(here)
    for nobody in (guard(gate().compound, "外人"), factories.user("desk", at=here)):
        with pytest.raises(PermissionDenied):
            patrols.start_round(patrol, nobody)
        with pytest.raises(PermissionDenied):
            patrols.start_extra(patrol.route, nobody)


def test_a_round_begins_within_its_time(here, walker):
    patrol = due(here)
    with pytest.raises(patrols.RoundOver):
        patrols.start_round(patrol, walker, now=patrol.opens_at - timedelta(minutes=1))
    with pytest.raises(patrols.RoundOver):
        patrols.start_round(patrol, walker, now=patrol.due_at)
    first = patrols.start_round(patrol, walker)
    assert patrols.start_round(patrol, guard(here, "马小军")).started_by == first.started_by


def test_a_walk_of_ones_own_accord_counts_and_is_one(here, walker):
    made = route(here)
    extra = patrols.start_extra(made, walker)
    assert extra.is_extra
    assert patrols.start_extra(made, walker).pk == extra.pk
    other = patrols.start_extra(made, guard(here, "马小军"))
    assert other.pk != extra.pk


# ── what is not walked ────────────────────────────────────────────────────────────────────────


def test_a_late_round_alerts_once_and_the_alert_ends_when_it_begins(here, walker):
    patrol = due(here)
    late = patrol.late_at + timedelta(minutes=1)
    for _ in range(3):
        patrols.end_rounds(late)
    alert = Alert.objects.get()
    assert alert.kind == "patrol_late"
    assert "夜巡" in alerts.said(alert)
    patrols.start_round(patrol, walker, now=late)
    alert.refresh_from_db()
    assert alert.state == "closed"
    patrols.end_rounds(late)
    assert Alert.objects.count() == 1


def test_a_round_nobody_walked_is_missed_and_told_once(here):
    patrol = due(here)
    patrols.end_rounds(patrol.late_at)
    patrols.end_rounds(patrol.due_at)
    for _ in range(2):
        patrols.end_rounds(pass_by(patrol))
    patrol.refresh_from_db()
    assert (patrol.state, patrol.missed) == (State.MISSED, 2)
    assert Alert.objects.count() == 1
    assert told(here, "patrol.missed") == ["patrol.missed"]


def test_a_missed_point_ends_the_round_and_alerts(here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    patrols.confirm_point(patrol, PatrolPoint.objects.get(pk=patrol.stops[0]), walker)
    assert patrols.end_rounds(patrol.due_at - timedelta(seconds=1)) == 0
    for _ in range(2):
        patrols.end_rounds(patrol.due_at)
    patrol.refresh_from_db()
    assert (patrol.state, patrol.missed) == (State.INCOMPLETE, 1)
    alert = Alert.objects.get()
    assert (alert.kind, alert.facts["missed"]) == ("patrol_incomplete", 1)
    with pytest.raises(patrols.RoundOver):
        patrols.confirm_point(patrol, PatrolPoint.objects.get(pk=patrol.stops[1]), walker)


def test_the_job_plans_and_tells_and_may_run_twice(here):
    patrol = due(here)
    PatrolRound.objects.filter(pk=patrol.pk).update(
        opens_at=timezone.now() - timedelta(hours=3),
        planned_at=timezone.now() - timedelta(hours=2, minutes=40),
        late_at=timezone.now() - timedelta(hours=2),
        due_at=timezone.now() - timedelta(hours=1),
    )
    watch_patrols()
    count = PatrolRound.objects.count()
    watch_patrols()
    assert PatrolRound.objects.count() == count
    assert Alert.objects.get().kind == "patrol_missed"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "running"},
        {"state": "done"},
        {"state": "missed"},
        {"due_at": timezone.now() - timedelta(days=9)},
    ],
)
def test_the_database_refuses_half_a_round(here, change):
    patrol = due(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        PatrolRound.objects.filter(pk=patrol.pk).update(**change)


def test_the_code_is_sealed_in_the_table(here):
    from django.db import connection

    point = points(here, "东门")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, digest FROM security_patrolpoint")
        assert point.secret not in "".join(cursor.fetchone())
