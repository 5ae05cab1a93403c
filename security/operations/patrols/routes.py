"""Routes and points, as the manager sets them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import Compound, User
from security.models import PatrolPoint, PatrolRoute, PatrolStop
from security.operations.patrols.planning import replan

MANAGERS = frozenset({"manager"})
MOST_POINTS = 20
MOST_STARTS = 24
DAY = 24 * 60


def digest_of(secret: str) -> str:
    """What a code is found by; from it nobody gets back to the code."""
    return sha256(f"linli.patrol:{secret}".encode()).hexdigest()


def create_point(*, compound: Compound, actor: User | None, name: str, place: str = "") -> Any:
    """A point with a fresh code. Raises PermissionDenied, ValidationError."""
    _check(actor, compound.pk)
    point = PatrolPoint(compound=compound, name=name, place=place)
    _give_secret(point)
    with events.writing():
        point.full_clean()
        point.save()
        _tell("patrol.point_changed", compound.pk, actor, point=point.pk, created=True)
    return point


def change_point(point: PatrolPoint, *, actor: User | None, **values: Any) -> PatrolPoint:
    """``values``: name, place, is_active. Raises PermissionDenied, ValidationError.

    A point that a route in use passes stays in use.
    """
    _check(actor, point.compound_id)
    with events.writing():
        held: PatrolPoint = PatrolPoint.objects.select_for_update().get(pk=point.pk)
        for name in ("name", "place", "is_active"):
            setattr(held, name, values.get(name, getattr(held, name)))
        if not held.is_active and held.stops.filter(route__is_active=True).exists():
            said = _("A route in use passes this point. Take it off the route first.")
            raise ValidationError({"is_active": said})
        held.full_clean()
        held.save(update_fields=["name", "place", "is_active"])
        _tell("patrol.point_changed", held.compound_id, actor, point=held.pk, created=False)
    return held


def rotate_secret(point: PatrolPoint, *, actor: User | None) -> PatrolPoint:
    """A fresh code; the sheet that hangs there counts no more. Raises PermissionDenied."""
    _check(actor, point.compound_id)
    with events.writing():
        held: PatrolPoint = PatrolPoint.objects.select_for_update().get(pk=point.pk)
        _give_secret(held)
        held.save(update_fields=["secret", "digest", "secret_since"])
        _tell("patrol.code_renewed", held.compound_id, actor, point=held.pk)
    return held


def create_route(
    *, compound: Compound, actor: User | None, points: Sequence[PatrolPoint], **values: Any
) -> PatrolRoute:
    """``values`` as the route's columns. Raises PermissionDenied, ValidationError."""
    _check(actor, compound.pk)
    route = PatrolRoute(compound=compound, **values)
    with events.writing():
        _save_route(route, points)
        _tell("patrol.route_changed", compound.pk, actor, route=route.pk, created=True)
    return route


def change_route(
    route: PatrolRoute, *, actor: User | None, points: Sequence[PatrolPoint], **values: Any
) -> PatrolRoute:
    """Rounds not yet begun are planned anew; those under way keep the points they began with.

    Raises PermissionDenied, ValidationError.
    """
    _check(actor, route.compound_id)
    with events.writing():
        held: PatrolRoute = PatrolRoute.objects.select_for_update().get(pk=route.pk)
        for name, value in values.items():
            setattr(held, name, value)
        _save_route(held, points)
        _tell("patrol.route_changed", held.compound_id, actor, route=held.pk, created=False)
    return held


def _save_route(route: PatrolRoute, points: Sequence[PatrolPoint]) -> None:
    _check_plan(route, points)
    route.full_clean()
    route.save()
    route.stops.all().delete()
    PatrolStop.objects.bulk_create(
        PatrolStop(route=route, point=point, order=order)
        for order, point in enumerate(points, start=1)
    )
    replan(route)


def _check_plan(route: PatrolRoute, points: Sequence[PatrolPoint]) -> None:
    if not 0 < len(points) <= MOST_POINTS:
        raise ValidationError({"points": _("Choose between 1 and 20 points.")})
    if len({point.pk for point in points}) < len(points):
        raise ValidationError({"points": _("A route passes each point once.")})
    if any(point.compound_id != route.compound_id or not point.is_active for point in points):
        raise ValidationError({"points": _("Choose points of this compound that are in use.")})
    if not route.weekdays or not set(route.weekdays) <= set(range(7)):
        raise ValidationError({"weekdays": _("Choose at least one day.")})
    route.weekdays = sorted(set(route.weekdays))
    _check_starts(route)


def _check_starts(route: PatrolRoute) -> None:
    starts = route.starts = sorted(route.starts)
    inside = all(isinstance(start, int) and 0 <= start < DAY for start in starts)
    if not 0 < len(starts) <= MOST_STARTS or not inside:
        raise ValidationError({"starts": _("Enter 1 to 24 times of day, such as 22:00.")})
    following = [*starts[1:], starts[0] + DAY]
    if len(starts) > 1 and any(
        after - start <= 2 * route.tolerance_min
        for start, after in zip(starts, following, strict=True)
    ):
        said = _("Two rounds could begin at the same time. Spread the times, or allow less.")
        raise ValidationError({"starts": said})


def _give_secret(point: PatrolPoint) -> None:
    point.secret = secrets.token_urlsafe(18)
    point.digest, point.secret_since = digest_of(point.secret), timezone.now()


def _check(actor: User | None, compound_id: int) -> None:
    """The installation itself (no actor) may; people as managers of the compound."""
    if actor is not None and not (actor.is_active and actor.roles_in(compound_id) & MANAGERS):
        raise PermissionDenied


def _tell(kind: str, compound_id: int, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=compound_id, actor=actor, **facts)
