"""Walk-ins of the demo compound: what the last calls to the demo resident's home came to."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.models import Compound, Gate, Unit
from residents.models import Person, Residency, Visit
from security import demo_rows
from security.models import HomeCall

#: (visitor, kind, hours ago, what the home said)
CALLS: tuple[tuple[str, str, float, str], ...] = (
    ("段师傅", "trade", 30, "let_in"),
    ("推销员", "guest", 26, "refused"),
    ("顺丰快递", "courier", 5, "not_at_home"),
    ("钟书宁", "guest", 3, "let_in"),
    ("冯叔叔", "guest", 1, "timed_out"),
)
ANSWERED = frozenset({"let_in", "refused", "not_at_home"})


def load(compound: Compound) -> None:
    """Nothing where somebody rang already, or where nobody tries the resident's pages."""
    lanes = compound.lanes.filter(gate__kind=Gate.Kind.PEDESTRIAN, direction="entry")
    lane = lanes.order_by("pk").first()
    host = Person.objects.of(compound).filter(user__username="resident").first()
    if lane is None or host is None or HomeCall.objects.of(compound).exists():
        return
    today = timezone.localdate()
    home = Residency.objects.filter(person=host).current(today).select_related("unit").first()
    if home is None:
        return
    demo_rows.past_calls(_call(compound, lane.pk, home.unit, host, plan) for plan in CALLS)


def _call(
    compound: Compound, lane: int, unit: Unit, host: Person, plan: tuple[str, str, float, str]
) -> HomeCall:
    name, kind, ago, said = plan
    asked = timezone.now() - timedelta(hours=ago)
    answered = said in ANSWERED
    return HomeCall(
        compound=compound,
        lane_id=lane,
        unit=unit,
        kind=Visit.Kind(kind),
        name=name,
        state=said,
        asked_at=asked,
        expires_at=asked + timedelta(seconds=60),
        answered_at=asked + timedelta(seconds=14) if answered else None,
        answered_by=host if answered else None,
    )
