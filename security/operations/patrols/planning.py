"""Rounds by the clock: each planned once, ahead of its time, however often the job runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from community import events
from security.models import PatrolRound, PatrolRoute

#: Rounds are written down this long before they may begin.
AHEAD = timedelta(hours=12)


def plan_rounds(now: datetime | None = None) -> int:
    """Write down the rounds of the hours ahead, of all routes in use; how many are new."""
    now = now or timezone.now()
    routes = PatrolRoute.objects.filter(is_active=True)
    made = 0
    for route in routes.select_related("compound").prefetch_related("stops"):
        made += plan_route(route, now)
    return made


def replan(route: PatrolRoute, now: datetime | None = None) -> int:
    """Forget what is planned and could not have begun yet, and plan it as the route is now.

    The caller holds the route's lock.
    """
    now = now or timezone.now()
    waiting = PatrolRound.objects.filter(route=route, state=PatrolRound.State.PLANNED)
    waiting.filter(opens_at__gt=now).delete()
    return plan_route(route, now) if route.is_active else 0


def windows(route: PatrolRoute, now: datetime) -> Iterator[tuple[datetime, ...]]:
    """(planned, opens, late, due) of the rounds that can still begin in time, and open soon."""
    zone = ZoneInfo(route.compound.timezone)
    today = now.astimezone(zone).date()
    tolerance = timedelta(minutes=route.tolerance_min)
    for offset in (-1, 0, 1, 2):
        day = today + timedelta(days=offset)
        if day.weekday() not in route.weekdays:
            continue
        for start in route.starts:
            planned = at(day, start, zone)
            opens, late = planned - tolerance, planned + tolerance
            if opens <= now + AHEAD and late > now:
                yield planned, opens, late, late + timedelta(minutes=route.duration_min)


def at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)


def plan_route(route: PatrolRoute, now: datetime) -> int:
    """Write down the rounds of one route that ``now`` looks ahead to; how many are new."""
    wanted = list(windows(route, now))
    known = set(
        PatrolRound.objects.filter(
            route=route, planned_at__in=[planned for planned, *_rest in wanted]
        ).values_list("planned_at", flat=True)
    )
    stops = [stop.point_id for stop in sorted(route.stops.all(), key=lambda stop: stop.order)]
    rows = [
        PatrolRound(
            compound_id=route.compound_id,
            route=route,
            stops=stops,
            planned_at=planned,
            opens_at=opens,
            late_at=late,
            due_at=due,
        )
        for planned, opens, late, due in wanted
        if planned not in known
    ]
    if not rows:
        return 0
    with events.writing():
        # Two jobs at once: the second one's rows are the first one's.
        PatrolRound.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
