"""What a guard sees of rounds: which are due, and point by point what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Compound, User
from security.models import PatrolPoint, PatrolRound, PatrolScan

State = PatrolRound.State
MARKS = {
    State.PLANNED: "due",
    State.RUNNING: "info",
    State.DONE: "allow",
    State.INCOMPLETE: "deny",
    State.MISSED: "deny",
}
#: Rounds that begin later than this are not shown to who is on duty now.
SOON = timedelta(hours=12)


@dataclass(frozen=True)
class Stop:
    """One point of a round. ``next``: the one to go to now, on a route with an order."""

    number: int
    point: PatrolPoint
    scan: PatrolScan | None
    next: bool = False


@dataclass(frozen=True)
class Card:
    """One round in a list."""

    round: PatrolRound
    mark: str
    state: str
    confirmed: int
    total: int
    late: bool
    may_start: bool

    @property
    def left(self) -> int:
        return self.total - self.confirmed


def card(row: PatrolRound, now: datetime) -> Card:
    """``row`` counts its scans as ``confirmed``."""
    late = row.state == State.PLANNED and row.late_at <= now
    return Card(
        round=row,
        mark="deny" if late else MARKS[State(row.state)],
        state=_("Late") if late else str(row.get_state_display()),
        confirmed=row.confirmed,  # type: ignore[attr-defined]
        total=len(row.stops),
        late=late,
        may_start=row.state == State.PLANNED and row.opens_at <= now < row.due_at,
    )


def rounds(user: User, compound: Compound) -> Any:
    rows = PatrolRound.objects.visible_to(user).of(compound).select_related("route", "started_by")
    return rows.annotate(confirmed=Count("scans"))


def today(user: User, compound: Compound, now: datetime) -> dict[str, list[Card]]:
    """Rounds under way, due now, coming, and those that ended within the last hours."""
    rows = rounds(user, compound).filter(
        Q(state__in=[State.PLANNED, State.RUNNING], opens_at__lte=now + SOON)
        | Q(ended_at__gte=now - SOON)
    )
    cards = [card(row, now) for row in rows.order_by("planned_at", "pk")[:200]]
    return {
        "running": [each for each in cards if each.round.state == State.RUNNING],
        "due": [each for each in cards if each.may_start],
        "coming": [
            each for each in cards if each.round.state == State.PLANNED and not each.may_start
        ],
        "ended": [each for each in reversed(cards) if each.round.ended_at],
    }


def stops(patrol: PatrolRound) -> list[Stop]:
    """The points of a round in its order, with who confirmed them."""
    points = PatrolPoint.objects.filter(compound_id=patrol.compound_id).in_bulk(patrol.stops)
    scans = {
        scan.point_id: scan for scan in PatrolScan.objects.filter(round=patrol).select_related("by")
    }
    open_round = patrol.state in (State.PLANNED, State.RUNNING)
    left = [key for key in patrol.stops if key not in scans]
    following = left[0] if left and open_round and patrol.route.in_order else None
    return [
        Stop(number, points[key], scans.get(key), key == following)
        for number, key in enumerate(patrol.stops, start=1)
        if key in points
    ]


def told(all_stops: list[Stop], point: int) -> dict[str, str] | None:
    """What to say about a point that has just been confirmed, now or before."""
    found = next((stop for stop in all_stops if stop.point.pk == point and stop.scan), None)
    if found is None:
        return None
    left = sum(stop.scan is None for stop in all_stops)
    rest = ngettext("%(n)s point left.", "%(n)s points left.", left) % {"n": left}
    said = _("%(point)s is confirmed.") % {"point": found.point.name}
    return {"state": "allow", "text": f"{said} {rest if left else _('The round is complete.')}"}


def for_point(user: User, point: PatrolPoint, now: datetime) -> PatrolRound | None:
    """The round that a scan of ``point`` belongs to.

    First the user's own round under way that lacks the point, then a colleague's, then one that
    has it already, then one that may begin now.
    """
    rows = PatrolRound.objects.visible_to(user).of(point.compound_id).select_related("route")
    open_now = Q(state=State.RUNNING) | Q(state=State.PLANNED, opens_at__lte=now, due_at__gt=now)
    found = [row for row in rows.filter(open_now).order_by("due_at") if point.pk in row.stops]
    scanned = set(
        PatrolScan.objects.filter(round__in=found, point=point).values_list("round_id", flat=True)
    )

    def rank(row: PatrolRound) -> tuple[bool, bool, bool]:
        running = row.state == State.RUNNING
        return not running, row.pk in scanned, row.started_by_id != user.pk

    return min(found, key=rank, default=None)
