"""Shifts and patrols for tests. Names are invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound, User
from security.models import PatrolPoint, PatrolRound, PatrolRoute
from security.operations import patrols
from tests.community import factories

PASSWORD = "lantern-and-keys-7"


def guard(at: Compound, name: str = "陈国栋", role: str = "guard") -> User:
    """A guard who can sign with ``PASSWORD``."""
    user = factories.user(role, at=at, name=name)
    user.set_password(PASSWORD)
    user.save()
    return user


def points(at: Compound, *names: str) -> list[PatrolPoint]:
    return [
        patrols.create_point(compound=at, actor=None, name=name)
        for name in names or ("东门", "西门")
    ]


def route(at: Compound, *, begins: datetime | None = None, **values: Any) -> PatrolRoute:
    """A route of today and tomorrow whose one round begins at ``begins`` (now unless said)."""
    local = timezone.localtime(begins or timezone.now())
    chosen = values.pop("points", None) or points(at)
    values = {
        "name": "夜巡",
        "starts": [local.hour * 60 + local.minute],
        "weekdays": list(range(7)),
        "tolerance_min": 15,
        "duration_min": 30,
    } | values
    return patrols.create_route(compound=at, actor=None, points=chosen, **values)


def due(at: Compound, **values: Any) -> PatrolRound:
    """A round that may begin now."""
    walked = route(at, **values)
    now = timezone.now()
    rows = PatrolRound.objects.filter(route=walked, opens_at__lte=now, late_at__gt=now)
    found: PatrolRound = rows.get()
    return found


def pass_by(patrol: PatrolRound, hours: float = 24) -> datetime:
    """A moment at which the round is long over."""
    return patrol.due_at + timedelta(hours=hours)
